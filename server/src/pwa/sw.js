// The service worker: keeps this build's own files at hand, and answers a page that cannot be fetched.
// The server fills in the two names in capitals. Data and pages are never kept here: nobody's customers may
// be read from this cache after signing out.

const BUILD = "__BUILD__";
const ASSETS = __ASSETS__;

const CACHE_PREFIX = "keepwell-";
const CACHE = CACHE_PREFIX + BUILD;
const OFFLINE_PAGE = "/offline";
// The large icons are not among them: the system takes its own copy when the application is installed.
const SHELL = [
  OFFLINE_PAGE,
  "/offline.css",
  "/offline.js",
  "/manifest.webmanifest",
  "/favicon.svg",
  "/icon-192.png",
  "/apple-touch-icon.png",
];
const KEPT = new Set([...ASSETS, ...SHELL]);

// How many files are fetched at a time: a browser opens few connections to a server, and the page needs them more.
const LANES = 2;

// All of a build or nothing: code that is loaded on demand fits only the main module it was built with.
async function keepThisBuild() {
  const cache = await caches.open(CACHE);
  // Names under /pkg carry a hash of their content, so what the browser already has is right; the others are asked for anew.
  const wanted = [...SHELL.map((url) => new Request(url, { cache: "reload" })), ...ASSETS];
  const lane = async () => {
    while (wanted.length > 0) await cache.add(wanted.shift());
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (failure) {
    await caches.delete(CACHE);
    throw failure;
  }
}

async function dropOtherBuilds() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

async function fromCacheFirst(request) {
  const cache = await caches.open(CACHE);
  // The answer is handed over as it was stored, with its headers: WebAssembly is compiled while it arrives only
  // if it says `application/wasm`.
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function pageOrOffline(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (failure) {
    const cache = await caches.open(CACHE);
    const offline = await cache.match(OFFLINE_PAGE, { ignoreVary: true });
    if (offline) return offline;
    throw failure;
  }
}

self.addEventListener("install", (event) => event.waitUntil(keepThisBuild()));

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await dropOtherBuilds();
      // The page is asked for while the worker starts, so that the worker costs no time.
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

// A new build waits until the person agrees; the page that asks reloads on `controllerchange`.
self.addEventListener("message", (event) => {
  if (event.data?.type === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    // Downloads and machine interfaces open as navigations, too; an offline page is no answer to them.
    if (!url.pathname.startsWith("/api/")) event.respondWith(pageOrOffline(event));
    return;
  }
  // Whatever is not part of this build (data, live feeds, other builds) goes to the network untouched.
  if (KEPT.has(url.pathname)) event.respondWith(fromCacheFirst(request));
});

// A push message always shows something: browsers take the permission away from those that do not.
self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data?.json() ?? {};
  } catch {
    // Not one of ours; the title alone is shown.
  }
  const { title = "Keepwell", body = "", url = "/notifications", tag, unread, critical = false } = message;
  event.waitUntil(
    (async () => {
      if (unread !== undefined && "setAppBadge" in self.navigator) await self.navigator.setAppBadge(unread).catch(() => {});
      await self.registration.showNotification(title, {
        body,
        tag,
        data: { url },
        icon: "/icon-192.png",
        badge: "/icon-192.png",
        requireInteraction: critical,
      });
    })(),
  );
});

// Opens what the message is about, in a window that is open already where there is one.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/notifications", self.location.origin);
  // Only our own pages: whoever could forge a message must not choose where a click leads.
  const target = url.origin === self.location.origin ? url.href : new URL("/notifications", self.location.origin).href;
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      const open = windows.find((client) => "navigate" in client);
      if (open) {
        await open.focus();
        await open.navigate(target);
      } else {
        await self.clients.openWindow(target);
      }
    })(),
  );
});
