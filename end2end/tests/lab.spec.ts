// The laboratory: a run is started, watched and read, and what it lacks is said in words.

import { axe, expect, fits, ready, signIn, test } from "../fixtures";

test("a run is started, ends, and says what it found", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager", { path: "/lab" });
  await expect(page.getByRole("heading", { name: "Model lab" })).toBeVisible();
  await page.getByLabel("Period").selectOption("6");
  await page.getByLabel("Horizon").selectOption("60");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page).toHaveURL(/\/lab\?run=/);
  await expect(page.getByRole("heading", { name: "What was found" })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("row", { name: /^AUC/ }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Suggested weights" })).toBeVisible();
  await expect(page.getByText("6 months, losses within 60 days").first()).toBeVisible();
  await expect(page.getByRole("row", { name: /^Alerts for each owner and week/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Renewed/ })).toContainText("well before");
  await expect(page.getByText("Two things may be known too early"), "what may leak is said").toBeVisible();
  await fits(page);
  await axe(page);
  await page.reload();
  await ready(page);
  await expect(page.getByRole("heading", { name: "What was found" }), "it is still there").toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(/^Scorecard .+, replayed on /)).toBeVisible();
  await expect(page.getByRole("row", { name: /^AUC/ }).first()).toBeVisible();
  await expect(page.locator("#lab-ask")).toBeHidden();
});

test("who may not start a run reads what was found", async ({ page }) => {
  await signIn(page, "viewer", { path: "/lab" });
  await expect(page.getByText("Managers and administrators start runs here.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start the run" })).toHaveCount(0);
  await axe(page);
});
