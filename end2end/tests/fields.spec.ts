// Computed fields: written with help, seen on real accounts before they are saved, used in the grid, the filter and the
// scorecard, live in a second browser, taken back, and refused to those who may not.

import type { Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

test.describe.configure({ mode: "serial" });

const formula = (page: Page) => page.locator("#formula");
const row = (page: Page, name: string) => page.locator("tr[data-field]").filter({ has: page.getByRole("rowheader", { name }) });
const unique = (name: string): string => `${name} ${test.info().project.name} ${Date.now() % 1_000_000}`;

/** Makes a computed field and waits until it is in the list. */
async function make(page: Page, name: string, text: string): Promise<void> {
  await page.goto("/settings/computed?field=new");
  await ready(page);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await formula(page).fill(text);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row(page, name)).toBeVisible();
}

/** Removes it again, so that the next run begins as this one did. */
async function remove(page: Page, name: string): Promise<void> {
  await page.goto("/settings/computed");
  await ready(page);
  await page.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(row(page, name)).toHaveCount(0);
}

test("a formula is completed, corrected where it is wrong, and shown on real accounts", async ({ page }) => {
  await signIn(page, "admin", { path: "/settings/computed" });
  await expect(page.getByRole("heading", { name: "Computed fields" })).toBeVisible();
  await page.getByRole("button", { name: "New computed field" }).click();
  await expect(page).toHaveURL(/field=new/);
  await formula(page).pressSequentially("rou");
  await expect(page.getByRole("option").first()).toContainText("round(");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(formula(page)).toHaveValue("round(");
  await formula(page).pressSequentially("arr / seets");
  await expect(page.locator("#formula-error mark"), "the mistake is where it is").toHaveText("seets");
  await expect(page.locator("#formula-error")).toContainText("At character 13:");
  await axe(page);
  await formula(page).fill("round(arr / seats, 2)");
  await expect(page.locator("#formula-error")).toHaveCount(0);
  await expect(page.locator("[data-gives]")).toHaveText("Gives a number");
  await expect(page.locator("[data-result]")).toHaveCount(5);
  const last = page.locator("tbody tr", { has: page.locator("[data-result]") }).last();
  const name = (await last.getByRole("rowheader").innerText()).trim();
  await page.getByLabel("Show another account").fill(name);
  await page.getByRole("button", { name }).first().click();
  await expect(page.locator("tbody tr", { has: page.locator("[data-result]") }).first(), "who is chosen stands first").toContainText(name);
  await fits(page);
  await page.keyboard.press("Escape");
});

test("a saved field is a column, a word of the filter and an input of the scorecard, also elsewhere", async ({ page, another }) => {
  // Two browsers walk through four screens.
  test.slow();
  const name = unique("Half the seats");
  await signIn(page, "admin");
  const sam = await another("csm");
  await sam.goto("/settings/computed");
  await ready(sam);
  await make(page, name, "seats / 2");
  await expect(row(sam, name), "the second browser sees it").toBeVisible({ timeout: 15_000 });
  await expect(row(sam, name).locator("[data-values]"), "with its values").not.toHaveText("0", { timeout: 15_000 });
  await expect(sam.getByText("You can look, but not edit")).toBeVisible();
  await expect(sam.getByRole("button", { name: `Edit ${name}` })).toHaveCount(0);

  const key = (await row(page, name).getAttribute("data-field")) ?? "";
  await row(page, name).getByRole("link", { name: "Show" }).click();
  await expect(page).toHaveURL(/\/accounts\?/);
  await ready(page);
  await expect(page.getByRole("columnheader", { name })).toBeVisible();
  const filter = page.getByRole("combobox", { name: "Filter" });
  await filter.fill(`${key} > 0`);
  await filter.press("Enter");
  await expect(page).toHaveURL(/filter=/);
  await expect(page.locator(".filter-error")).toHaveCount(0);
  await expect(page.getByRole("row").nth(1)).toBeVisible();

  await page.goto("/scorecards");
  await ready(page);
  await page.locator("tbody th a").first().click();
  await ready(page);
  await page.locator(".scorecard-group summary").first().click();
  await page.getByRole("button", { name: "Add a measure" }).first().click();
  await page.locator("#fact-search").fill(name);
  await expect(page.locator(`[data-fact="${key}"]`), "the scorecard can measure it").toBeVisible();
  await page.keyboard.press("Escape");

  await make(page, `${name} again`, `[${name}] * 2`);
  await page.getByRole("button", { name: `Remove ${name}`, exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText(`Field ${name} again`);
  await expect(page.getByRole("dialog").getByRole("button", { name: "Remove" }), "another field needs it").toBeDisabled();
  await axe(page, "dialog[open]");
  await page.keyboard.press("Escape");
  await remove(page, `${name} again`);
  await remove(page, name);
});

test("somebody faster is noticed, and both ways on work", async ({ page, another }) => {
  test.setTimeout(90_000);
  const name = unique("Seats");
  await signIn(page, "admin");
  await make(page, name, "seats + 1");
  const key = (await row(page, name).getAttribute("data-field")) ?? "";
  await page.goto(`/settings/computed?field=${key}`);
  await ready(page);
  await expect(formula(page)).toHaveValue("seats + 1");
  const other = await another("admin");
  await other.goto(`/settings/computed?field=${key}`);
  await ready(other);
  await formula(other).fill("seats + 2");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(other.getByText("is saved")).toBeVisible();
  await expect(page.getByText("Their formula: seats + 2"), "live, before saving").toBeVisible({ timeout: 15_000 });
  await formula(page).fill("seats + 3");
  await page.getByRole("button", { name: "Show theirs" }).click();
  await expect(formula(page)).toHaveValue("seats + 2");
  await formula(page).fill("seats + 4");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row(page, name)).toContainText("seats + 4");
  await page.locator(".toast").filter({ hasText: name }).getByRole("button", { name: "Undo" }).click();
  await expect(row(page, name), "it is taken back").toContainText("seats + 2", { timeout: 15_000 });
  await remove(page, name);
});

test("a name that is taken is refused at its field", async ({ page, watch }) => {
  watch.allow(/status of 4\d\d/);
  await signIn(page, "admin", { path: "/settings/computed?field=new" });
  await page.getByLabel("Name", { exact: true }).fill("Seats");
  await formula(page).fill("1 + 1");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("#computed-name-error")).toContainText("already");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
});

test("computed fields look right @looks", async ({ page }) => {
  await signIn(page, "admin", { path: "/settings/computed?field=new" });
  await formula(page).fill("round(arr / seats, 2)");
  await expect(page.locator("[data-result]").first()).toBeVisible();
  await looksRight(page, "computed");
});
