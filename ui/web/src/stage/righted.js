// What was put right in a lesson, each with Undo, and what of it found no place in a newer transcript.

import { h, write } from "./dom.js";

/** @param back takes one back, by its id; returns `{show(), remove()}`, which reads the lesson */
export function righted(parent, lesson, back) {
  const title = h("summary");
  const list = h("ul", { role: "list" });
  const lost = h("div", { class: "lost" });
  const element = h("details", { class: "righted", hidden: true }, title, list, lost);
  parent.append(element);

  const row = ({ id, what }) =>
    h(
      "li",
      {},
      h("span", { class: "grow" }, what),
      h("button", { class: "lk", type: "button", "aria-label": `Undo: ${what}`, onclick: () => back(id) }, "Undo"),
    );

  return {
    show() {
      const { corrections = [], not_carried: without = [] } = lesson;
      const active = list.getRootNode().activeElement;
      const nth = [...list.querySelectorAll("button")].indexOf(active);
      element.hidden = !corrections.length && !without.length;
      write(
        title,
        `What you put right${corrections.length ? ` (${corrections.length})` : ""}${without.length ? `, ${without.length} not carried over` : ""}`,
      );
      // The last one first: it is the one that somebody wants to take back.
      list.hidden = !corrections.length;
      list.replaceChildren(...corrections.toReversed().map(row));
      lost.hidden = !without.length;
      lost.replaceChildren(
        h("p", {}, "The lesson was heard anew since, and these found no place in it:"),
        h(
          "ul",
          { role: "list" },
          without.map((sentence) => h("li", {}, sentence)),
        ),
      );
      if (nth >= 0)
        (list.querySelectorAll("button")[Math.min(nth, corrections.length - 1)] ?? title).focus({
          preventScroll: true,
        });
    },
    remove: () => element.remove(),
  };
}
