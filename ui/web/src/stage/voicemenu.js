// What may be said of the voice of a turn, and of the kind of a question: the views of their menus.

import { h } from "./dom.js";
import { item, view } from "./menu.js";
import {
  asName,
  asQuestion,
  asRole,
  factsOf,
  KINDS,
  LONGEST_NAME,
  oneLine,
  saidBy,
  sameAs,
  voicesOf,
} from "./righting.js";
import { sign } from "./signs.js";

/**
 * @param act `go(view)` shows another one, `say(correction)` puts it right, `fix()` opens the words, `hear(sample)` plays
 */
export function voiceView(block, lesson, act) {
  const voices = voicesOf(lesson);
  const own = lesson.speakers.find(({ id }) => id === block.speaker) ?? {
    id: block.speaker,
    role: "unknown",
    label: block.label,
    name: "",
  };
  const others = voices.filter(({ id }) => id !== own.id);
  const first = () => act.go(top());
  const role = (name, words) => own.role !== name && item(words, () => act.say(asRole(own.id, name)));

  function top() {
    return view(
      `${own.label}, in the whole lesson`,
      [
        role("teacher", "This is the teacher"),
        role("student", "This is a student"),
        item("Rename…", () => act.go(rename())),
        others.length > 0 &&
          item("The same voice as…", () =>
            act.go(list("The same voice as", (voice) => act.say(sameAs(own.id, voice.id)))),
          ),
        h("div", { class: "mh" }, h("b", {}, "Only this turn")),
        item("Somebody else said this…", () =>
          act.go(
            list("Who said this?", (voice) => act.say(saidBy(block, voice.id)), [
              item("A voice of its own", () => act.say(saidBy(block, null)), { hint: "None of these" }),
            ]),
          ),
        ),
        item("Fix the words", act.fix),
      ].filter(Boolean),
    );
  }

  function rename() {
    const field = h("input", {
      class: "input",
      "aria-label": "Name of this voice",
      maxLength: LONGEST_NAME,
      value: own.name,
      autocomplete: "off",
      placeholder: own.label,
    });
    const form = h(
      "form",
      {
        class: "mf",
        onsubmit(event) {
          event.preventDefault();
          const name = oneLine(field.value);
          if (name === own.name) return act.go(top());
          act.say(asName(own.id, name));
        },
      },
      field,
      h(
        "p",
        { class: "muted xs" },
        "Whoever may see the lesson reads this name. It is best not to name students.",
        own.name && " An empty name takes it away.",
      ),
      h("button", { class: "btn sm primary", type: "submit" }, "Rename"),
    );
    return view(`Rename ${own.label}`, form, first);
  }

  function list(title, choose, more = []) {
    const rows = others.map((voice) =>
      h(
        "div",
        { class: "mv" },
        item(voice.label, () => choose(voice), { hint: factsOf(voice), swatch: voice.kind }),
        h(
          "button",
          {
            class: "ib s",
            type: "button",
            title: "Hear this voice",
            "aria-label": `Hear ${voice.label}, ${factsOf(voice)}`,
            onclick: () => act.hear(voice.sample),
          },
          sign("play"),
        ),
      ),
    );
    return view(title, [...rows, ...more], first);
  }

  return top();
}

export function questionView(question, act) {
  return view("What kind of question is it?", [
    ...KINDS.map(([kind, words, example]) =>
      item(words, () => (kind === question.kind ? act.leave() : act.say(asQuestion(question, kind))), {
        hint: example,
        now: kind === question.kind,
      }),
    ),
    item("Not a question", () => act.say(asQuestion(question, ""))),
  ]);
}
