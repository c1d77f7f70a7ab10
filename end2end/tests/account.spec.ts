// The page of one account: every tab, numbers that add up, notes, overrides, edits and the way back.

import type { Page } from "@playwright/test";
import { axe, expect, looksRight, ready, signIn, test } from "../fixtures";

const NAME = "Northwind Outfitters";
const TABS = ["overview", "timeline", "health", "people", "usage", "revenue", "support", "market", "history"] as const;

/** Opens the account through the palette, as a person would, and returns its address. */
async function open(page: Page): Promise<string> {
  await page.keyboard.press("Control+k");
  await page.locator(".palette-input").fill("Northwind");
  const hit = page.locator(".palette-item", { hasText: NAME }).first();
  await hit.click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}/);
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  return new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
}

/** Opens a tab by its address, the way a shared link does. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

/** A printed number, whose minus is a real minus. */
const number = (text: string): number => Number(text.replace("−", "-").replace("+", ""));

test("every tab has an address, shows something and is accessible @postgres", async ({ page }) => {
  // Nine pages, each looked at by axe.
  test.slow();
  await signIn(page, "csm");
  const account = await open(page);
  for (const tab of TABS) {
    await visit(page, `${account}/${tab}`);
    await expect(page.locator('.account-tabs [aria-current="page"]')).toHaveCount(1);
    await expect(page.locator(".card").first()).toBeVisible();
    await axe(page);
  }
});

test("the tabs fit every window", async ({ page }) => {
  test.slow();
  await signIn(page, "csm");
  const account = await open(page);
  for (const tab of TABS) {
    await visit(page, `${account}/${tab}`);
    await looksRight(page, `account-${tab}`);
  }
});

test("the waterfall and the measures add up to the score", async ({ page }) => {
  await signIn(page, "viewer");
  const account = await open(page);
  await visit(page, `${account}/health`);
  const rows = page.locator(".waterfall").first().locator(".waterfall-row");
  const values = await rows.locator(".waterfall-value").allTextContents();
  const total = number(values.at(-1) ?? "");
  const sum = values.slice(0, -1).reduce((sum, value) => sum + number(value), 0);
  expect(values.length).toBeGreaterThan(2);
  expect(sum).toBeCloseTo(total, 5);
  // What the title says is exact to the last digit, and adds up as well.
  const titles = await rows.locator(".waterfall-value").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("title") ?? ""));
  const exact = titles.slice(0, -1).reduce((sum, value) => sum + number(value), 0);
  expect(exact).toBeCloseTo(number(titles.at(-1) ?? ""), 5);
  await expect(page.locator(".account-score .score-value")).toHaveText(String(Math.round(number(titles.at(-1) ?? ""))));
});

test("a difference since a day adds up, too, and the day is in the address", async ({ page }) => {
  await signIn(page, "viewer");
  const account = await open(page);
  await visit(page, `${account}/health?days=730`);
  const day = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("#changed-from").fill(day);
  await expect(page).toHaveURL(new RegExp(`from=${day}`));
  await expect(page).toHaveURL(/days=730/);
  const list = page.locator(".waterfall").nth(1);
  await expect(list.locator(".waterfall-row").first()).toBeVisible();
  const values = (await list.locator(".waterfall-value").allTextContents()).map(number);
  const sum = values.slice(0, -1).reduce((sum, value) => sum + value, 0);
  expect(sum).toBeCloseTo(values.at(-1) ?? Number.NaN, 5);
});

test("on paper the score comes with its reasons, and nothing that only works on the screen", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await page.emulateMedia({ media: "print" });
  for (const tab of ["overview", "health"]) {
    await visit(page, `${account}/${tab}`);
    await expect(page.locator(".waterfall-row").first()).toBeVisible();
    await expect(page.locator(".why").first()).toBeVisible();
    await expect(page.locator("main").getByText(/, version \d+$/).first()).toBeVisible();
    await expect(page.locator("main").getByText(/^As of /).first()).toBeVisible();
    await expect(page.locator("nav:visible, .header:visible, .icon-button:visible, .live:visible")).toHaveCount(0);
  }
  await visit(page, `${account}/overview`);
  await expect(page.locator(".facts dd").first(), "a value that can be edited is still printed").toBeVisible();
  await expect(page.locator(".facts dd > .button").first()).toBeVisible();
  await page.emulateMedia({ media: "screen" });
  await expect(page.locator(".only-paper").first()).toBeHidden();
});

test("a note is logged with the keyboard and can be found by its kind", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  await page.locator("h1").click();
  await page.keyboard.press("n");
  await expect(page.locator("#composer")).toBeFocused();
  const text = `Spoke about the rollout ${Date.now()}`;
  await page.locator("#composer").fill(text);
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".timeline-text", { hasText: text })).toBeVisible();
  await expect(page.locator("#composer")).toHaveValue("");
  await page.locator(".chip", { hasText: "Call" }).click();
  await expect(page).toHaveURL(/kind=call/);
  await expect(page.locator(".timeline-text", { hasText: text })).toHaveCount(0);
  await page.locator(".chip", { hasText: "Note" }).click();
  await expect(page.locator(".timeline-text", { hasText: text })).toBeVisible();
});

test("an empty note is refused with a reason", async ({ page, watch }) => {
  watch.allow(/the server responded with a status of/);
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/timeline`);
  await page.locator(".composer button[type=submit]").click();
  await expect(page.locator(".composer .field-error")).toContainText("Write what happened");
});

test("a score is set by hand, named, and ended", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/health`);
  await page.getByRole("button", { name: "Set score by hand" }).click();
  await page.locator("#override-score").fill("88");
  await page.locator("#override-reason").fill("Their new sponsor called: the renewal is agreed.");
  await page.locator("dialog[open] button[type=submit]").click();
  const notice = page.locator(".notice", { hasText: "Their new sponsor called" });
  await expect(notice).toBeVisible();
  await expect(notice).toContainText("Set to 88.0 by");
  await expect(page.locator(".account-score .score-value")).toHaveText("88");
  const values = await page.locator(".waterfall").first().locator(".waterfall-value").allTextContents();
  expect(number(values.at(-1) ?? "")).toBeCloseTo(88, 5);
  await page.locator("a[data-drivers], [data-drivers]").first().hover();
  const drivers = page.locator(".drivers");
  await expect(drivers.locator("[data-by=hand]")).toContainText("Set by hand to 88.0 by");
  await expect(drivers.locator(".drivers-list li", { hasText: "by hand" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await notice.getByRole("button", { name: "End override" }).click();
  await expect(notice).toHaveCount(0);
  await expect(page.locator(".account-score .score-value")).not.toHaveText("88");
});

test("an edit stands in the history and is undone from there", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  const country = `Land ${Date.now()}`;
  const before = (await page.locator("#fact-country").textContent()) ?? "";
  await page.locator("#fact-country").click();
  await page.locator("#fact-editor").fill(country);
  await page.keyboard.press("Enter");
  await expect(page.locator("#fact-country")).toContainText(country);
  await page.locator(".account-tabs").getByRole("link", { name: "History" }).click();
  const line = page.locator(".history-item", { hasText: country }).first();
  await expect(line.locator(".diff-after")).toHaveText(country);
  await line.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".history-item", { hasText: country }).filter({ hasText: "Undone" })).toBeVisible();
  await visit(page, `${account}/overview`);
  await expect(page.locator("#fact-country")).toHaveText(before);
});

test("Escape leaves a value as it was, and a wrong one says why", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  const shown = (await page.locator("#fact-arr_minor").textContent()) ?? "";
  await page.locator("#fact-arr_minor").click();
  await expect(page.locator("#fact-editor")).toBeFocused();
  await page.locator("#fact-editor").fill("a lot");
  await page.keyboard.press("Enter");
  await expect(page.locator("#fact-problem")).toHaveText("Enter a number.");
  await page.keyboard.press("Escape");
  await expect(page.locator("#fact-arr_minor")).toHaveText(shown);
  await expect(page.locator("#fact-arr_minor")).toBeFocused();
});

test("a contact is added, changed and removed, and the removal is taken back", async ({ page }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/people`);
  const name = `Robin ${Date.now()}`;
  await page.getByRole("button", { name: "Add contact" }).click();
  await page.locator("dialog[open] button[type=submit]").click();
  await expect(page.locator("#problem-name")).toBeVisible();
  await page.locator("#contact-name").fill(name);
  await page.locator("#contact-role").selectOption("champion");
  await page.locator("dialog[open] button[type=submit]").click();
  const person = page.locator(".person", { hasText: name });
  await expect(person).toContainText("Champion");
  await person.getByRole("button", { name: `Edit ${name}` }).click();
  await page.locator("#contact-title").fill("Head of Rollouts");
  await page.locator("dialog[open] button[type=submit]").click();
  await expect(person).toContainText("Head of Rollouts");
  await person.getByRole("button", { name: `Remove ${name}` }).click();
  await expect(person).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await expect(person).toBeVisible();
  await person.getByRole("button", { name: `Remove ${name}` }).click();
  await expect(person).toHaveCount(0);
});

test("1 to 9 change the tab, brackets go to the one beside", async ({ page }) => {
  await signIn(page, "viewer");
  const account = await open(page);
  await page.locator("h1").click();
  for (const [place, tab] of TABS.entries()) {
    await page.keyboard.press(String(place + 1));
    await expect(page).toHaveURL(new RegExp(`${account}/${tab}$`));
    await expect(page.locator('.account-tabs [aria-current="page"]')).toHaveAttribute("href", new RegExp(`/${tab}$`));
  }
  await page.keyboard.press("[");
  await expect(page).toHaveURL(new RegExp(`${account}/market$`));
  await page.keyboard.press("]");
  await expect(page).toHaveURL(new RegExp(`${account}/history$`));
});

test("somebody who may only read sees no way to change anything", async ({ page }) => {
  await signIn(page, "viewer");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  await expect(page.locator("[id^='fact-']")).toHaveCount(0);
  await expect(page.locator(".account-head select")).toHaveCount(0);
  await visit(page, `${account}/timeline`);
  await expect(page.locator(".composer")).toHaveCount(0);
  await visit(page, `${account}/health`);
  await expect(page.getByRole("button", { name: "Set score by hand" })).toHaveCount(0);
  await visit(page, `${account}/people`);
  await expect(page.getByRole("button", { name: "Add contact" })).toHaveCount(0);
});

test("who types goes on where they were while somebody else changes the account", async ({ page, another }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  await page.locator("#fact-country").click();
  const editor = page.locator("#fact-editor");
  await expect(editor).toBeFocused();
  await editor.fill("Half word");
  for (let press = 0; press < " word".length; press += 1) await page.keyboard.press("ArrowLeft");
  const milo = await another("manager", {});
  await visit(milo, `${account}/overview`);
  const setDomain = async (domain: string): Promise<string> => {
    await milo.locator("#fact-domain").click();
    const field = milo.locator("#fact-editor");
    const was = await field.inputValue();
    await field.fill(domain);
    await field.press("Enter");
    await expect(page.locator("#fact-domain")).toContainText(domain);
    return was;
  };
  const before = await setDomain(`live-${Date.now()}.example`);
  await expect(editor).toBeFocused();
  await page.keyboard.type(" a");
  await expect(editor).toHaveValue("Half a word");
  await page.keyboard.press("Escape");
  await expect(page.locator("#fact-country")).toBeFocused();
  await setDomain(before);
  await expect(page.locator("#fact-country"), "what has the focus keeps it, too").toBeFocused();
});

test("what one person changes is marked on the other's screen", async ({ page, another }) => {
  await signIn(page, "csm");
  const account = await open(page);
  await visit(page, `${account}/overview`);
  const milo = await another("manager", {});
  await milo.goto(`${account}/timeline`);
  await ready(milo);
  await page.locator("h1").click();
  await page.keyboard.press("2");
  const text = `Seen by both ${Date.now()}`;
  await page.locator("#composer").fill(text);
  // The mark goes by itself after two seconds: the other page waits for it from before it can come.
  const marked = milo.evaluate(
    (text) =>
      new Promise<void>((done) => {
        const observer = new MutationObserver(() => {
          const items = [...document.querySelectorAll(".timeline-item.highlight")];
          if (!items.some((item) => item.textContent?.includes(text))) return;
          observer.disconnect();
          done();
        });
        observer.observe(document.body, { childList: true, subtree: true, attributes: true });
      }),
    text,
  );
  await Promise.all([marked, page.keyboard.press("Control+Enter")]);
  const item = milo.locator(".timeline-item", { hasText: text });
  await expect(item).toBeVisible();
  await expect(item).not.toHaveClass(/highlight/);
});

test("an account that does not exist says so and shows the way back", async ({ page, watch }) => {
  watch.allow(/the server responded with a status of/);
  await signIn(page, "csm", { path: "/accounts/00000000-0000-4000-8000-000000000000" });
  await expect(page.getByRole("heading", { name: "Account not found" })).toBeVisible();
  await expect(page.locator(".account-tabs")).toBeHidden();
  await page.getByRole("link", { name: "Go to all accounts" }).click();
  await expect(page).toHaveURL(/\/accounts$/);
});
