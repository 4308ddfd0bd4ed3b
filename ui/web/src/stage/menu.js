// A menu of a button in a list that scrolls: its panel is made when it is opened, and shows one view after the other.

import { floating } from "./popover.js";
import { h } from "./dom.js";
import { scrollerOf } from "./following.js";
import { sign } from "./signs.js";

/** Room that the tools at the list's top take. */
const TOOLS = 60;

/**
 * @param gone called when it is closed, however
 * @returns {{button, go(view), close()}}; `go` shows another view, an element
 */
export function menu(parent, button, label, gone) {
  const body = h("div", { class: "menu", onkeydown: arrows });
  const pop = floating(parent, button, body, { label, place: near, closed });
  function closed() {
    pop.remove();
    gone();
  }
  return {
    button,
    go(view) {
      body.replaceChildren(view);
      pop.show(true);
      (body.querySelector("input") ?? body.querySelector(".mi")).focus({ preventScroll: true });
      pop.element.scrollIntoView({ block: "nearest" });
    },
    close() {
      // Whoever has gone elsewhere meanwhile is not called back.
      if (body.contains(body.getRootNode().activeElement)) button.focus({ preventScroll: true });
      pop.show(false);
    },
  };
}

/** Up and down go from one to the next, as Tab does. */
function arrows(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way || event.target.tagName === "INPUT") return;
  event.preventDefault();
  event.stopPropagation();
  const all = [...event.currentTarget.querySelectorAll("button")];
  all.at((all.indexOf(event.target) + way) % all.length)?.focus();
}

/** Under its button, or over it where there is more room. */
function near(element, button, parent) {
  const [at, room] = [button, parent].map((one) => one.getBoundingClientRect());
  const scroller = scrollerOf(parent);
  const view =
    scroller === document.scrollingElement ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
  const [under, over] = [view.bottom - at.bottom, at.top - view.top - TOOLS];
  const high = element.offsetHeight + 6;
  const top = under >= high || under >= over ? at.bottom + 4 : at.top - high;
  element.style.top = `${top - room.top}px`;
  element.style.left = `${Math.max(8, Math.min(at.left - room.left - 8, room.width - element.offsetWidth - 8))}px`;
}

/** One thing to choose; `now`: it is so already. */
export function item(words, onclick, { hint = "", swatch = null, now = false, label = null } = {}) {
  return h(
    "button",
    { class: "mi", type: "button", "aria-label": label, "aria-current": now ? "true" : null, onclick },
    swatch && h("i", { class: `sw ${swatch}` }),
    h("span", { class: "grow" }, words, hint && h("small", {}, hint)),
    now && sign("tick"),
  );
}

/** A view: what it is about, and its parts. `back` goes to the view before. */
export function view(title, parts, back = null) {
  return h(
    "div",
    {},
    h(
      "div",
      { class: "mh" },
      back && h("button", { class: "ib s", type: "button", "aria-label": "Back", onclick: back }, sign("left")),
      h("b", {}, title),
    ),
    parts,
  );
}
