// Long work in slices, so that the page answers in between.

const SLICE_MS = 8;

/** Do `act` for each item, in slices; `done` at the end. Returns a function that stops it. */
export function inSlices(items, act, done = () => {}) {
  let [at, stopped] = [0, false];
  const channel = new MessageChannel();
  // A message comes sooner than a timeout, which browsers hold back for 4 ms.
  const go = () => {
    if (stopped) return;
    const end = performance.now() + SLICE_MS;
    while (at < items.length && performance.now() < end) act(items[at], at++);
    if (at < items.length) return channel.port2.postMessage(null);
    channel.port1.close();
    done();
  };
  channel.port1.onmessage = go;
  go();
  return () => {
    stopped = true;
    channel.port1.close();
  };
}
