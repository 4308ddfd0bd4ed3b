// What stands beside the video: transcript, comments, clips, insights and moments in tabs, and the composer under them.

import { clips } from "./clips.js";
import { comments } from "./comments.js";
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { tabs } from "./tabs.js";
import { threadsOf } from "./threads.js";
import { transcript } from "./transcript.js";

const PANELS = [
  { id: "transcript", label: "Transcript" },
  { id: "comments", label: "Comments" },
  { id: "clips", label: "Clips" },
];

const MEASURED = [
  { id: "insights", label: "Insights" },
  { id: "moments", label: "Moments" },
];

/** The style sheet of this name, once. */
const styled = (name) =>
  new Promise((done) => {
    const href = `/assets/${name}.css`;
    if (document.querySelector(`link[href="${href}"]`)) return done();
    document.head.append(h("link", { rel: "stylesheet", href, onload: done, onerror: done }));
  });

/**
 * @param select tells the timeline which note is looked at; `film(clip)` shows the film of a clip that was kept
 * @returns {{shows, comment(id), clip(id), draw(range), actions, remove()}}; `actions` are for the keys
 */
export function beside(parent, { player, lesson, store, words, film, select }) {
  const measures = lesson.viewer.may.includes("measure");
  const panels = measures ? [...PANELS, ...MEASURED] : PANELS;
  const panel = tabs(parent, panels, { opened });
  let [insights, exporting, offered, over] = [null, null, null, false];
  const may = lesson.viewer.may.includes("comment");
  const undo = (change) => (may ? { label: "Undo", act: () => change({ deleted: false }) } : null);
  const text = transcript(panel.panel("transcript"), {
    player,
    lesson,
    store,
    words,
    on: {
      comments([first]) {
        panel.show("comments");
        said.focus(first);
      },
    },
  });
  const said = comments(panel.panel("comments"), {
    player,
    lesson,
    store,
    on: {
      select: (id) => select("comment", id),
      deleted: (id) =>
        words.show(
          "Deleted.",
          undo((patch) => store.change(id, patch)),
        ),
    },
  });
  const cut = clips(panel.panel("clips"), {
    player,
    lesson,
    store,
    on: {
      select: (id) => select("clip", id),
      film,
      save: (clip) => keeping((dialog) => dialog.film(clip)),
      exports: (all) => keeping((dialog) => dialog.open(all)),
      deleted: (id) =>
        words.show(
          "Deleted.",
          undo((patch) => store.changeClip(id, patch)),
        ),
    },
  });
  const write = may ? composer(parent, { player, lesson, store, on: { saved: (id) => select("comment", id) } }) : null;

  /** What can be kept, when it is first asked for: most who look never do. */
  async function keeping(act) {
    try {
      exporting ??= (await import("./exports.js")).exportsDialog(parent, { lesson, requests: store.requests, words });
    } catch {
      return words.show("The server can’t be reached. Try again in a moment.");
    }
    if (parent.isConnected) act(exporting);
  }

  function opened(id) {
    if (id === "transcript") text.resize();
    if (id === "comments") said.opened();
    if (id === "insights") insights ??= measured(panel.panel(id));
    if (id === "moments") moments().then((found) => found?.opened());
  }

  /** Fetched when it is opened first: most who look again never do. */
  async function measured(place) {
    try {
      const [made] = await Promise.all([import("../insights/insights.js"), styled("insights"), styled("ear-card")]);
      if (!over) insights = made.panel(place, { player, store, recording: lesson.recording.id });
    } catch {
      insights = null;
      words.show("The insights can’t be reached just now. Open the tab again in a moment.");
    }
  }

  /** Fetched when they are asked for first; undefined where they can’t be. */
  async function moments() {
    try {
      const { candidates } = await import("./candidates.js");
      const note = may ? (t) => write.note(t) : null;
      if (!over) offered ??= candidates(panel.panel("moments"), { player, lesson, store, say: words.say, note });
      return offered;
    } catch {
      words.show("The moments can’t be reached just now. Try again in a moment.");
    }
  }

  /** To the next (1) or the one before (-1). */
  async function moment(way) {
    panel.show("moments");
    (await moments())?.step(way);
  }

  const saved = ({ detail: { kind } }) => words.say(kind === "clips" ? "Clip saved." : "Comment saved.");
  store.addEventListener("saved", saved);
  function counts(marks) {
    panel.count("comments", threadsOf(store.notes.comments).length);
    panel.count("clips", marks.clips.length);
  }

  return {
    /** What is shown, each by itself: at first they take their time. */
    shows: [counts, text.show, said.show, cut.show, (marks) => write?.show(marks)],
    comment(id) {
      panel.show("comments");
      said.focus(id);
    },
    clip(id) {
      panel.show("clips");
      cut.focus(id);
    },
    draw(range) {
      panel.show("clips");
      cut.draw(range);
    },
    actions: {
      ...(may && {
        note: () => write.note(),
        clipIn: () => (panel.show("clips"), cut.mark("start")),
        clipOut: () => (panel.show("clips"), cut.mark("stop")),
      }),
      ...(measures && { nextMoment: () => moment(1), previousMoment: () => moment(-1) }),
      ...Object.fromEntries(panels.map(({ id }, i) => [`panel${i + 1}`, () => panel.show(id, true)])),
      search() {
        panel.show("transcript");
        text.search();
      },
    },
    remove() {
      over = true;
      insights?.remove?.();
      store.removeEventListener("saved", saved);
      for (const part of [exporting, offered, write, cut, said, text, panel]) part?.remove();
    },
  };
}
