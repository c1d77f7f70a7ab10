// Scorecards: a weight moves by keyboard, the portfolio moves with it, a version is published, seen elsewhere, and
// rolled back.

import type { Page } from "@playwright/test";
import { axe, expect, fits, looks, ready, shot, signIn, test } from "../fixtures";

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

for (const { name, width, height, scheme } of looks) {
  test(`the editor looks right at ${name} @looks`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await signIn(page, "manager", { path: "/scorecards" });
    await expect(page.locator("tbody th a").first()).toBeVisible();
    await fits(page);
    await axe(page);
    await shot(page, `scorecards-${name}`);
    for (const section of ["", "/exceptions", "/bands", "/accounts", "/versions"]) {
      await open(page, section);
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await fits(page);
      await axe(page);
      await shot(page, `scorecard${section.replace("/", "-")}-${name}`);
    }
  });
}
