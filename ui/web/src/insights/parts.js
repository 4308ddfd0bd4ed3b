// Small pieces that the sections are made of.

import { h } from "../stage/dom.js";
import { sign } from "../stage/signs.js";
import { clock } from "../stage/words.js";
import { pieces, placeOn } from "./shapes.js";

/** A sentence with its number and its range set apart. */
export const said = (sentence, properties = {}) =>
  h("p", properties, pieces(sentence).map(([text, look]) => (look ? h(look === "b" ? "b" : "span", { class: look }, text) : text)));

/** A section with a heading, which can be gone to: `Wait time` is `in-wait-time`. */
export const section = (title, ...children) =>
  h("section", { class: "sec", id: `in-${title.toLowerCase().replaceAll(" ", "-")}`, tabIndex: -1 }, h("h2", {}, title), children);

/** A measure: its sentence, or why there is none; what the machine had before; and what it is made of, to be opened. */
export function sentenceOf(measure, look = "") {
  if (!measure) return null;
  const reason = !measure.shown && h("p", { class: "soft" }, h("b", {}, `${measure.title}. `), measure.said);
  return h("div", { class: `in-measure ${look}` },
    reason || said(measure.said, { class: "said" }),
    measure.before && h("p", { class: "sm muted" }, measure.before),
    (measure.made_of || measure.sure) &&
      h("details", { class: "in-how" },
        h("summary", { "aria-label": `How this is known: ${measure.title}` }, "How this is known"),
        measure.made_of && h("p", {}, measure.made_of),
        measure.sure && h("p", {}, `The range is 95% of what is plausible. It comes from ${measure.sure}.`)));
}

/** A button that plays a moment. */
export const playButton = ({ start, end }, play, { before = 0, after = 0, about = "" } = {}) =>
  h("button", {
    class: "time", type: "button", "aria-label": `Play ${clock(start)}${about && `, ${about}`}`,
    onclick: () => play({ start: Math.max(0, start - before), stop: Math.max(end, start + 1) + after }),
  }, sign("play"), clock(start));

/** Moments as a list: when, and what was said; those after the first `most` are to be opened. */
export function momentList(moments, play, { label, most = 5, more = null, ...around } = {}) {
  const row = (moment) =>
    h("li", { class: "ex" },
      playButton(moment, play, around),
      h("p", { class: "grow" }, moment.text || "No words were recognized."),
      more?.(moment));
  const list = (some) => h("ul", { "aria-label": label }, some.map(row));
  const rest = moments.slice(most);
  return [list(moments.slice(0, most)),
    rest.length > 0 && h("details", { class: "in-more" }, h("summary", {}, `${rest.length} more`), list(rest))];
}

/** The plausible range as a bar, the value in it, and the guess as an open circle. */
export function rangeBar({ value, low, high, guess, highest }) {
  const at = (one) => `${placeOn(one, highest)}%`;
  const bar = low !== null && h("i");
  const [dot, circle] = [h("b"), guess !== null && h("u")];
  if (bar) Object.assign(bar.style, { left: at(low), width: `${placeOn(high, highest) - placeOn(low, highest)}%` });
  dot.style.left = at(value);
  if (circle) circle.style.left = at(guess);
  return h("div", { class: "range", "aria-hidden": "true" }, bar, dot, circle);
}
