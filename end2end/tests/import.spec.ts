// The import: a file or a paste through the wizard, by mouse and by keyboard, and back again.

import { existsSync } from "node:fs";
import type { Download, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

const ROWS = 300;
const BAD = [57, 120, 233];

/** A customer file as people have them: quotes, umlauts, columns of their own, and three rows that are wrong. */
function customers(prefix: string): string {
  const lines = ["Company;External ID;ARR;Renewal date;Logins last week;Größe;Note"];
  for (let row = 1; row <= ROWS; row++) {
    const arr = BAD.includes(row) ? "unknown" : `${row * 100},50`;
    const day = `${String((row % 28) + 1).padStart(2, "0")}.03.2027`;
    const size = row % 3 === 0 ? "groß" : "klein";
    lines.push(`"${prefix} Müller ""Söhne"" ${row}";${prefix}-${row};${arr};${day};${row % 50};${size};"one; two"`);
  }
  return lines.join("\r\n") + "\r\n";
}

const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: "text/csv",
  buffer: typeof text === "string" ? Buffer.from(text, "utf8") : text,
});

const picker = (page: Page) => page.locator('input[type="file"]');
const step = (page: Page) => page.locator('.wizard-step[aria-current="step"]');
const heading = (page: Page) => page.locator("#step-heading");
const onStep = (page: Page, name: string) => expect(step(page)).toHaveText(name);

/** The number above a word in the counts on the screen. */
const counted = (page: Page, word: string) =>
  page.locator(".counts[role=status] .count", { has: page.getByText(word, { exact: true }) }).locator(".count-value");

async function open(page: Page): Promise<void> {
  await page.goto("/import");
  await ready(page);
  await onStep(page, "File");
}

/** From the columns to the end, by mouse. */
async function goOn(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Check the rows" }).click();
  await onStep(page, "Check");
  await expect(counted(page, "invalid")).toBeVisible({ timeout: 30_000 });
}

async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Import [\d,]+ rows$/ }).click();
  await onStep(page, "Done");
  await expect(heading(page)).toHaveText("Import done", { timeout: 60_000 });
}

async function text(download: Download): Promise<string> {
  return readFile(await download.path(), "utf8");
}

async function undo(page: Page): Promise<void> {
  await page.locator(".wizard").getByRole("button", { name: "Undo this import" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo this import?" });
  await axe(page, "dialog[open]");
  await dialog.getByRole("button", { name: "Undo the import" }).click();
  await expect(page.locator(".wizard .notice-title", { hasText: "Taken back" })).toBeVisible({ timeout: 30_000 });
}

test("a customer file goes in by mouse, changes nothing the second time, and comes out again", async ({ page }) => {
  const csv = customers("Maus");
  await signIn(page, "csm", { path: "/import" });
  await axe(page);
  await picker(page).setInputFiles(file("mouse.csv", csv));

  await onStep(page, "Columns");
  await expect(heading(page), "the focus moves with the step").toBeFocused();
  await expect(page.getByLabel("Field for column Company", { exact: true })).toHaveValue("name");
  await expect(page.getByLabel("Field for column External ID", { exact: true })).toHaveValue("external_id");
  await expect(page.getByLabel("Field for column Größe", { exact: true }), "an unknown column becomes a field").toHaveValue("+");
  await expect(page.locator(".count", { hasText: "readable" }).locator(".count-value")).toHaveText("297");
  await axe(page);

  await page.getByLabel("Field for column Note", { exact: true }).selectOption("name");
  await expect(page.locator(".field-error", { hasText: "Two columns go to" }).first()).toBeVisible();
  await page.getByLabel("Field for column Note", { exact: true }).selectOption("");
  await expect(page.locator(".field-error")).toHaveCount(0);

  await goOn(page);
  await expect(counted(page, "new")).toHaveText("297");
  await expect(counted(page, "invalid")).toHaveText("3");
  await expect(page.getByText("Nothing is written yet")).toBeVisible();
  await axe(page);
  const [errors] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download as CSV" }).click()]);
  expect((await text(errors)).trim().split("\r\n"), "a heading and three errors").toHaveLength(4);

  await run(page);
  await expect(counted(page, "created")).toHaveText("297");
  await axe(page);
  const [rows] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download these rows" }).click()]);
  const left = await text(rows);
  expect(left).toContain("Maus-57");
  expect(left).toContain("Maus-233");
  expect(left).not.toContain("Maus-58");
  const address = page.url();

  await page.getByRole("link", { name: "See the accounts" }).click();
  await page.waitForURL(/\/accounts/);
  await page.goto("/accounts?filter=" + encodeURIComponent('name contains "Maus Müller"'));
  await ready(page);
  const row = page.locator(".vgrid-row", { hasText: 'Maus Müller "Söhne" 12' }).first();
  await expect(row).toBeVisible();
  await expect(row.locator(".score, .band").first(), "it has a score").not.toHaveText("–", { timeout: 30_000 });

  await open(page);
  await picker(page).setInputFiles(file("mouse.csv", csv));
  await onStep(page, "Columns");
  await page.getByLabel("Field for column Note", { exact: true }).selectOption("");
  await goOn(page);
  await expect(counted(page, "unchanged"), "the same file again changes nothing").toHaveText("297");
  await expect(page.getByRole("button", { name: "Import 0 rows" })).toBeDisabled();

  await page.goto(address);
  await ready(page);
  await expect(heading(page)).toHaveText("Import done");
  await undo(page);
  await page.goto("/accounts?filter=" + encodeURIComponent('name contains "Maus Müller"'));
  await ready(page);
  await expect(page.locator(".vgrid-row", { hasText: "Maus Müller" }), "nothing of it is left").toHaveCount(0);
  await open(page);
  await expect(page.getByRole("row", { name: /mouse\.csv.*Undone/ }).first()).toBeVisible();
});

/** The number above a word in the counts of accounts, of contacts, or of rows that are left out. */
const countedOf = (page: Page, of: string, word: string) =>
  page
    .locator(".counts-both > div", { has: page.locator("dt", { hasText: new RegExp(`^${of}$`) }) })
    .locator(".count", { has: page.getByText(word, { exact: true }) })
    .locator(".count-value");

test("one file brings accounts and their contacts, and one undo takes both back", async ({ page }) => {
  const mark = Math.random().toString(36).slice(2, 8);
  const csv =
    "Company,ARR,Renewal,Contact name,Contact e-mail,Title\r\n" +
    `Zwei ${mark},1200,2027-01-31,Maya Zwei,maya@${mark}.example,CTO\r\n` +
    `Zwei ${mark},,,Ben Zwei,ben@${mark}.example,\r\n` +
    `Drei ${mark},300,2027-03-01,,,\r\n` +
    `Drei ${mark},400,,Ada Drei,ada@${mark}.example,\r\n` +
    `Vier ${mark},500,,Otto Vier,otto at vier,\r\n`;
  await signIn(page, "csm", { path: "/import" });
  await page.getByRole("button", { name: "Accounts and their contacts" }).click();
  await picker(page).setInputFiles(file("both.csv", csv));
  await onStep(page, "Columns");
  const field = (column: string) => page.getByLabel(`Field for column ${column}`, { exact: true });
  await expect(field("Company")).toHaveValue("name");
  await expect(field("Contact name")).toHaveValue("contact.name");
  await expect(field("Contact e-mail")).toHaveValue("contact.email");
  await expect(field("Title")).toHaveValue("contact.title");
  await expect(field("Title").locator('optgroup[label="Contact"] option[value="contact.title"]')).toHaveCount(1);
  await expect(field("Title").locator('optgroup[label="Account"] option[value="arr_minor"]')).toHaveCount(1);
  await expect(page.getByLabel("Contacts of an account are the same when this is")).toHaveValue("account_id email");
  await expect(page.locator(".count", { hasText: "readable" }).locator(".count-value")).toHaveText("3");
  await looksRight(page, "import-both-columns");

  await field("Contact name").selectOption("");
  await expect(page.getByText("Choose the column that holds “Contact name”").first()).toBeVisible();
  await field("Contact name").selectOption("contact.name");
  await expect(page.locator(".field-error")).toHaveCount(0);

  await page.getByRole("button", { name: "Check the rows" }).click();
  await onStep(page, "Check");
  await expect(countedOf(page, "Accounts", "new")).toHaveText("2", { timeout: 30_000 });
  await expect(countedOf(page, "Contacts", "new")).toHaveText("2");
  await expect(countedOf(page, "Rows left out", "invalid")).toHaveText("2");
  await expect(page.getByText("Contact: New").first()).toBeVisible();
  await expect(page.getByText("is about the same account").first()).toBeVisible();
  await expect(page.getByText("is not an e-mail address").first()).toBeVisible();
  await looksRight(page, "import-both-check");

  await page.getByRole("button", { name: "Import 2 accounts and 2 contacts" }).click();
  await expect(heading(page)).toHaveText("Import done", { timeout: 60_000 });
  await expect(countedOf(page, "Accounts", "created")).toHaveText("2");
  await expect(countedOf(page, "Contacts", "created")).toHaveText("2");
  const line = page.getByRole("row", { name: /both\.csv/ }).first();
  await expect(line).toContainText("2 accounts");
  await expect(line).toContainText("2 contacts");
  await axe(page);
  await fits(page);
  const address = page.url();

  await page.goto("/accounts?filter=" + encodeURIComponent(`name contains "${mark}"`));
  await ready(page);
  await expect(page.locator(".vgrid-row", { hasText: mark })).toHaveCount(2);
  const account = await page.locator(".vgrid-row a", { hasText: `Zwei ${mark}` }).first().getAttribute("href");
  await page.goto(`${account?.split("?")[0]}/people`);
  await ready(page);
  await expect(page.getByText("Maya Zwei").first()).toBeVisible();
  await expect(page.getByText("Ben Zwei").first()).toBeVisible();

  await page.goto(address);
  await ready(page);
  await undo(page);
  await page.goto("/accounts?filter=" + encodeURIComponent(`name contains "${mark}"`));
  await ready(page);
  await expect(page.locator(".vgrid-row", { hasText: mark }), "nothing of it is left").toHaveCount(0);
});

test("the whole way can be walked by keyboard", async ({ page }) => {
  await signIn(page, "csm", { path: "/import" });
  /** Moves on by Tab until the element has the focus. */
  const tabTo = async (name: string | RegExp, role: "button" | "combobox" | "textbox" = "button") => {
    const target = page.getByRole(role, { name }).first();
    await expect(target).toBeVisible({ timeout: 30_000 });
    for (let press = 0; press < 120; press++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await tabTo("Or paste rows from a spreadsheet", "textbox");
  await page.keyboard.insertText(customers("Taste"));
  await tabTo("Use these rows (300)");
  await page.keyboard.press("Enter");
  await onStep(page, "Columns");
  await expect(heading(page)).toBeFocused();
  await tabTo("Field for column Note", "combobox");
  await page.keyboard.press("Home");
  await expect(page.getByLabel("Field for column Note", { exact: true })).toHaveValue("");
  await tabTo("Check the rows");
  await page.keyboard.press("Enter");
  await onStep(page, "Check");
  await expect(counted(page, "new")).toHaveText("297", { timeout: 30_000 });
  await tabTo("Import 297 rows");
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText("Import done", { timeout: 60_000 });
  await expect(heading(page)).toBeFocused();
  await tabTo(/^Undo this import/);
  await page.keyboard.press("Enter");
  await tabTo("Undo the import");
  await page.keyboard.press("Enter");
  await expect(page.locator(".wizard .notice-title", { hasText: "Taken back" })).toBeVisible({ timeout: 30_000 });
});

test("rows pasted from a spreadsheet are read", async ({ page }) => {
  await signIn(page, "csm", { path: "/import" });
  await page.getByLabel("Or paste rows from a spreadsheet").fill("Name\tARR\nPaste & Co\t1200\nPaste Brothers\t300\n");
  await page.getByRole("button", { name: "Use these rows (2)" }).click();
  await onStep(page, "Columns");
  await expect(page.getByText("Cells are separated by Tab")).toBeVisible();
  await goOn(page);
  await expect(counted(page, "new")).toHaveText("2");
  await page.getByRole("button", { name: "Back" }).click();
  await onStep(page, "Columns");
  await page.goBack();
  await onStep(page, "Check");
});

test("a mapping is kept for the next file", async ({ page }) => {
  await signIn(page, "csm", { path: "/import" });
  const csv = "Firma,Kürzel\nKept One,kept-1\n";
  await picker(page).setInputFiles(file("kept.csv", csv));
  await onStep(page, "Columns");
  await page.getByLabel("Field for column Firma", { exact: true }).selectOption("name");
  await page.getByLabel("Field for column Kürzel", { exact: true }).selectOption("external_id");
  await page.getByRole("button", { name: "Keep this mapping" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Aus dem CRM");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await open(page);
  await picker(page).setInputFiles(file("kept-again.csv", csv));
  await onStep(page, "Columns");
  await page.getByLabel("Kept mapping").selectOption({ label: "Aus dem CRM" });
  await expect(page.getByLabel("Field for column Kürzel", { exact: true })).toHaveValue("external_id");
  await page.getByRole("button", { name: "Delete the chosen mapping" }).click();
  await expect(page.getByLabel("Kept mapping")).toHaveCount(0);
});

test("a file that is no table gets a clear answer and changes nothing", async ({ page }) => {
  await signIn(page, "csm", { path: "/import" });
  const problem = page.locator(".wizard").getByRole("alert");
  await picker(page).setInputFiles(file("empty.csv", ""));
  await expect(problem).toContainText("The file is empty.");
  await picker(page).setInputFiles(file("picture.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0, 0, 255])));
  await expect(problem).toContainText("The file is not a table of text.");
  await axe(page);
  await picker(page).setInputFiles(file("headings.csv", "Name,ARR\n"));
  await expect(problem).toContainText("has headings but no rows");
  await picker(page).setInputFiles(file("cut.csv", 'Name,ARR\n"Acme,12\nNorthwind,13\n'));
  await expect(problem).toContainText("is never closed");
  await onStep(page, "File");
});

test("a viewer reads who to ask", async ({ page }) => {
  await signIn(page, "viewer", { path: "/import" });
  await expect(page.getByText("Your role can look, but not import")).toBeVisible();
  await expect(picker(page)).toHaveCount(0);
  await axe(page);
});

test("the real customer file of KEEPWELL_TELCO goes through", async ({ page }) => {
  const path = process.env.KEEPWELL_TELCO ?? "";
  test.skip(path === "" || !existsSync(path), "KEEPWELL_TELCO does not name a file: set it to Telco-Customer-Churn.csv");
  test.setTimeout(180_000);
  await signIn(page, "csm", { path: "/import" });
  await picker(page).setInputFiles(path);
  await onStep(page, "Columns");
  await expect(page.getByLabel("Field for column customerID", { exact: true })).toHaveValue("external_id");
  await expect(page.locator(".count", { hasText: "readable" }).locator(".count-value")).toBeVisible({ timeout: 30_000 });
  await goOn(page);
  await expect(counted(page, "new")).toHaveText("7,043");
  await run(page);
  await expect(counted(page, "created")).toHaveText("7,043");
  await undo(page);
});
