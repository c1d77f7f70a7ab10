// Notifications: somebody is told on open screens at once, reads, puts away, searches, and chooses what to be told.

import type { Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

/** Calls a function of the server in the name of whoever is signed in on a page. */
const call = (page: Page, path: string, body: Record<string, string>): Promise<unknown> =>
  page.evaluate(
    async ([path, body]) => {
      const answer = await fetch(`/api/fn/app/${path}`, {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    [path, body] as const,
  );

/** Who is signed in on a page. */
const me = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.parse(document.getElementById("boot")?.textContent ?? "{}").me.user.id);

/** Makes an account and gives it to somebody. */
async function give(page: Page, name: string, owner: string): Promise<string> {
  const id = (await call(page, "accounts/server_fns/create_account", { name })) as string;
  const value = JSON.stringify(owner);
  await call(page, "accounts/server_fns/edit_account", { id, version: "1", key: "owner_id", value });
  return id;
}

const unique = (name: string): string => `${name} ${Date.now()} ${test.info().project.name}`;
const bell = (page: Page) => page.locator("a.bell");
const item = (page: Page, name: string) => page.locator(".notice-item", { hasText: name });
/** How many are unread, as the server counts: a badge that was not loaded yet says none. */
const counted = async (page: Page): Promise<number> =>
  ((await call(page, "notices/server_fns/load_bell", {})) as { unread: number }).unread;
/** How many the badge says are unread. */
const unread = async (page: Page): Promise<number> =>
  Number((await bell(page).getAttribute("aria-label"))?.replace(/[^\d]/g, "") || 0);

test("who gets an account is told at once on every open screen, and once @postgres", async ({ page, another }) => {
  await signIn(page, "csm");
  const second = await another("csm");
  const maya = await me(page);
  const milo = await another("manager");
  const before = await counted(page);
  const name = unique("Notified Foods");
  await give(milo, name, maya);
  await expect.poll(() => unread(page), { timeout: 15_000 }).toBe(before + 1);
  await expect.poll(() => unread(second)).toBe(before + 1);
  await expect(page).toHaveTitle(new RegExp(`^\\(${before + 1}\\) `));
  await bell(page).click();
  await expect(page).toHaveURL(/\/notifications$/);
  await expect(item(page, name)).toHaveCount(1);
  await expect(item(page, name)).toContainText("is yours now");
  await axe(page);
  await fits(page);

  await item(page, name).locator("[data-act=mark]").click();
  await expect(item(page, name), "it leaves the unread").toHaveCount(0);
  await expect.poll(() => unread(second), "on the other screen, too").toBe(before);
  await page.goto("/notifications?tray=all");
  await ready(page);
  await expect(item(page, name), "it stays in the history").toHaveCount(1);
  await item(page, name).getByRole("link", { name: `${name} is yours now` }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
});

test("notifications are searched, put away and marked without a mouse", async ({ page, another }) => {
  await signIn(page, "csm");
  const milo = await another("manager");
  const [first, second] = [unique("Alpha Keys"), unique("Beta Keys")];
  const maya = await me(page);
  await give(milo, first, maya);
  await give(milo, second, maya);
  await page.goto("/notifications");
  await ready(page);
  await expect(item(page, second)).toBeVisible({ timeout: 15_000 });
  await page.keyboard.press("/");
  await page.getByRole("searchbox", { name: "Search notifications" }).fill("alpha keys");
  await expect(page).toHaveURL(/q=alpha/);
  await expect(item(page, first)).toBeVisible();
  await expect(item(page, second)).toHaveCount(0);
  await page.goto("/notifications");
  await ready(page);
  await expect(item(page, second)).toBeVisible();

  await page.keyboard.press("j");
  await expect(page.locator(".notice-item").first().locator(".notice-link")).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(page.locator(".notice-item").first().locator(".notice-link")).toBeFocused();
  await page.keyboard.press("e");
  await expect(item(page, second), "the newest is read").toHaveCount(0);
  await item(page, first).locator(".notice-link").focus();
  await page.keyboard.press("s");
  await expect(item(page, first)).toHaveCount(0);
  await page.getByRole("link", { name: "Put away" }).click();
  await expect(item(page, first)).toContainText("Put away until");
  await item(page, first).getByRole("button", { name: /^Bring back now/ }).click();
  await expect(item(page, first)).toHaveCount(0);
  await page.getByRole("link", { name: "Unread", exact: true }).click();
  await expect(item(page, first)).toBeVisible();

  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByText("You have read everything")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(item(page, first)).toBeVisible();
});

test("what is critical is said at once, wherever the person is", async ({ page, another }) => {
  await signIn(page, "csm", { path: "/accounts" });
  const milo = await another("manager");
  const name = unique("Falling Foods");
  const id = await give(milo, name, await me(page));
  await expect.poll(() => unread(page), { timeout: 15_000 }).toBeGreaterThan(0);
  const until = String(Date.now() + 5 * 86_400_000);
  await call(milo, "account/change_fns/override_score", { id, score: "5", reason: "They told us.", until });
  await expect(page.locator(".toast", { hasText: `${name} is now Critical` })).toBeVisible({ timeout: 15_000 });
  await page.locator(".toast").getByRole("button", { name: "Open" }).click();
  await expect(page).toHaveURL(new RegExp(`/accounts/${id}/health`));
});

test("what one is told is one's own choice and survives a reload @postgres", async ({ page, watch }) => {
  watch.allow(/status of 422/);
  await signIn(page, "viewer", { path: "/settings/notifications" });
  await expect(page.getByText("No mail server is set up")).toBeVisible();
  const box = page.getByRole("checkbox", { name: "A file is imported: E-mail" });
  const was = await box.isChecked();
  await box.click();
  await expect(page.getByText("Saved.").first()).toBeVisible();
  await page.getByLabel("Time zone").fill("Asia/Tokyo");
  await page.getByLabel("Time zone").press("Tab");
  await expect(page.getByText("Saved.").first()).toBeVisible();
  await page.getByLabel("Language of scheduled reports").selectOption("de");
  await expect(page.getByText("Saved.").first()).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(page.getByLabel("Language of scheduled reports")).toHaveValue("de");
  await expect(box).toBeChecked({ checked: !was });
  await expect(page.getByLabel("Time zone")).toHaveValue("Asia/Tokyo");
  await page.getByLabel("Time zone").fill("Nowhere/At all");
  await page.getByLabel("Time zone").press("Tab");
  await expect(page.getByText("There is no such time zone.")).toBeVisible();
  await expect(page.getByLabel("Time zone"), "what was refused is taken back").toHaveValue("Asia/Tokyo");
  await box.click();
  await page.getByRole("checkbox", { name: "Quiet hours" }).click();
  await expect(page.getByLabel("From")).toBeHidden();
  await page.getByRole("checkbox", { name: "Quiet hours" }).click();
  await expect(page.getByLabel("From")).toHaveValue("20:00");
  await page.getByLabel("Language of scheduled reports").selectOption("en");
});

test("a link that ends mail asks first, and a wrong one ends nothing", async ({ page, watch }) => {
  watch.allow(/status of 404/);
  await page.goto("/unsubscribe?token=digest_daily.1.a.b.c");
  await expect(page.getByRole("heading", { name: "This link is too old or not complete." })).toBeVisible();
  await axe(page);
});

test("many of one kind at once are one entry that lists them", async ({ page, another }) => {
  await signIn(page, "viewer", { path: "/notifications" });
  const [vera, milo, before] = [await me(page), await another("manager"), await counted(page)];
  const names = Array.from({ length: 6 }, (_, number) => unique(`Storm ${number}`));
  for (const name of names) {
    await give(milo, name, vera);
  }
  const storm = page.locator(".notice-storm");
  await expect(storm.getByRole("heading")).toHaveText("6 at once: An account becomes mine", { timeout: 15_000 });
  await expect(item(page, "Storm ").first(), "they do not fill the list").toBeHidden();
  await storm.getByText("Show each of them").click();
  for (const name of names) {
    await expect(item(page, name)).toBeVisible();
  }
  await axe(page);
  await fits(page);
  await storm.getByRole("button", { name: "Mark these as read" }).click();
  await expect(storm).toHaveCount(0);
  await expect.poll(() => unread(page)).toBe(before);
});

for (const path of ["/notifications?tray=all", "/settings/notifications"]) {
  test(`${path} is accessible and fits @looks`, async ({ page }) => {
    await signIn(page, "csm", { path });
    await expect(page.locator(".skeleton")).toHaveCount(0);
    await axe(page);
    await fits(page);
    await shot(page, `notices${path.replace(/[^a-z]+/g, "-")}-${test.info().project.name}`);
  });
}
