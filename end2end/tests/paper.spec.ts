// Documents: the summary of a portfolio, the review of an account, one for each of many accounts, and a built report.

import { readFile } from "node:fs/promises";
import type { Download, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

async function taken(page: Page, button: string): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("dialog").getByRole("button", { name: button }).click()]);
  return download;
}

const begins = async (download: Download, mark: string): Promise<void> => {
  const bytes = await readFile((await download.path()) ?? "");
  expect(bytes.subarray(0, mark.length).toString("latin1")).toBe(mark);
};

test("the summary of a portfolio is taken from Insights in another language", async ({ page }) => {
  await signIn(page, "csm", { path: "/insights?days=90" });
  await page.getByRole("button", { name: "Summary (PDF)" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Language")).toBeVisible();
  await axe(page);
  await dialog.getByLabel("Language").selectOption("ar");
  const download = await taken(page, "Download PDF");
  expect(download.suggestedFilename()).toMatch(/^executive-summary-\d{4}-\d\d-\d\d\.pdf$/);
  await begins(download, "%PDF-1.7");
  await expect(dialog).toBeHidden();
  await expect(page.getByText(download.suggestedFilename()).first()).toBeVisible();
});

test("a review tells of the days that are chosen, and says what is wrong with them", async ({ page, watch }) => {
  watch.allow(/status of 422/);
  await signIn(page, "csm", { path: "/accounts" });
  await page.locator("#cell-0-0").getByRole("link").first().click();
  await page.getByRole("button", { name: "More on paper" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("From").fill("2026-01-02");
  await dialog.getByLabel("To").fill("2026-01-01");
  await dialog.getByRole("button", { name: "Download PDF" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Choose a first day before the last one.");
  await dialog.getByLabel("From").fill("");
  await dialog.getByLabel("To").fill("");
  await dialog.getByLabel("Language").selectOption("de");
  const download = await taken(page, "Download PDF");
  expect(download.suggestedFilename()).toMatch(/^review-.*\.pdf$/);
  await begins(download, "%PDF-1.7");
});

test("one document for each account of a list comes as an archive", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, "csm", { path: "/accounts?filter=band%20%3D%20critical" });
  await page.getByRole("button", { name: "Reports (PDF)" }).click();
  await expect(page.getByRole("dialog").getByText("at most 500")).toBeVisible();
  const download = await taken(page, "Download ZIP");
  expect(download.suggestedFilename()).toMatch(/^reports-.*\.zip$/);
  await begins(download, "PK");
});

test("a built report is taken as it is shown", async ({ page }) => {
  await signIn(page, "csm", { path: "/reports?report=arr_by_segment&by=stage" });
  await page.getByRole("button", { name: "Download PDF" }).click();
  const download = await taken(page, "Download PDF");
  expect(download.suggestedFilename()).toMatch(/^report-.*\.pdf$/);
  await begins(download, "%PDF-1.7");
});

test("who may only look is offered no documents", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights" });
  await ready(page);
  await expect(page.getByRole("button", { name: "Summary (PDF)" })).toHaveCount(0);
});

test("the dialog looks right in every width", async ({ page }) => {
  await signIn(page, "csm", { path: "/insights" });
  await page.getByRole("button", { name: "Summary (PDF)" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await fits(page);
  await looksRight(page, "paper");
});
