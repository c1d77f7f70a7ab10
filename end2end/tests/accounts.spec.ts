// The account grid: order, filter, views, edits in place, the keyboard, and changes of many at once.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

const grid = (page: Page): Locator => page.getByRole("grid", { name: "Accounts" });
const summary = (page: Page): Locator => page.locator(".grid-summary");
const filter = (page: Page): Locator => page.getByRole("combobox", { name: "Filter" });
const cell = (page: Page, row: number, column: number): Locator => page.locator(`#cell-${row}-${column}`);

/** The texts of a column's first rows. */
const column = (page: Page, place: number, rows = 8): Promise<string[]> =>
  Promise.all(Array.from({ length: rows }, (_, row) => cell(page, row, place).innerText()));

/** The place of a column by its heading. */
async function placeOf(page: Page, heading: string): Promise<number> {
  const headings = await grid(page).getByRole("columnheader").allInnerTexts();
  return headings.findIndex((text) => text.trim() === heading);
}

/** How many accounts the list has. */
async function total(page: Page): Promise<number> {
  await expect(summary(page)).toContainText(/\d/);
  return Number((await summary(page).innerText()).replace(/[^\d].*$/s, "").replace(/,/g, ""));
}

test("the first rows are there before the program is, and all of them are counted", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const html = await (await page.request.get("/accounts")).text();
  expect(html).toContain('class="vgrid-row"');
  await expect.poll(async () => Number(await grid(page).getAttribute("aria-rowcount")) - (await total(page))).toBe(1);
  expect(await grid(page).getByRole("row").count()).toBeLessThan(90);
  await axe(page);
  await shot(page, `accounts-${test.info().project.name}`);
});

test("a press on a heading sorts on the server, and the address keeps it", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const first = (await column(page, 0, 1))[0];
  await grid(page).getByRole("button", { name: "Name" }).click();
  await expect(page).toHaveURL(/sort=-name/);
  await expect(grid(page).getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await expect(cell(page, 0, 0)).not.toHaveText(first ?? "");
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
  const names = (await column(page, 0)).map((name) => name.trim().toLowerCase());
  expect(names).toEqual([...names].sort().reverse());
  await grid(page).getByRole("button", { name: "ARR" }).click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/sort=-name(%2C|,)arr_minor/);
  await page.reload();
  await ready(page);
  await expect(grid(page).getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
});

test("a filter is proposed, refused at its character, applied, shown as chips and taken away", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const all = await total(page);
  await page.locator("body").press("/");
  await expect(filter(page)).toBeFocused();

  await filter(page).pressSequentially("ban");
  await expect(page.getByRole("option", { name: /^band/ })).toBeVisible();
  await filter(page).press("ArrowDown");
  await filter(page).press("Enter");
  await expect(filter(page)).toHaveValue("band ");

  await filter(page).pressSequentially("= nonsense");
  await filter(page).press("Escape");
  await filter(page).press("Enter");
  await expect(page.locator(".filter-error mark")).toHaveText("nonsense");
  await expect(filter(page)).toHaveAttribute("aria-invalid", "true");
  await axe(page, ".filter-bar");

  await filter(page).fill("band in (at_risk, critical) and arr > 0");
  await filter(page).press("Enter");
  await expect(page).toHaveURL(/filter=/);
  await expect(page.locator(".filter-error")).toHaveCount(0);
  await expect.poll(() => total(page)).toBeLessThan(all);
  const conditions = page.getByRole("list", { name: "Conditions of the filter" });
  await expect(conditions.getByRole("listitem")).toHaveCount(2);
  await conditions.getByRole("button", { name: /arr_minor/ }).click();
  await expect(conditions.getByRole("listitem")).toHaveCount(1);
  await conditions.getByRole("button").click();
  await expect(summary(page)).toContainText(`${all} accounts`);

  await filter(page).fill('name = "nobody is called this"');
  await filter(page).press("Enter");
  await expect(page.getByText("No account matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filter" }).click();
  await expect(summary(page)).toContainText(`${all} accounts`);
});

test("an example of the help is applied on click", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  await page.getByText("How to filter").click();
  await page.getByRole("button", { name: /At risk or critical/ }).click();
  await expect(filter(page)).toHaveValue("band in (at_risk, critical)");
});

test("a view is saved, opened again, renamed, deleted and brought back", async ({ page }) => {
  const name = `Big ones ${Date.now()}`;
  const views = page.getByRole("navigation", { name: "Views" });
  await signIn(page, "csm", { path: "/accounts?filter=arr%20%3E%2010k&sort=-arr_minor" });
  await page.getByRole("button", { name: "Save as view" }).click();
  await page.getByLabel("Name of the view").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(views.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
  await expect(page).toHaveURL(/view=[0-9a-f-]{36}$/);
  await expect(filter(page)).toHaveValue(/^arr(_minor)? > 10(k|000)$/);

  await views.getByRole("link", { name: "All accounts" }).click();
  await expect(filter(page)).toHaveValue("");
  await views.getByRole("link", { name }).click();
  await expect(filter(page)).toHaveValue(/^arr(_minor)? > 10(k|000)$/);

  await page.getByLabel("Change this view").click();
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name of the view").fill(`${name}, renamed`);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(views.getByRole("link", { name: `${name}, renamed` })).toBeVisible();

  await page.getByLabel("Change this view").click();
  await page.getByRole("button", { name: "Delete view" }).click();
  await expect(views.getByRole("link", { name })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(views.getByRole("link", { name: `${name}, renamed` })).toBeVisible();
  await page.getByLabel("Change this view").click();
  await page.getByRole("button", { name: "Delete view" }).click();
  await expect(views.getByRole("link", { name })).toHaveCount(0);
});

test("a cell is edited in place and the edit taken back @postgres", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const place = await placeOf(page, "Tier");
  const tier = cell(page, 1, place);
  const before = await tier.innerText();
  await tier.dblclick();
  await tier.getByRole("textbox").fill("Platinum");
  await tier.getByRole("textbox").press("Enter");
  await expect(tier).toHaveText("Platinum");
  await expect(tier).toBeFocused();
  const toast = page.locator(".toast", { hasText: "Tier of" });
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(tier).toHaveText(before);

  await tier.press("F2");
  await tier.getByRole("textbox").fill("never kept");
  await tier.getByRole("textbox").press("Escape");
  await expect(tier).toHaveText(before);

  const name = cell(page, 1, 0);
  const was = await name.innerText();
  await name.focus();
  await name.press("e");
  await name.getByRole("textbox").fill("");
  await name.getByRole("textbox").press("Enter");
  await expect(page.getByText("This cannot be empty.")).toBeVisible();
  await name.getByRole("textbox").press("Escape");
  await expect(name).toHaveText(was);
});

test("the keyboard walks over all rows and opens an account", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const rows = await total(page);
  await page.locator("body").press("j");
  await expect(cell(page, 0, 0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, 1, 1)).toBeFocused();
  await page.keyboard.press("Control+End");
  const last = (await grid(page).getByRole("columnheader").count()) - 1;
  await expect(cell(page, rows - 1, last)).toBeFocused();
  await expect(cell(page, rows - 1, 0).getByRole("link")).toBeVisible();
  await page.keyboard.press("Control+Home");
  await expect(cell(page, 0, 0)).toBeFocused();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageUp");
  await expect(cell(page, 0, 0)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(grid(page).getByRole("button", { name: "Name" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("x");
  await expect(page.locator(".grid-selection")).toContainText("1 selected");
  await page.keyboard.press("Escape");
  await expect(page.locator(".grid-selection")).toHaveCount(0);
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/\/accounts\/[0-9a-f-]{36}/);
});

test("selected accounts get a tag together, and lose it together", async ({ page }) => {
  const tag = `together-${Date.now()}`;
  await signIn(page, "csm", { path: "/accounts" });
  for (const row of [2, 3, 4]) await cell(page, row, 0).getByRole("checkbox").check();
  await expect(page.locator(".grid-selection")).toContainText("3 selected");
  await axe(page, ".grid-view");
  await page.locator(".grid-selection").getByLabel("Tag", { exact: true }).fill(tag);
  await page.locator(".grid-selection").getByRole("button", { name: "Add tag" }).click();
  const toast = page.locator(".toast", { hasText: "3 accounts are changed." });
  await expect(grid(page).locator(".tag", { hasText: tag })).toHaveCount(3);
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(grid(page).locator(".tag", { hasText: tag })).toHaveCount(0);
});

test("a change in one browser is seen in another", async ({ page, another }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const milo = await another("manager");
  await milo.goto("/accounts");
  await ready(milo);
  const place = await placeOf(page, "Tier");
  const [mine, theirs] = [cell(page, 6, place), cell(milo, 6, place)];
  const value = `Live ${Date.now()}`;
  await theirs.dblclick();
  await theirs.getByRole("textbox").fill(value);
  await theirs.getByRole("textbox").press("Enter");
  await expect(mine).toHaveText(value);
  await milo.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(mine).not.toHaveText(value);
});

test("columns are hidden, moved and kept in the address", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts" });
  await page.locator("summary", { hasText: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Tier", exact: true }).uncheck();
  await expect(grid(page).getByRole("columnheader", { name: "Tier" })).toHaveCount(0);
  await page.getByRole("button", { name: "Move ARR to the left" }).click();
  await expect.poll(() => placeOf(page, "ARR")).toBe(3);
  await expect(page).toHaveURL(/columns=/);
  await page.getByRole("checkbox", { name: "Country", exact: true }).check();
  await expect(grid(page).getByRole("columnheader", { name: "Country" })).toBeVisible();
});

test("a viewer reads and cannot change", async ({ page }) => {
  await signIn(page, "viewer", { path: "/accounts" });
  await expect(page.getByRole("button", { name: "New account" })).toHaveCount(0);
  const tier = cell(page, 0, await placeOf(page, "Tier"));
  await tier.dblclick();
  await expect(tier.getByRole("textbox")).toHaveCount(0);
});

test("a phone scrolls the grid in its own box", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, "csm", { path: "/accounts" });
  await fits(page);
  await axe(page);
  await shot(page, "accounts-360");
});
