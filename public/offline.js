// Opens the page that was asked for as soon as the server answers again.
const again = () =>
  fetch("/livez", { cache: "no-store" }).then(
    (answer) => answer.ok && location.reload(),
    () => {},
  );

addEventListener("online", again);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
setInterval(() => document.visibilityState === "visible" && again(), 10_000);
