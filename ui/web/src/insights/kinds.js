// Questions by kind: bars to choose from, examples, and another kind where the machine's is wrong.

import { h } from "../stage/dom.js";
import { asQuestion, KINDS } from "../stage/righting.js";
import { byKind } from "./shapes.js";
import { guessOf } from "./talk.js";
import { momentList, section, sentences } from "./parts.js";

const SHOWN = 8;

/** @param state keeps which kind is chosen, `{kind}`; `correct(correction)` puts right */
export function kinds({ measures, questions, viewer }, { play, correct, draw, state }) {
  const [count, open, reasons] = ["questions", "open_share", "reason_questions"].map((n) => measures[n]);
  if (!count && !questions) return null;
  const may = viewer.may.includes("correct");
  return section(
    "Questions by kind",
    sentences([count, open, reasons]),
    [count, open].some((m) => m?.shown && m.guess !== null) &&
      h("div", { class: "card" }, guessOf(count), guessOf(open)),
    questions?.length > 0 && parts(),
  );

  function parts() {
    const known = questions[0].kind !== null;
    if (!known)
      return h("div", { class: "card" }, momentList(questions, play, { label: "Your questions", most: SHOWN }));
    const found = byKind(questions);
    const chosen = found.find(({ kind }) => kind === state.kind) ?? found[0];
    const bar = (one) => {
      const line = h("i");
      line.style.width = `${one.width}%`;
      return h(
        "button",
        {
          class: "k",
          type: "button",
          "aria-pressed": one === chosen ? "true" : "false",
          onclick() {
            state.kind = one.kind;
            draw(`.k[data-kind="${one.kind}"]`);
          },
          "data-kind": one.kind,
        },
        h("span", {}, one.label),
        h("span", { class: "bar" }, line),
        h("b", {}, one.asked.length),
      );
    };
    return h(
      "div",
      { class: "g2" },
      h(
        "div",
        { class: "card kinds" },
        h("div", { role: "group", "aria-label": "Kinds of questions" }, found.map(bar)),
        h(
          "p",
          { class: "sm muted" },
          "Showing examples of ",
          h("b", {}, chosen.label),
          ". Select a bar to see others. ",
          "Labels are suggestions",
          may ? "; change any that look wrong." : ".",
        ),
      ),
      h(
        "div",
        { class: "card" },
        momentList(chosen.asked, play, {
          label: `Questions: ${chosen.label}`,
          most: SHOWN,
          more: may ? chooser : label,
        }),
      ),
    );
  }

  function label(question) {
    return h("span", { class: "q", title: question.why }, question.label);
  }

  function chooser(question) {
    const choose = h(
      "select",
      {
        class: "q",
        "aria-label": `Kind of “${question.text}”`,
        title: question.corrected ? "You said so" : question.why,
        "data-at": question.start,
        async onchange() {
          choose.disabled = true;
          if (!(await correct(asQuestion(question, choose.value)))) {
            choose.value = question.kind;
            choose.disabled = false;
          }
        },
      },
      [...KINDS.map(([kind, words]) => [kind, words]), ["", "Not a question"]].map(([value, words]) =>
        h("option", { value }, value === question.kind ? question.label : words),
      ),
    );
    choose.value = question.kind;
    return choose;
  }
}
