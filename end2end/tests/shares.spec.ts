// Share links: made beside a report, seen by a stranger with and without a password, listed, and ended.

import type { Browser, Locator, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

const dialog = (page: Page): Locator => page.locator("dialog[open]");

/** A page of somebody who has no account and no cookie. */
async function stranger(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Makes a link in the open dialog and returns its path: the server may believe to have another address. */
async function link(page: Page, baseURL: string | undefined): Promise<string> {
  await dialog(page).getByRole("button", { name: "Make a link" }).click();
  await expect(dialog(page).getByText("It is shown only now")).toBeVisible();
  const url = new URL(await dialog(page).getByLabel("Link", { exact: true }).inputValue());
  expect(url.pathname).toMatch(/^\/shared\/[0-9a-f]{64}$/);
  return new URL(url.pathname, baseURL).href;
}

test("a report is shared, seen by a stranger, listed with who looked, and ended", async ({ page, browser, baseURL }) => {
  test.setTimeout(90_000);
  await signIn(page, "csm", { path: "/reports?report=arr_by_segment" });
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(dialog(page).getByText("Nobody outside sees this yet.").or(dialog(page).locator(".shares-link").first())).toBeVisible();
  await axe(page);
  await looksRight(page, "shares-dialog");
  await dialog(page).getByText("Whoever looks may take the numbers along as a file").click();
  const url = await link(page, baseURL);
  await looksRight(page, "shares-made");
  const seen = await stranger(browser, url);
  await expect(seen.getByRole("heading", { name: "ARR by segment", level: 1 })).toBeVisible();
  await expect(seen.getByText(/^Shared by .* on /).first()).toBeVisible();
  await expect(seen.locator("tbody tr").first()).toBeVisible();
  await expect(seen.locator("svg.chart:visible .chart-bar").first()).toBeVisible();
  await fits(seen);
  await looksRight(seen, "shares-page");
  const download = seen.waitForEvent("download");
  await seen.getByRole("link", { name: "Download CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/^report-\d{4}-\d\d-\d\d\.csv$/);
  await page.goto("/settings/sharing");
  await ready(page);
  const row = page.getByRole("row").filter({ hasText: "ARR by segment" }).filter({ hasText: "Works" }).first();
  await expect(row).toContainText(/2, last/);
  await row.getByRole("button", { name: "Who looked" }).click();
  await expect(dialog(page).getByText("Took a file along")).toBeVisible();
  await expect(dialog(page).getByText("Saw it")).toBeVisible();
  await looksRight(page, "shares-looked");
  await page.keyboard.press("Escape");
  await looksRight(page, "shares-settings");
  await row.getByRole("button", { name: /^End the link/ }).click();
  await expect(page.locator(".toast")).toContainText("has ended");
  await seen.reload();
  await expect(seen.getByRole("heading", { name: "There is nothing to see here" })).toBeVisible();
  await seen.context().close();
});

test("a link with a password asks for it, and by keyboard alone", async ({ page, browser, baseURL }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/reports" });
  await page.getByRole("button", { name: "Share", exact: true }).press("Enter");
  await dialog(page).getByText("As they are when somebody looks").click();
  await dialog(page).getByLabel("Password (not needed)").fill("green lantern");
  const url = await link(page, baseURL);
  const seen = await stranger(browser, url);
  await expect(seen.getByRole("heading", { name: "This page has a password" })).toBeVisible();
  await looksRight(seen, "shares-locked");
  await seen.getByLabel("Password").fill("red lantern");
  await seen.getByLabel("Password").press("Enter");
  await expect(seen.getByRole("alert")).toContainText("not the password");
  await seen.getByLabel("Password").fill("green lantern");
  await seen.getByLabel("Password").press("Enter");
  await expect(seen.getByRole("heading", { name: "Accounts by band", level: 1 })).toBeVisible();
  await seen.reload();
  await expect(seen.getByText("All together")).toBeVisible();
  await expect(seen.getByRole("link", { name: "Download CSV" })).toHaveCount(0);
  await seen.context().close();
});

test("the health report of an account is shared, and viewers share nothing", async ({ page, browser, baseURL, another }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/accounts" });
  await page.locator("a[href^='/accounts/']").filter({ hasNotText: /quality/i }).first().click();
  await expect(page).toHaveURL(/\/accounts\/[0-9a-f-]{36}/);
  const account = page.url();
  const name = (await page.locator("h1").first().textContent()) ?? "";
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const url = await link(page, baseURL);
  const seen = await stranger(browser, url);
  await expect(seen.getByRole("heading", { level: 1 })).toHaveText(name.trim());
  await fits(seen);
  await looksRight(seen, "shares-account");
  await seen.context().close();
  const vera = await another("viewer");
  await vera.goto(account);
  await ready(vera);
  await expect(vera.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(vera.getByRole("button", { name: "Share", exact: true })).toHaveCount(0);
});
