// Where a comment is written, at a moment or on a range. Typing stops the video, Enter saves and goes on.

import { cleaned, grow, LONGEST, pausing, readersChoice, typed } from "./writing.js";
import { clock, span, spoken } from "./words.js";
import { item, menu, view } from "./menu.js";
import { ends, rangeFrom, tenth } from "./moments.js";
import { h, listening, set, write } from "./dom.js";
import { lastBlock } from "./marks.js";
import { labelChoice } from "./labels.js";
import { momentField } from "./momentfield.js";
import { readers } from "./threads.js";
import { sign } from "./signs.js";

const KEEP_MS = 250;

/** What an empty composer holds. */
const fresh = () => ({ body: "", start: null, stop: null, audience: "author", labels: [] });

/**
 * @param on `saved(id)` when it was given to the store; `left()` when Escape was pressed
 * @returns {{show(marks), note(t), remove()}}
 */
export function composer(parent, { player, lesson, store, on = {} }) {
  const { on: hear, off } = listening();
  const who = readers(lesson);
  const hold = pausing(player);
  const { duration } = lesson.recording;
  let [held, marks, later, opened] = [{ ...fresh(), ...store.draft() }, null, null, false];

  const moment = h("button", {
    class: "time at",
    type: "button",
    onclick: () => held.start !== null && player.seek(held.start),
  });
  const range = h("button", { class: "lk sm full", type: "button", onclick: ranged }, "Make it a range");
  const from = momentField("Start of the range", { player, changed: (t) => moved("start", t) });
  const to = momentField("End of the range", { player, changed: (t) => moved("stop", t) });
  const fields = h(
    "span",
    { class: "fields", role: "group", "aria-label": "Range" },
    from.element,
    "–",
    to.element,
    h(
      "button",
      { class: "ib s", type: "button", "aria-label": "Only a moment", title: "Only a moment", onclick: single },
      sign("close"),
    ),
  );
  const audience = readersChoice(who, held.audience, (value) => {
    held.audience = value;
    keep();
    draw();
  });
  const lock = h("span", { class: "lock", "aria-hidden": "true" });
  const area = h("textarea", {
    rows: 1,
    maxLength: LONGEST,
    placeholder: "What do you notice here?",
    value: held.body,
  });
  let tags = labelChoice(lesson.codebooks, held.labels, {}, labelled);
  const status = h("p", { class: "xs grow", role: "status" });
  const again = h(
    "button",
    { class: "lk sm", type: "button", hidden: true, onclick: () => store.retry() },
    "Try again",
  );
  const own = h("button", { class: "lk sm", type: "button", "aria-expanded": "false", onclick: choose }, "Templates");
  const save = h("button", { class: "btn primary", type: "submit" }, "Save note");
  const form = h(
    "form",
    { class: "composer", "aria-label": "New comment" },
    h(
      "div",
      { class: "row top" },
      moment,
      range,
      fields,
      h("span", { class: "grow full" }),
      h("span", { class: "audience" }, lock, audience.element),
    ),
    h("div", { class: "box" }, area),
    tags.element,
    h("div", { class: "row foot-row" }, status, again, own, save),
  );
  parent.append(form);

  function keep() {
    clearTimeout(later);
    later = setTimeout(keepNow, KEEP_MS);
  }

  function keepNow() {
    clearTimeout(later);
    const empty = !held.body.trim() && held.stop === null && !held.labels.length;
    store.draft(empty ? null : held);
  }

  /** The moment is that of the first letter, not of the last. */
  function fix(t = player.time) {
    held.start ??= tenth(t);
  }

  function ranged() {
    fix();
    Object.assign(held, rangeFrom(held.start, marks && lastBlock(marks, held.start), duration));
    keep();
    draw();
    open(true);
    from.element.querySelector("input").focus();
  }

  function single() {
    held.stop = null;
    keep();
    draw();
    area.focus();
  }

  function moved(which, t) {
    Object.assign(held, ends({ ...held, [which]: t }, which, duration));
    keep();
    draw();
    return held[which];
  }

  function labelled() {
    held.labels = tags.chosen();
    fix();
    keep();
    draw();
  }

  function open(is) {
    opened = is;
    form.classList.toggle("open", opened || held.stop !== null || Boolean(held.body));
  }

  function draw() {
    audience.name();
    const at = held.start ?? player.time;
    const long = held.stop !== null;
    moment.hidden = range.hidden = long;
    fields.hidden = !long;
    if (long) {
      from.draw(held.start);
      to.draw(held.stop);
    }
    const words = `at ${clock(at)}`;
    write(moment, words);
    set(moment, "aria-label", held.start === null ? `At ${spoken(at)}` : `Go to ${spoken(at)}`);
    set(area, "aria-label", `Comment ${long ? `on ${span(held.start, held.stop)}` : words}`);
    save.disabled = !cleaned(held.body);
    lock.replaceChildren(sign(held.audience === "lesson" ? "people" : "lock"));
    open(opened);
    tell();
  }

  /** Who will read it; or, where it cannot be sent now, that the words are safe. */
  function tell(signedOut = false) {
    const waits = store.offline;
    again.hidden = !waits;
    status.classList.toggle("attn", waits);
    if (!waits) return write(status, who[held.audience].long);
    out ||= signedOut;
    write(
      status,
      out
        ? "You are signed out. What you write is kept here. Sign in again in another tab, then try again."
        : "No connection. What you write is kept here and sent when it is back.",
    );
  }
  let out = false;

  /** The texts of one's own: fetched when they are asked for first. */
  async function choose() {
    own.focus(); // not every browser does, and whoever leaves the form closes it
    try {
      texts ??= (await import("./templates.js")).templates(form, own, {
        requests: store.requests,
        area,
        said: () => cleaned(area.value),
        menus: { item, menu, view },
      });
      await texts.toggle();
    } catch {
      write(status, "Your templates can’t be reached. Try again in a moment.");
    }
  }
  let texts = null;

  function send(event) {
    event?.preventDefault();
    const body = cleaned(held.body);
    if (!body) return;
    const { start, stop, audience: readBy, labels } = held;
    const id = store.comment({
      start: start ?? tenth(player.time),
      ...(stop !== null && { stop }),
      body,
      audience: readBy,
      ...(labels.length && { labels }),
    });
    clear({ audience: readBy });
    hold.done();
    area.blur();
    on.saved?.(id);
  }

  /** Who reads it stays as it was chosen: notes are often written in a row. */
  function clear(more) {
    held = { ...fresh(), ...more };
    area.value = "";
    const other = labelChoice(lesson.codebooks, [], {}, labelled);
    tags.element.replaceWith(other.element);
    tags = other;
    opened = false;
    keepNow();
    draw();
    grow(area);
  }

  hear(form, "submit", send);
  hear(area, "input", () => {
    held.body = area.value;
    if (held.body.trim()) {
      fix();
      hold.typed();
    } else if (held.stop === null && !held.labels.length) held.start = null;
    keep();
    draw();
    grow(area);
  });
  hear(area, "keydown", (event) => {
    const meant = typed(event);
    if (!meant) return;
    event.preventDefault();
    event.stopPropagation();
    if (meant === "save") return send();
    hold.left();
    keepNow();
    area.blur();
    on.left?.();
  });
  // Only for the words: what opens moves, and a press on another part would miss it.
  hear(area, "focus", () => open(true));
  hear(form, "focusout", ({ relatedTarget }) => {
    if (relatedTarget && form.contains(relatedTarget)) return;
    keepNow();
    // A press on a chip has no focus on some phones: look again when it was done.
    setTimeout(() => form.contains(document.activeElement) || open(false), 150);
  });
  hear(window, "pagehide", keepNow);
  let second = -1;
  hear(player, "time", ({ detail: { now } }) => {
    if (held.start !== null || Math.floor(now) === second) return;
    second = Math.floor(now);
    draw();
  });
  hear(store, "offline online notes", () => {
    if (!store.offline) out = false;
    tell();
  });
  hear(store, "signedout", () => setTimeout(() => tell(true)));
  draw();
  if (held.body) grow(area);
  return {
    show(given) {
      marks = given;
    },
    /** Write at this moment: the words that are there already keep theirs. */
    note(t = player.time) {
      if (held.start === null || (!held.body.trim() && held.stop === null)) held.start = tenth(t);
      draw();
      area.focus();
    },
    /** The same for a range. */
    range(ends) {
      Object.assign(held, ends);
      draw();
      area.focus();
    },
    remove() {
      keepNow();
      off();
      texts?.remove();
      form.remove();
    },
  };
}
