// Insights: movement that leads to accounts and to why, any day of the past, what drives a score, and charts to take along.

import { readFile } from "node:fs/promises";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

const number = (text: string | null): number => Number((text ?? "").replace(/[^0-9]/g, ""));

test("movement leads to the accounts behind it, and from there to why", async ({ page }) => {
  await signIn(page, "viewer", { path: "/" });
  await page.getByRole("navigation").getByRole("link", { name: "Insights" }).first().click();
  await expect(page).toHaveURL(/\/insights$/);
  await expect(page.getByRole("heading", { name: "From band to band" })).toBeVisible();
  await page.getByRole("link", { name: "90 days ago" }).click();
  await expect(page).toHaveURL(/days=90/);
  const figure = page.locator('[data-figure="fell"]');
  await expect(figure).toBeVisible();
  const fell = number(await figure.locator(".stat-value").textContent());
  expect(fell).toBeGreaterThan(0);
  await figure.click();
  await expect(page).toHaveURL(/which=fell/);
  const behind = page.locator("section", { has: page.locator("#insights-behind") });
  // The portfolio is alive: another spec may move a score between the figure and the list.
  const agree = async () =>
    (await behind.locator("tbody tr").count()) - Math.min(number(await figure.locator(".stat-value").textContent()), 200);
  await expect.poll(agree, { timeout: 15_000 }).toBe(0);
  await expect(page.locator("#insights-behind")).toBeFocused();
  await behind.locator("tbody tr").first().locator(".insights-delta").click();
  await expect(page).toHaveURL(/\/accounts\/[0-9a-f-]+\/health\?from=/);
  await expect(page.locator("#changed .waterfall-row").first()).toBeVisible();
  await expect(page.locator("#changed .why")).toContainText("Down from");
});

test("the numbers of the matrix are as many as the accounts behind them", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights?days=90" });
  const cell = page.locator('.insights-matrix td[data-way="down"] a').first();
  await cell.click();
  await expect(page).toHaveURL(/which=/);
  const behind = page.locator("section", { has: page.locator("#insights-behind") }).locator("tbody tr");
  await expect(behind.first()).toBeVisible();
  // Another spec may move a score between the matrix and the list.
  await expect.poll(async () => (await behind.count()) - Math.min(number(await cell.textContent()), 200)).toBe(0);
  await page.reload();
  await ready(page);
  await expect(page.locator("#insights-behind"), "the address says it all").toBeVisible();
  await page.getByRole("link", { name: "Close" }).click();
  await expect(page.locator("#insights-behind")).toHaveCount(0);
});

test("a day in the past is shown as the past, and the way back is one press", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights" });
  await expect(page.getByRole("heading", { name: "Portfolio now" })).toBeVisible();
  const day = new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("#insights-as-of").fill(day);
  await expect(page).toHaveURL(new RegExp(`as_of=${day}`));
  await expect(page.getByText("This is the past")).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Portfolio at the end of/ })).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(page.getByText("This is the past")).toBeVisible();
  await page.getByRole("link", { name: "Back to now" }).click();
  await expect(page.getByRole("heading", { name: "Portfolio now" })).toBeVisible();
});

test("a filter counts on every part of the page, completes itself, and marks a mistake where it is", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights" });
  const total = page.locator("tfoot").last().locator("td").first();
  await expect(total).toBeVisible();
  const everybody = number(await total.textContent());
  await page.locator("#insights-filter").fill("band in (at_risk, critical)");
  await page.locator("#insights-filter").press("Enter");
  await expect(page).toHaveURL(/filter=band/);
  await expect.poll(async () => number(await total.textContent())).toBeLessThan(everybody);
  const line = page.locator("#insights-filter");
  await line.fill("tear = pro");
  await line.press("Enter");
  await expect(page.locator("#insights-filter-error mark"), "the mistake is marked, and nothing is asked").toHaveText("tear");
  await expect(page).toHaveURL(/filter=band/);
  await line.fill("");
  await line.pressSequentially("ban");
  await line.press("ArrowDown");
  await line.press("Tab");
  await expect(line).toHaveValue("band ");
  await expect(page.locator("#insights-filter-error"), "half a condition is a mistake too").toBeVisible();
  await line.pressSequentially("= critical");
  await line.press("Enter");
  await expect(page).toHaveURL(/filter=band%20%3D%20critical/);
  await expect(page.locator("#insights-filter-error")).toHaveCount(0);
});

test("everything works by keyboard, fits and is accessible", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights?days=90" });
  await expect(page.getByRole("heading", { name: "Owners" })).toBeVisible();
  const slider = page.getByLabel("Read the distribution");
  await slider.focus();
  const before = await slider.getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowLeft");
  await expect(slider).not.toHaveAttribute("aria-valuetext", before ?? "");
  await page.getByRole("link", { name: "Mean score" }).press("Enter");
  await expect(page).toHaveURL(/sort=-mean/);
  await page.getByRole("link", { name: "Category" }).press("Enter");
  await expect(page).toHaveURL(/by=category/);
  await fits(page);
  await axe(page);
  await shot(page, "insights");
});

test("what drives a score is shown on focus and on hover, and Escape closes it", async ({ page }) => {
  await signIn(page, "viewer", { path: "/accounts?filter=Northwind%20Outfitters" });
  const score = page.locator(".vgrid-row [data-drivers]").first();
  await score.hover();
  await expect(page.locator(".drivers")).toContainText("version");
  await expect(page.locator(".drivers")).toContainText("below 50");
  await page.keyboard.press("Escape");
  await expect(page.locator(".drivers")).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.goto("/");
  await ready(page);
  await page.keyboard.press("Tab");
  // The last one is below what can be seen: the focus scrolls to it.
  await page.locator('main a[data-drivers]').last().focus();
  await expect(page.locator(".drivers")).toContainText("version");
  await axe(page, ".drivers");
});

test("on paper the days and the filter stand in a sentence", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights?filter=band%20%3D%20critical" });
  await expect(page.getByRole("heading", { name: "Owners" })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(/^band = critical\. As of .+, compared with .+\.$/)).toBeVisible();
  await expect(page.locator("#insights-filter")).toBeHidden();
  await expect(page.locator("nav:visible")).toHaveCount(0);
  await expect(page.locator(".insights-matrix")).toBeVisible();
});

test("a chart is taken along as a picture that scales, as one in points and as its numbers, by keyboard", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await signIn(page, "viewer", { path: "/insights" });
  const card = page.locator("section", { has: page.locator("#insights-scores") });
  const menu = card.locator("details.chart-download");
  const take = async (kind: string): Promise<{ name: string; bytes: Buffer }> => {
    await menu.locator("summary").focus();
    await page.keyboard.press("Enter");
    const item = menu.locator(`[data-kind="${kind}"]`);
    await item.focus();
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    await expect(menu, "a choice closes the menu").not.toHaveAttribute("open");
    return { name: download.suggestedFilename(), bytes: await readFile((await download.path()) ?? "") };
  };
  await menu.locator("summary").click();
  await fits(page);
  await axe(page, ".chart-download");
  await page.keyboard.press("Escape");
  await expect(menu).not.toHaveAttribute("open");
  const svg = await take("svg");
  expect(svg.name).toMatch(/^[a-z-]+-\d{4}-\d{2}-\d{2}\.svg$/);
  const picture = await page.evaluate((text) => {
    const drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    const has = (name: string) => drawn.getElementsByTagName(name).length;
    return { root: drawn.nodeName, width: Number(drawn.getAttribute("width")), titles: has("title"), bars: has("rect") };
  }, svg.bytes.toString());
  expect(picture.root).toBe("svg");
  expect(picture.titles).toBeGreaterThan(1);
  expect(picture.bars).toBeGreaterThan(5);
  const png = await take("png");
  expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(png.bytes.readUInt32BE(16), "two points for each").toBe(picture.width * 2);
  const rows = (await take("csv")).bytes.toString().trim().split("\r\n");
  expect(rows[0]).toContain('"Accounts"');
  expect(rows).toHaveLength((await card.locator(".chart-table tbody tr").count()) + 1);
});

test("another person's screen follows a score that moves", async ({ page, another }) => {
  test.setTimeout(60_000);
  const name = `Insights ${Date.now()}`;
  // Of the other accounts only those that no spec brings or takes away.
  const filter = encodeURIComponent(`name contains "Acme" or name contains "${name}"`);
  await signIn(page, "viewer", { path: `/insights?days=7&filter=${filter}` });
  const figures = page.locator("[data-figure] .stat-value");
  await expect(figures.first()).toBeVisible();
  const total = page.locator("tfoot").last().locator("td").first();
  const accounts = number(await total.textContent());
  const sam = await another("csm");
  await sam.goto("/accounts");
  await ready(sam);
  await sam.getByRole("button", { name: "New account" }).click();
  await sam.locator("#account-name").fill(name);
  await sam.getByRole("button", { name: "Create account" }).click();
  await expect(sam).toHaveURL(/\/accounts\/[0-9a-f-]+/);
  await expect.poll(async () => number(await total.textContent()), { timeout: 15_000 }).toBe(accounts + 1);
});
