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
      // Without a worker everything works but the offline page.
    });
  });
}
