// What every spec starts from: a page that fails its test when anything goes wrong behind the scenes, and short
// words for signing in, waiting, checking accessibility and taking pictures.
//
//   import { axe, expect, ready, shot, signIn, test } from "../fixtures";

import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type BrowserContextOptions, expect, type Page, test as base } from "@playwright/test";
import { PASSWORD, people, type Role, servers, sessionFile, windows } from "./people";

export { expect } from "@playwright/test";
export { PASSWORD, people, type Role } from "./people";

/** Notes what went wrong in a browser context; the test fails at its end if anything is left in it. */
export class Watch {
  readonly problems: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** Says that a problem is what this test is about: `watch.allow(/status of 403/)`. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** What went wrong and was not allowed. */
  unexpected(): string[] {
    return this.problems.filter((problem) => !this.allowed.some((pattern) => pattern.test(problem)));
  }

  async follow(context: BrowserContext): Promise<void> {
    context.on("weberror", (error) => this.problems.push(`uncaught error: ${error.error().stack ?? error.error().message}`));
    context.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" || text.includes("panicked")) {
        this.problems.push(`console ${message.type()}: ${text} (${message.location().url || message.page()?.url() || "?"})`);
      }
    });
    context.on("response", (response) => {
      const url = new URL(response.url());
      if (response.status() >= 400 && isAsset(url.pathname)) {
        this.problems.push(`asset answered ${response.status()}: ${url.pathname}`);
      }
    });
    context.on("requestfailed", (request) => {
      const url = new URL(request.url());
      const reason = request.failure()?.errorText ?? "";
      // A page that is left gives up what it was still fetching.
      if (isAsset(url.pathname) && !reason.includes("ERR_ABORTED")) {
        this.problems.push(`asset not fetched: ${url.pathname} (${reason})`);
      }
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(
          `content security policy: ${event.effectiveDirective} blocked ${event.blockedURI || "inline"} ` +
            `at ${event.sourceFile || document.URL}:${event.lineNumber} ${event.sample}`,
        );
      });
    });
  }
}

const isAsset = (path: string): boolean =>
  path.startsWith("/pkg/") || /\.(css|js|wasm|png|svg|ico|webmanifest|woff2)$/.test(path);

interface Fixtures {
  /** What has gone wrong so far, in every page of this test. */
  watch: Watch;
  /** A further person in a browser of their own, signed in and watched: `const milo = await another("manager")`. */
  another: (role: Role, options?: BrowserContextOptions) => Promise<Page>;
  /** Whether the browser has a service worker, which keeps every file of the build: `test.use({ worker: true })`. */
  worker: boolean;
}

/** A browser like those without service workers: each test has a new one, which would fetch all of the build again. */
export async function withoutWorker(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
}

export const test = base.extend<Fixtures>({
  watch: async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    expect(watch.unexpected(), "nothing goes wrong behind the scenes").toEqual([]);
  },
  worker: [false, { option: true }],
  context: async ({ context, watch, worker }, use) => {
    await watch.follow(context);
    if (!worker) await withoutWorker(context);
    await use(context);
  },
  another: async ({ browser, watch, baseURL, contextOptions, viewport, colorScheme, locale, timezoneId }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (role, options = {}) => {
      const context = await browser.newContext({
        ...contextOptions,
        ...(baseURL === undefined ? {} : { baseURL }),
        ...(locale === undefined ? {} : { locale }),
        ...(timezoneId === undefined ? {} : { timezoneId }),
        viewport,
        colorScheme,
        ...options,
      });
      contexts.push(context);
      await watch.follow(context);
      await withoutWorker(context);
      const page = await context.newPage();
      await signIn(page, role, { baseURL });
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** Fills in the sign-in form and waits until the product is there. */
export async function fillSignIn(page: Page, role: Role, password = PASSWORD): Promise<void> {
  await page.goto("/sign-in");
  await ready(page);
  await page.locator('input[name="email"]').fill(people[role]);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await ready(page);
}

interface SignInOptions {
  /** Go through the form and get a session of one's own, for tests that end or change the session. */
  fresh?: boolean;
  /** The page to open. */
  path?: string;
  /** The server, where it is not the page's own. */
  baseURL?: string | undefined;
}

/** Signs in and opens a page, by default Today. */
export async function signIn(page: Page, role: Role, options: SignInOptions = {}): Promise<void> {
  const server = options.baseURL ?? test.info().project.use.baseURL;
  if (options.fresh === true || server !== servers.sqlite) {
    await fillSignIn(page, role);
    if (options.path === undefined) return;
  } else {
    const { cookies } = JSON.parse(await readFile(sessionFile(role), "utf8"));
    await page.context().addCookies(cookies);
  }
  await page.goto(options.path ?? "/");
  await ready(page);
}

/** Waits until the page answers to clicks: its WebAssembly has taken over what the server drew. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator("body"), "the page has woken up").toHaveAttribute("data-hydrated", "1", { timeout: 20_000 });
}

/** Fails with a readable list unless the page, or the part named, has no WCAG 2.1 AA violation. */
export async function axe(page: Page, part?: string): Promise<void> {
  const builder = look(page).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]);
  if (part !== undefined) builder.include(part);
  await report(page, builder);
}

/** The pages have no frames: the quick way, without a further page for each look, sees all of them. */
const look = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode();

async function report(page: Page, builder: AxeBuilder): Promise<void> {
  const { violations } = await builder.analyze();
  const lines = violations.map(
    ({ id, impact, help, nodes }) =>
      `${id} (${impact ?? "?"}): ${help}\n` +
      nodes
        .slice(0, 5)
        .map((node) => `    ${node.target.join(" ")}\n        ${node.failureSummary?.replace(/\n\s*/g, " ") ?? ""}`)
        .join("\n") +
      (nodes.length > 5 ? `\n    and ${nodes.length - 5} more` : ""),
  );
  expect(lines.join("\n"), `accessibility of ${page.url()}`).toBe("");
}

/** Takes a picture of the whole page into shots/, for people to look at, where they asked for it. */
export async function shot(page: Page, name: string): Promise<void> {
  if (process.env.KEEPWELL_E2E_SHOTS !== "1") return;
  await page.screenshot({ path: new URL(`./shots/${name}.png`, import.meta.url).pathname, fullPage: true, animations: "disabled" });
}

/** Fails if the page can be scrolled sideways, which on a phone means that something does not fit. */
export async function fits(page: Page): Promise<void> {
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(tooWide, `${page.url()} fits its width`).toBeLessThanOrEqual(0);
}

/**
 * Looks at the page as it stands in every width and in both colour schemes: nothing runs over, nothing fails axe.
 * The page is not loaded anew for that: its width changes as when a person drags the edge of the window.
 */
export async function looksRight(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  const [narrowest, widest] = [windows.at(0), windows.at(-1)];
  await expect(page.locator(".skeleton")).toHaveCount(0);
  for (const window of windows) {
    await page.setViewportSize(window);
    await page.emulateMedia({ colorScheme: "light" });
    await settled(page);
    await fits(page);
    // In between, the page is put together as in one of the two.
    if (window === narrowest || window === widest) await axe(page);
    await shot(page, `${name}-${window.width}-light`);
    await page.emulateMedia({ colorScheme: "dark" });
    // The same elements in other colours, which do not depend on the width: names, roles and order have been looked at.
    if (window === widest) await report(page, look(page).withRules(["color-contrast"]));
    await shot(page, `${name}-${window.width}-dark`);
  }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
}

/** Waits until a change of the window has been drawn. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
