// Reports: ready ones from the start, one of one's own from choice to file, and the rows behind a number.

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

const number = (text: string | null): number => Number((text ?? "").replace(/[^0-9]/g, ""));

const result = (page: Page): Locator => page.locator("section", { has: page.locator("#reports-result") });

/** A name that no other test has. */
const unique = (words: string): string => `${words} ${Math.random().toString(36).slice(2, 8)}`;

test("ready reports stand there at once, and a group leads to its accounts", async ({ page }) => {
  await signIn(page, "viewer", { path: "/" });
  await page.getByRole("navigation").getByRole("link", { name: "Reports" }).first().click();
  await expect(page).toHaveURL(/\/reports$/);
  await expect(page.getByRole("heading", { name: "Accounts by band" })).toBeVisible();
  await expect(result(page).locator("svg.chart:visible .chart-bar").first()).toBeVisible();
  const row = result(page).locator("tr[data-group=critical]");
  const count = number(await row.locator("td").first().textContent());
  expect(count).toBeGreaterThan(0);
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/accounts\?.*filter=band/);
  // The portfolio is alive: another spec may move a score between the report and the list.
  const listed = page.locator(".grid-summary span").first();
  await expect.poll(async () => Math.abs(number(await listed.textContent()) - count)).toBeLessThanOrEqual(3);
});

test("tasks by owner lead to the tasks of that person", async ({ page }) => {
  await signIn(page, "viewer", { path: "/reports" });
  await page.getByRole("link", { name: "Open tasks by owner" }).click();
  await expect(page).toHaveURL((url) => url.searchParams.get("report") === "tasks_by_owner");
  const link = result(page).locator("tbody tr th a").first();
  const name = (await link.textContent()) ?? "";
  await link.click();
  await expect(page).toHaveURL(/\/tasks\?.*person=/);
  await expect(page.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
});

test("a report is built, saved, changed, doubled, deleted and taken back", async ({ page }) => {
  test.setTimeout(60_000);
  const name = unique("Segments");
  await signIn(page, "manager", { path: "/reports" });
  await page.locator("#reports-by").selectOption("tier");
  await expect(page).toHaveURL(/by=tier/);
  await page.getByRole("link", { name: "Table", exact: true }).click();
  await expect(result(page).locator("svg")).toHaveCount(0);
  await page.locator("#reports-filter").fill("score < 90");
  await page.locator("#reports-filter").press("Enter");
  await expect(page).toHaveURL(/filter=score/);
  await expect(page.getByRole("heading", { name: "Accounts by band, changed" })).toBeVisible();
  await page.getByRole("button", { name: "Save as" }).click();
  await page.locator("#report-name").fill(name);
  await page.getByRole("dialog").getByText("Everybody in the workspace sees it").click();
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  const chip = page.getByRole("navigation", { name: "Saved reports" }).getByRole("link", { name });
  await expect(chip).toHaveAttribute("aria-current", "page");
  await page.reload();
  await ready(page);
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await result(page).getByRole("link", { name: "Segment" }).click();
  await expect(page.getByRole("heading", { name: `${name}, changed` })).toBeVisible();
  await page.locator("summary[aria-label='This report']").click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Duplicate" })).toBeVisible();
  await page.locator("summary[aria-label='This report']").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(chip).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(chip).toHaveCount(1);
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await page.locator("summary[aria-label='This report']").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(chip).toHaveCount(0);
});

test("the table leaves as a file, and those who look on cannot take it", async ({ page, another }) => {
  await signIn(page, "csm", { path: "/reports?report=arr_by_segment" });
  await expect(result(page).locator("tbody tr").first()).toBeVisible();
  const groups = await result(page).locator("tbody tr").count();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^report-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(lines.length).toBe(groups + 1);
  expect(lines[0]).toContain("ARR (");
  const vera = await another("viewer");
  await vera.goto("/reports");
  await ready(vera);
  await expect(vera.getByRole("heading", { name: "Accounts by band" })).toBeVisible();
  await expect(vera.getByRole("button", { name: "Download CSV" })).toHaveCount(0);
});

test("a filter that fits nothing says so, and a mistake is marked", async ({ page }) => {
  await signIn(page, "viewer", { path: "/reports" });
  await page.locator("#reports-filter").fill("tear = pro");
  await page.locator("#reports-filter").press("Enter");
  await expect(page.locator("#reports-filter-error mark")).toHaveText("tear");
  await page.locator("#reports-filter").fill('name = "nobody is called this"');
  await page.locator("#reports-filter").press("Enter");
  await expect(page.getByText("Nothing to count")).toBeVisible();
  await page.getByRole("link", { name: "All accounts", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Accounts by band" })).toBeVisible();
});

test("usage over time is a line, narrowed by metric and period, with the accounts behind each month", async ({ page }) => {
  await signIn(page, "viewer", { path: "/reports?report=usage_by_month" });
  await expect(page.getByRole("heading", { name: "Active accounts by month" })).toBeVisible();
  await expect(result(page).locator("svg.chart:visible .chart-line").first()).toBeVisible();
  const metric = page.locator("#reports-metric");
  await expect(metric.locator("option")).not.toHaveCount(1);
  const name = (await metric.locator("option").nth(1).getAttribute("value")) ?? "";
  await metric.selectOption(name);
  await expect(page).toHaveURL((url) => url.searchParams.get("metric") === name);
  await page.locator("#reports-within").selectOption("90");
  await expect(page).toHaveURL((url) => url.searchParams.get("within") === "90");
  await expect.poll(() => result(page).locator("tbody tr").count()).toBeLessThanOrEqual(5);
  await result(page).locator("tbody tr").last().getByRole("button").press("Enter");
  const rows = page.getByRole("dialog", { name: /Accounts behind/ });
  await expect(rows.locator("tbody a[href^='/accounts/']").first()).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(rows).toHaveCount(0);
});

test("why customers left is a ring whose parts are read out, and each leads to its accounts", async ({ page }) => {
  await signIn(page, "viewer", { path: "/reports" });
  await page.getByRole("link", { name: "Churn reasons" }).click();
  await expect(page).toHaveURL(/report=churn_reasons/);
  await page.getByRole("link", { name: "Donut", exact: true }).click();
  await expect(page).toHaveURL(/show=donut/);
  const ring = result(page).locator("svg.chart:visible");
  await expect(ring.locator(".chart-bar").first()).toBeVisible();
  await ring.focus();
  await page.keyboard.press("Home");
  const said = result(page).locator(".chart-said:visible");
  await expect(said).toContainText("%");
  const first = await said.textContent();
  await page.keyboard.press("ArrowRight");
  await expect(said).not.toHaveText(first ?? "");
  await axe(page);
  await page.reload();
  await ready(page);
  await expect(ring).toBeVisible();
  await result(page).locator("tbody tr th a").first().click();
  await expect(page).toHaveURL(/\/accounts\?.*filter=.*churn_reason/);
});

test("movements of revenue add up, and two days choose a period", async ({ page }) => {
  await signIn(page, "viewer", { path: "/reports" });
  await page.getByRole("link", { name: "Revenue movement by kind" }).click();
  await expect(result(page).locator("tr[data-group=new]")).toBeVisible();
  const counts = await result(page).locator("tbody tr td:nth-of-type(3)").allTextContents();
  const whole = number(await result(page).locator("tfoot td").nth(2).textContent());
  expect(counts.map(number).reduce((sum, one) => sum + one, 0)).toBe(whole);
  await page.locator("#reports-within").selectOption("between");
  await expect(page.locator("#reports-from")).toBeVisible();
  await page.locator("#reports-from").fill("2020-01-01");
  await page.locator("#reports-to").fill("2020-01-02");
  await expect(page).toHaveURL(/within=2020-01-01/);
  await expect(page.getByText("Nothing to count")).toBeVisible();
});

test("everything works by keyboard, fits a phone and is accessible", async ({ page }) => {
  await signIn(page, "viewer", { path: "/reports?report=risks_by_rule" });
  await expect(result(page).locator("tbody tr").first()).toBeVisible();
  await result(page).getByRole("link", { name: "Accounts", exact: true }).press("Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get("sort") === "-accounts");
  await page.getByRole("checkbox", { name: "Mean score" }).press("Space");
  await expect(page).toHaveURL((url) => (url.searchParams.get("measures") ?? "").startsWith("count"));
  await expect(result(page).getByRole("link", { name: "Mean score" })).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await axe(page);
  await looksRight(page, "reports");
});
