// The words of a turn, to be written as they were said: a field for each utterance, in the place of the turn's words.

import { grow, typed } from "./writing.js";
import { h } from "./dom.js";
import { LONGEST_TEXT } from "./righting.js";
import { clock } from "./words.js";

/**
 * @param given the words that were left unsaved, by utterance; `act` `save(fields)` tells whether it was taken,
 *   `leave(fields)`, `typing()`; `fields` are `[{utterance, text}]`
 * @returns {{element, focus(t)}}
 */
export function wordsForm({ utterances }, given, act) {
  const areas = utterances.map((utterance) =>
    h("textarea", {
      rows: 1,
      maxLength: LONGEST_TEXT,
      value: given.get(utterance) ?? utterance.text,
      "aria-label": `What was said at ${clock(utterance.start)}`,
      oninput({ currentTarget }) {
        grow(currentTarget);
        act.typing();
      },
    }),
  );
  const fields = () => areas.map((area, i) => ({ utterance: utterances[i], text: area.value }));
  const save = h("button", { class: "btn sm primary", type: "submit" }, "Save");
  const element = h(
    "form",
    {
      class: "writing",
      "aria-label": "Fix the words",
      async onsubmit(event) {
        event.preventDefault();
        if (save.disabled) return;
        busy(true);
        if (!(await act.save(fields()))) busy(false);
      },
      onkeydown(event) {
        const meant = typed(event);
        if (!meant || event.target.tagName !== "TEXTAREA") return;
        event.preventDefault();
        event.stopPropagation();
        if (meant === "save") element.requestSubmit();
        else act.leave(fields());
      },
    },
    areas.map((area) => h("div", { class: "box" }, area)),
    h(
      "div",
      { class: "row" },
      save,
      h("button", { class: "btn sm quiet", type: "button", onclick: () => act.leave(fields()) }, "Cancel"),
      h("span", { class: "muted xs" }, "Enter saves, Esc leaves. An empty field says that nothing was said."),
    ),
  );

  function busy(is) {
    save.disabled = is;
    save.textContent = is ? "Saving…" : "Save";
    for (const area of areas) area.readOnly = is;
  }

  return {
    element,
    /** To the words at `t`, or the first. */
    focus(t) {
      areas.forEach(grow);
      const area = areas[utterances.findLastIndex(({ start }) => start <= t)] ?? areas[0];
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
      element.scrollIntoView({ block: "nearest" });
    },
  };
}
