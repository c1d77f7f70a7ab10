// Every screen in every width and colour scheme: nothing runs over, nothing is clipped, nothing fails axe.
// The pictures in shots/ are for looking at.

import type { Page } from "@playwright/test";
import { expect, looksRight, ready, signIn, test } from "../fixtures";

/** A day on which the portfolio was there, whenever this runs. */
const past = new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 10);

const screens = [
  ["today", "/"],
  ["alerts", "/alerts"],
  ["alerts-history", "/alerts?tab=history"],
  ["alert-rules", "/alerts?tab=rules"],
  ["alert-rule-new", "/alerts?tab=rules&edit=new"],
  ["alert-figures", "/alerts?tab=analytics"],
  ["tasks", "/tasks"],
  ["accounts", "/accounts"],
  ["at-risk", "/accounts?view=at_risk"],
  ["quality", "/accounts/quality"],
  ["quality-list", "/accounts/quality?rule=no_contact"],
  ["account", "account"],
  ["account-health", "account/health"],
  ["account-timeline", "account/timeline"],
  ["account-usage", "account/usage"],
  ["import", "/import"],
  ["scorecards", "/scorecards"],
  ["insights", "/insights"],
  ["value", "/insights/value?days=365"],
  ["reports", "/reports"],
  ["insights-past", `/insights?as_of=${past}&days=90`],
  ["lab", "/lab"],
  ["settings", "/settings"],
  ["settings-scorecard", "/settings/scorecard"],
] as const;

// Each page is loaded once; a few pages to a test, so that a failure names its neighbourhood and is tried again soon.
test.describe.configure({ mode: "parallel" });

const few = 5;
for (let first = 0; first < screens.length; first += few) {
  const some = screens.slice(first, first + few);
  test(`${some.map(([screen]) => screen).join(", ")} look right`, async ({ page }) => {
    test.slow();
    await signIn(page, "manager");
    const account = some.some(([, address]) => address.startsWith("account")) ? await northwind(page) : "";
    for (const [screen, address] of some) {
      await page.goto(address.startsWith("/") ? address : address.replace("account", account));
      await ready(page);
      await looksRight(page, screen);
    }
  });
}

/** The address of an account that the demo always has. */
async function northwind(page: Page): Promise<string> {
  await page.goto("/accounts?filter=Northwind%20Outfitters");
  await ready(page);
  const link = page.getByRole("link", { name: "Northwind Outfitters" }).first();
  const account = ((await link.getAttribute("href")) ?? "").replace(/\/(overview|health)$/, "");
  expect(account).toMatch(/^\/accounts\/[0-9a-f-]{36}/);
  return account;
}
