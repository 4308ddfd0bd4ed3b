// Clips under the ribbon: numbered bars; the chosen one has two handles, for the pointer and for arrows.

import { h, set, write } from "./dom.js";
import { drawn, moved } from "./places.js";
import { gestures, timeUnder } from "./pointer.js";
import { clock, span, spoken } from "./words.js";

/** Arrows move an end by this much, with Shift by a second. */
const NUDGE = 0.1;

/** After the last nudge the clip is told of once. */
const SETTLED_MS = 500;

/** The keys that move a handle, and how far. */
export function nudge({ key, shiftKey }) {
  const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[key];
  return way ? way * (shiftKey ? 1 : NUDGE) : 0;
}

/**
 * `on`: `choose(clip)`, `editing(clip)`, `preview(event, element, t)`, `done()`, `changed(id, {start, stop})`,
 * `drawn({start, stop})`. Without `cuts` no end moves, and none is drawn anew.
 */
export function clipbar(parent, { cuts, ...on }) {
  const element = h("div", { class: "clips hide-s" });
  parent.append(element);
  let [marks, width, chosen, settle, edit] = [null, 0, null, null, null];
  const handles = { start: handle("start"), stop: handle("stop") };
  const fresh = h("div", { class: "clip sel fresh", hidden: true });

  const scale = () => width / (marks.duration || 1);
  const clipOf = (id) => marks?.clips.find((clip) => clip.id === id) ?? null;
  /** The chosen clip as it is being changed. */
  const now = () => {
    const clip = clipOf(chosen);
    return clip && { ...clip, ...edit, moves: cuts && clip.mine };
  };

  function draw(given, wide) {
    [marks, width] = [given, wide];
    const kept = element.getRootNode().activeElement;
    element.replaceChildren(...marks.clips.map((clip, n) => bar(clip, n)), fresh, handles.start, handles.stop);
    if (kept === handles.start || kept === handles.stop) kept.focus();
    drawHandles();
  }

  function bar(clip, n) {
    const one = clip.id === chosen ? now() : clip;
    const name = h("em", {}, `${one.name} · ${span(one.start, one.stop)}`);
    const look = `clip${clip.id === chosen ? " sel" : ""}${clip.saving ? " saving" : ""}`;
    const made = h("div", { class: look, title: one.name }, h("b", {}, n + 1), clip.id === chosen && name);
    // Near the right edge the name stands on the bar's other side.
    made.classList.toggle("flip", one.stop > 0.7 * marks.duration);
    made.dataset.id = clip.id;
    lay(made, one);
    return made;
  }

  function lay(made, { start, stop }) {
    made.style.left = `${start * scale()}px`;
    made.style.width = `${Math.max(16, (stop - start) * scale())}px`;
  }

  function handle(end) {
    const label = end === "start" ? "Start" : "End";
    return h("div", {
      class: `grip ${end}`, role: "slider", tabindex: "0", hidden: true, "aria-valuemin": "0",
      "data-end": end, "data-label": label,
      onkeydown(event) {
        const by = nudge(event);
        if (!by) return;
        event.preventDefault();
        event.stopPropagation();
        move(end, now()[end] + by);
        clearTimeout(settle);
        settle = setTimeout(told, SETTLED_MS);
      },
    });
  }

  function drawHandles() {
    const clip = now();
    for (const [end, made] of Object.entries(handles)) {
      made.hidden = !clip?.moves;
      if (made.hidden) continue;
      const wide = Math.max(16, (clip.stop - clip.start) * scale());
      made.style.left = `${clip.start * scale() + (end === "stop" ? wide : 0)}px`;
      set(made, "aria-label", `${made.dataset.label} of clip ${clip.name}`);
      set(made, "aria-valuemax", Math.round(marks.duration));
      set(made, "aria-valuenow", clip[end].toFixed(1));
      set(made, "aria-valuetext", `${spoken(clip[end])}, ${clock(clip[end], true)}`);
    }
  }

  function move(end, t) {
    edit = moved(now(), end, t, marks.duration);
    const made = [...element.children].find(({ dataset }) => dataset.id === chosen);
    lay(made, edit);
    write(made.querySelector("em"), `${now().name} · ${span(edit.start, edit.stop)}`);
    drawHandles();
    on.editing(now());
  }

  /** What the marks say from now on counts again, also where the change was refused. */
  function told() {
    clearTimeout(settle);
    const [clip, ends] = [clipOf(chosen), edit];
    edit = null;
    if (clip && ends && (clip.start !== ends.start || clip.stop !== ends.stop)) on.changed(chosen, ends);
    if (marks) draw(marks, width);
    on.editing(now());
  }

  const at = (event) => timeUnder(element, event, 0, marks.duration);

  const quiet = gestures(element, (event) => {
    const end = event.target.dataset.end;
    if (end) {
      event.target.focus();
      return drag(end, at);
    }
    const id = event.target.closest(".clip")?.dataset.id;
    if (id) return { move() {}, end: () => on.choose(clipOf(id)) };
    return cuts ? drawRange(at(event)) : null;
  });

  /** An end of the chosen clip follows the pointer, here or on the strip: `when` gives the moment under it. */
  function drag(end, when) {
    const before = edit;
    return {
      move(event, over) {
        move(end, when(event));
        on.preview(event, over, now()[end]);
      },
      end(_, really) {
        on.done();
        if (really) told();
      },
      cancel() {
        edit = before;
        on.done();
        draw(marks, width);
        on.editing(now());
      },
    };
  }

  function drawRange(from) {
    let range = null;
    const finish = () => {
      fresh.hidden = true;
      on.done();
    };
    return {
      move(event, over) {
        range = drawn(from, at(event), marks.duration);
        fresh.hidden = !range;
        if (range) lay(fresh, range);
        on.preview(event, over, at(event));
      },
      end(_, really) {
        finish();
        if (really && range) on.drawn(range);
      },
      cancel: finish,
    };
  }

  return {
    element, draw, drag,
    get chosen() { return now(); },
    choose(id) {
      if (id !== chosen) told();
      chosen = id;
      if (marks) draw(marks, width);
    },
    /** Put the focus on the first handle of the chosen clip. */
    focus: () => handles.start.focus(),
    remove() {
      if (edit) told();
      quiet();
    },
  };
}
