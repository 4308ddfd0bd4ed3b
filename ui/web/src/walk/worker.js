// Opens the page of learning walks where there is no network. It reaches /walk/ alone, and keeps only what is the same for
// everybody: the page and its files. It stands by itself: a service worker of older browsers can import nothing.

const KEPT = "walk-page"; // shell.js puts it there
const LATE_MS = 3000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === self.location.origin && (pathname === "/walk/" || pathname.startsWith("/assets/"));
  if (ours && event.request.method === "GET") event.respondWith(newest(event.request));
});

/** The server's, or what is kept where it does not answer in time. */
async function newest(request) {
  const kept = await (await caches.open(KEPT)).match(request, { ignoreSearch: true });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, LATE_MS));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer && answer.status < 500 ? answer : kept;
}
