// The door: signing in and out, sessions, the setup page, and what a role may see.

import type { Page } from "@playwright/test";
import { axe, expect, fillSignIn, fits, PASSWORD, people, ready, shot, signIn, test, withoutWorker } from "../fixtures";

/** Sends the form as it is and returns what stands at the password afterwards. */
async function refusal(page: Page, email: string, password: string): Promise<string> {
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await Promise.all([
    page.waitForResponse((response) => response.url().includes("sign_in")),
    page.locator('form button[type="submit"]').click(),
  ]);
  await expect(page.locator("#password-error")).toBeVisible();
  return (await page.locator("#password-error").innerText()).trim();
}

test("a wrong password and an unknown address get the same answer", async ({ page, watch }) => {
  watch.allow(/status of 4\d\d/);
  await page.goto("/sign-in");
  await ready(page);
  await axe(page);
  await fits(page);
  await shot(page, `sign-in-${test.info().project.name}`);
  const wrongPassword = await refusal(page, people.viewer, "not the password of vera");
  await expect(page.locator('input[name="password"]'), "the field to change has the focus").toBeFocused();
  await expect(page.locator('input[name="password"]')).toHaveAttribute("aria-invalid", "true");
  await axe(page);
  const wrongAddress = await refusal(page, "nobody@example.com", "not the password of vera");
  expect(wrongAddress).toBe(wrongPassword);
  expect(new URL(page.url()).pathname).toBe("/sign-in");
});

test("a password can be shown, and managers know the fields", async ({ page }) => {
  await page.goto("/sign-in");
  await ready(page);
  const password = page.locator('input[name="password"]');
  await expect(page.locator('input[name="email"]')).toHaveAttribute("autocomplete", "username");
  await expect(password).toHaveAttribute("autocomplete", "current-password");
  await expect(password).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "Hide password" }).click();
  await expect(password).toHaveAttribute("type", "password");
});

test("signing in leads to the page that was asked for, signing out back to the door @postgres", async ({ page }) => {
  await page.goto("/settings/workspace");
  await expect(page).toHaveURL((url) => url.pathname === "/sign-in" && url.searchParams.get("next") === "/settings/workspace");
  await ready(page);
  await page.locator('input[name="email"]').fill(people.csm);
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('form button[type="submit"]').click();
  // The address of the door ends like the one that was asked for: only its path tells them apart.
  await page.waitForURL((url) => url.pathname === "/settings/workspace");
  await ready(page);
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await page.locator(".header details.menu > summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
  await page.goto("/");
  await expect(page, "the session is over").toHaveURL(/\/sign-in/);
});

test("signing in and out works without JavaScript", async ({ browser, baseURL, contextOptions }) => {
  const context = await browser.newContext({
    ...contextOptions,
    ...(baseURL === undefined ? {} : { baseURL }),
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  await page.goto("/sign-in?next=%2Faccounts");
  await page.locator('input[name="email"]').fill(people.csm);
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('form button[type="submit"]').click();
  await expect(page).toHaveURL((url) => url.pathname === "/accounts");
  await page.locator(".header details.menu > summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/sign-in");
  await page.goto("/accounts");
  await expect(page, "the session is over").toHaveURL((url) => url.pathname === "/sign-in");
  await context.close();
});

test("another site cannot be where signing in leads", async ({ page }) => {
  await page.goto("/sign-in?next=%2F%2Fevil.example%2Fx");
  await ready(page);
  await expect(page.locator('input[name="next"]')).toHaveValue("/");
});

test("a session can be ended from another browser", async ({ page, browser, baseURL, contextOptions, watch }) => {
  // The page that lost its session says so; its requests are refused.
  watch.allow(/status of 401/);
  // Other specs work with a session of the manager, too, which must live on: the one to end has a name of its own.
  const device = `lost-laptop-${Date.now()}`;
  const context = await browser.newContext({
    ...contextOptions,
    ...(baseURL === undefined ? {} : { baseURL }),
    userAgent: device,
  });
  await withoutWorker(context);
  const lost = await context.newPage();
  await fillSignIn(lost, "manager");
  await signIn(page, "manager", { fresh: true, path: "/settings" });
  const rows = page.locator("section[aria-labelledby=sessions] tbody tr");
  const theirs = rows.filter({ has: page.locator(`[title="${device}"]`) });
  await expect(theirs).toHaveCount(1);
  await expect(theirs, "one's own is another").not.toContainText("This one");
  await theirs.getByRole("button", { name: /End session/ }).click();
  await expect(theirs).toHaveCount(0);
  await expect(rows.filter({ hasText: "This one" })).toHaveCount(1);
  await lost.goto("/accounts");
  await expect(lost).toHaveURL((url) => url.pathname === "/sign-in");
  await context.close();
});

test("the setup page refuses a wrong token", async ({ page, watch }) => {
  watch.allow(/status of 4\d\d/);
  await page.goto("/setup?token=guessed");
  await ready(page);
  await axe(page);
  await fits(page);
  await expect(page.locator('input[name="token"]')).toHaveValue("guessed");
  await page.locator('input[name="name"]').fill("Mallory");
  await page.locator('input[name="email"]').fill("mallory@example.com");
  await page.locator('input[name="password"]').fill("a long password of mallory");
  await page.locator('form button[type="submit"]').click();
  await expect(page.locator("#token-error")).toContainText("setup token is wrong");
  await expect(page.locator('input[name="token"]')).toBeFocused();
  await shot(page, `setup-${test.info().project.name}`);
});

test("a viewer finds nothing to change", async ({ page }) => {
  await signIn(page, "viewer");
  await expect(page.getByRole("button", { name: "Mark as seen" }).or(page.locator("#since-heading")).first()).toBeVisible();
  await page.goto("/settings/users");
  await ready(page);
  await expect(page.getByText("Ask an administrator")).toBeVisible();
  await expect(page.locator("main form")).toHaveCount(0);
  await page.goto("/settings/workspace");
  await ready(page);
  await expect(page.locator("#workspace")).toBeVisible();
  await expect(page.locator(".settings form")).toHaveCount(0);
  await page.goto("/settings/log");
  await ready(page);
  await expect(page.getByRole("button", { name: "Check the whole log" })).toHaveCount(0);
  await page.goto("/accounts");
  await ready(page);
  await expect(page.locator(".vgrid-row").first()).toBeVisible();
  await expect(page.locator(".vgrid-cell[data-editable]")).toHaveCount(0);
});
