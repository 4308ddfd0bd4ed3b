// Which clips somebody has, asked for again and again; and what was said in one, when it is new or has other seconds.

const LOOK_S = 2;
const [SIGNED_OUT, GONE] = [401, 404];
const AWAY = "The server can’t be reached. It is tried again every few seconds.";

/**
 * @param on `clips(lessons)`, each clip with its `said`; `out()` where nobody is signed in any more; `trouble(sentence)`,
 *   null where it is over
 * @returns {{remove()}}; a page that nobody looks at does not ask
 */
export function source(on, { fetch = (...given) => globalThis.fetch(...given), page = document } = {}) {
  let known = new Map();
  let [over, later, asks] = [false, null, false];

  async function ask(path) {
    const answer = await fetch(path, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw Object.assign(new Error("no answer"), { status: answer.status });
    return answer.json();
  }

  /** What was said in it; null where it is not there any more. */
  async function saidIn(clip) {
    const key = `${clip.id} ${clip.start} ${clip.stop}`;
    try {
      return [key, known.get(key) ?? (await ask(`/clips/${clip.id}/clip.json`)).said];
    } catch (error) {
      if (error.status === GONE) return [key, null];
      throw error;
    }
  }

  async function look() {
    const { lessons } = await ask("/clips.json");
    const now = new Map();
    for (const lesson of lessons) {
      for (const clip of lesson.clips) {
        const [key, said] = await saidIn(clip);
        clip.said = said;
        if (said) now.set(key, said);
      }
      lesson.clips = lesson.clips.filter((clip) => clip.said);
    }
    known = now;
    return lessons.filter((lesson) => lesson.clips.length);
  }

  async function again() {
    if (over || asks || page.hidden) return;
    clearTimeout(later);
    asks = true;
    try {
      const lessons = await look();
      if (over) return;
      on.trouble(null);
      on.clips(lessons);
    } catch (error) {
      if (over) return;
      if (error.status === SIGNED_OUT) {
        over = true;
        return on.out();
      }
      on.trouble(AWAY);
    } finally {
      asks = false;
      if (!over) later = setTimeout(again, LOOK_S * 1000);
    }
  }

  page.addEventListener("visibilitychange", again);
  again();
  return {
    remove() {
      over = true;
      clearTimeout(later);
      page.removeEventListener("visibilitychange", again);
    },
  };
}
