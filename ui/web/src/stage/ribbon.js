// The whole lesson at a glance: who talks (teacher above the line, students below, several voices across it),
// questions, comments, the part that the strip shows, and where the player is. Drawn again only when the data or the
// width changed; the player moves two elements by transform.

import { h, set, svg } from "./dom.js";
import { clusters, nearest } from "./marks.js";
import { blocks, PIN, ticks } from "./places.js";
import { clock } from "./words.js";

export const HEIGHT = 36;

/** Where each kind lies on the ribbon: its top and height. */
export const BANDS = { teacher: [0, HEIGHT / 2], student: [HEIGHT / 2, HEIGHT / 2], unknown: [12, 12], several: [0, HEIGHT] };

/** So near to the player a comment is the one being talked about, in seconds. */
const NEAR = 20;

let drawings = 0;

/** A hatch for several voices, which colour alone must not tell. */
export function hatch() {
  const id = `hatch-${++drawings}`;
  const size = { width: 6.5, height: 6.5 };
  const pattern = svg("pattern", { id, ...size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { class: "several", ...size }), svg("rect", { class: "stripe", ...size, x: 4, width: 2.5 }));
  return { defs: svg("defs", {}, pattern), fill: `url(#${id})` };
}

export function ribbon(parent) {
  const pins = h("div", { class: "pins" });
  const questions = svg("svg", { class: "qrow", "aria-hidden": "true" });
  const talk = svg("svg", { class: "talk", "aria-hidden": "true", preserveAspectRatio: "none" });
  const empty = h("span", { class: "no-talk", hidden: true }, "No speech found");
  const win = h("i", { class: "win" });
  const head = h("i", { class: "ph bare" });
  const named = { role: "slider", tabindex: "0", "aria-label": "Lesson timeline", "aria-valuemin": "0" };
  const slider = h("div", { class: "ribbon", ...named }, talk, empty, win, head);
  const axis = h("div", { class: "axis", "aria-hidden": "true" });
  const element = h("div", { class: "track" }, h("div", { "aria-hidden": "true" }, pins, questions), slider, axis);
  parent.append(element);
  const pattern = hatch();
  let [marks, width, current, chosen] = [null, 0, null, null];

  function draw(given, wide) {
    const same = given.ribbon === marks?.ribbon && wide === width;
    marks = given;
    width = wide;
    set(slider, "aria-valuemax", Math.round(marks.duration));
    if (!same) drawTalk();
    drawQuestions();
    drawAxis();
    drawPins();
  }

  const scale = () => width / (marks.duration || 1);

  function drawTalk() {
    const kinds = Object.entries(BANDS).filter(([kind]) => marks.ribbon?.[kind]?.length);
    const paths = kinds.map(([kind, [top, height]]) => {
      const path = svg("path", { class: kind, d: blocks(marks.ribbon[kind], { scale: scale(), top, height }) });
      if (kind === "several") path.style.fill = pattern.fill;
      return path;
    });
    talk.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const line = svg("rect", { class: "quiet", y: HEIGHT / 2 - 1, width: "100%", height: 2 });
    talk.replaceChildren(pattern.defs, line, ...paths);
    empty.hidden = !marks.ribbon || kinds.length > 0;
  }

  function drawQuestions() {
    const path = (open) => marks.questions.filter((one) => Boolean(one.open) === open)
      .map(({ start }) => `M${(start * scale()).toFixed(1)} 1.700l4.800 4.800-4.800 4.800-4.800-4.800z`).join("");
    const drawn = [false, true].map((open) => svg("path", { class: open ? "open" : "other", d: path(open) }));
    questions.replaceChildren(...drawn);
  }

  function drawAxis() {
    const { duration } = marks;
    const room = Math.max(2, Math.floor(width / 80));
    // A mark just before the end would run into the lesson's length.
    const shown = ticks(0, duration, room).filter((t) => (duration - t) * scale() > 46);
    const minutes = duration >= 300;
    axis.replaceChildren(...shown.map((t) => at(h("span", {}, t && minutes ? String(t / 60) : clock(t)), t)),
      h("span", { class: "end" }, clock(duration)));
  }

  function at(made, t) {
    made.style.left = `${t * scale()}px`;
    return made;
  }

  function drawPins() {
    current = null;
    pins.replaceChildren(...clusters(marks.pins, PIN / scale()).map((heap) => {
      const sign = heap.pins.length > 1 ? heap.pins.length : heap.pins[0].comment.initials;
      const made = at(h("span", { class: `pin ${lookOf(heap.pins)}` }, h("span", {}, sign)), heap.start);
      made.ids = heap.pins.map(({ comment }) => comment.id);
      return made;
    }));
  }

  function markCurrent(time) {
    const id = chosen ?? nearest(marks.pins, time, NEAR)?.comment.id ?? null;
    if (id === current) return;
    current = id;
    for (const pin of pins.children) pin.classList.toggle("cur", pin.ids.includes(id));
  }

  return {
    element, slider, draw,
    /** The player is at `time`. */
    at(time) {
      head.style.transform = `translateX(${(time * scale()).toFixed(2)}px)`;
      markCurrent(time);
    },
    /** The strip shows this part. */
    show(from, to, visible) {
      win.hidden = !visible;
      win.style.width = `${Math.max(8, (to - from) * scale()).toFixed(1)}px`;
      win.style.transform = `translateX(${(from * scale()).toFixed(2)}px)`;
    },
    /** This comment was chosen; null for none. */
    choose(id) {
      chosen = id;
    },
    say(time, words) {
      set(slider, "aria-valuenow", Math.round(time));
      set(slider, "aria-valuetext", words);
    },
  };
}

/** Filled where it is shared, hollow where only its author sees it; quiet when resolved; faint until it is saved. */
function lookOf(pins) {
  const all = (is) => pins.every(({ comment }) => is(comment));
  const some = (is) => pins.some(({ comment }) => is(comment));
  return [
    all((one) => one.resolved) ? "done" : all((one) => one.audience === "author") ? "pv" : "",
    all((one) => one.saving) && "saving", some((one) => one.failed) && "failed", pins.length > 1 && "many",
  ].filter(Boolean).join(" ");
}

/** What the colours mean. */
export function legend(parent) {
  const element = h("div", { class: "tl-top hide-s", "aria-hidden": "true" });
  parent.append(element);
  const one = (look, words, tag = "i") => h("span", {}, h(tag, { class: look }), words);
  return {
    draw(marks) {
      const names = { several: "Several voices", unknown: "Not sure who" };
      element.hidden = !marks.ribbon;
      const voices = marks.lanes.map(({ kind, label }) => one(`sw ${kind}`, names[kind] ?? label));
      const asked = marks.questions.length ? [one("qm op", "Open or press question"), one("qm", "Other question")] : [];
      element.replaceChildren(
        h("div", { class: "legend" }, voices, one("sw quiet", "Silence")), h("div", { class: "legend" }, asked));
    },
  };
}
