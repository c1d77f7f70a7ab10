// Signs everybody in once through the real form, so that the specs need not, and sign-in's rate limit is left in peace.

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { chromium, type FullConfig } from "@playwright/test";
import { fillSignIn } from "./fixtures";
import { people, type Role, servers, sessionFile } from "./people";

export default async function globalSetup(config: FullConfig): Promise<void> {
  const launch = config.projects[0]?.use.launchOptions;
  const browser = await chromium.launch(launch ?? {});
  try {
    for (const role of Object.keys(people) as Role[]) {
      const context = await browser.newContext({ baseURL: servers.sqlite });
      const page = await context.newPage();
      await fillSignIn(page, role);
      await mkdir(dirname(sessionFile(role)), { recursive: true });
      await context.storageState({ path: sessionFile(role) });
      await context.close();
    }
  } finally {
    await browser.close();
  }
}
