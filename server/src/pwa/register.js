// Registers the service worker once the page has loaded, and takes over a new build at the next load.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js", { scope: "/" }).then((registration) => {
      const skip = () => registration.waiting?.postMessage({ type: "skip-waiting" });
      skip();
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", skip);
      });
    }, () => {
      // Without a worker everything works but the offline page and push messages.
    });
  });
}

// What the page asks of the browser about notifications.
window.keepwell = {
  // The number on the icon of the installed application.
  badge(count) {
    if (!("setAppBadge" in navigator)) return;
    (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {
      // A browser that shows no number is fine.
    });
  },

  // Two soft tones; browsers keep quiet until the person has done something on the page.
  chime() {
    const context = new AudioContext();
    [660, 880].forEach((pitch, index) => {
      const [tone, volume, start] = [context.createOscillator(), context.createGain(), context.currentTime + index * 0.16];
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.08, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.3);
    });
    setTimeout(() => context.close(), 1000);
  },

  // The name of the device's time zone.
  zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,

  // Asks the person, then the push service; answers with what the server needs, as text.
  async subscribe(key) {
    if (!("PushManager" in window) || (await Notification.requestPermission()) !== "granted") throw new Error("refused");
    const registration = await navigator.serviceWorker.ready;
    const bytes = Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const known = await registration.pushManager.getSubscription();
    // A subscription for another key belongs to another server.
    const same = known?.options.applicationServerKey &&
      new Uint8Array(known.options.applicationServerKey).every((byte, index) => byte === bytes[index]);
    if (known && !same) await known.unsubscribe();
    const options = { userVisibleOnly: true, applicationServerKey: bytes };
    const { endpoint, keys } = (same ? known : await registration.pushManager.subscribe(options)).toJSON();
    return JSON.stringify({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
  },
};
