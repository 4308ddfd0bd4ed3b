// While something is being sent: the phone stays awake where it can, and leaving asks first.

let busy = false;
let lock = null;

export function awake(wanted) {
  if (busy === wanted) return;
  busy = wanted;
  if (busy) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
  hold();
}

document.addEventListener("visibilitychange", hold); // a lock is lost whenever the page is out of sight

async function hold() {
  if (!busy || document.visibilityState !== "visible") {
    lock?.release();
    lock = null;
    return;
  }
  try {
    lock ??= await navigator.wakeLock?.request("screen");
    lock?.addEventListener("release", () => (lock = null));
  } catch {
    lock = null; // low on power, or no secure context: it goes on as long as the phone lets it
  }
}

function ask(event) {
  event.preventDefault();
}
