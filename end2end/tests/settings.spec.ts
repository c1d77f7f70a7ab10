// Settings: people come and go, the scorecard explains itself, and the change log can be checked.

import { axe, expect, fits, PASSWORD, ready, shot, signIn, test, withoutWorker } from "../fixtures";

test("somebody is added, signs in, and is out the moment they are deactivated @postgres", async ({
  page,
  browser,
  baseURL,
  contextOptions,
  watch,
}) => {
  watch.allow(/status of 401/);
  const email = `nora-${Date.now()}-${test.info().project.name}@example.com`;
  await signIn(page, "admin", { path: "/settings/users" });
  await axe(page);
  await page.locator('input[name="name"]').fill("Nora Newcomer");
  await page.locator('input[name="email"]').fill(email);
  await page.locator('select[name="role"]').selectOption("viewer");
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.getByRole("button", { name: "Add person" }).click();
  const row = page.locator(`tr[data-user="${email}"]`);
  await expect(row).toBeVisible();
  await expect(page.locator('input[name="email"]'), "the form is empty again").toHaveValue("");

  const context = await browser.newContext({ ...contextOptions, ...(baseURL === undefined ? {} : { baseURL }) });
  await watch.follow(context);
  await withoutWorker(context);
  const nora = await context.newPage();
  await nora.goto("/sign-in");
  await ready(nora);
  await nora.locator('input[name="email"]').fill(email);
  await nora.locator('input[name="password"]').fill(PASSWORD);
  await nora.locator('form button[type="submit"]').click();
  await nora.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await ready(nora);

  await row.getByRole("button", { name: "Deactivate" }).click();
  await expect(row.getByText("Deactivated")).toBeVisible();
  await nora.goto("/accounts");
  await expect(nora, "the session is over").toHaveURL(/\/sign-in/);
  await context.close();
});

test("a role can be changed, and a weak password is refused at its field", async ({ page, watch }) => {
  watch.allow(/status of 4\d\d/);
  const email = `otto-${Date.now()}-${test.info().project.name}@example.com`;
  await signIn(page, "admin", { path: "/settings/users" });
  await page.locator('input[name="name"]').fill("Otto Other");
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill("short");
  await page.getByRole("button", { name: "Add person" }).click();
  await expect(page.locator("#password-error")).toContainText("15 characters");
  await expect(page.locator('input[name="password"]')).toBeFocused();
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.getByRole("button", { name: "Add person" }).click();
  const row = page.locator(`tr[data-user="${email}"]`);
  const role = row.getByLabel("Role of Otto Other");
  await expect(role).toHaveValue("csm");
  await role.selectOption("manager");
  await page.reload();
  await ready(page);
  await expect(role).toHaveValue("manager");
});

test("a team is written, taken back, and stands beside the others in Insights", async ({ page }) => {
  const name = `North ${Date.now()}`;
  await signIn(page, "admin", { path: "/settings/users" });
  const team = page.locator('tr:has(.badge:text-is("You"))').getByLabel(/^Team of/);
  const was = await team.inputValue();
  await team.fill(name);
  await team.press("Tab");
  await expect(page.getByText(/^The team of .+ was changed\.$/)).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(team).toHaveValue(name);
  await axe(page);
  await team.fill(`${name} again`);
  await team.press("Tab");
  await page.locator(".toasts").getByRole("button", { name: "Undo" }).last().click();
  await expect(team, "taken back").toHaveValue(name);
  await page.goto("/insights");
  await ready(page);
  await page.getByRole("navigation", { name: "Averages of" }).getByRole("link", { name: "Team" }).click();
  await expect(page).toHaveURL(/averages=teams/);
  await expect(page.getByRole("heading", { name: "Teams" })).toBeVisible();
  await page.goto("/settings/users");
  await ready(page);
  await team.fill(was);
  await team.press("Tab");
  await expect(team).toHaveValue(was);
});

test("one's own name is kept", async ({ page }) => {
  await signIn(page, "viewer", { path: "/settings" });
  const name = page.locator('input[name="name"]');
  const was = await name.inputValue();
  await name.fill("Vera Viewing");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Name saved.")).toBeVisible();
  await expect(page.locator(".header .avatar"), "without a reload").toHaveText("VV");
  await page.reload();
  await ready(page);
  await expect(name).toHaveValue("Vera Viewing");
  await name.fill(was);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Name saved.")).toBeVisible();
});

test("the change log is whole", async ({ page }) => {
  await signIn(page, "admin", { path: "/settings/log" });
  await page.getByRole("button", { name: "Check the whole log" }).click();
  await expect(page.getByText("The log is whole")).toBeVisible({ timeout: 30_000 });
  await axe(page);
});

test("the scorecard explains itself", async ({ page }) => {
  await signIn(page, "viewer", { path: "/settings/scorecard" });
  await expect(page.getByRole("heading", { name: "How a score comes about" })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Open the scorecard" }).first().click();
  await expect(page.getByRole("heading", { name: "Measures", exact: true })).toBeVisible();
});

for (const section of ["profile", "workspace", "users", "fields", "scorecard", "log"]) {
  test(`settings: ${section} is accessible and fits @looks`, async ({ page }) => {
    await signIn(page, "admin", { path: `/settings/${section}` });
    await expect(page.locator('.settings-link[aria-current="page"]')).toBeVisible();
    await expect(page.locator(".settings .card").first()).toBeVisible();
    await expect(page.locator(".settings .skeleton")).toHaveCount(0);
    await axe(page);
    await fits(page);
    await shot(page, `settings-${section}-${test.info().project.name}`);
  });
}
