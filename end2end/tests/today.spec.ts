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
  const all = whole(await portfolio.locator("header a").innerText());
  expect(all).toBeGreaterThan(0);
  const parts = await portfolio.locator("tbody tr td:nth-child(2)").allInnerTexts();
  expect(parts.map(whole).reduce((sum, part) => sum + part, 0)).toBe(all);
  const critical = whole(await count(page, "critical").innerText());
  await page.locator('tr[data-band-row="critical"] a').click();
  await page.waitForURL(/\/accounts\?/);
  await expect(page.locator(".grid-summary")).toContainText(new RegExp(`\\b${critical}\\b`));
});

test("every account that needs somebody has a reason and a way to it", async ({ page }) => {
  await signIn(page, "csm");
  const items = page.locator("section[aria-labelledby=needs-you] .queue-item");
  await expect(items.first()).toBeVisible();
  for (const reason of await items.locator(".queue-reason").allInnerTexts()) {
    expect(reason, "a cause with the points it costs").toMatch(/\(−\d/);
  }
  const name = await items.first().locator(".queue-title a").innerText();
  await items.first().locator(".queue-title a").click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
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
