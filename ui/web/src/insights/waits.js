// Wait time: the usual one, and all of them in steps of half a second; each bar opens its moments.

import { h } from "../stage/dom.js";
import { binName, bins, LAST_S, LONG_S, STEP_S } from "./shapes.js";
import { guessOf } from "./talk.js";
import { momentList, section, sentences } from "./parts.js";

/** A wait is played with what was asked, and how the answer begins. */
const AROUND = { before: 3, after: 2 };

/** @param state keeps which bar is open, `{bar}` */
export function waits({ measures }, { play, state }) {
  const [first, long, second, later] = ["wait_time_1", "wait_time_1_long", "wait_time_2", "wait_time_2_long"].map(
    (n) => measures[n],
  );
  if (!first && !second) return null;
  const list = (moments, label) => momentList(moments, play, { label, more: seconds, most: 12, ...AROUND });
  // Where the usual wait is withheld, the histogram's shape would say what the number may not.
  const single = first && !first.shown && first.moments.length > 0;
  return section(
    "Wait time",
    sentences([first, long]),
    first?.shown && h("div", { class: "card" }, guessOf(first), histogram(first.moments, list, state)),
    single &&
      h(
        "div",
        { class: "card" },
        h("p", { class: "sm muted" }, "The waits that were heard, one by one."),
        list(first.moments, "Waits after a question"),
      ),
    [
      sentences([second, later]),
      second?.moments.length > 0 &&
        h(
          "details",
          { class: "in-more" },
          h("summary", {}, "Waits after a student, the longest first"),
          list(second.moments.toSorted((a, b) => b.seconds - a.seconds).slice(0, 12), "Waits after a student"),
        ),
    ],
  );
}

const seconds = ({ seconds: s }) =>
  h("b", { class: "num" }, s < STEP_S ? "under 0.5 s" : `${(Math.floor(s * 10) / 10).toFixed(1)} s`);

function histogram(moments, list, state) {
  const bars = bins(moments);
  const inside = h("div", {
    class: "in-inside",
    id: "in-bar-moments",
    role: "region",
    "aria-label": "Moments of the bar",
    hidden: true,
  });
  const buttons = bars.map((bar, i) => {
    const made = h(
      "button",
      {
        type: "button",
        class: bar.long ? "l" : "",
        disabled: !bar.moments.length,
        "aria-label": binName(bar),
        "aria-expanded": "false",
        "aria-controls": inside.id,
        onclick: () => open(state.bar === i ? null : i),
      },
      h("i"),
      h("span", {}, bar.moments.length || ""),
    );
    made.style.setProperty("--high", `${bar.height}%`);
    return made;
  });

  function open(i) {
    state.bar = i;
    buttons.forEach((one, n) => one.setAttribute("aria-expanded", String(n === i)));
    const bar = bars[i];
    inside.hidden = !bar?.moments.length;
    inside.replaceChildren(
      ...(inside.hidden ? [] : [h("h3", {}, binName(bar)), ...list(bar.moments, binName(bar)).filter(Boolean)]),
    );
  }

  const three = h("i", { class: "three", "aria-hidden": "true" }, h("em", {}, "3 s"));
  const share = (at) => `${(100 * at) / (LAST_S + STEP_S)}%`;
  three.style.left = share(LONG_S);
  const axis = [0, 1, 2, 3, 4, 5, 6].map((s) => {
    const made = h("span", {}, s === LAST_S ? "6 s +" : `${s} s`);
    made.style.left = share(s);
    return made;
  });
  open(state.bar ?? null);
  return [
    h(
      "div",
      { class: "hist", role: "group", "aria-label": "Wait time after your questions, half-second steps" },
      buttons,
      three,
    ),
    h("div", { class: "hx", "aria-hidden": "true" }, axis),
    h("p", { class: "sm muted" }, "Each bar opens the moments inside it. Waits under half a second are often missed."),
    inside,
  ];
}
