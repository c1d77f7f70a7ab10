// News and websites: a feed of a server of this test is watched, its headline appears on the account's page, a person
// corrects it, and a website is looked at. The server under test may reach these ports and nothing else of this machine.

import { createServer, type Server } from "node:http";
import { axe, expect, fits, ready, signIn, test } from "../fixtures";
import { servers } from "../people";

/** One port for each server under test, as serve.sh allows; the story has others, as it may be told beside this. */
const port = (baseURL: string | undefined): number => (baseURL === servers.postgres ? 3195 : 3194);

let outside: Server | undefined;
let headline = "";

async function listen(on: number): Promise<void> {
  outside = createServer((request, response) => {
    if (request.url?.startsWith("/feed.xml")) {
      response.setHeader("content-type", "application/rss+xml");
      response.end(
        `<rss version="2.0"><channel><title>Harbour Gazette</title><item><title>${headline}</title>` +
          `<guid>${headline}</guid><link>https://gazette.example/${encodeURIComponent(headline)}</link></item></channel></rss>`,
      );
    } else {
      response.setHeader("content-type", "text/html");
      response.end("<title>Harbour works</title>");
    }
  });
  await new Promise<void>((done) => outside?.listen(on, "127.0.0.1", done));
}

test.afterEach(async () => {
  await new Promise<void>((done) => (outside ? outside.close(() => done()) : done()));
  outside = undefined;
});

test("a feed brings a headline to the page of its account, and a person corrects it", async ({ page, another, baseURL }) => {
  test.setTimeout(90_000);
  await signIn(page, "manager", { path: "/accounts" });
  const link = page.locator("[role=row] a[href^='/accounts/']").first();
  const href = (await link.getAttribute("href"))?.replace(/\/[a-z]+$/, "") ?? "";
  await page.goto(`${href}/market`);
  await ready(page);
  headline = `Harbour works lays off ${Date.now() % 100_000} employees`;
  await listen(port(baseURL));

  await page.getByRole("button", { name: "Add a feed" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Harbour Gazette");
  await dialog.getByLabel("Address of the feed").fill(`http://127.0.0.1:${port(baseURL)}/feed.xml?${Date.now()}`);
  await dialog.getByRole("button", { name: "Add the feed" }).click();
  const item = page.locator("li.headline", { hasText: headline });
  await expect(item, "it appears without a reload").toBeVisible({ timeout: 30_000 });
  await expect(item.getByText("Bad news").first()).toBeVisible();

  await item.getByRole("button", { name: "Why?" }).click();
  await expect(item.getByText("lays off", { exact: true })).toBeVisible();
  await axe(page);
  await fits(page);

  // A second person sees the correction at once.
  const second = await another("viewer");
  await second.goto(`${href}/market`);
  await ready(second);
  await item.getByLabel("News").selectOption("neutral");
  const theirs = second.locator("li.headline", { hasText: headline });
  await expect(theirs.getByText("Corrected by a person")).toBeVisible();
  await expect(theirs.locator(".badge").first()).toHaveText("Neutral");

  await page.reload();
  await ready(page);
  await expect(item.getByText("Corrected by a person"), "it is still there").toBeVisible();
});

test("a website is watched, looked at and let go", async ({ page, baseURL }) => {
  test.setTimeout(60_000);
  await listen(port(baseURL));
  await signIn(page, "csm", { path: "/accounts" });
  const link = page.locator("[role=row] a[href^='/accounts/']").last();
  const href = (await link.getAttribute("href"))?.replace(/\/[a-z]+$/, "") ?? "";
  await page.goto(`${href}/market`);
  await ready(page);
  const stop = page.getByRole("button", { name: "Stop watching" });
  const address = page.getByLabel("Address of the website");
  await expect(stop.or(address)).toBeVisible();
  if (await stop.isVisible()) {
    await stop.click();
  }
  await address.fill(`http://127.0.0.1:${port(baseURL)}/`);
  await page.getByRole("button", { name: "Watch this website" }).click();
  await expect(page.getByText("The page is served without encryption")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Harbour works")).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Stop watching" }).click();
  await expect(address).toBeVisible();
});

test("the settings list feeds and websites, and what is forbidden looks like nobody is there", async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, "manager", { path: "/settings/signals" });
  await expect(page.getByRole("heading", { name: "Feeds" })).toBeVisible();
  await expect(page.getByText("Trade Wire (demo)")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Whom is this about?" })).toBeVisible();
  await page.getByLabel("Name").fill("Inner circle");
  await page.getByLabel("Address of the feed").fill(`http://127.0.0.1:9/rss?${Date.now()}`);
  await page.getByRole("button", { name: "Add the feed" }).click();
  const row = page.getByRole("row", { name: /Inner circle/ }).first();
  await expect(row.getByText("Nobody answers there")).toBeVisible({ timeout: 30_000 });
  await fits(page);
  await axe(page);
  await row.getByRole("button", { name: "Remove Inner circle" }).click();
  await expect(page.getByText("Inner circle")).toHaveCount(0);
});

test("who looks on sees and changes nothing", async ({ page }) => {
  await signIn(page, "viewer", { path: "/settings/signals" });
  await expect(page.getByText("Managers and administrators add feeds here.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add the feed" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Look at/ })).toHaveCount(0);
  await axe(page);
});
