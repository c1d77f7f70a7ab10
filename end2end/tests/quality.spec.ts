// Data quality: what is missing leads to the grid that puts it right, what the filter cannot say has a list of its own.

import { type Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

const number = (text: string | null): number => Number((text ?? "").replace(/[^0-9]/g, ""));

/** Calls a function of the server as whoever is signed in. */
const call = (page: Page, path: string, body: Record<string, string>): Promise<void> =>
  page.evaluate(
    async ([path, body]) => {
      const headers = { accept: "application/json" };
      const answer = await fetch(`/api/fn/app/${path}`, { method: "POST", headers, body: new URLSearchParams(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
    [path, body] as const,
  );

const create = async (page: Page, name: string): Promise<string> => {
  await page.goto("/accounts");
  await ready(page);
  await page.getByRole("button", { name: "New account" }).click();
  await page.locator("#account-name").fill(name);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/accounts\/[0-9a-f-]{36}/);
  return page.url();
};

const row = (page: Page, rule: string) => page.locator(`[data-rule="${rule}"]`);

test("from Accounts to what is missing, and from there to the accounts", async ({ page }) => {
  test.setTimeout(60_000);
  const name = `Quality ${Date.now()}`;
  await signIn(page, "csm", { path: "/accounts" });
  await create(page, name);
  await page.goto("/accounts");
  await ready(page);
  await page.getByRole("link", { name: "Data quality" }).click();
  await expect(page).toHaveURL(/\/accounts\/quality$/);
  await expect(page.getByRole("heading", { name: "Data quality", level: 1 })).toBeVisible();
  await expect(page.locator("[data-completeness]")).toContainText("%");
  await expect(page.getByText(/facts are there: 6 are asked of each of/)).toBeVisible();
  await page.locator("#quality-filter").fill(`name = "${name}"`);
  await page.locator("#quality-filter").press("Enter");
  await expect(page).toHaveURL(/filter=name/);
  await expect(row(page, "no_arr").getByRole("link"), "nobody said what it pays").toHaveText("1");
  await expect(row(page, "no_owner"), "who makes an account owns it").toContainText("None");
  await row(page, "no_arr").getByRole("link").click();
  await expect(page).toHaveURL(/\/accounts\?filter=.*arr_minor/);
  await expect(page.locator(".vgrid-row")).toHaveCount(1);
  await expect(page.locator(".vgrid-row").first()).toContainText(name);
});

test("as many accounts as a rule counts are in the grid behind it", async ({ page }) => {
  await signIn(page, "viewer", { path: "/accounts/quality" });
  const link = page.locator(".quality-rules a[href^='/accounts?']").first();
  await expect(link).toBeVisible();
  const counted = number(await link.textContent());
  expect(counted).toBeGreaterThan(0);
  await link.click();
  await expect(page).toHaveURL(/\/accounts\?filter=/);
  // The portfolio is alive: another spec may bring or take an account meanwhile.
  const agree = async () => Math.abs(number(await page.locator(".grid-summary span").first().textContent()) - counted);
  await expect.poll(agree, { timeout: 15_000 }).toBeLessThanOrEqual(3);
});

test("accounts with one name are listed together, and a rename takes them off another person's screen", async ({ page, another }) => {
  test.setTimeout(90_000);
  const name = `Twin ${Date.now()}`;
  await signIn(page, "csm", { path: "/accounts" });
  await create(page, name);
  const second = await create(page, name.toUpperCase());
  const vera = await another("viewer");
  await vera.goto(`/accounts/quality?filter=${encodeURIComponent(`name starts with "${name}"`)}`);
  await ready(vera);
  await row(vera, "same_name").getByRole("link").press("Enter");
  await expect(vera).toHaveURL(/rule=same_name/);
  await expect(vera.locator("#quality-list")).toBeFocused();
  const list = vera.locator("section", { has: vera.locator("#quality-list") }).locator("tbody tr");
  await expect(list).toHaveCount(2);
  await vera.reload();
  await ready(vera);
  await expect(list, "the address says it all").toHaveCount(2);
  await list.first().getByRole("link").click();
  await expect(vera).toHaveURL(/\/accounts\/[0-9a-f-]{36}/);
  await vera.goBack();
  await ready(vera);
  const id = second.match(/[0-9a-f-]{36}/)?.[0] ?? "";
  await call(page, "accounts/server_fns/edit_account", { id, version: "1", key: "name", value: JSON.stringify(`${name} B`) });
  await expect(list).toHaveCount(0, { timeout: 15_000 });
});

test("a mistake in the filter is marked, and the palette leads here", async ({ page }) => {
  await signIn(page, "viewer", { path: "/" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("duplicates");
  await expect(page.getByRole("option", { name: "Data quality" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/accounts\/quality$/);
  await expect(page.locator("[data-completeness]")).toBeVisible();
  await page.locator("#quality-filter").fill("tear = pro");
  await page.locator("#quality-filter").press("Enter");
  await expect(page.locator("#quality-filter-error mark")).toHaveText("tear");
  await page.getByRole("link", { name: "My accounts" }).press("Enter");
  await expect(page).toHaveURL(/filter=owner_id/);
});

test("nothing is there for a filter that nobody fits, and everything fits a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await signIn(page, "viewer", { path: "/accounts/quality" });
  await expect(page.getByRole("heading", { name: "Contradictory" })).toBeVisible();
  await fits(page);
  await axe(page);
  await shot(page, "quality-360");
  await page.goto(`/accounts/quality?filter=${encodeURIComponent('name = "nobody is called so"')}`);
  await ready(page);
  await expect(page.getByText("No accounts here")).toBeVisible();
});
