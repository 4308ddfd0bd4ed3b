// Who had the air: the sentences, the ribbon of the whole lesson, and what it was guessed to be.

import { h, svg } from "../stage/dom.js";
import { blocks, ticks } from "../stage/places.js";
import { BANDS, hatch, HEIGHT } from "../stage/ribbon.js";
import { clock } from "../stage/words.js";
import { amount } from "./shapes.js";
import { rangeBar, sentences } from "./parts.js";

const WIDE = 1000;
const NAMES = { teacher: "You", student: "One student", several: "Several voices", unknown: "Not sure who" };

export function talk({ measures, ribbon, recording, viewer }) {
  const [teacher, student, several, silence] = ["teacher_talk", "student_talk", "several_voices", "silence"].map(
    (n) => measures[n],
  );
  return h(
    "div",
    { class: "card in-talk" },
    sentences([teacher, student, several], teacher ? "stmt" : ""),
    ribbon && ribbonOf(ribbon, recording.duration, viewer.owner),
    guessOf(teacher),
    sentences([silence]),
  );
}

/** What they guessed beside what was heard. */
export function guessOf(measure) {
  if (!measure?.shown || measure.guess === null) return null;
  const { guess, unit, highest } = measure;
  return h(
    "div",
    { class: "in-guess" },
    h(
      "p",
      { class: "sm" },
      h("b", {}, `You guessed ${amount(guess, unit)}. `),
      h("span", { class: "soft" }, "The open circle is your guess; the bar is the plausible range."),
    ),
    rangeBar(measure),
    h(
      "div",
      { class: "scale", "aria-hidden": "true" },
      [0, highest / 2, highest].map((one) => h("span", {}, amount(one, unit))),
    ),
  );
}

function ribbonOf(ribbon, duration, own) {
  const kinds = Object.keys(BANDS).filter((kind) => ribbon[kind]?.length);
  const pattern = hatch();
  const paths = kinds.map((kind) => {
    const [top, height] = BANDS[kind];
    const path = svg("path", { class: kind, d: blocks(ribbon[kind], { scale: WIDE / (duration || 1), top, height }) });
    if (kind === "several") path.style.fill = pattern.fill;
    return path;
  });
  const line = svg("rect", { class: "quiet", y: HEIGHT / 2 - 1, width: "100%", height: 2 });
  const name = (kind) => (kind === "teacher" && !own ? "Teacher" : NAMES[kind]);
  const picture = svg(
    "svg",
    {
      class: "talk",
      viewBox: `0 0 ${WIDE} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `Talk over the whole lesson: ${kinds.map((kind) => name(kind).toLowerCase()).join(", ") || "none"}`,
    },
    pattern.defs,
    line,
    ...paths,
  );
  const marks = ticks(0, duration, 5).filter((t) => duration - t > duration / 12);
  const at = (text, t) => {
    const made = h("span", {}, text);
    made.style.left = `${(100 * t) / (duration || 1)}%`;
    return made;
  };
  return [
    picture,
    h(
      "div",
      { class: "in-axis", "aria-hidden": "true" },
      marks.map((t) => at(clock(t), t)),
      h("span", { class: "end" }, clock(duration)),
    ),
    h(
      "div",
      { class: "legend" },
      kinds.map((kind) => h("span", {}, h("i", { class: `sw ${kind}` }), name(kind))),
      h("span", {}, h("i", { class: "sw quiet" }), "Silence or quiet work"),
    ),
  ];
}
