// The account on a day in the past: the slider, the address that can be sent, two days side by side.

import type { Page } from "@playwright/test";
import { axe, expect, looksRight, ready, signIn, test } from "../fixtures";

const NAME = "Northwind Outfitters";

/** Opens the account through the palette and returns its address. */
async function open(page: Page): Promise<string> {
  await page.keyboard.press("Control+k");
  await page.locator(".palette-input").fill("Northwind");
  await page.locator(".palette-item", { hasText: NAME }).first().click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

/** The ISO date of a day before today. */
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

test("a day in the past has an address, shows that day and cannot be changed", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  await page.locator("body").press("t");
  await expect(page.locator("#as-of")).toBeFocused();
  await page.locator("#as-of").fill(daysAgo(200));
  await page.locator("#as-of").press("Tab");
  await expect(page).toHaveURL(new RegExp(`as_of=${daysAgo(200)}`));
  await expect(page.locator(".time-banner")).toContainText("As of");
  await expect(page.locator("#fact-name")).toHaveCount(0);
  await page.locator(".account-tabs .tab").nth(2).click();
  await expect(page).toHaveURL(new RegExp(`/health\\?as_of=${daysAgo(200)}`));
  await page.reload();
  await ready(page);
  await expect(page.locator(".time-banner")).toContainText("As of");
  await axe(page);
  await page.getByRole("link", { name: "Back to now" }).click();
  await expect(page).not.toHaveURL(/as_of/);
});

test("the champion is still there before the day she left", async ({ page }) => {
  await signIn(page, "viewer");
  const account = await open(page);
  await visit(page, `${account}/people`);
  await expect(page.locator(".person", { hasText: "Left" }).first()).toBeVisible();
  await visit(page, `${account}/people?as_of=${daysAgo(150)}`);
  await expect(page.locator(".person").first()).toBeVisible();
  await expect(page.locator(".person", { hasText: "Left" })).toHaveCount(0);
});

test("two days stand side by side, and a day before the account says so", async ({ page }) => {
  await signIn(page, "viewer");
  const account = await open(page);
  await visit(page, `${account}/overview?as_of=${daysAgo(150)}&compare=${daysAgo(3)}`);
  const card = page.locator(".card", { hasText: "Two days side by side" });
  await expect(card.locator("tbody tr").first()).toBeVisible();
  await expect(card.locator(".waterfall-row").first()).toBeVisible();
  await axe(page);
  await visit(page, `${account}/overview?as_of=2001-01-01`);
  await expect(page.getByText("This account did not exist yet")).toBeVisible();
});

test("the slider fits every window", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview?as_of=${daysAgo(100)}`);
  await looksRight(page, "past");
});
