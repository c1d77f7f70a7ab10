// The configuration as a file: out, looked at, in, and taken back; mistakes with their lines; who may not.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { axe, expect, fits, looksRight, ready, signIn, test } from "../fixtures";

const PATH = "/settings/configuration";

/** A name that no other test has. */
const unique = (words: string): string => `${words} ${Math.random().toString(36).slice(2, 8)}`;

async function choose(page: Page, text: string, name = "small.yaml"): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/yaml", buffer: Buffer.from(text) });
}

const view = (name: string): string => `keepwell: 1\nviews:\n  - name: ${name}\n    filter: ARR > 1k\n    columns: [name, score]\n`;

test("what is taken out changes nothing when it is brought in", async ({ page }) => {
  await signIn(page, "admin", { path: "/" });
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /Search/ }).fill("configuration");
  await page.getByRole("option", { name: "Configuration" }).click();
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/-configuration-\d{4}-\d\d-\d\d\.yaml$/);
  const text = await readFile(await file.path(), "utf8");
  expect(text).toContain("\nkeepwell: 1\nworkspace: {name: ");
  expect(text).toContain("\nscorecards:\n  - name: ");
  await choose(page, text);
  // Another spec may change something between the two.
  await expect(page.getByRole("heading", { name: "What “small.yaml” would change" })).toBeVisible();
  await expect(page.getByText("There are mistakes in this file")).toHaveCount(0);
});

test("a file is looked at, brought in, found on the other screen, and taken back", async ({ page, another }) => {
  test.setTimeout(60_000);
  const name = unique("Quiet ones");
  await signIn(page, "admin", { path: PATH });
  await choose(page, view(name), `${name}.yaml`);
  const thing = page.locator(".configuration-thing", { hasText: name });
  await expect(thing.getByText("New", { exact: true })).toBeVisible();
  await thing.locator("summary").click();
  await expect(thing.getByRole("row", { name: /filter/ })).toContainText("arr_minor > 1000");
  await page.getByRole("button", { name: "Bring in" }).click();
  await expect(page.locator(".toast")).toContainText("was brought in");
  const vera = await another("viewer");
  await vera.goto("/accounts");
  await ready(vera);
  await expect(vera.getByRole("navigation", { name: "Views" }).getByRole("link", { name })).toBeVisible();
  await page.reload();
  await ready(page);
  const line = page.getByRole("row", { name: new RegExp(name) });
  await expect(line).toContainText("1 added, 0 changed, 0 removed");
  await line.getByRole("button", { name: /Undo/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
  await expect(page.locator(".toast")).toContainText("as it was before");
  await expect(page.getByRole("row", { name: new RegExp(name) }).first()).toContainText("Took 1 changes back");
});

test("mistakes are named with their lines, and nothing can be brought in", async ({ page }) => {
  await signIn(page, "admin", { path: PATH });
  await choose(page, "keepwell: 1\nviews:\n  - name: Odd\n    columns: [nothing]\nfields:\n  - {key: x, label: X, formula: Nothing + 1}\n");
  const row = (line: string) => page.getByRole("row", { name: new RegExp(`^${line} `) });
  await expect(row("Line 4")).toContainText("There is no field “nothing”");
  await expect(row("Line 6")).toContainText("x");
  await expect(page.getByRole("button", { name: "Bring in" })).toBeDisabled();
  await looksRight(page, "configuration-mistakes");
  await page.getByRole("button", { name: "Choose another file" }).click();
  await choose(page, "[");
  await expect(page.getByText("This is not YAML")).toBeVisible();
});

test("what only the workspace has stays unless it is ticked", async ({ page }) => {
  test.setTimeout(60_000);
  const name = unique("Leaving");
  await signIn(page, "admin", { path: PATH });
  await choose(page, view(name));
  await page.getByRole("button", { name: "Bring in" }).click();
  await expect(page.locator(".toast")).toContainText("was brought in");
  await choose(page, "keepwell: 1\n");
  await expect(page.getByRole("button", { name: "Bring in" })).toBeDisabled();
  await page.getByText(/^Only in this workspace/).click();
  const box = page.getByRole("checkbox", { name: `Remove ${name}` });
  await box.press("Space");
  await expect(page.getByText("1 Removed")).toBeVisible();
  await expect(box).toBeChecked();
  await looksRight(page, "configuration-removal");
  await page.getByRole("button", { name: "Bring in" }).click();
  await expect(page.locator(".toast").last()).toContainText("was brought in");
});

test("the page fits a phone and is accessible, and only administrators have it", async ({ page, another }) => {
  await signIn(page, "admin", { path: PATH });
  await choose(page, `keepwell: 1\nworkspace:\n  rollup: worst\nrules:\n  - {name: Low, kind: risk, condition: score < 20, for_minutes: 0, clear_minutes: 0, cooldown_days: 14, urgency: 1, effort: 1}\n`);
  await expect(page.locator(".configuration-thing").first()).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await axe(page);
  await looksRight(page, "configuration");
  const maya = await another("manager");
  await maya.goto(PATH);
  await ready(maya);
  await expect(maya.getByText("Ask an administrator").first()).toBeVisible();
  await expect(maya.getByRole("button", { name: "Download", exact: true })).toHaveCount(0);
});
