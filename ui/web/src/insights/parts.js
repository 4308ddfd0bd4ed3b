// Small pieces that the sections are made of.

import { h } from "../stage/dom.js";
import { sign } from "../stage/signs.js";
import { clock } from "../stage/words.js";
import { pieces, placeOn, withheld } from "./shapes.js";

/** A section with a heading, which can be gone to: `Wait time` is `in-wait-time`. */
export const section = (title, ...children) =>
  h(
    "section",
    { class: "sec", id: `in-${title.toLowerCase().replaceAll(" ", "-")}`, tabIndex: -1 },
    h("h2", {}, title),
    children,
  );

/**
 * Measures that stand together: their sentences in a row, why some have no number, what the machine had before, and what
 * they are made of, to be opened.
 */
export function sentences(measures, look = "") {
  const all = measures.filter(Boolean);
  if (!all.length) return null;
  const shown = all.filter((one) => one.shown);
  return h(
    "div",
    { class: `in-measure ${look}` },
    shown.length > 0 &&
      h(
        "p",
        { class: "said" },
        shown.map(({ said }) => [marked(said), " "]),
      ),
    withheld(all).map(([why, titles]) => h("p", { class: "soft" }, h("b", {}, `${titles}. `), why)),
    all.map(({ before }) => before && h("p", { class: "sm muted" }, before)),
    howOf(all),
  );
}

/** A sentence with its number and its range set apart. */
const marked = (said) =>
  pieces(said).map(([text, look]) => (look ? h(look === "b" ? "b" : "span", { class: look }, text) : text));

function howOf(all) {
  const lines = all.map(({ title, made_of: made, sure }) => [
    title,
    [made, sure && `The range in brackets is 95% of what is plausible; it comes from ${sure}.`]
      .filter(Boolean)
      .join(" "),
  ]);
  const some = lines.filter(([, line], i) => line && lines.findIndex((other) => other[1] === line) === i);
  return (
    some.length > 0 &&
    h(
      "details",
      { class: "in-how" },
      h("summary", { "aria-label": `How this is known: ${all[0].title}` }, "How this is known"),
      some.map(([title, line]) => h("p", {}, h("b", {}, `${title}. `), line)),
    )
  );
}

/** A button that plays a moment. */
export const playButton = ({ start, end }, play, { before = 0, after = 0, about = "" } = {}) =>
  h(
    "button",
    {
      class: "time",
      type: "button",
      "aria-label": `Play ${clock(start)}${about && `, ${about}`}`,
      onclick: () => play({ start: Math.max(0, start - before), stop: Math.max(end, start + 1) + after }),
    },
    sign("play"),
    clock(start),
  );

/** Moments as a list: when, and what was said; those after the first `most` are to be opened. */
export function momentList(moments, play, { label, most = 5, more = null, ...around } = {}) {
  const row = (moment) =>
    h(
      "li",
      { class: "ex" },
      playButton(moment, play, around),
      h("p", { class: "grow" }, moment.text || "No words were recognized."),
      more?.(moment),
    );
  const list = (some) => h("ul", { "aria-label": label }, some.map(row));
  const rest = moments.slice(most);
  return [
    list(moments.slice(0, most)),
    rest.length > 0 && h("details", { class: "in-more" }, h("summary", {}, `${rest.length} more`), list(rest)),
  ];
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
