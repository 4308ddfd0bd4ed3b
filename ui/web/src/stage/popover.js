// A small panel that a button opens over itself; Escape, a click elsewhere and leaving it by Tab close it.

import { h, listening, set, target as aim } from "./dom.js";

/** Opened and closed by its button. */
export function popover(parent, button, content, label) {
  const pop = floating(parent, button, content, { label, place: above });
  const toggle = () => pop.show(pop.element.hidden);
  button.addEventListener("click", toggle);
  return {
    element: pop.element,
    remove() {
      button.removeEventListener("click", toggle);
      pop.remove();
    },
  };
}

/**
 * The panel of a button that somebody else opens.
 * @param how `place(element, button, parent)` lays it where it is opened; `closed()` after it was closed
 * @returns {{element, show(open), place(), remove()}}
 */
export function floating(parent, button, content, { label, place, closed = () => {} }) {
  const { on, off } = listening();
  const element = h("div", { class: "pop", role: "group", "aria-label": label, hidden: true }, content);
  parent.append(element);
  const lay = () => place(element, button, parent);
  const show = (open) => {
    const before = !element.hidden;
    element.hidden = !open;
    set(button, "aria-expanded", open);
    if (open) lay();
    else if (before) closed();
  };
  const outside = (target) => !element.contains(target) && !button.contains(target);
  on(document, "pointerdown", (event) => !element.hidden && outside(aim(event)) && show(false));
  on(element, "focusout", ({ relatedTarget }) => relatedTarget && outside(relatedTarget) && show(false));
  for (const one of [element, button]) {
    on(one, "keydown", (event) => {
      if (event.key !== "Escape" || element.hidden) return;
      event.stopPropagation();
      button.focus();
      show(false);
    });
  }
  set(button, "aria-expanded", false);
  return {
    element, show,
    place: lay,
    remove() {
      off();
      element.remove();
    },
  };
}

/** Over the middle of its button, within the parent; how high is the style sheet's. */
function above(element, button, parent) {
  const [at, room, own] = [button, parent, element].map((one) => one.getBoundingClientRect());
  const left = Math.min(at.left + at.width / 2 - own.width / 2, room.right - own.width - 8) - room.left;
  element.style.left = `${Math.max(8, left)}px`;
}
