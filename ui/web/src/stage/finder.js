// The transcript's search, with count and next and previous, and its filter to questions.

import { h, set, write } from "./dom.js";
import { found } from "./reading.js";
import { inSlices } from "./slices.js";
import { sign } from "./signs.js";

const WAIT_MS = 120;

/** @param act `go(hit)`, `draw(row)`: its words changed, `questions(only)` */
export function finder({ go, draw, questions }) {
  let [rows, hits, byRow, at, later, stop] = [[], [], new Map(), 0, null, () => {}];
  const field = h("input", {
    class: "input",
    type: "search",
    placeholder: "Search the transcript",
    "aria-label": "Search the transcript",
    autocomplete: "off",
    oninput: soon,
    onkeydown: keys,
  });
  const count = h("span", { class: "count", role: "status" });
  const step = (by, name, label) =>
    h(
      "button",
      { class: "ib s", type: "button", "aria-label": label, title: label, onclick: () => turn(by) },
      sign(name),
    );
  const steps = h(
    "span",
    { class: "steps", hidden: true },
    count,
    step(-1, "up", "Previous place"),
    step(1, "down", "Next place"),
  );
  const only = h("button", { class: "chip", type: "button", "aria-pressed": "false", hidden: true, onclick: filter });
  const element = h(
    "div",
    { class: "tools", role: "search" },
    h("div", { class: "search" }, sign("search"), field, steps),
    only,
  );

  function filter() {
    const on = only.getAttribute("aria-pressed") === "false";
    set(only, "aria-pressed", on);
    questions(on);
  }

  function soon() {
    clearTimeout(later);
    later = setTimeout(() => look(), WAIT_MS);
  }

  /** `stays`: the reader stays where they are. */
  function look(stays = false) {
    clearTimeout(later);
    const before = byRow;
    hits = found(rows, field.value);
    byRow = grouped(hits);
    at = stays ? Math.max(0, Math.min(at, hits.length - 1)) : 0;
    say();
    stop();
    // Where the first is, at once; the others as there is time.
    if (hits.length) draw(hits[0].row);
    stop = inSlices([...new Set([...before.keys(), ...byRow.keys()])], draw);
    if (hits.length && !stays) go(hits[0]);
  }

  function turn(by) {
    if (!hits.length) return;
    const before = hits[at];
    at = (at + by + hits.length) % hits.length;
    say();
    draw(before.row);
    draw(hits[at].row);
    go(hits[at]);
  }

  function say() {
    steps.hidden = !field.value.trim();
    write(count, hits.length ? `${at + 1} of ${hits.length}` : steps.hidden ? "" : "Not found");
    for (const button of steps.querySelectorAll("button")) button.disabled = hits.length < 2;
  }

  function keys(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (later && !hits.length) look();
      else turn(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (!field.value) return field.blur();
      field.value = "";
      look();
    }
  }

  return {
    element,
    /** Search these from now on; `stays` where they are the same lesson's, drawn anew. */
    of(given, asked, stays = false) {
      rows = given;
      only.hidden = !asked?.length;
      write(only, `Questions ${asked?.length ?? 0}`);
      if (field.value) look(stays);
    },
    hits: (row) => byRow.get(row) ?? [],
    get current() {
      return hits[at] ?? null;
    },
    focus() {
      field.focus();
      field.select();
    },
  };
}

function grouped(hits) {
  const made = new Map();
  for (const hit of hits) made.set(hit.row, [...(made.get(hit.row) ?? []), hit]);
  return made;
}
