// Taking accounts out: the list as it is filtered leaves as a file, with the rows that are on the screen.

import { readFile } from "node:fs/promises";
import type { Download, Locator, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, shot, signIn, test } from "../fixtures";

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Export accounts" });
const downloadButton = (page: Page): Locator => dialog(page).getByRole("button", { name: "Download" });

/** Presses the button and waits for the file. */
async function saved(page: Page): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), downloadButton(page).click()]);
  return download;
}

const textOf = async (download: Download): Promise<string> => readFile(await download.path(), "utf8");

/** The number of rows that the preview promises. */
async function promised(page: Page): Promise<number> {
  const words = dialog(page).getByText(/^[\d,]+ rows?\./);
  await expect(words).toBeVisible();
  return Number((await words.innerText()).replace(/ rows?.*$/s, "").replace(/,/g, ""));
}

test("the filtered list leaves as CSV with its rows @postgres", async ({ page }) => {
  // What an import beside this brings and takes away has no country.
  const filter = encodeURIComponent('arr > 10k and country = "United States"');
  await signIn(page, "csm", { path: `/accounts?filter=${filter}&sort=-arr_minor` });
  const summary = page.locator(".grid-summary");
  await expect(summary).toContainText(/\d/);
  const listed = Number((await summary.innerText()).replace(/[^\d].*$/s, "").replace(/,/g, ""));
  const first = (await page.locator("#cell-0-0").innerText()).trim();

  await page.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page)).toBeVisible();
  expect(await promised(page)).toBe(listed);
  await expect(dialog(page).getByRole("columnheader", { name: "Name" })).toBeVisible();
  await axe(page, "dialog[open]");
  await fits(page);
  await shot(page, `export-${test.info().project.name}`);

  const download = await saved(page);
  expect(download.suggestedFilename()).toMatch(/^accounts-\d{4}-\d\d-\d\d\.csv$/);
  const text = await textOf(download);
  expect(text.startsWith('\ufeff"Name","External ID"')).toBe(true);
  expect(text.trimEnd().split("\r\n").length - 1).toBe(listed);
  expect(text).toContain(`"${first.replaceAll('"', '""')}"`);
  await expect(dialog(page)).toBeHidden();
});

test("the selected accounts leave as JSON with the chosen columns", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const name = (await page.locator("#cell-0-0").innerText()).trim();
  await page.locator("#cell-0-0").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page).getByLabel("Which", { exact: true })).toHaveValue("selected");
  await dialog(page).getByLabel("Kind of file").selectOption("json");
  await dialog(page).getByText(/^Columns: \d+ chosen$/).click();
  await dialog(page).getByRole("button", { name: "Those of the list" }).click();
  await expect(dialog(page).getByRole("columnheader", { name: "External ID" })).toHaveCount(0);
  expect(await promised(page)).toBe(1);
  const rows = JSON.parse(await textOf(await saved(page))) as { Name: string }[];
  expect(rows.map((row) => row.Name)).toEqual([name]);
});

test("without a column, or with a filter that lets nothing through, there is nothing to download", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts?filter=name%20%3D%20%22nobody%20at%20all%22" });
  await page.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page).getByText("There is nothing to export.")).toBeVisible();
  await expect(downloadButton(page)).toBeDisabled();
  await dialog(page).getByLabel("Which", { exact: true }).selectOption("all");
  await expect(downloadButton(page)).toBeEnabled();
});

test("the palette opens it, Escape closes it, and lookers-on are not offered it", async ({ page, another }) => {
  await signIn(page, "csm", { path: "/" });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /Search/ }).fill("export");
  await page.getByRole("option", { name: "Export accounts" }).click();
  await expect(dialog(page)).toBeVisible();
  await expect(page).toHaveURL(/\/accounts$/);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();

  const vera = await another("viewer");
  await vera.goto("/accounts");
  await expect(vera.getByRole("grid", { name: "Accounts" })).toBeVisible();
  await expect(vera.getByRole("button", { name: "Export" })).toHaveCount(0);
});

test("a long file is made in the background, listed, taken and deleted", async ({ page, another, watch }) => {
  test.setTimeout(120_000);
  watch.allow(/status of 403/);
  await signIn(page, "csm", { path: "/accounts" });
  await page.getByRole("button", { name: "Export" }).click();
  await dialog(page).getByLabel("What", { exact: true }).selectOption("usage");
  await expect.poll(() => promised(page)).toBeGreaterThan(2_000);
  const rows = await promised(page);
  await expect(dialog(page).getByText("A long file: it is made in the background")).toBeVisible();
  await dialog(page).getByRole("button", { name: "Make the file" }).click();
  await expect(dialog(page).getByText(/You may close this and go on/)).toBeVisible();
  await axe(page, "dialog[open]");
  await shot(page, `export-making-${test.info().project.name}`);
  await expect(dialog(page).getByText(/^The file is ready:/)).toBeVisible({ timeout: 90_000 });
  const link = dialog(page).getByRole("link", { name: "Download" });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^usage-.*\.csv$/);
  expect((await textOf(download)).trimEnd().split("\r\n").length - 1).toBe(rows);

  await dialog(page).getByRole("link", { name: "All exports" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Exports" })).toBeVisible();
  const first = page.getByRole("row").nth(1);
  await expect(first).toContainText("Usage (CSV)");
  await expect(first).toContainText("Ready");
  await looksRight(page, "exports");

  // An administrator sees it, somebody else does not.
  const ada = await another("admin");
  await ada.goto("/exports");
  await expect(ada.getByRole("row").nth(1)).toContainText("Usage (CSV)");
  const vera = await another("viewer");
  await vera.goto("/exports");
  await expect(vera.getByRole("alert")).toContainText("Your role does not allow this.");

  await first.getByRole("button", { name: "Delete this export" }).click();
  await expect(page.getByText("The export and its file are deleted.")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Ready" })).toHaveCount(0);
});

test("a file that is cancelled is none, and can be made again", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "csm", { path: "/accounts" });
  await page.getByRole("button", { name: "Export" }).click();
  await dialog(page).getByLabel("What", { exact: true }).selectOption("usage");
  await dialog(page).getByRole("button", { name: "Make the file" }).click();
  await dialog(page).getByRole("button", { name: "Cancel the export" }).click();
  await expect(dialog(page).getByText("The export was cancelled. There is no file.")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto("/exports");
  const cancelled = page.getByRole("row").filter({ hasText: "Cancelled" }).first();
  await expect(cancelled).toBeVisible();
  await cancelled.getByRole("button", { name: "Make it again" }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("Ready", { timeout: 90_000 });
  await page.reload();
  await expect(page.getByRole("row").nth(1)).toContainText("Ready");
});

test("alerts, tasks and one customer leave from their own pages", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts?priority=high" });
  await expect(page.getByRole("region", { name: "Alerts" })).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  const alerts = page.getByRole("dialog", { name: "Export alerts" });
  await expect(alerts.getByRole("columnheader", { name: "Reason" })).toBeVisible();
  await shot(page, `export-alerts-${test.info().project.name}`);
  await axe(page, "dialog[open]");
  await alerts.getByLabel("Kind of file").selectOption("json");
  const [of] = await Promise.all([page.waitForEvent("download"), alerts.getByRole("button", { name: "Download" }).click()]);
  const rows = JSON.parse(await textOf(of)) as { Priority: string; Reason: string }[];
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every((row) => row.Priority === "high" && row.Reason.length > 0)).toBe(true);

  await page.goto("/tasks");
  await page.getByRole("button", { name: "Export" }).click();
  await expect(page.getByRole("dialog", { name: "Export tasks" }).getByText(/^[\d,]+ rows\.|There is nothing/)).toBeVisible();
  await page.keyboard.press("Escape");

  await page.goto("/accounts");
  const name = (await page.locator("#cell-0-0").innerText()).trim();
  await page.locator("#cell-0-0").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await page.getByRole("button", { name: "Export" }).click();
  const one = page.getByRole("dialog", { name: "Export this customer" });
  await one.getByLabel("What", { exact: true }).selectOption("accounts");
  await expect(one.getByRole("cell", { name }).first()).toBeVisible();
  await expect(one.getByText(/^1 row\./)).toBeVisible();
});

test("the report of an account is a PDF with its name @postgres", async ({ page, another }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const first = page.locator("#cell-0-0").getByRole("link").first();
  const name = (await first.innerText()).trim();
  await first.click();
  await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  const link = page.getByRole("link", { name: "Report (PDF)" });
  await expect(link).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^health-report-[a-z0-9-]+\.pdf$/);
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 5).toString("latin1")).toBe("%PDF-");
  // Titles of PDF files are big-endian UTF-16, as bytes or as their digits.
  const title = Buffer.from(name, "utf16le").swap16();
  expect(bytes.includes(title) || bytes.toString("latin1").toUpperCase().includes(title.toString("hex").toUpperCase())).toBe(true);

  const vera = await another("viewer");
  await vera.goto(new URL(page.url()).pathname);
  await expect(vera.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(vera.getByRole("link", { name: "Report (PDF)" })).toHaveCount(0);
});
