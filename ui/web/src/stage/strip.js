// About 75 seconds round the player: a lane for each voice, waits, the waveform. Three windows' width is drawn at once
// and moved by transform; it is drawn again when the player leaves the drawn part.

import { h, still, svg } from "./dom.js";
import { SHORT, startedBy, within } from "./marks.js";
import { blocks, SPAN, ticks, windowAt } from "./places.js";
import { hatch } from "./ribbon.js";
import { bars, read } from "./waveform.js";
import { clock, length } from "./words.js";

const [LANE, WAVE] = [23, 28];

const PHONE = globalThis.matchMedia?.("(max-width: 760px)");

/** One bar of the waveform in so many pixels. */
const BAR = 4;

export function strip(parent, { media }) {
  const names = h("div", { class: "zl", "aria-hidden": "true" });
  const lanes = svg("svg", { class: "lanes" });
  const wave = svg("svg", { class: "wave", height: WAVE }, svg("path"));
  const [gaps, axis, active] = [h("div"), h("div", { class: "zaxis" }), h("i", { class: "now", hidden: true })];
  const grips = ["start", "stop"].map((end) => h("i", { class: `zgrip ${end}`, "data-end": end }));
  const clip = h("div", { class: "zclip", hidden: true }, grips);
  const paper = h("div", { class: "paper" }, lanes, wave, gaps, active, axis, clip);
  const head = h("i", { class: "ph" });
  const view = h("div", { class: "zi", "aria-hidden": "true" }, h("div", { class: "zcut" }, paper), head);
  const cone = svg("svg", { class: "cone hide-s", "aria-hidden": "true" }, svg("path"));
  const element = h("div", { class: "zoom" }, names, view);
  parent.append(cone, element);
  const pattern = hatch();
  let [marks, width, whole, left, sound] = [null, 0, 0, 0, null];
  /** What is drawn, what is seen of it, the span that is marked. */
  let [drawn, start, now, held, coned, chosen, asked] = [null, 0, null, false, null, null, false];

  const span = () => Math.min(SPAN, marks.duration || SPAN);
  const scale = () => width / span();

  /** A phone has no room for the waveform, and need not pay for it. */
  async function listen() {
    asked = true;
    const file = media.peaks ?? media.overview;
    if (!file) return;
    try {
      const answer = await fetch(file);
      sound = answer.ok ? read(await answer.arrayBuffer()) : null;
    } catch {
      // Without the waveform the lanes are still there.
    }
    if (drawn) paint();
  }

  function draw(given, sizes) {
    marks = given;
    [width, whole, left] = [sizes.strip, sizes.track, sizes.left];
    names.replaceChildren(...marks.lanes.map(({ kind, label }) => h("span", { class: kind }, label)));
    element.hidden = !useful();
    cone.style.display = useful() ? "" : "none";
    drawn = coned = now = null;
    if (!asked && !PHONE?.matches) listen();
  }

  const useful = () => marks.lanes.length > 0 || Boolean(media.peaks ?? media.overview);

  function paint() {
    const from = Math.max(0, start - span());
    const to = Math.min(marks.duration, start + 2 * span());
    drawn = { from, to };
    paper.style.width = `${(to - from) * scale()}px`;
    paintLanes(from, to);
    paintWave(from, to);
    paintWaits(from, to);
    const shown = ticks(from, to, Math.ceil(((to - from) * scale()) / 90));
    axis.replaceChildren(...shown.map((t) => at(h("span", { class: t ? null : "first" }, clock(t)), t)));
    layClip();
    place();
  }

  function paintLanes(from, to) {
    const wide = (to - from) * scale();
    lanes.setAttribute("height", LANE * marks.lanes.length);
    lanes.replaceChildren(pattern.defs, ...marks.lanes.flatMap(({ kind, spans }, n) => {
      const lane = { scale: scale(), from, top: LANE * n + 3, height: 17, round: 4 };
      const path = svg("path", { class: kind, d: blocks(within(spans, from, to), lane) });
      if (kind === "several") path.style.fill = pattern.fill;
      return n ? [svg("rect", { class: "rule", y: LANE * n, width: wide, height: 1 }), path] : [path];
    }));
  }

  function paintWave(from, to) {
    wave.style.display = sound ? "" : "none";
    if (!sound) return;
    const count = Math.round(((to - from) * scale()) / BAR);
    const path = bars(sound, from, to, count).map((height, n) => {
      const tall = Math.max(1, height * (WAVE - 4));
      return `M${n * BAR} ${((WAVE - tall) / 2).toFixed(1)}h2.600v${tall.toFixed(1)}h-2.600z`;
    });
    wave.firstChild.setAttribute("d", path.join(""));
  }

  function paintWaits(from, to) {
    const shown = marks.waits.filter((wait) => wait.seconds >= SHORT && wait.end > from && wait.start < to);
    gaps.replaceChildren(...shown.map((wait) => {
      const made = h("div", { class: `gap${wait.long ? " long" : ""}` }, h("b", {}, length(wait.seconds)));
      made.style.width = `${wait.seconds * scale()}px`;
      return at(made, wait.start);
    }));
  }

  function at(made, t) {
    made.style.left = `${((t - drawn.from) * scale()).toFixed(1)}px`;
    return made;
  }

  function place() {
    paper.style.transform = `translateX(${((drawn.from - start) * scale()).toFixed(2)}px)`;
  }

  /** The cone from the part on the ribbon to the strip; it moves by half pixels, which is seldom. */
  function drawCone() {
    const scaled = whole / (marks.duration || 1);
    const [a, b] = [start * scaled, (start + span()) * scaled].map((x) => Math.round(2 * x) / 2);
    if (coned === a) return;
    coned = a;
    cone.firstChild.setAttribute("d", `M${a} 0H${b}L${left + width} 11H${left}z`);
  }

  /** The span being heard, of several the one that began last. */
  function markNow(time) {
    if (now && now.start <= time && time < now.end) return;
    let found = null;
    marks.lanes.forEach(({ spans }, lane) => {
      const one = spans[startedBy(spans, time, ([begin]) => begin) - 1];
      if (one && one[1] > time && (!found || one[0] >= found.start)) found = { start: one[0], end: one[1], lane };
    });
    now = found;
    active.hidden = !found;
    if (!found) return;
    at(active, Math.max(found.start, drawn.from));
    active.style.top = `${LANE * found.lane + 3}px`;
    active.style.width = `${(Math.min(found.end, drawn.to) - Math.max(found.start, drawn.from)) * scale()}px`;
  }

  function layClip() {
    clip.hidden = !chosen || chosen.stop <= drawn?.from || chosen.start >= drawn?.to;
    if (clip.hidden || !drawn) return;
    at(clip, chosen.start);
    clip.classList.toggle("mine", Boolean(chosen.moves));
    clip.style.width = `${(chosen.stop - chosen.start) * scale()}px`;
  }

  return {
    element, view, draw,
    get start() { return start; },
    get end() { return start + span(); },
    get visible() { return !element.hidden; },
    /** While something is dragged the strip stays where it is. */
    hold(on) { held = on; },
    at(time) {
      if (element.hidden) return;
      if (!held) start = windowAt(time, marks.duration, { span: span(), start, smooth: !still() });
      if (!drawn || start < drawn.from || start + span() > drawn.to) {
        now = null;
        paint();
      } else place();
      head.hidden = time < start || time > start + span();
      head.style.transform = `translateX(${((time - start) * scale()).toFixed(2)}px)`;
      markNow(time);
      drawCone();
    },
    /** The chosen clip lies over the lanes; null takes it away. */
    clip(one) {
      chosen = one;
      layClip();
    },
  };
}
