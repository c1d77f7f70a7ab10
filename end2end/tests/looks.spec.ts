// Every screen in every width and colour scheme: nothing runs over, nothing is clipped, nothing fails axe.
// The pictures in shots/ are for looking at.

import { axe, expect, fits, looks, ready, shot, signIn, test } from "../fixtures";

const screens = [
  ["today", "/"],
  ["accounts", "/accounts"],
  ["at-risk", "/accounts?view=at_risk"],
  ["account", "account"],
  ["account-health", "account/health"],
  ["account-timeline", "account/timeline"],
  ["account-usage", "account/usage"],
  ["import", "/import"],
  ["scorecards", "/scorecards"],
  ["lab", "/lab"],
  ["settings", "/settings"],
  ["scorecard", "/settings/scorecard"],
] as const;

for (const { name, width, height, scheme } of looks) {
  test(`every screen looks right at ${name}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await signIn(page, "manager");
    await page.goto("/accounts?filter=Northwind%20Outfitters");
    await ready(page);
    const link = page.getByRole("link", { name: "Northwind Outfitters" }).first();
    const account = ((await link.getAttribute("href")) ?? "").replace(/\/(overview|health)$/, "");
    expect(account).toMatch(/^\/accounts\/[0-9a-f-]{36}/);
    for (const [screen, address] of screens) {
      await page.goto(address.startsWith("/") ? address : address.replace("account", account));
      await ready(page);
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await fits(page);
      await axe(page);
      await shot(page, `${screen}-${name}`);
    }
  });
}
