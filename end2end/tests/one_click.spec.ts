// What must be one keystroke away from anywhere, and what works without the network.

import { axe, expect, ready, signIn, test } from "../fixtures";

test.use({ worker: true });

test("any account is one search away", async ({ page }) => {
  await signIn(page, "csm");
  await page.goto("/");
  await ready(page);
  await page.keyboard.press("Control+k");
  const input = page.getByRole("combobox", { name: /search accounts/i });
  await expect(input).toBeFocused();
  await input.fill("acme rob");
  await expect(page.getByRole("option", { name: /Acme Robotics/ })).toBeVisible();
  await axe(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Acme Robotics" })).toBeVisible();
});

test("two letters lead to every place", async ({ page }) => {
  await signIn(page, "csm");
  await page.goto("/settings");
  await ready(page);
  for (const [letter, path] of [["a", "/accounts"], ["i", "/import"], ["s", "/settings"], ["t", "/"]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await expect(page).toHaveURL((url) => url.pathname === path);
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
});

test("the application can be installed and says so when the server is away", async ({ page, context, watch }) => {
  await signIn(page, "csm");
  await page.goto("/");
  await ready(page);
  const manifest = await page.request.get("/manifest.webmanifest");
  expect(manifest.headers()["content-type"]).toContain("application/manifest+json");
  const sizes = ((await manifest.json()).icons as { sizes: string; purpose?: string }[]).map((icon) => icon.sizes);
  expect(sizes).toEqual(expect.arrayContaining(["192x192", "512x512"]));
  // The worker takes the page over once it has everything of the build.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  watch.allow(/ERR_INTERNET_DISCONNECTED/, /WebSocket/);
  await context.setOffline(true);
  await page.goto("/accounts").catch(() => undefined);
  await expect(page.locator("body")).toContainText(/offline|connection/i);
  await context.setOffline(false);
});

test("a page that is not there leads home", async ({ page, watch }) => {
  watch.allow(/status of 404/);
  await signIn(page, "csm");
  const answer = await page.goto("/no/such/page");
  expect(answer?.status()).toBe(404);
  await page.getByRole("link", { name: "Go to Today" }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/");
});
