// Scheduled imports: a file of the folder is set up, run now, seen by a second person, paused, deleted and taken back.

import { mkdir, rm, writeFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

/** The folder that serve.sh names to the server with SQLite. */
const folder = new URL("../../target/end2end/imports-sqlite/", import.meta.url);
const dialog = (page: Page): Locator => page.locator("dialog[open]").last();

async function menu(page: Page, name: string, item: string): Promise<void> {
  await page.locator(`summary[aria-label='What to do with “${name}”']`).click();
  await page.getByRole("button", { name: item, exact: true }).click();
}

test("a file of the folder is imported by itself, and its history leads back", async ({ page, another, watch }) => {
  test.setTimeout(120_000);
  // A name that would lead out of the folder.
  watch.allow(/status of 422/);
  const mark = Math.random().toString(36).slice(2, 8);
  const [name, file] = [`Nightly ${mark}`, new URL(`nightly-${mark}.csv`, folder)];
  await mkdir(folder, { recursive: true });
  await writeFile(file, `External ID,Name\nn-${mark}-1,Nightly One ${mark}\nn-${mark}-2,Nightly Two ${mark}\n`);

  await signIn(page, "manager", { path: "/import" });
  await page.getByRole("button", { name: "New scheduled import" }).click();
  await dialog(page).locator("#import-schedule-name").fill(name);
  await dialog(page).locator("#import-schedule-from").selectOption("file");
  await dialog(page).locator("#import-schedule-file").fill(`../nightly-${mark}.csv`);
  await expect(dialog(page).locator(".schedules-ahead li")).toHaveCount(5);
  await dialog(page).getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog(page).getByText("Enter the plain name of a file")).toBeVisible();
  await dialog(page).locator("#import-schedule-file").fill(`nightly-${mark}*.csv`);
  await axe(page);
  await looksRight(page, "import-schedules-dialog");
  await dialog(page).getByRole("button", { name: "Save", exact: true }).click();
  const row = page.locator(`tr[data-import-schedule="${name}"]`);
  await expect(row).toContainText("every day at 08:00");
  await expect(row).toContainText("not run yet");

  const second = await another("admin");
  await second.goto("/import");
  await ready(second);
  const theirs = second.locator(`tr[data-import-schedule="${name}"]`);
  await expect(theirs).toContainText("not run yet");
  await menu(page, name, "Run now");
  await expect(row).toContainText("2 new, 0 updated, 0 unchanged, 0 left out", { timeout: 30_000 });
  await expect(theirs, "a second person sees it without a reload").toContainText("2 new");
  await page.reload();
  await ready(page);
  await expect(row).toContainText("2 new");
  await axe(page);
  await fits(page);

  await menu(page, name, "Run now");
  await expect(row).toContainText("nothing new", { timeout: 30_000 });
  await rm(file);
  await menu(page, name, "Run now");
  await expect(row).toContainText("There is no such file in the folder.", { timeout: 30_000 });

  await menu(page, name, "History");
  await expect(dialog(page).locator("li.schedules-run")).toHaveCount(3);
  await looksRight(page, "import-schedules-history");
  await dialog(page).getByRole("button", { name: /^Undo/ }).click();
  await page.getByRole("dialog", { name: "Undo this import?" }).getByRole("button", { name: "Undo the import" }).click();
  await expect(dialog(page).getByText(/^Undone /)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Escape");

  await menu(page, name, "Pause");
  await expect(row).toContainText("Paused");
  await expect(theirs).toContainText("Paused");
  await menu(page, name, "Go on");
  await expect(row).toContainText("next:");
  await menu(page, name, "Delete");
  await expect(row).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(row).toHaveCount(1);
  await menu(page, name, "Delete");
  await expect(row).toHaveCount(0);
});

test("whoever is no manager has none", async ({ page }) => {
  await signIn(page, "csm", { path: "/import" });
  await expect(page.getByRole("heading", { name: "Imports so far" })).toBeVisible();
  await expect(page.getByRole("button", { name: "New scheduled import" })).toHaveCount(0);
});
