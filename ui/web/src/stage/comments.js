// The comments beside the video: threads, nearest first or in order, and what may be done with them.

import { current, FILTERS, ordered, readers, threadsOf } from "./threads.js";
import { h, listening, set, write } from "./dom.js";
import { inSlices } from "./slices.js";
import { pausing } from "./writing.js";
import { threadView } from "./thread.js";

const NAMES = { all: "All", own: "Only you", open: "Open" };

/** Nobody can read a list that is sorted while it plays: it is when they stop, or go elsewhere. */
const SETTLED_MS = 350;

/**
 * @param on `deleted(id, words)`: offer to undo; `select(id)`: this one is looked at
 * @returns {{show(marks), focus(id), remove()}}; `show` reads the store's comments
 */
export function comments(parent, { player, lesson, store, on }) {
  const { on: hear, off } = listening();
  const hold = pausing(player);
  const context = { lesson, who: readers(lesson) };
  const filters = Object.keys(NAMES).map((name) =>
    h("button", { class: "chip", type: "button", "data-filter": name, onclick: () => choose(name) }),
  );
  const order = h(
    "select",
    { class: "order", "aria-label": "Order", onchange: () => draw(true) },
    h("option", { value: "near" }, "Nearest first"),
    h("option", { value: "time" }, "In order"),
  );
  const list = h("ol", { class: "threads", role: "list", "aria-label": "Comments" });
  const nothing = h("div", { class: "nothing", hidden: true });
  const root = h(
    "div",
    { class: "commenting" },
    h(
      "div",
      { class: "tools" },
      h("div", { class: "chips", role: "group", "aria-label": "Which comments" }, filters),
      h("span", { class: "grow" }),
      order,
    ),
    list,
    nothing,
    saved(lesson),
  );
  parent.append(root);
  const views = new Map();
  let [threads, filter, now, later, stop, stale] = [[], "all", null, null, () => {}, false];

  const act = {
    hold,
    seek({ start, id }) {
      player.seek(start);
      on.select?.(id);
    },
    edit: (comment, patch) => store.change(comment.id, patch),
    reply: (first, body) =>
      store.comment({
        parent: first.id,
        start: first.start,
        ...(first.stop !== null && { stop: first.stop }),
        audience: first.audience,
        body,
      }),
    resolve: (first, resolved) => store.change(first.id, { resolved }),
    share: (first, audience) => store.change(first.id, { audience }),
    remove(comment) {
      const next = views.get(comment.parent ?? comment.id)?.element.nextElementSibling;
      store.change(comment.id, { deleted: true });
      next?.focus({ preventScroll: true });
      on.deleted?.(comment.id);
    },
    retry: () => store.retry(),
    half: (comment, what, ...words) => store.halfWritten(comment.id, what, ...words),
  };

  function choose(name) {
    filter = name;
    draw(true);
  }

  /** Draw what changed; the order only where `sorted`, or where what is shown is not the same any more. */
  function draw(sorted = false) {
    stop();
    threads = threadsOf(store.notes.comments);
    for (const button of filters) {
      const name = button.dataset.filter;
      set(button, "aria-pressed", name === filter);
      write(button, `${NAMES[name]} ${threads.filter(FILTERS[name]).length}`);
    }
    const shown = ordered(threads, filter, order.value === "near" ? player.time : null);
    empty(shown.length);
    const kept = new Set(shown.map(({ root: { id } }) => id));
    for (const [id, { element }] of views) {
      if (kept.has(id)) continue;
      element.remove();
      views.delete(id);
    }
    const fresh = shown.some(({ root: { id } }) => !views.has(id));
    const move = (sorted || fresh) && !busy();
    stale = sorted && !move;
    stop = inSlices(
      shown,
      (thread, i) => {
        const view = viewOf(thread);
        view.draw(thread);
        if (view.element.parentNode && !move) return;
        if (list.children[i] !== view.element) list.insertBefore(view.element, list.children[i] ?? null);
      },
      mark,
    );
  }

  function viewOf({ root: { id } }) {
    if (!views.has(id)) views.set(id, threadView(act, context));
    return views.get(id);
  }

  // What somebody is reading by keyboard, or writes in, must not move away under them.
  const busy = () => [...views.values()].some((view) => view.busy);

  function empty(count) {
    nothing.hidden = count > 0;
    if (count) return;
    const may = lesson.viewer.may.includes("comment");
    nothing.replaceChildren(
      h("h2", {}, filter === "all" ? "Nothing noted yet" : filter === "own" ? "Nothing only for you" : "Nothing open"),
      h(
        "p",
        { class: "soft" },
        filter === "all" && may
          ? "Press N while it plays, and write what you notice."
          : filter === "all"
            ? "What others note and share appears here."
            : "All comments are one press away.",
      ),
    );
  }

  /** The thread that the player is at. */
  function mark() {
    const near = current(threads, player.time)?.root.id ?? null;
    if (near !== now) views.get(now)?.element.classList.remove("here");
    now = near;
    views.get(now)?.element.classList.add("here");
  }

  function settle() {
    clearTimeout(later);
    later = setTimeout(() => {
      if (root.offsetParent && order.value === "near" && player.paused) draw(true);
    }, SETTLED_MS);
  }

  let second = -1;
  hear(player, "time", ({ detail }) => {
    if (detail.jumped || player.paused) settle();
    if (Math.floor(detail.now) === second && !detail.jumped) return;
    second = Math.floor(detail.now);
    mark();
  });
  hear(player, "state", () => player.paused && settle());
  hear(list, "focusout", ({ relatedTarget }) => stale && !list.contains(relatedTarget) && settle());
  return {
    show: () => draw(),
    /** It came into view. */
    opened: () => draw(true),
    focus(id) {
      const first = store.notes.comments.find((one) => one.id === id)?.parent ?? id;
      if (!threads.filter(FILTERS[filter]).some(({ root: one }) => one.id === first)) choose("all");
      requestAnimationFrame(() => views.get(first)?.focus());
    },
    remove() {
      clearTimeout(later);
      stop();
      off();
      root.remove();
    },
  };
}

/** The comments as files, for whoever may keep files of the lesson. */
function saved({ recording, viewer }) {
  if (!viewer.may.includes("download")) return null;
  const file = (kind, words) =>
    h("a", { class: "lk", href: `/recordings/${recording.id}/comments.${kind}`, download: "" }, words);
  return h(
    "p",
    { class: "muted xs saved" },
    "Save the comments: ",
    file("csv", "CSV"),
    " or ",
    file("jsonld", "Web Annotations"),
    ".",
  );
}
