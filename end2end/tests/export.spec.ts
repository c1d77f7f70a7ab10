// Taking accounts out: the list as it is filtered leaves as a file, with the rows that are on the screen.

import { readFile } from "node:fs/promises";
import type { Download, Locator, Page } from "@playwright/test";
import { axe, expect, fits, shot, signIn, test } from "../fixtures";

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
  const words = dialog(page).getByText(/^[\d,]+ rows\./);
  await expect(words).toBeVisible();
  return Number((await words.innerText()).replace(/ rows.*$/s, "").replace(/,/g, ""));
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
  await expect(dialog(page).getByLabel("Which accounts")).toHaveValue("selected");
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
  await dialog(page).getByLabel("Which accounts").selectOption("all");
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
