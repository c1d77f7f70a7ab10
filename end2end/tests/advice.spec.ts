// Recommendations: on the page of an alert and of an account, with their reasons, the message, and what people say.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, ready, shot, signIn, test } from "../fixtures";

/** The card of recommendations, whichever page it stands on. */
const card = (page: Page): Locator => page.locator("section.card", { has: page.locator("#advice-title") });

/** Opens the page of an open risk about one account that nobody else in this file works on. */
async function openAlert(page: Page, place: number): Promise<void> {
  await page.goto("/alerts");
  await ready(page);
  const rows = page.locator("li.alert-item[id^=alert-]", { has: page.locator(".queue-title a[href^='/accounts/']") });
  await expect(rows.first()).toBeVisible();
  await page.goto((await rows.nth(place).locator(".queue-title a").first().getAttribute("href")) ?? "");
  await ready(page);
  await expect(card(page)).toBeVisible();
}

test("an alert says what to do, whom to reach, when, how, and what to write", async ({ page }) => {
  await signIn(page, "csm");
  await openAlert(page, 0);
  await expect(page.getByRole("heading", { name: "What to do", level: 2 })).toBeVisible();
  const first = card(page).locator("article.advice").first();
  await expect(first.getByRole("heading", { level: 3 })).toBeVisible();
  for (const word of ["Whom", "Best time", "Channel", "Expected effect"]) {
    await expect(first.getByText(word, { exact: true })).toBeVisible();
  }
  await expect(first.locator(".advice-message")).toBeVisible();
  await expect(first.locator(".advice-message"), "every place is filled or its line left out").not.toContainText("{");
  await first.getByText("Why, when and how").click();
  await expect(first.getByText(/urgency .* × effect .* × usefulness .* ÷ .* h = /)).toBeVisible();
  await expect(first.getByText("Facts it used")).toBeVisible();
  await expect(card(page).getByRole("heading", { name: "If nobody takes it" })).toBeVisible();
  await fits(page);
  await axe(page);
  await shot(page, "advice-alert");
});

test("the message is copied", async ({ page, context }) => {
  await signIn(page, "csm");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAlert(page, 0);
  const first = card(page).locator("article.advice").first();
  const copy = first.getByRole("button", { name: "Copy message" });
  await copy.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast", { hasText: "The message is copied." })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(await first.locator(".advice-message .strong").innerText());
});

test("what a person says counts, and is taken back", async ({ page }) => {
  await signIn(page, "csm");
  await openAlert(page, 1);
  const first = card(page).locator("article.advice").first();
  const name = await first.getByRole("heading", { level: 3 }).innerText();
  const rate = card(page).getByRole("group", { name: `Rate ${name}` });
  await expect(rate.getByRole("button", { name: "Useful", exact: true })).toHaveAttribute("aria-pressed", "false");
  await rate.getByRole("button", { name: "Useful", exact: true }).click();
  await expect(rate.getByRole("button", { name: "Useful", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(rate.getByRole("button", { name: "Useful", exact: true })).toHaveAttribute("aria-pressed", "false");
});

test("what is wrong takes a reason", async ({ page, watch }) => {
  watch.allow(/status of 422/);
  await signIn(page, "manager");
  await openAlert(page, 1);
  const first = card(page).locator("article.advice").first();
  const name = await first.getByRole("heading", { level: 3 }).innerText();
  const rate = card(page).getByRole("group", { name: `Rate ${name}` });
  await rate.getByRole("button", { name: "Wrong" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await axe(page, "dialog[open]");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert"), "an empty reason is refused beside the field").toBeVisible();
  await dialog.getByLabel("Reason").fill("They settled it by telephone.");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(rate.getByRole("button", { name: "Wrong" })).toHaveAttribute("aria-pressed", "true");
  await expect(rate).toContainText("You said: Wrong (They settled it by telephone.)");
  await expect(first.getByRole("heading", { level: 3 }), "it stays where it stood").toHaveText(name);
  await rate.getByRole("button", { name: "Undo" }).click();
  await expect(rate.getByRole("button", { name: "Wrong" })).toHaveAttribute("aria-pressed", "false");
  await expect(rate).not.toContainText("You said");
});

test("an account says what to do next, and what not to sell", async ({ page }) => {
  await signIn(page, "csm");
  await openAlert(page, 2);
  await page.locator(".page-head a[href^='/accounts/']").click();
  await page.waitForURL(/\/accounts\//);
  await expect(page.getByRole("heading", { name: "Next best action" })).toBeVisible();
  await expect(card(page).locator("article.advice").first()).toBeVisible();
  await expect(card(page).getByRole("heading", { name: "More to sell" })).toBeVisible();
  await fits(page);
  await axe(page);
  await shot(page, "advice-account");
});

test("who looks on reads and says nothing", async ({ page }) => {
  await signIn(page, "viewer");
  await openAlert(page, 0);
  await expect(card(page).locator("article.advice").first()).toBeVisible();
  await expect(card(page).getByText("Was this recommendation useful?")).toHaveCount(0);
  await expect(card(page).getByRole("button", { name: "Copy message" }).first()).toBeVisible();
});
