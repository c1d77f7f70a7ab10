// Value delivered: what watching was good for, seen by two browsers; and charts that say what one points at.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

interface Row {
  alert: { id: string; account_id: string | null; acknowledged_at: number | null };
}

/** Calls a function of the server as whoever is signed in. */
const call = (page: Page, path: string, body: object): Promise<any> =>
  page.evaluate(
    async ([path, body]) => {
      const headers = { accept: "application/json", "content-type": "application/json" };
      const answer = await fetch(`/api/fn/app/alerts/server_fns/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    [path, body] as const,
  );

const number = (text: string | null): number => Number((text ?? "").replace(/[^0-9]/g, ""));

/** The picture of a card that is there in this width. */
const picture = (page: Page, card: string): Locator =>
  page.locator("section", { has: page.locator(`#${card}`) }).locator("svg.chart").filter({ visible: true }).first();

const said = (page: Page, card: string): Locator =>
  page.locator("section", { has: page.locator(`#${card}`) }).locator(".chart-said").filter({ visible: true }).first();

/** How many risks were told and seen, by the table of the funnel. */
async function steps(page: Page): Promise<[number, number]> {
  const cells = page.locator("section", { has: page.locator("#value-funnel") }).locator(".only-wide tbody tr td:nth-child(2)");
  const [told, seen] = await cells.allTextContents();
  return [number(told ?? ""), number(seen ?? "")];
}

test("what watching was good for, and as it goes on in another browser", async ({ page, another }) => {
  test.slow();
  await signIn(page, "viewer", { path: "/insights" });
  await page.getByRole("link", { name: "Value delivered" }).click();
  await expect(page).toHaveURL(/\/insights\/value$/);
  await expect(page.getByRole("heading", { name: "Value delivered", level: 1 })).toBeVisible();
  await expect(page.locator(".value .stat")).toHaveCount(4);
  await page.getByRole("link", { name: "A year" }).click();
  await expect(page).toHaveURL(/days=365/);
  await expect(page.locator('.table-scroll[aria-labelledby="value-left"] tbody tr').first()).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(page.getByRole("link", { name: "A year" })).toHaveAttribute("aria-current", "true");
  await fits(page);
  await axe(page);
  const [told, seen] = await steps(page);
  expect(told).toBeGreaterThanOrEqual(seen);
  // Somebody acknowledges a risk that nobody has seen.
  const colleague = await another("csm");
  const query = { shelf: "open", kind: "risk", mine: false, search: "", members: true, offset: 0, limit: 200 };
  const { rows } = await call(colleague, "list_alerts", { query });
  const unseen = rows.find(({ alert }: Row) => alert.account_id !== null && alert.acknowledged_at === null);
  expect(unseen, "some risks of the demo were seen by nobody").toBeTruthy();
  await call(colleague, "step_alerts", { ids: [unseen.alert.id], step: "acknowledge" });
  await expect.poll(async () => (await steps(page))[1], { timeout: 20_000 }).toBeGreaterThan(seen);
});

test("charts say what one points at, and every value by keyboard", async ({ page }) => {
  await signIn(page, "viewer", { path: "/insights/value?days=365" });
  for (const card of ["value-funnel", "value-months", "value-rules"]) {
    const chart = picture(page, card);
    await chart.focus();
    await expect(said(page, card)).toBeEmpty();
    await page.keyboard.press("ArrowRight");
    await expect(said(page, card)).not.toBeEmpty();
    const first = await said(page, card).textContent();
    await page.keyboard.press("End");
    await expect(said(page, card)).not.toHaveText(first ?? "");
    await page.keyboard.press("Home");
    await expect(said(page, card)).toHaveText(first ?? "");
    await page.keyboard.press("Escape");
    await expect(said(page, card)).toBeEmpty();
  }
  // A line says the day that the pointer is at, whatever its height.
  await page.goto("/alerts?tab=analytics");
  await ready(page);
  const line = picture(page, "alert-flow");
  const box = await line.boundingBox();
  if (box === null) throw new Error("the chart is not there");
  await page.mouse.move(box.x + box.width * 0.6, box.y + 4);
  await expect(said(page, "alert-flow")).toContainText("Created");
  await shot(page, "chart-read-out");
  await axe(page);
  await page.mouse.move(0, 0);
  await expect(said(page, "alert-flow")).toBeEmpty();
});
