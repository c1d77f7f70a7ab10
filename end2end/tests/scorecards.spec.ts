// Scorecards: a weight moves by keyboard, the portfolio moves with it, a version is published, seen elsewhere, and
// rolled back; and the whole life of a score. There is one draft of a scorecard, so that all who write it are here.

import type { Page } from "@playwright/test";
import { axe, expect, looksRight, ready, signIn, test } from "../fixtures";

test.describe.configure({ mode: "serial" });

/** Opens the first scorecard and waits until its effect has been computed. */
async function open(page: Page, section = ""): Promise<void> {
  await page.goto("/scorecards");
  await ready(page);
  const link = page.locator("tbody th a").first();
  await expect(link).toBeVisible();
  await page.goto(`${await link.getAttribute("href")}${section}`);
  await ready(page);
  if (section !== "/versions") await expect(page.locator('[data-effect="sentence"]')).toBeVisible({ timeout: 20_000 });
}

const NAME = "Northwind Outfitters";

/** Opens the account through the palette and returns its address. */
async function openAccount(page: Page): Promise<string> {
  await page.keyboard.press("Control+k");
  await page.locator(".palette-input").fill("Northwind");
  await page.locator(".palette-item", { hasText: NAME }).first().click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

const weights = (page: Page) => page.locator(".scorecard-measure input[type=range]");
const sentence = (page: Page) => page.locator('[data-effect="sentence"]');

test("a weight moves by key, the others make room, and it can be taken back", async ({ page }) => {
  await signIn(page, "manager");
  await open(page);
  const groups = page.locator(".scorecard-group > .scorecard-weight input[type=number]");
  const sum = async (): Promise<number> =>
    (await groups.evaluateAll((all) => all.map((one) => Number((one as HTMLInputElement).value)))).reduce((a, b) => a + b, 0);
  expect(await sum()).toBeCloseTo(100, 6);
  const slider = page.locator(".scorecard-group > .scorecard-weight input[type=range]").first();
  const was = Number(await slider.inputValue());
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue(String(was + 1));
  await page.keyboard.press("PageUp");
  await expect(slider).toHaveValue(String(was + 11));
  expect(await sum()).toBeCloseTo(100, 6);
  await expect(sentence(page)).toContainText("scores would change");
  await expect(page.locator(".saving-state")).toHaveText("Draft saved");
  // Two presses are one step or two, by how fast they came.
  await expect(async () => {
    await page.keyboard.press("Control+z");
    expect(await slider.inputValue()).toBe(String(was));
  }).toPass();
  await expect(async () => {
    await page.keyboard.press("Control+Shift+z");
    expect(await slider.inputValue()).toBe(String(was + 11));
  }).toPass();
  await expect(page.locator(".saving-state")).toHaveText("Draft saved");
  await page.reload();
  await ready(page);
  await expect(slider, "the draft survives a reload").toHaveValue(String(was + 11));
});

test("a point of the curve moves by key and by its number", async ({ page }) => {
  await signIn(page, "manager");
  await open(page);
  const corner = page.locator("#corner-0");
  await expect(corner).toBeVisible();
  const was = Number(await corner.getAttribute("aria-valuenow"));
  const way = was > 50 ? -1 : 1;
  await corner.focus();
  await page.keyboard.press(way > 0 ? "ArrowUp" : "ArrowDown");
  await expect(corner).toHaveAttribute("aria-valuenow", String(was + way));
  const points = page.getByLabel("Points of point 1");
  await expect(points).toHaveValue(String(was + way));
  await points.fill(String(was));
  await points.press("Tab");
  await expect(corner).toHaveAttribute("aria-valuenow", String(was));
  const count = await page.locator(".curve-corner").count();
  await corner.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".curve-corner")).toHaveCount(count + 1);
  await page.keyboard.press("Control+z");
  await expect(page.locator(".curve-corner")).toHaveCount(count);
});

test("a draft is published, another browser sees it, and it is rolled back", async ({ page, another }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager");
  await open(page);
  const card = new URL(page.url()).pathname;
  const vera = await another("viewer");
  await vera.goto(card);
  await ready(vera);
  await expect(vera.getByText("You can look, but not edit")).toBeVisible();
  await expect(vera.locator(".scorecard-weight")).toHaveCount(0);
  await expect(sentence(vera), "and sees what a draft would do").toBeVisible({ timeout: 20_000 });
  const live = vera.getByText(/Version \d+ in force/).first();
  const before = Number((await live.innerText()).replace(/\D/g, ""));

  await weights(page).first().focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await expect(page.locator(".saving-state")).toHaveText("Draft saved");
  await page.getByRole("button", { name: "Publish" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator(".differences li").first()).toContainText("Weight of");
  await axe(page, "dialog[open]");
  await dialog.getByLabel("Note").fill("Support tells us more than usage.");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(/Version \d+ is in force/)).toBeVisible();
  await expect(live, "the second browser sees the version").not.toHaveText(`Version ${before} in force`, { timeout: 15_000 });

  await open(page, "/versions");
  await expect(page.getByText("Support tells us more than usage.")).toBeVisible();
  await page.locator(`tr[data-version="${before}"]`).getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await expect(page.getByText(`What version ${before} said is in force again.`)).toBeVisible();
});

test("two people on one draft find out", async ({ page, another }) => {
  await signIn(page, "manager");
  await open(page);
  const ada = await another("admin");
  await ada.goto(new URL(page.url()).pathname);
  await ready(ada);
  await expect(sentence(ada)).toBeVisible({ timeout: 20_000 });
  await weights(page).first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".saving-state")).toHaveText("Draft saved");
  await expect(weights(ada).first(), "who has nothing unsaved sees it").toHaveValue(await weights(page).first().inputValue());
  await page.locator(".page-actions summary").click();
  await page.getByRole("button", { name: "Discard the draft" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard the draft" }).click();
  await expect(page.getByText("Draft discarded.")).toBeVisible();
});

// Its owner moves a weight, sees the portfolio move, tests it against what happened, publishes; a colleague sees it
// live; it is rolled back; and a day of the past is still what it was.
test("a weight is moved, tested, published, seen by a colleague, rolled back, and the past stays the past", async ({ page, another }) => {
  test.setTimeout(300_000);
  await signIn(page, "manager");
  const account = await openAccount(page);
  const day = new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 10);
  const past = `${account}/health?as_of=${day}`;
  await visit(page, past);
  await expect(page.locator(".time-banner")).toContainText("As of");
  const score = page.locator(".account-head .score-value");
  const then = await score.innerText();

  await visit(page, "/scorecards");
  const card = await page.locator("tbody th a").first().getAttribute("href");
  expect(card).not.toBeNull();
  await visit(page, `${card}`);
  const sentence = page.locator('[data-effect="sentence"]');
  await expect(sentence).toBeVisible({ timeout: 20_000 });
  const unchanged = await sentence.innerText();
  await page.locator(".scorecard-group > .scorecard-weight input[type=range]").first().focus();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await expect(sentence, "the portfolio moves with the weight").not.toHaveText(unchanged);
  await expect(page.locator(".effect-mover").first()).toBeVisible();
  await expect(page.locator(".saving-state")).toHaveText("Draft saved");

  await visit(page, "/lab");
  await page.getByLabel("Period").selectOption("6");
  await page.getByLabel("Horizon").selectOption("60");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page.getByRole("heading", { name: "What was found" })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("row", { name: /^AUC/ }).first()).toBeVisible();

  const vera = await another("viewer");
  await visit(vera, `${account}/health`);
  const seen = vera.getByText(/Version \d+|version \d+/).first();
  await expect(seen, "every score names its version").toBeVisible();
  const before = await seen.innerText();

  await visit(page, `${card}`);
  await expect(sentence).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("dialog").getByLabel("Note").fill("Tested on six months.");
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(/Version \d+ is in force/)).toBeVisible();
  await expect(seen, "the colleague's page names the new version").not.toHaveText(before, { timeout: 15_000 });
  const published = await seen.innerText();

  await visit(page, `${card}/versions`);
  await page.locator("tr[data-version]", { hasNotText: "Tested on six months." })
    .getByRole("button", { name: "Roll back" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await expect(page.getByText(/said is in force again/)).toBeVisible();
  await expect(seen, "and the next one").not.toHaveText(published, { timeout: 15_000 });

  await visit(page, past);
  await expect(score, "the past is not rewritten").toHaveText(then);
});

test("the editor looks right @looks", async ({ page }) => {
  test.slow();
  await signIn(page, "manager", { path: "/scorecards" });
  await expect(page.locator("tbody th a").first()).toBeVisible();
  await looksRight(page, "scorecards");
  for (const section of ["", "/exceptions", "/bands", "/accounts", "/versions"]) {
    await open(page, section);
    await looksRight(page, `scorecard${section.replace("/", "-")}`);
  }
});
