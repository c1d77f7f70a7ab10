// Who the tests sign in as, and where the servers under test listen. serve.sh creates exactly these people.

export const PASSWORD = "a-quiet-well-under-tall-trees-42";

export const people = {
  admin: "ada@example.com",
  manager: "milo@example.com",
  csm: "maya@example.com",
  viewer: "vera@example.com",
} as const;

export type Role = keyof typeof people;

const port = Number(process.env.KEEPWELL_E2E_PORT ?? 3100);

/** The embedded database, and where a PostgreSQL server was found, the same journeys on that. */
export const servers = {
  sqlite: `http://127.0.0.1:${port}`,
  postgres: `http://127.0.0.1:${port + 1}`,
} as const;

/** The windows a screen is looked at in. */
export const windows = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
] as const;

/** Every window in every colour scheme. */
export const looks = windows.flatMap((window) =>
  (["light", "dark"] as const).map((scheme) => ({ ...window, scheme, name: `${window.width}-${scheme}` })),
);

/** Where global-setup.ts leaves the signed-in session of a role. */
export const sessionFile = (role: Role): string =>
  new URL(`../target/end2end/${role}.json`, import.meta.url).pathname;
