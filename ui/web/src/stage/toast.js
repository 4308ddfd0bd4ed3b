// A short word at the foot of the page, with Undo; and words for whoever listens.

import { h, write } from "./dom.js";

const STAYS_S = 8;

/** @returns {{say(text), show(text, {label, act}), remove()}} */
export function toasts(parent) {
  const live = h("p", { class: "sr", role: "status" });
  const place = h("div", { class: "toasts" });
  parent.append(live, place);
  let [later, last] = [null, null];
  const say = (text) => write(live, text === live.textContent ? `${text}\u00a0` : text);
  const hide = () => {
    clearTimeout(later);
    last?.remove();
    last = null;
  };
  // Nobody has to hurry who is on their way to the button.
  const wait = () => {
    clearTimeout(later);
    later = setTimeout(hide, STAYS_S * 1000);
  };
  return {
    say,
    show(text, undo = null) {
      hide();
      const act = () => {
        hide();
        undo.act();
      };
      last = h(
        "div",
        {
          class: "toast",
          onpointerenter: () => clearTimeout(later),
          onpointerleave: wait,
          onfocusin: () => clearTimeout(later),
          onfocusout: wait,
        },
        h("span", {}, text),
        undo && h("button", { class: "lk", type: "button", onclick: act }, undo.label),
      );
      place.append(last);
      say(undo ? `${text} ${undo.label} is at the end of the page.` : text);
      wait();
    },
    remove() {
      hide();
      live.remove();
      place.remove();
    },
  };
}
