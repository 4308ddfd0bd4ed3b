// The longest stretches of the teacher's talk, what students answered, and moments worth a look: candidates, no score.

import { h } from "../stage/dom.js";
import { clock } from "../stage/words.js";
import { momentList, playButton, section, sentences } from "./parts.js";

export function stretches({ measures }, { play }) {
  const found = measures.longest_teacher_talk;
  if (!found) return null;
  const longest = Math.max(1, ...found.moments.map(({ seconds }) => seconds));
  const row = (moment) => {
    const line = h("i");
    line.style.width = `${(100 * moment.seconds) / longest}%`;
    return h(
      "li",
      { class: "ex" },
      playButton(moment, play),
      h(
        "div",
        { class: "grow" },
        h("div", { class: "bar teacher", "aria-hidden": "true" }, line),
        moment.text && h("p", { class: "sm soft" }, `“${moment.text.replace(/^["“]|["”]$/g, "")}”`),
      ),
      h("b", { class: "num" }, clock(Math.round(moment.seconds))),
    );
  };
  return section(
    "Longest stretches of your talk",
    sentences([found]),
    found.moments.length > 0 &&
      h("div", { class: "card" }, h("ul", { "aria-label": "Your longest stretches" }, found.moments.map(row))),
    h("p", { class: "sm muted" }, "Whether that fits depends on what you were doing."),
    sentences([measures.turns]),
  );
}

const LOOKS = {
  student_response: "How long students’ answers were.",
  uptake: "Found by shared words, so some are chance; the likeliest come first. What did it lead to?",
  follow_up: "You took up what a student said, and asked an open question.",
  restating: "Restating can honour an answer, or stand in for one. You know which it was.",
};

export function students({ measures }, { play }) {
  const has = Object.keys(LOOKS).filter((name) => measures[name]);
  return (
    has.length > 0 &&
    section(
      "What students said, and what you made of it",
      has.map((name) => fold(measures[name], LOOKS[name], play)),
    )
  );
}

export function quiet({ measures: { silence, several_voices: several } }, { play }) {
  const some = [
    silence?.moments.length > 0 &&
      fold(
        { ...silence, title: "Stretches of silence, eight seconds or more" },
        "Quiet work, or a pause: the recording can’t tell.",
        play,
        false,
      ),
    several?.moments.length > 0 &&
      fold(
        { ...several, title: "Several voices at once, the longest" },
        "As far as one microphone can tell.",
        play,
        false,
      ),
  ].filter(Boolean);
  return some.length > 0 && section("Quiet, and several voices", some);
}

function fold(measure, hint, play, say = true) {
  const row = ({ seconds }) =>
    seconds > 1 && measure.unit === "s" && h("b", { class: "num" }, `${Math.round(seconds)} s`);
  return h(
    "div",
    { class: "in-fold" },
    say && sentences([measure]),
    measure.moments.length > 0 &&
      h(
        "details",
        { class: "in-more" },
        h(
          "summary",
          { "aria-label": say ? `Look at them: ${measure.title}` : null },
          say ? "Look at them" : measure.title,
        ),
        h("p", { class: "sm muted" }, hint),
        momentList(measure.moments, play, { label: measure.title, more: row, before: 1, after: 1 }),
      ),
  );
}
