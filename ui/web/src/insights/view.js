// All of it in order, drawn anew whenever it is another; what was opened stays open, and the focus where it was.

import { h, icon } from "../stage/dom.js";
import { sign } from "../stage/signs.js";
import { kinds } from "./kinds.js";
import { predictCard } from "./predict.js";
import { quiet, stretches, students } from "./moments.js";
import { talk } from "./talk.js";
import { trend } from "./trend.js";
import { waits } from "./waits.js";

/**
 * @param act `play(range)`, `predict(measure, value)`, `correct(correction)`; the last two tell whether it was taken
 * @param head whether the page's own head is wanted
 * @returns {{show(data), trend(found), calibration, remove()}}; `calibration` is the place of the card for it
 */
export function view(parent, { act, head }) {
  const root = h("div", { class: "in" });
  /** Somebody else's: it stays when the rest is drawn anew. */
  const calibration = h("div", { class: "in-calibration" });
  const over = h("div");
  const state = { wait: {}, kind: {} };
  let data = null;
  parent.append(root);

  const draw = (focus = null) => keeping(root, drawing, focus);

  function drawing() {
    const { ask, spoken } = data;
    const asks = ask && predictCard(ask, act);
    const play = act.play;
    const first = [
      h("div", { class: "in-first", tabIndex: -1 }, talk(data)),
      h("div", { class: "g2 in-cards" }, asks, calibration),
    ];
    const sections = spoken
      ? [
          ...(data.measures.teacher_talk ? first : first.toReversed()),
          waits(data, { play, state: state.wait }),
          kinds(data, { play, correct: act.correct, draw, state: state.kind }),
          stretches(data, { play }),
          students(data, { play }),
          quiet(data, { play }),
        ]
      : [
          h(
            "div",
            { class: "nothing" },
            h("h2", {}, "Not enough speech to say"),
            h("p", { class: "soft" }, "No speech was heard in this recording, so there is nothing to measure."),
          ),
        ];
    root.replaceChildren(...[head && headOf(data), note(data), ...sections, over].filter(Boolean));
  }

  return {
    calibration,
    show(given, focus) {
      data = given;
      draw(focus);
    },
    trend(found) {
      keeping(over, () => over.replaceChildren(trend(found, data.recording.id)));
    },
    remove: () => root.remove(),
  };
}

/** Draws `root` anew: what was opened stays open, and the focus goes to `focus` (a selector), or stays where it was. */
function keeping(root, draw, focus = null) {
  const opened = new Set([...root.querySelectorAll("details[open]>summary")].map(nameOf));
  const at = root.getRootNode().activeElement;
  const held = root.contains(at) ? keyOf(at) : null;
  draw();
  for (const summary of root.querySelectorAll("summary")) summary.parentElement.open = opened.has(nameOf(summary));
  const back = focus
    ? root.querySelector(focus)
    : held && [...root.querySelectorAll("[data-at],summary")].find((one) => keyOf(one) === held);
  back?.focus({ preventScroll: true });
}

/** By what an element is known again once it is drawn anew. */
const keyOf = (one) => one.dataset.at ?? (one.matches("summary") ? nameOf(one) : null);

const nameOf = (summary) => summary.getAttribute("aria-label") ?? summary.textContent;

function headOf({ recording, viewer, seen_by: seen }) {
  const { name, class: of, taught, owner } = recording;
  const day =
    taught &&
    new Date(`${taught}T12:00:00`).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "long" });
  return h(
    "header",
    { class: "in-head" },
    h(
      "nav",
      { class: "sl-crumbs", "aria-label": "Where you are" },
      h("a", { href: "/" }, "Lessons"),
      h("span", { "aria-hidden": "true" }, "/"),
      h("a", { href: `/review?recording=${encodeURIComponent(recording.id)}` }, name),
      h("span", { "aria-hidden": "true" }, "/"),
      h("span", {}, "Insights"),
    ),
    h(
      "div",
      { class: "row wrap" },
      h("h1", {}, "What the recording shows"),
      seenBy(viewer.owner ? whoSees(seen) : `${owner.called} lets you see these numbers`, seen.length || !viewer.owner),
    ),
    h(
      "p",
      { class: "lead" },
      `${[name, of, day].filter(Boolean).join(", ")}. These describe what the microphone heard. They aren’t a score, and nobody is ranked.`,
    ),
    !viewer.owner && h("p", { class: "sm soft" }, `The sentences are written to ${owner.called}: “you” is them.`),
  );
}

const seenBy = (words, shared) => h("span", { class: "pill" }, sign(shared ? "people" : "lock"), words);

const whoSees = (seen) =>
  seen.length
    ? `You and ${seen.length > 2 ? `${seen.length} others` : seen.join(" and ")} can see these numbers`
    : "Only you can see these numbers";

/** The limits of the recording come before the numbers. */
function note({ notes, advice }) {
  const [first, ...rest] = notes.length ? notes : ["The voices came through clearly enough for what follows."];
  const [strong, more] = splitFirst(first);
  return h(
    "div",
    { class: "in-note" },
    icon("sound"),
    h(
      "div",
      {},
      h(
        "p",
        {},
        notes.length > 0 ? h("strong", {}, strong) : strong,
        more,
        rest.map((line) => ` ${line}`),
      ),
      h(
        "details",
        {},
        h("summary", {}, "Where to put the phone next time"),
        h(
          "ul",
          {},
          advice.map((line) => h("li", {}, line)),
        ),
      ),
    ),
  );
}

function splitFirst(text) {
  const end = text.indexOf(". ") + 1;
  return end ? [text.slice(0, end), text.slice(end)] : [text, ""];
}
