// Scheduled reports: set up beside a saved report, with the next five times, sent now, paused, deleted and taken back.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, looksRight, ready, signIn, test } from "../fixtures";

const dialog = (page: Page): Locator => page.locator("dialog[open]");

/** A name that no other test has. */
const unique = (words: string): string => `${words} ${Math.random().toString(36).slice(2, 8)}`;

/** Saves the report that is shown under a name. */
async function save(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^(Save as|Duplicate)$/ }).click();
  await page.locator("#report-name").fill(name);
  await dialog(page).getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
}

async function menu(page: Page, name: string, item: string): Promise<void> {
  await page.locator(`summary[aria-label='What to do with “${name}”']`).click();
  await page.getByRole("button", { name: item, exact: true }).click();
}

test("only saved reports are sent, and the dialog says so", async ({ page }) => {
  await signIn(page, "csm", { path: "/reports" });
  await page.getByRole("button", { name: "Schedule", exact: true }).click();
  await expect(dialog(page).getByText("Only saved reports are sent.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
});

test("a report is scheduled, sent now, paused, changed, deleted and taken back", async ({ page, another, watch }) => {
  test.setTimeout(120_000);
  // A time zone that there is not.
  watch.allow(/status of 422/);
  const name = unique("Weekly");
  await signIn(page, "csm", { path: "/reports?report=arr_by_segment" });
  await save(page, name);
  await page.getByRole("button", { name: "Schedule", exact: true }).click();
  await expect(dialog(page).locator(".schedules-ahead li")).toHaveCount(5);
  await dialog(page).locator("#schedule-rhythm").selectOption("month");
  await dialog(page).locator("#schedule-day").selectOption("31");
  await dialog(page).locator("#schedule-time").fill("07:30");
  await expect(dialog(page).locator(".schedules-ahead li").first()).toContainText("07:30");
  await dialog(page).locator("#schedule-zone").fill("Europe/Atlantis");
  await dialog(page).locator("#schedule-zone").press("Tab");
  await expect(dialog(page).getByText("There is no such time zone.")).toBeVisible();
  await dialog(page).locator("#schedule-zone").fill("Europe/Berlin");
  await dialog(page).locator("#schedule-zone").press("Tab");
  await expect(dialog(page).locator(".schedules-ahead li")).toHaveCount(5);
  await axe(page);
  await looksRight(page, "schedules-dialog");
  await dialog(page).getByRole("button", { name: "Save schedule" }).click();
  await expect(page.locator(".toast").last()).toContainText("on day 31 of every month at 07:30");
  const row = page.locator(`tr[data-schedule="${name}"]`);
  await expect(row).toContainText("on day 31 of every month at 07:30");
  await expect(row).toContainText("not sent yet");
  await page.reload();
  await ready(page);
  await expect(row).toContainText("Europe/Berlin");
  await looksRight(page, "schedules-list");
  await menu(page, name, "Send now");
  await expect(row).toContainText(/sent to 1|on its way|did not arrive/, { timeout: 20_000 });
  await menu(page, name, "History");
  await expect(dialog(page).getByText("by hand")).toBeVisible();
  await looksRight(page, "schedules-history");
  await page.keyboard.press("Escape");
  await menu(page, name, "Pause");
  await expect(row).toContainText("Paused");
  await menu(page, name, "Go on");
  await expect(row).toContainText("next:");
  await menu(page, name, "Change");
  await expect(dialog(page).locator("#schedule-time")).toHaveValue("07:30");
  await dialog(page).locator("#schedule-rhythm").selectOption("day");
  await dialog(page).getByRole("button", { name: "Save schedule" }).click();
  await expect(row).toContainText("every day at 07:30");
  const maya = await another("manager");
  await maya.goto("/reports");
  await ready(maya);
  await expect(maya.locator("tr[data-schedule]").first()).toBeVisible();
  await menu(page, name, "Delete");
  await expect(row).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(row).toHaveCount(1);
  await menu(page, name, "Delete");
  await expect(row).toHaveCount(0);
});

test("viewers have no reports sent, and administrators say who else may get them", async ({ page, another }) => {
  await signIn(page, "viewer", { path: "/reports" });
  await expect(page.getByRole("heading", { name: "Accounts by band" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Schedule", exact: true })).toHaveCount(0);
  await page.goto("/settings/sharing");
  await ready(page);
  await expect(page.getByText(/^(Not allowed|Allowed)$/)).toBeVisible();
  const ada = await another("admin");
  await ada.goto("/settings/sharing");
  await ready(ada);
  const box = ada.getByRole("checkbox", { name: "Reports may be sent to addresses outside of the workspace" });
  await box.check();
  await expect(ada.locator(".toast").last()).toContainText("Saved.");
  await expect(page.getByText("Allowed", { exact: true })).toBeVisible();
  await box.uncheck();
  await expect(page.getByText("Not allowed", { exact: true })).toBeVisible();
});
