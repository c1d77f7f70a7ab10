// Duplicates: found with their reasons, made one of two with everything that hangs on them, and taken apart again.

import type { Locator, Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

const PATH = "/accounts/duplicates";

/** Calls a function of the server as whoever is signed in. */
const call = <T>(page: Page, path: string, body: Record<string, unknown>, json = false): Promise<T> =>
  page.evaluate(
    async ([path, body, json]) => {
      const answer = await fetch(`/api/fn/app/${path}`, {
        method: "POST",
        headers: { accept: "application/json", ...(json ? { "content-type": "application/json" } : {}) },
        body: json ? JSON.stringify(body) : new URLSearchParams(body as Record<string, string>),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    [path, body, json] as const,
  );

/** Makes two accounts of one name; returns the name and their ids. */
async function twins(page: Page, words: string): Promise<{ name: string; first: string; second: string }> {
  const name = `${words} ${Math.random().toString(36).slice(2, 8)}`;
  const first = await call<string>(page, "accounts/server_fns/create_account", { name });
  const second = await call<string>(page, "accounts/server_fns/create_account", { name: `${name.toUpperCase()} Ltd` });
  return { name, first, second };
}

/** Makes an account with two contacts of one name; returns the account's id and the name. */
async function namesakes(page: Page): Promise<{ account: string; name: string }> {
  const word = Math.random().toString(36).slice(2, 8);
  const account = await call<string>(page, "accounts/server_fns/create_account", { name: `Home of ${word}` });
  const name = `Ann ${word}`;
  const rest = { phone: "", role: "", sentiment: null, time_zone: "", left_at: null };
  for (const draft of [
    { ...rest, name, email: `${word}@acme.example`, title: "" },
    { ...rest, name: name.toUpperCase(), email: "", title: "Head of support" },
  ]) {
    await call(page, "account/change_fns/save_contact", { id: account, contact: null, version: 1, draft }, true);
  }
  return { account, name };
}

const group = (page: Page, name: string): Locator =>
  page.locator("section.card", { has: page.getByRole("heading", { name, exact: true }) });

test("two accounts become one, the old page leads to the new one, and undo takes them apart", async ({ page, another }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/accounts/quality" });
  const { name, first, second } = await twins(page, "Twin");
  await page.getByRole("link", { name: "Find duplicates" }).click();
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
  const card = group(page, name);
  await expect(card.getByText("Same name")).toBeVisible();
  const sam = await another("csm");
  await sam.goto(PATH);
  await ready(sam);
  await expect(group(sam, name)).toBeVisible();
  await card.getByRole("button", { name: /^Merge TWIN/ }).click();
  const dialog = page.getByRole("dialog", { name: "Make one account of two?" });
  await dialog.getByRole("row", { name: /^Name/ }).getByRole("radio").nth(1).check();
  await looksRight(page, "duplicates-merge");
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(page.locator(".toast").last()).toContainText("is now part of");
  await expect(card).toHaveCount(0);
  await expect(group(sam, name), "the other screen sees it").toHaveCount(0);
  await sam.goto(`/accounts/${second}`);
  await ready(sam);
  await sam.getByRole("link", { name: /^Go to TWIN/ }).click();
  await expect(sam).toHaveURL(new RegExp(first));
  await expect(sam.getByRole("heading", { level: 1 })).toContainText(name.toUpperCase());
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(group(page, name)).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(group(page, name).locator("tbody tr")).toHaveCount(2);
});

test("what was told apart is not shown again, until that is undone", async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/accounts" });
  const { name } = await twins(page, "Apart");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /Search/ }).fill("duplicates");
  await page.getByRole("option", { name: /duplicates/i }).click();
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
  await group(page, name).getByRole("button", { name: /^Not duplicates/ }).press("Enter");
  await expect(group(page, name)).toHaveCount(0);
  await page.reload();
  await ready(page);
  await expect(page.getByRole("heading", { name: "Duplicates", level: 1 })).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await expect(group(page, name)).toHaveCount(0);
});

test("the page fits a phone and is accessible; those who look on cannot merge", async ({ page, another }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/accounts" });
  const { name } = await twins(page, "Looked at");
  await page.goto(PATH);
  await ready(page);
  await expect(group(page, name)).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await axe(page);
  await looksRight(page, "duplicates");
  const vera = await another("viewer");
  await vera.goto(PATH);
  await ready(vera);
  await expect(group(vera, name)).toBeVisible();
  await expect(vera.getByRole("button", { name: /^Merge/ })).toHaveCount(0);
  await expect(vera.getByRole("button", { name: /^Not duplicates/ })).toHaveCount(0);
});

test("two contacts of an account become one, or stay two, and both can be taken back", async ({ page, another }) => {
  test.setTimeout(60_000);
  await signIn(page, "csm", { path: "/accounts" });
  const { account, name } = await namesakes(page);
  await page.goto(PATH);
  await ready(page);
  await page.getByRole("navigation", { name: "What is looked through" }).getByRole("link", { name: "Contacts" }).press("Enter");
  await expect(page).toHaveURL(new RegExp(`${PATH}/contacts$`));
  const card = group(page, name);
  await expect(card.getByText("Same name")).toBeVisible();
  const sam = await another("csm");
  await sam.goto(`${PATH}/contacts`);
  await ready(sam);
  await expect(group(sam, name)).toBeVisible();
  await card.getByRole("button", { name: /^Merge ANN/ }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Make one contact of two?" });
  await expect(dialog.getByRole("row", { name: /^Title/ }).getByRole("radio").nth(1)).toBeChecked();
  await looksRight(page, "duplicates-contacts-merge");
  await dialog.getByRole("button", { name: "Merge", exact: true }).press("Enter");
  await expect(page.locator(".toast").last()).toContainText("are one contact now");
  await expect(card).toHaveCount(0);
  await expect(group(sam, name), "the other screen sees it").toHaveCount(0);
  await sam.goto(`/accounts/${account}/people`);
  await ready(sam);
  await expect(sam.locator("li.person")).toHaveCount(1);
  await expect(sam.locator("li.person")).toContainText("Head of support");
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(card.locator("tbody tr")).toHaveCount(2);
  await looksRight(page, "duplicates-contacts");
  await card.getByRole("button", { name: /^These are different people/ }).press("Enter");
  await expect(card).toHaveCount(0);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
  await expect(card.locator("tbody tr")).toHaveCount(2);
});
