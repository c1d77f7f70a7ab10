// Today: its numbers are those of the accounts list, and they change before one's eyes.

import type { Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

const whole = (text: string): number => Number(text.replace(/[^\d]/g, ""));

/** How many accounts Today counts in a band. */
const count = (page: Page, band: string) => page.locator(`tr[data-band-row="${band}"] td`).first();

test("the numbers add up with the accounts list @postgres", async ({ page }) => {
  await signIn(page, "csm");
  const portfolio = page.locator("section[aria-labelledby=portfolio-health]");
  await expect(portfolio).toBeVisible();
  // The portfolio is alive: all of it is read at one moment.
  const texts = await portfolio.evaluate((section) => ({
    all: section.querySelector("header a")?.textContent ?? "",
    parts: [...section.querySelectorAll("tbody tr td:nth-child(2)")].map((cell) => cell.textContent ?? ""),
  }));
  const all = whole(texts.all);
  expect(all).toBeGreaterThan(0);
  expect(texts.parts.map(whole).reduce((sum, part) => sum + part, 0)).toBe(all);
  const critical = whole(await count(page, "critical").innerText());
  await page.locator('tr[data-band-row="critical"] a').click();
  await page.waitForURL(/\/accounts\?/);
  await expect(page.locator(".grid-summary")).toContainText(new RegExp(`\\b${critical}\\b`));
});

test("every entry of the queue has a reason and a way on", async ({ page }) => {
  await signIn(page, "csm");
  const items = page.locator("section[aria-labelledby=do-next] .queue-item");
  await expect(items.first()).toBeVisible();
  for (const reason of await items.locator(".queue-reason").allInnerTexts()) {
    expect(reason.trim().length, "a sentence").toBeGreaterThan(10);
  }
  await items.first().locator(".queue-title a").first().click();
  await page.waitForURL(/\/((alerts|accounts)\/[0-9a-f-]{36}|tasks.*)$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("an alert is dealt with on Today, and taken back", async ({ page }) => {
  await signIn(page, "csm");
  const alerts = page.locator("section[aria-labelledby=do-next] li[data-entry=alert]");
  await expect(alerts.first()).toBeVisible();
  const href = (await alerts.first().locator(".queue-title a").first().getAttribute("href")) ?? "";
  const item = alerts.filter({ has: page.locator(`a[href="${href}"]`) });
  await item.locator("summary").click();
  await item.getByRole("button", { name: "Snooze", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(item).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(item).toHaveCount(1);
});

test("an alert in the queue names what to do first", async ({ page }) => {
  await signIn(page, "csm");
  const next = page.locator("section[aria-labelledby=do-next] li[data-entry=alert] .queue-next a");
  await expect(next.first()).toBeVisible();
  const name = await next.first().innerText();
  await next.first().click();
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}/);
  await expect(page.locator("article.advice h3").first()).toHaveText(name);
});

test("a customer who wrote waits on Today until somebody answers", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts?filter=band%20%3D%20critical&sort=-arr_minor" });
  const href = (await page.locator(".vgrid-row a").first().getAttribute("href")) ?? "";
  const write = async (kind: string, text: string): Promise<void> => {
    await page.goto(`${href}/timeline`);
    await ready(page);
    await page.locator(".composer select").selectOption(kind);
    await page.locator("#composer").fill(text);
    await page.locator(".composer button[type=submit]").click();
    await expect(page.locator(".timeline-item", { hasText: text }).first()).toBeVisible();
  };
  await write("received", "Where is the export that you promised?");
  const reply = page.locator("li[data-entry=reply]", { has: page.locator(`a[href="${href}"]`) });
  await page.goto("/");
  await ready(page);
  await expect(reply).toContainText("nobody answered");
  await expect(reply).toContainText("Where is the export that you promised?");
  await axe(page);
  await write("email", "It comes with the next release.");
  await page.goto("/");
  await ready(page);
  await expect(page.locator("section[aria-labelledby=do-next] .queue-item").first()).toBeVisible();
  await expect(reply).toHaveCount(0);
});

test("mine and everyone's are two addresses", async ({ page }) => {
  await signIn(page, "csm");
  await page.getByRole("link", { name: "Mine", exact: true }).click();
  await page.waitForURL(/\?mine=1$/);
  await expect(page.getByRole("link", { name: "Mine", exact: true })).toHaveAttribute("aria-current", "true");
  await page.getByRole("link", { name: "Everyone", exact: true }).click();
  await page.waitForURL(/\/$/);
  await expect(page.getByRole("link", { name: "Everyone", exact: true })).toHaveAttribute("aria-current", "true");
});

test("what one has seen does not come back", async ({ page }) => {
  await signIn(page, "admin");
  await expect(page.locator("#since-heading")).toBeVisible();
  const seen = page.getByRole("button", { name: "Mark as seen" });
  // In a later run with the same data somebody has seen it already.
  if (await seen.isVisible()) {
    await seen.click();
    await expect(seen).toBeHidden();
    await expect(page.locator(".today-strip")).toHaveCount(0);
  }
});

test("an edit in another browser changes the numbers without a reload", async ({ page, another }) => {
  await signIn(page, "manager");
  await expect(count(page, "healthy")).toBeVisible();
  const before = whole(await count(page, "healthy").innerText());
  await page.evaluate(() => document.body.setAttribute("data-same-page", "1"));

  const maya = await another("csm");
  await maya.goto("/accounts?filter=band%20%3D%20healthy&sort=name&columns=name,risk_level,score");
  await ready(maya);
  const href = await maya.locator(".vgrid-row a").first().getAttribute("href");
  const setRisk = async (level: string): Promise<string> => {
    await maya.goto(href ?? "");
    await ready(maya);
    await maya.locator("#fact-risk_level").click();
    const editor = maya.locator("#fact-editor");
    const was = await editor.inputValue();
    await editor.selectOption(level);
    await maya.locator("form", { has: editor }).locator('button[type="submit"]').click();
    await expect(editor).toHaveCount(0);
    return was;
  };
  // The scorecard caps the score of an account that somebody sees at critical risk.
  const was = await setRisk("critical");
  await expect(count(page, "healthy")).toHaveText(String(before - 1), { timeout: 20_000 });
  await expect(page.locator("body"), "it is still the same page").toHaveAttribute("data-same-page", "1");
  await setRisk(was);
  await expect(count(page, "healthy")).toHaveText(String(before), { timeout: 20_000 });
});

test("Today is accessible and fits @looks", async ({ page }) => {
  await signIn(page, "csm");
  await expect(page.locator("section[aria-labelledby=renewals]")).toBeVisible();
  await axe(page);
  await fits(page);
  await shot(page, `today-${test.info().project.name}`);
});
