// Browser tests run against the release build, on a fresh database that serve.sh fills.
//
//   KEEPWELL_CHROMIUM       the browser, if not /usr/bin/chromium
//   KEEPWELL_BIN            the binary, if not ../target/release/keepwell
//   KEEPWELL_TEST_POSTGRES  a PostgreSQL server; journeys tagged @postgres then run on it, too
//   KEEPWELL_E2E_MATRIX=1   every spec in every width and colour scheme, not only `looks`
//   KEEPWELL_E2E_PORT       the first of the two ports of the servers, if not 3100
//   KEEPWELL_E2E_WORKERS    how many specs at a time
//   KEEPWELL_E2E_TRACE=1    keeps what led to a failure, step by step
//   KEEPWELL_E2E_SHOTS=1    pictures of every screen into shots/, for people to look at

import { defineConfig, type Project } from "@playwright/test";
import { looks, PASSWORD, people, servers } from "./people";

const postgres = process.env.KEEPWELL_TEST_POSTGRES;
const onPostgres = postgres !== undefined && postgres !== "" && postgres !== "off";

const projects: Project[] = [
  { name: "desktop-light", use: { viewport: { width: 1440, height: 900 }, colorScheme: "light" } },
];
if (process.env.KEEPWELL_E2E_MATRIX === "1") {
  for (const { name, width, height, scheme } of looks.filter(({ name }) => name !== "1440-light")) {
    projects.push({ name, use: { viewport: { width, height }, colorScheme: scheme, hasTouch: width < 1000 } });
  }
}
if (onPostgres) {
  projects.push({
    name: "postgres",
    grep: /@postgres/,
    use: { baseURL: servers.postgres, viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  });
}

const serve = (engine: keyof typeof servers) => ({
  name: engine,
  command: `./serve.sh ${engine}`,
  url: `${servers[engine]}/readyz`,
  timeout: 120_000,
  reuseExistingServer: false,
  // serve.sh removes its database when it is asked to stop.
  gracefulShutdown: { signal: "SIGTERM" as const, timeout: 10_000 },
  stdout: "ignore" as const,
  stderr: "pipe" as const,
  env: {
    KEEPWELL_LISTEN: servers[engine].replace("http://", ""),
    KEEPWELL_PUBLIC_URL: servers[engine],
    E2E_PASSWORD: PASSWORD,
    E2E_PEOPLE: Object.entries(people)
      .map(([role, email]) => `${role}=${email}`)
      .join(" "),
  },
});

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./global-setup.ts",
  // The specs share one server and its data; each changes only what it made itself.
  workers: Number(process.env.KEEPWELL_E2E_WORKERS ?? 2),
  fullyParallel: false,
  forbidOnly: process.env.CI === "true",
  // A machine that does other work may stall for longer than a person would wait. What passes only the second time is
  // listed as flaky, to be looked at.
  retries: 1,
  // Two browsers and two servers on two cores: what a person sees at once may take a while here. What has to happen
  // within a second is measured by the specs themselves.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  projects,
  webServer: onPostgres ? [serve("sqlite"), serve("postgres")] : [serve("sqlite")],
  use: {
    baseURL: servers.sqlite,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    // Nothing moves, so that pictures are sharp and a click never meets a moving target.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // Filming every step takes as long as the steps.
    trace: process.env.KEEPWELL_E2E_TRACE === "1" ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env.KEEPWELL_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        // Chromium's own sandbox does not work for root, which is who runs inside most containers.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
