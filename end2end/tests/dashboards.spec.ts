// Dashboards: begun from a template, arranged by keyboard and by pointer, seen by somebody else, and who may do what.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

/** A name that no other test has. */
const unique = (words: string): string => `${words} ${Math.random().toString(36).slice(2, 8)}`;

const widgets = (page: Page): Locator => page.locator(".dashboards-widget");

const titles = (page: Page): Promise<string[]> => page.locator(".dashboards-widget h2").allTextContents();

/** What is done is saved at once: waits until the server has taken it. */
const saved = (page: Page): Promise<unknown> =>
  page.waitForResponse((response) => response.url().includes("/save_dashboard") && response.ok());

async function begin(page: Page, template: string): Promise<void> {
  await page.goto("/dashboards");
  await ready(page);
  await page.getByRole("button", { name: template }).click();
  await expect(page).toHaveURL(/\/dashboards\/[0-9a-f-]{36}$/);
}

async function rename(page: Page, name: string, share = false): Promise<void> {
  await page.locator("summary[aria-label='This dashboard']").click();
  await page.getByRole("button", { name: "Rename or share" }).click();
  await page.locator("#dashboard-name").fill(name);
  if (share) await page.getByRole("dialog").getByText("Everybody in the workspace sees it").click();
  const done = saved(page);
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await done;
  await expect(page.getByRole("heading", { name, exact: true, level: 1 })).toBeVisible();
}

async function remove(page: Page): Promise<void> {
  await page.locator("summary[aria-label='This dashboard']").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/dashboards$/);
}

test("a dashboard is begun from a template, and each number leads to its rows", async ({ page }) => {
  await signIn(page, "viewer", { path: "/" });
  await page.getByRole("navigation").getByRole("link", { name: "Dashboards" }).first().click();
  await begin(page, "Begin with “Revenue and health”");
  await expect(page.getByRole("heading", { name: "Revenue and health", level: 1 })).toBeVisible();
  await expect(widgets(page)).toHaveCount(10);
  await expect(page.locator(".dashboards-widget .skeleton")).toHaveCount(0);
  await expect(page.locator(".dashboards-widget [role=alert]")).toHaveCount(0);
  const bands = widgets(page).filter({ has: page.getByRole("heading", { name: "Accounts by band" }) });
  await expect(bands.locator("svg.chart:visible .chart-bar").first()).toBeVisible();
  await expect(bands.locator("tr[data-group=critical] a")).toHaveAttribute("href", /\/accounts\?.*filter=band/);
  const moved = widgets(page).filter({ has: page.getByRole("heading", { name: "Revenue movement by kind" }) });
  await moved.getByText("Show as table").click();
  await moved.locator("tbody tr").first().getByRole("button").click();
  const rows = page.getByRole("dialog", { name: /Accounts behind/ });
  await expect(rows.locator("tbody a[href^='/accounts/']").first()).toBeVisible();
  await rows.getByRole("button", { name: "Close" }).click();
  await remove(page);
});

test("widgets are added, arranged by keyboard, resized and removed, and stay so", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, "csm", { path: "/dashboards" });
  await begin(page, "Begin with nothing");
  await expect(page.getByText("Nothing on it yet")).toBeVisible();
  await rename(page, unique("Morning"));
  for (const report of ["by_band", "risk_by_owner", "tasks_by_owner"]) {
    await page.getByRole("button", { name: "Add widget" }).first().click();
    const done = saved(page);
    await page.locator(`[data-report=${report}]`).click();
    await done;
  }
  await expect(widgets(page)).toHaveCount(3);
  expect(await titles(page)).toEqual(["Accounts by band", "ARR at risk by owner", "Open tasks by owner"]);
  const handle = widgets(page).nth(0).getByRole("button", { name: "Move this widget" });
  await handle.focus();
  let done = saved(page);
  await page.keyboard.press("ArrowRight");
  await done;
  await expect(page.getByText("Place 2 of 3.")).toBeAttached();
  const mine = widgets(page).filter({ has: page.getByRole("heading", { name: "Accounts by band" }) });
  await expect(mine.getByRole("button", { name: "Move this widget" })).toBeFocused();
  done = saved(page);
  await page.keyboard.press("Shift+ArrowRight");
  await done;
  await expect(page.getByText("3 columns wide, 2 rows high.")).toBeAttached();
  await page.reload();
  await ready(page);
  expect(await titles(page)).toEqual(["ARR at risk by owner", "Accounts by band", "Open tasks by owner"]);
  await expect(mine).toHaveAttribute("data-width", "3");
  const last = widgets(page).filter({ has: page.getByRole("heading", { name: "Open tasks by owner" }) });
  done = saved(page);
  await last.getByRole("button", { name: "Move this widget" }).dragTo(widgets(page).nth(0));
  await done;
  expect((await titles(page))[0]).toBe("Open tasks by owner");
  await last.locator("summary[aria-label='This widget']").click();
  await last.getByLabel("Name of the widget").fill("What is left to do");
  done = saved(page);
  await last.getByLabel("Name of the widget").press("Tab");
  await done;
  await expect(page.getByRole("heading", { name: "What is left to do" })).toBeVisible();
  const named = widgets(page).filter({ has: page.getByRole("heading", { name: "What is left to do" }) });
  const item = named.getByRole("button", { name: "Remove" });
  if (!(await item.isVisible())) await named.locator("summary[aria-label='This widget']").click();
  done = saved(page);
  await item.click();
  await done;
  await expect(widgets(page)).toHaveCount(2);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(widgets(page)).toHaveCount(3);
  await remove(page);
});

test("what a manager shares, others see live and cannot change, and a deletion is taken back", async ({ page, another }) => {
  test.setTimeout(90_000);
  const name = unique("Ours");
  await signIn(page, "manager", { path: "/dashboards" });
  await begin(page, "Begin with “Team”");
  await rename(page, name, true);
  const vera = await another("viewer");
  await vera.goto("/dashboards");
  await ready(vera);
  await vera.getByRole("link", { name }).click();
  await expect(vera.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(widgets(vera)).toHaveCount(await widgets(page).count());
  await expect(vera.getByRole("button", { name: "Add widget" })).toHaveCount(0);
  await expect(vera.getByRole("button", { name: "Move this widget" })).toHaveCount(0);
  // What Maya arranges moves on Vera's screen.
  const first = (await titles(page))[0];
  await widgets(page).nth(0).getByRole("button", { name: "Move this widget" }).press("ArrowRight");
  await expect.poll(async () => (await titles(vera))[1]).toBe(first);
  // A copy is one's own, and sharing it is refused to whoever looks on.
  await vera.locator("summary[aria-label='This dashboard']").click();
  await vera.getByRole("button", { name: "Duplicate" }).click();
  await expect(vera.getByRole("heading", { name: `Copy of ${name}`, level: 1 })).toBeVisible();
  await vera.locator("summary[aria-label='This dashboard']").click();
  await vera.getByRole("button", { name: "Rename or share" }).click();
  await expect(vera.getByText("Only managers can share a dashboard with everybody.")).toBeVisible();
  await vera.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();
  await remove(vera);
  await remove(page);
  await expect(page.getByRole("link", { name })).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByRole("link", { name })).toHaveCount(1);
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await remove(page);
});

test("the numbers follow what happens elsewhere", async ({ page, another }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/dashboards" });
  await begin(page, "Begin with nothing");
  await page.getByRole("button", { name: "Add widget" }).first().click();
  await page.locator("#dashboards-as").selectOption("number");
  await page.locator("[data-report=tasks_by_owner]").click();
  const figure = page.locator(".reports-figure .stat-value");
  const count = async (): Promise<number> => Number(((await figure.textContent()) ?? "").replace(/[^0-9]/g, ""));
  await expect(figure).toBeVisible();
  const before = await count();
  const maya = await another("manager");
  await maya.goto("/tasks");
  await ready(maya);
  const box = maya.getByLabel("New task");
  await box.fill(unique("Call somebody"));
  await box.press("Enter");
  await expect.poll(count, { timeout: 15_000 }).toBeGreaterThan(before);
  await remove(page);
});

test("it fits a phone, looks right and is accessible", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, "manager", { path: "/dashboards" });
  await looksRight(page, "dashboards-list");
  await begin(page, "Begin with “Revenue and health”");
  await expect(page.locator(".dashboards-widget .skeleton")).toHaveCount(0);
  await page.getByRole("button", { name: "Add widget" }).first().click();
  await axe(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await looksRight(page, "dashboards");
  await remove(page);
});
