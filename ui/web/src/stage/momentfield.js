// A moment as a field: typed, moved by the arrows, or set to where the player is.

import { h } from "./dom.js";
import { momentOf, tenth } from "./moments.js";
import { clock, spoken } from "./words.js";

/**
 * @param name what the moment is, as `Start`; `changed(t)` answers with what it became
 * @returns {{element, draw(t)}}
 */
export function momentField(name, { player, changed }) {
  let value = 0;
  const field = h("input", {
    class: "moment",
    inputMode: "decimal",
    autocomplete: "off",
    "aria-label": name,
    size: 7,
    onchange: () => set(momentOf(field.value) ?? value),
    onkeydown(event) {
      const by = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 }[event.key];
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Enter") return set(momentOf(field.value) ?? value);
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      set(value + by * (event.shiftKey ? 10 : 1));
    },
  });
  const here = h(
    "button",
    {
      class: "lk sm",
      type: "button",
      "aria-label": `${name} at this moment`,
      title: "Where the video is now",
      onclick: () => set(player.time),
    },
    "now",
  );
  const draw = (t) => {
    value = t;
    field.value = clock(t, true);
    field.title = `${name}: ${spoken(t)}. Up and down move it by a tenth of a second.`;
  };
  function set(t) {
    draw(changed(tenth(t)));
    player.seek(value);
  }
  return { element: h("span", { class: "moment-field" }, field, here), draw };
}
