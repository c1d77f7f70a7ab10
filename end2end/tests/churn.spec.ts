// The churn model: what is in force and why, a new version learnt, put into force and taken back, and what it says of an account.

import { axe, expect, fits, ready, signIn, test } from "../fixtures";

test("the page says what is in force, how well it does and what has moved", async ({ page }) => {
  await signIn(page, "viewer", { path: "/lab/churn" });
  await expect(page.getByRole("heading", { name: "Churn model", level: 1 })).toBeVisible();
  await expect(page.getByRole("heading", { name: "In force" })).toBeVisible();
  await expect(page.getByText("says how likely an account is lost within 90 days.")).toBeVisible();
  await expect(page.getByRole("row", { name: /^AUC/ }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Calibration" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What it looks at" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What has moved since" })).toBeVisible();
  await expect(page.getByText(/below 0\.1 stable, below 0\.25 shifting/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Learn a new version" }), "a viewer reads only").toHaveCount(0);
  await fits(page);
  await axe(page);
  await page.getByRole("link", { name: "Back-test" }).click();
  await expect(page).toHaveURL(/\/lab$/);
  await page.getByRole("link", { name: "Churn model" }).click();
  await expect(page).toHaveURL(/\/lab\/churn$/);
});

test("a new version is learnt, put into force, and taken back", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager", { path: "/lab/churn" });
  await page.getByRole("button", { name: "Learn a new version" }).click();
  await expect(page.getByRole("heading", { name: "Candidate" })).toBeVisible({ timeout: 90_000 });
  const newest = page.locator("tr[data-version]").first();
  await expect(newest).toContainText("Candidate");
  const number = await newest.getAttribute("data-version");
  await axe(page);
  await page.getByRole("button", { name: "Put into force" }).click();
  await expect(newest).toContainText("In force");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Taken back.")).toBeVisible();
  await expect(page.locator(`tr[data-version="${number}"]`)).toContainText("Candidate");
  await page.getByRole("button", { name: "Put into force" }).click();
  await expect(newest).toContainText("In force");
  await page.reload();
  await ready(page);
  await expect(newest, "it is still in force").toContainText("In force");
  // Back to the version before, so that other tests find what they know.
  await page.getByRole("button", { name: "Back to this" }).first().click();
  await expect(newest).toContainText("Out of force");
});

test("an account says how likely it is lost, and what moves that", async ({ page }) => {
  await signIn(page, "csm", { path: "/accounts?filter=churn_pct%20%3E%200&sort=-churn_pct&columns=name%2Cscore%2Cchurn_pct" });
  await expect(page.getByRole("columnheader", { name: /Churn probability/ })).toBeVisible();
  const name = page.getByRole("rowheader").first().getByRole("link");
  await name.click();
  const chip = page.getByRole("button", { name: /^Churn .* % in 90 days$/ });
  await expect(chip).toBeVisible();
  await chip.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("row", { name: /An average account/ })).toBeVisible();
  await expect(dialog.getByText(/^(Raises it|Lowers it)$/).first()).toBeVisible();
  const parts = await dialog.locator("tbody td:last-child").allTextContents();
  const millionths = (text: string): number => Math.round(Number(text.replace("−", "-")) * 1_000_000);
  const sum = parts.map(millionths).reduce((a, b) => a + b, 0);
  const together = await dialog.locator("tfoot td").last().textContent();
  expect(sum, "the parts add up to the last digit").toBe(millionths(together ?? ""));
  await expect(dialog.getByText(/Version \d+ of the churn model/)).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});
