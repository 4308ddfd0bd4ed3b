// The card "Make these numbers yours": how far somebody is, what it says so far, and the way to the clips.

import { h } from "../stage/dom.js";
import { answered } from "./round.js";
import { asleep, invitation, known, progress } from "./words.js";

const WHAT =
  "You listen and say who is talking. That is compared with the automatic labels, and tightens, or widens, the " +
  "ranges for your room. About four minutes.";

/**
 * @param state what calibration.json of the recording says
 * @returns {{show(state), remove()}}
 */
export function card(parent, { recording, state }) {
  const root = h("section", { class: "card ear-card", "aria-labelledby": "ear-card-h" });
  parent.append(root);

  function show(now) {
    const inside = now.unfit ? [h("p", { class: "soft" }, now.unfit)] : standing(recording, now);
    root.replaceChildren(
      h("p", { class: "eyebrow" }, "Make these numbers yours"),
      h("h3", { id: "ear-card-h" }, `Calibrate: label ${now.clips.length || 40} five-second clips`),
      ...inside,
    );
  }

  show(state);
  return { show, remove: () => root.remove() };
}

function standing(recording, now) {
  const [done, all] = [answered(now.said), now.clips.length];
  const bar = h("i");
  bar.style.width = `${(100 * done) / all}%`;
  return [
    h("p", { class: "soft" }, WHAT),
    h(
      "div",
      { class: "ear-row" },
      h(
        "div",
        { class: "ear-bar", role: "progressbar", "aria-label": "Clips answered", "aria-valuenow": done, "aria-valuemax": all },
        bar,
      ),
      h("b", {}, progress(now)),
    ),
    ...[known(now), asleep(now)].filter(Boolean).map((line) => h("p", { class: "soft" }, line)),
    h("a", { class: "btn", href: `/calibrate?recording=${encodeURIComponent(recording)}` }, invitation(now)),
  ];
}
