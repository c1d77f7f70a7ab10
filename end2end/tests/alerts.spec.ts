// Alerts: the list by hand and by keyboard, the page of one, the rules with their preview, and a second browser.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

const rows = (page: Page): Locator => page.locator("li.alert-item[id^=alert-]");

/** The row of the alert whose page has this address. */
const rowOf = (page: Page, href: string): Locator => rows(page).filter({ has: page.locator(`a[href="${href}"]`) });

/** Opens the list and returns the address of the page of an open alert that nobody else in this file works on. */
async function pick(page: Page, place: number): Promise<string> {
  await expect(rows(page).first()).toBeVisible();
  return (await rows(page).nth(place).locator(".queue-title a").first().getAttribute("href")) ?? "";
}

async function openMenu(row: Locator): Promise<void> {
  await row.locator("summary").click();
}

test("every alert says how soon, what, on whom and why", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts" });
  await expect(page.getByRole("heading", { name: "Alerts", level: 1 })).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
  const count = Math.min(await rows(page).count(), 8);
  for (let place = 0; place < count; place += 1) {
    const row = rows(page).nth(place);
    await expect(row.locator(".priority")).toHaveText(/Critical|High|Medium|Low/);
    await expect(row.locator(".queue-reason")).not.toContainText("{");
    expect((await row.locator(".queue-reason").innerText()).length).toBeGreaterThan(10);
  }
  await fits(page);
  await axe(page);
  await shot(page, "alerts-list");
});

test("an alert is resolved, found in the history, and taken back", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts" });
  const href = await pick(page, 0);
  await openMenu(rowOf(page, href));
  await rowOf(page, href).getByRole("button", { name: "Resolve", exact: true }).last().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await axe(page, "dialog[open]");
  await dialog.getByLabel(/^No effect/).check();
  await dialog.getByLabel("Note (optional)").fill("Asked twice.");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, href)).toHaveCount(0);
  await page.goto(href);
  await ready(page);
  await expect(page.getByText("No effect").first()).toBeVisible();
  await expect(page.getByText("Asked twice.").first()).toBeVisible();
  await page.getByRole("button", { name: "Reopen" }).click();
  await expect(page.getByRole("button", { name: "Reopen" })).toHaveCount(0);
  await page.goto("/alerts");
  await ready(page);
  await expect(rowOf(page, href)).toHaveCount(1);
});

test("the list works without a mouse", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts" });
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("j");
  await expect(rows(page).first()).toBeFocused();
  await page.keyboard.press("j");
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press("k");
  await expect(rows(page).first()).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("group", { name: "Selected alerts" })).toContainText("1 selected");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("group", { name: "Selected alerts" })).toHaveCount(0);
  await page.keyboard.press("a");
  await expect(page.getByLabel("Who deals with it?")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("s");
  await expect(page.getByLabel("Until a day")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("o");
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
});

test("several alerts are snoozed at once, and one toast takes them back", async ({ page, watch }) => {
  watch.allow(/status of 422/);
  await signIn(page, "csm", { path: "/alerts?tab=opportunity" });
  const first = await pick(page, 0);
  const second = await pick(page, 1);
  await rowOf(page, first).getByRole("checkbox").check();
  await rowOf(page, second).getByRole("checkbox").check();
  await page.getByRole("group", { name: "Selected alerts" }).getByRole("button", { name: "Snooze" }).click();
  await page.getByRole("dialog").getByLabel("Or until this is true of the account").fill("no_such_field = 1");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert"), "the mistake is said in the dialog").toBeVisible();
  await page.getByRole("dialog").getByLabel("Or until this is true of the account").fill('name != "Nobody at all"');
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("already: the alert would come back at once");
  await page.getByRole("dialog").getByLabel("Or until this is true of the account").fill('name = "Nobody at all"');
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, first)).toHaveCount(0);
  await expect(rowOf(page, second)).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(rowOf(page, first)).toHaveCount(1);
  await expect(rowOf(page, second)).toHaveCount(1);
});

test("what is done in one browser is seen in the other", async ({ page, another }) => {
  await signIn(page, "manager", { path: "/alerts" });
  const href = await pick(page, 2);
  await page.evaluate(() => document.body.setAttribute("data-same-page", "1"));
  const maya = await another("csm");
  await maya.goto(href);
  await ready(maya);
  await maya.locator(".page-actions summary").click();
  await maya.locator(".page-actions").getByRole("button", { name: "Dismiss", exact: true }).click();
  await maya.getByRole("dialog").getByLabel(/^Known/).check();
  await maya.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, href)).toHaveCount(0);
  await expect(page.locator("body"), "it is still the same page").toHaveAttribute("data-same-page", "1");
  await maya.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(rowOf(page, href)).toHaveCount(1);
});

test("the page of an alert shows the facts, the formula and what happened", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts" });
  await page.goto(await pick(page, 3));
  await ready(page);
  for (const title of ["Why it fired", "Priority", "What to do", "What happened", "Notes"]) {
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
  }
  await expect(page.getByText("revenue × probability × urgency ÷ effort")).toBeVisible();
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByRole("dialog").getByLabel("Note", { exact: true }).fill("Called the champion.");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Called the champion.").first()).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(page.getByText("Called the champion.").first(), "it is still there").toBeVisible();
  await fits(page);
  await axe(page);
  await shot(page, "alert-page");
});

test("an account shows its open alerts", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts" });
  await expect(rows(page).first()).toBeVisible();
  const account = page.locator("li.alert-item .queue-title a[href^='/accounts/']").first();
  await account.click();
  await page.waitForURL(/\/accounts\//);
  await expect(page.getByRole("heading", { name: "Open alerts" })).toBeVisible();
  await expect(page.locator(".account-marks .badge", { hasText: "open alert" })).toBeVisible();
});

test("a rule is written, previewed, saved and removed", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager", { path: "/alerts?tab=rules" });
  await expect(page.getByRole("switch").first()).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "New rule" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Quiet and dear");
  const condition = page.getByLabel("Condition", { exact: true });
  await condition.fill("days_since_tuch > 20");
  await expect(page.locator("#rule-condition-error")).toContainText("At character 1");
  await condition.fill("days_since_touch > 20");
  await page.getByRole("button", { name: "Show what it would have done" }).click();
  await expect(page.getByText(/Over the last 90 days this would/)).toBeVisible({ timeout: 60_000 });
  await axe(page);
  await page.getByRole("button", { name: "Save rule" }).click();
  await page.waitForURL(/tab=rules$/);
  await page.getByRole("link", { name: "Quiet and dear" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Quiet and dear");
  await page.getByRole("button", { name: "Remove rule" }).click();
  await page.waitForURL(/tab=rules$/);
  await expect(page.getByRole("link", { name: "Quiet and dear" })).toHaveCount(0);
});

test("the figures have a chart and its table", async ({ page }) => {
  await signIn(page, "viewer", { path: "/alerts?tab=analytics" });
  await expect(page.getByRole("heading", { name: "By rule" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "By owner" })).toBeVisible();
  await page.getByText("Show as table").first().click();
  await expect(page.getByRole("columnheader", { name: "Created" })).toBeVisible();
  await fits(page);
  await axe(page);
});

test("who looks on changes nothing", async ({ page }) => {
  await signIn(page, "viewer", { path: "/alerts" });
  await expect(rows(page).first()).toBeVisible();
  await expect(rows(page).first().locator("summary")).toHaveCount(0);
  await page.goto("/alerts?tab=rules");
  await ready(page);
  await expect(page.getByText("Managers and administrators change rules.")).toBeVisible();
  await expect(page.getByRole("switch").first()).toBeDisabled();
});
