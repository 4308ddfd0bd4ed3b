// The review stage: everything of one lesson, mounted into a page. The page knows nothing of it but `mount`.

import { Away, Gone, SignedOut } from "./requests.js";
import { beside } from "./beside.js";
import { h } from "./dom.js";
import { inSlices } from "./slices.js";
import { keyboard } from "./keyboard.js";
import { marksOf } from "./marks.js";
import { moves } from "./moves.js";
import { playerView } from "./player.js";
import { Store } from "./store.js";
import { timeline } from "./timeline.js";
import { toasts } from "./toast.js";
import { watching } from "./watching.js";

const AGAIN_S = 5;
const GONE = "This lesson is not shared with you any more.";

/** Show the recording in `parent`, from second `t` where that is a number, else where the viewer was. */
export function mount(parent, { recording, t = null }) {
  const root = h("div", { class: "rv" }, waiting());
  parent.append(root);
  let [close, later, over, store] = [() => {}, null, false, null];

  async function open() {
    store?.remove();
    store = new Store(recording);
    store.addEventListener("gone", () =>
      say(GONE, "It was taken back, or deleted.", h("a", { class: "btn", href: "/" }, "Your lessons")),
    );
    store.addEventListener("rights", () => {
      close();
      close = () => {};
      t = null; // where they are is what the server was told last
      root.replaceChildren(waiting());
      open();
    });
    try {
      const lesson = await store.load();
      if (over) return;
      // Notes change often, what was said only when it is put right.
      const said = marksOf(lesson, null);
      await new Promise((resolve) => setTimeout(resolve)); // so much at once would hold the page up
      if (over) return;
      root.replaceChildren();
      close = stage(root, { lesson, said, store, t });
    } catch (error) {
      if (over) return;
      if (error instanceof Gone)
        return say("There is nothing to see here", "It was deleted, or it is not shared with you any more.");
      if (error instanceof SignedOut)
        return say("You are signed out", "Sign in again to carry on.", h("a", { class: "btn", href: "/" }, "Sign in"));
      if (!(error instanceof Away)) throw error;
      say("The server can’t be reached", "It is tried again every few seconds.");
      later = setTimeout(open, AGAIN_S * 1000);
    }
  }

  function say(head, words, more = "") {
    close();
    close = () => {};
    root.replaceChildren(
      h("div", { class: "instead", role: "alert" }, h("h2", {}, head), h("p", { class: "soft" }, words), more),
    );
  }

  open();
  return () => {
    over = true;
    clearTimeout(later);
    close();
    store.remove();
    root.remove();
  };
}

/** What stands there until the lesson is there. */
function waiting() {
  return h(
    "div",
    { class: "rv-grid", "aria-busy": "true" },
    h(
      "section",
      { class: "stage" },
      h("div", { class: "video" }),
      h("p", { class: "sr", role: "status" }, "The lesson is being opened."),
    ),
    h(
      "div",
      { class: "side" },
      h(
        "div",
        { class: "skel pulse", "aria-hidden": "true" },
        Array.from({ length: 9 }, () => h("i")),
      ),
    ),
  );
}

/** Mounts the parts and wires them; returns what closes all of it. `said` is another once something was put right. */
function stage(root, { lesson, said, store, t }) {
  const place = { ...lesson, place: t ?? lesson.place };
  const left = h("section", { class: "stage", "aria-label": "Video and timeline" });
  const side = h("aside", { class: "side", "aria-label": "Transcript, comments, clips, insights and moments" });
  root.append(h("div", { class: "rv-grid" }, left, side));
  const words = toasts(root);
  const video = playerView(left, { lesson: place });
  const { player } = video;
  const bare = { ...lesson, blocks: [], ribbon: null, questions: null, waits: null };
  let marks = said;

  const time = timeline(left, {
    player,
    lesson,
    on: {
      select(kind, id) {
        if (kind === "comment") panel.comment(id);
        if (kind === "clip") panel.clip(id);
      },
      clipChanged: (id, ends) => store.changeClip(id, ends),
      rangeDrawn: (ends) => panel.draw(ends),
    },
  });
  const panel = beside(side, { player, lesson, store, words, film: video.film, select: (kind, id) => time.select(kind, id) });
  const keys = keyboard(root, { ...moves(player, () => marks), ...panel.actions });
  const seen = watching(player, store);
  const shows = [video.show, time.show, ...panel.shows];

  function notesOf() {
    const { pins, clips } = marksOf(bare, store.notes);
    return { pins, clips };
  }

  function show() {
    marks = { ...said, ...notesOf() };
    for (const one of shows) one(marks);
  }

  function reread() {
    said = marksOf(lesson, null);
    show();
  }

  const refused = ({ detail }) => words.show(detail.sentence);
  const lost = () => words.say("No connection. What you write is kept here.");
  const back = () => words.say("The connection is back.");
  const events = { notes: show, lesson: reread, refused, offline: lost, online: back };
  for (const [name, act] of Object.entries(events)) store.addEventListener(name, act);
  // The picture first, then what takes longer, with room to breathe in between.
  marks = { ...said, ...notesOf() };
  const stop = inSlices(shows, (one) => one(marks));
  return () => {
    stop();
    for (const [name, act] of Object.entries(events)) store.removeEventListener(name, act);
    for (const part of [seen, keys, panel, time, video, words]) part.remove();
    root.replaceChildren();
  };
}
