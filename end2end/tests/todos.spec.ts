// Tasks: one line for a new one, the list by hand and by keyboard, on an account, from an alert, in Today, and a second browser.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, looksRight, ready, signIn, test } from "../fixtures";

const rows = (page: Page): Locator => page.locator("li.alert-item[id^=task-]");

/** The row of the task with this title. */
const rowOf = (page: Page, title: string): Locator => rows(page).filter({ hasText: title });

/** A title that no other test has. */
const unique = (words: string): string => `${words} ${Math.random().toString(36).slice(2, 8)}`;

/** Writes a task down in the line at the top. */
async function write(page: Page, line: string): Promise<void> {
  await page.getByLabel("New task").fill(line);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByLabel("New task")).toHaveValue("");
}

test("a task in one line is understood while it is typed, and written down", async ({ page }) => {
  const title = unique("call Ada");
  await signIn(page, "csm", { path: "/tasks" });
  await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  await page.getByLabel("New task").fill(`${title} tomorrow 9:00 !high every monday`);
  const heard = page.locator("#new-task-heard");
  await expect(heard).toContainText(title);
  await expect(heard).toContainText("09:00");
  await expect(heard).toContainText("High");
  await expect(heard).toContainText("Every Monday");
  await axe(page);
  await page.keyboard.press("Enter");
  const row = page.locator("section[data-part=upcoming]").locator("li").filter({ hasText: title });
  await expect(row).toContainText("Due tomorrow at 09:00");
  await expect(row.locator(".priority")).toHaveText("High");
  await row.getByRole("button", { name: `Complete: ${title}` }).click();
  await expect(page.locator(".toast").last()).toContainText("It comes again.");
  await expect(rowOf(page, title), "the one that comes next").toHaveCount(1);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(rowOf(page, title)).toContainText("Due tomorrow at 09:00");
});

test("a name that no account has is said beside the line", async ({ page, watch }) => {
  watch.allow(/status of 422/);
  await signIn(page, "csm", { path: "/tasks" });
  await page.getByLabel("New task").fill("call them @no-such-account-anywhere");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator(".todo-quick").getByRole("alert")).toContainText("not exactly one account");
  await expect(page.getByLabel("New task"), "what was typed stays").toHaveValue("call them @no-such-account-anywhere");
});

test("the list works without a mouse", async ({ page }) => {
  const title = unique("aaa keyboard");
  await signIn(page, "csm", { path: "/tasks?mine=1" });
  await page.keyboard.press("n");
  await expect(page.getByLabel("New task")).toBeFocused();
  await page.keyboard.type(`${title} today 0:01 !critical`);
  await page.keyboard.press("Enter");
  await expect(rowOf(page, title)).toHaveCount(1);
  await page.getByRole("heading", { name: "Tasks", level: 1 }).click();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("j");
  await expect(rows(page).first()).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByRole("group", { name: "Selected tasks" })).toContainText("1 selected");
  await page.keyboard.press("x");
  await expect(page.getByRole("group", { name: "Selected tasks" })).toHaveCount(0);
  await page.keyboard.press("s");
  await expect(page.getByRole("dialog").getByLabel("To", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog").getByLabel("Who deals with it?")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog").getByLabel("What is to be done?")).toBeVisible();
  await page.keyboard.press("Escape");
  const first = await rows(page).first().getAttribute("id");
  await page.keyboard.press("c");
  await expect(page.locator(`#${first ?? ""}`)).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(page.locator(`#${first ?? ""}`)).toHaveCount(1);
});

test("a task is edited in a form, skipped, done, reopened and deleted", async ({ page, watch }) => {
  watch.allow(/status of 422/);
  const title = unique("write the offer");
  await signIn(page, "csm", { path: "/tasks" });
  await write(page, `${title} today`);
  await rowOf(page, title).locator("summary").click();
  await rowOf(page, title).getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await axe(page, "dialog[open]");
  await dialog.getByLabel("Note").fill("Three seats more.");
  await dialog.getByLabel("Comes again").selectOption("weeks");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert"), "no day of the week is chosen").toContainText("at least one day");
  await dialog.getByRole("button", { name: "Friday" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(rowOf(page, title)).toContainText("Every Friday");
  await expect(rowOf(page, title)).toContainText("Three seats more.");
  await rowOf(page, title).locator("summary").click();
  await rowOf(page, title).getByRole("button", { name: "Skip this time" }).click();
  await expect(page.locator("section[data-part=upcoming] li").filter({ hasText: title })).toHaveCount(1);
  await rowOf(page, title).locator("summary").click();
  await rowOf(page, title).getByRole("button", { name: "Delete", exact: true }).click();
  await expect(rowOf(page, title)).toHaveCount(0);
});

test("several tasks are postponed at once, and one toast takes them back", async ({ page }) => {
  const [one, two] = [unique("first of two"), unique("second of two")];
  await signIn(page, "csm", { path: "/tasks" });
  await write(page, `${one} today`);
  await write(page, `${two} today`);
  await rowOf(page, one).getByRole("checkbox").check();
  await rowOf(page, two).getByRole("checkbox").check();
  await page.getByRole("group", { name: "Selected tasks" }).getByRole("button", { name: "Postpone" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "In a week" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, one)).toContainText("Due in 7 days");
  await expect(rowOf(page, two)).toContainText("Due in 7 days");
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(rowOf(page, one)).toContainText("Due today");
  await expect(rowOf(page, two)).toContainText("Due today");
});

test("what is done in one browser is seen in the other", async ({ page, another }) => {
  const title = unique("for both");
  await signIn(page, "manager", { path: "/tasks" });
  await page.evaluate(() => document.body.setAttribute("data-same-page", "1"));
  const maya = await another("csm");
  await maya.goto("/tasks");
  await ready(maya);
  await write(maya, `${title} today`);
  await expect(rowOf(page, title)).toHaveCount(1);
  await rowOf(maya, title).getByRole("button", { name: `Complete: ${title}` }).click();
  await expect(rowOf(page, title)).toHaveCount(0);
  await maya.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(rowOf(page, title)).toHaveCount(1);
  await expect(page.locator("body"), "it is still the same page").toHaveAttribute("data-same-page", "1");
});

test("whoever is given a task is told, and the link opens it", async ({ page, another }) => {
  const title = unique("please look");
  await signIn(page, "manager", { path: "/tasks" });
  await write(page, `${title} next week +maya`);
  const maya = await another("csm");
  await maya.goto("/notifications");
  await ready(maya);
  await maya.getByRole("link", { name: `A task for you: ${title}` }).click();
  await maya.waitForURL(/\/tasks/);
  await expect(maya.getByRole("dialog").getByLabel("What is to be done?")).toHaveValue(title);
});

test("an account has its tasks, and its timeline tells of them", async ({ page }) => {
  const title = unique("ask about seats");
  await signIn(page, "csm", { path: "/accounts" });
  await page.locator("[role=row] a[href^='/accounts/']").first().click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}/);
  const card = page.locator("section[aria-labelledby=account-tasks]");
  await card.getByLabel("New task").fill(`${title} tomorrow`);
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.locator("li").filter({ hasText: title })).toContainText("Due tomorrow");
  await card.getByRole("button", { name: `Complete: ${title}` }).click();
  await expect(card.locator("li").filter({ hasText: title })).toHaveCount(0);
  await page.getByRole("link", { name: "Timeline", exact: true }).click();
  await expect(page.getByText(`did a task: ${title}`)).toBeVisible();
});

test("an alert becomes a task", async ({ page }) => {
  await signIn(page, "csm", { path: "/alerts" });
  await page.locator("li.alert-item[id^=alert-] .queue-title a").first().click();
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "Create task" }).click();
  const title = page.getByRole("dialog").getByLabel("What is to be done?");
  await expect(title).not.toHaveValue("");
  const words = unique("from the alert");
  await title.fill(words);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto("/tasks");
  await ready(page);
  await expect(rowOf(page, words).getByRole("link", { name: "From an alert" })).toBeVisible();
});

test("a task that is late stands in Today and is done there", async ({ page }) => {
  const title = unique("at once");
  await signIn(page, "csm", { path: "/tasks" });
  await write(page, `${title} today 0:01 !critical`);
  await page.goto("/");
  await ready(page);
  const entry = page.locator("section[aria-labelledby=do-next] li[data-entry=task]").filter({ hasText: title });
  await expect(entry).toContainText("Late since 00:01");
  await entry.getByRole("button", { name: `Complete: ${title}` }).click();
  await expect(entry).toHaveCount(0);
});

test("who looks on changes nothing", async ({ page, another }) => {
  const title = unique("not for Vera");
  const maya = await another("csm");
  await maya.goto("/tasks");
  await ready(maya);
  await write(maya, `${title} today`);
  await signIn(page, "viewer", { path: "/tasks" });
  await expect(rowOf(page, title)).toHaveCount(1);
  await expect(rowOf(page, title).locator("summary")).toHaveCount(0);
  await expect(page.getByLabel("New task")).toHaveCount(0);
  await rowOf(page, title).getByRole("link", { name: title }).click();
  await expect(page.getByRole("dialog")).toContainText("Due today");
});

test("the tasks fit and read well @looks", async ({ page }) => {
  await signIn(page, "csm", { path: "/tasks" });
  await write(page, `${unique("look")} today 0:01 !critical`);
  await write(page, `${unique("look")} tomorrow remind 2 days before every month on the 31st`);
  await expect(rows(page).first()).toBeVisible();
  await looksRight(page, "tasks");
  await page.goto("/tasks?tab=done");
  await ready(page);
  await looksRight(page, "tasks-done");
});
