// Word from the server that something was noted or put right: an EventSource that comes back, and rests while nobody looks.

const AGAIN_S = 4;

/**
 * `heard()` is called for every word of a change, and whenever the connection was (re)made: what was said meanwhile
 * nobody heard. `lesson()` where the lesson itself changed, or may have while nobody listened. `lost()` where it can't be
 * made; `gone()` where the lesson is taken back. Returns `{remove()}`.
 */
export function live(
  url,
  { heard, lesson, lost, gone },
  { Source = globalThis.EventSource, page = globalThis.document } = {},
) {
  let source = null;
  let later = null;
  let missed = false;
  const close = () => {
    clearTimeout(later);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    source = new Source(url);
    source.addEventListener("open", heard);
    source.addEventListener("notes", heard);
    source.addEventListener("lesson", lesson);
    // A lesson is long: it is not asked for each time the browser renews its stream.
    if (missed) source.addEventListener("open", lesson, { once: true });
    missed = true;
    source.addEventListener("gone", () => {
      close();
      gone();
    });
    source.addEventListener("error", () => {
      // The server ends each stream by itself and the browser comes back; only an answer that is no stream ends it.
      if (source?.readyState !== Source.CLOSED) return;
      close();
      lost();
      later = setTimeout(open, AGAIN_S * 1000);
    });
  };
  // Browsers hold six connections to a server, all tabs together: a hidden page must not keep one.
  const looked = () => (page.hidden ? close() : (source ?? open()));
  page?.addEventListener("visibilitychange", looked);
  if (!page?.hidden) open();
  return {
    remove() {
      page?.removeEventListener("visibilitychange", looked);
      close();
    },
  };
}
