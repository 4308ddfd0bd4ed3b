// Keeping the page itself on the phone, so that it opens without network. Nobody's data is in it.

const KEPT = "walk-page"; // worker.js finds it there

/** Whether the page opens without network from now on. Over plain http, browsers let no page do that. */
export async function keepPage() {
  if (!("serviceWorker" in navigator)) return false;
  try {
    await navigator.serviceWorker.register("/walk/worker.js");
    const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
    const ours = files.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/assets/"));
    const cache = await caches.open(KEPT);
    await cache.addAll([...new Set(["/walk/", ...ours.map(({ pathname }) => pathname)])]);
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}
