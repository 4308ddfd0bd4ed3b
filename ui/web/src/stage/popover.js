// A small panel that a button opens over itself; Escape, a click elsewhere and leaving it by Tab close it.

import { h, listening, set, target as aim } from "./dom.js";

export function popover(parent, button, content, label) {
  const { on, off } = listening();
  const element = h("div", { class: "pop", role: "group", "aria-label": label, hidden: true }, content);
  parent.append(element);
  const show = (open) => {
    element.hidden = !open;
    set(button, "aria-expanded", open);
    if (open) place();
  };
  const place = () => {
    const [at, room, own] = [button, parent, element].map((one) => one.getBoundingClientRect());
    const left = Math.min(at.left + at.width / 2 - own.width / 2, room.right - own.width - 8) - room.left;
    element.style.left = `${Math.max(8, left)}px`;
  };
  const outside = (target) => !element.contains(target) && !button.contains(target);
  on(button, "click", () => show(element.hidden));
  on(document, "pointerdown", (event) => !element.hidden && outside(aim(event)) && show(false));
  on(element, "focusout", ({ relatedTarget }) => relatedTarget && outside(relatedTarget) && show(false));
  for (const one of [element, button]) {
    on(one, "keydown", (event) => {
      if (event.key !== "Escape" || element.hidden) return;
      event.stopPropagation();
      show(false);
      button.focus();
    });
  }
  show(false);
  return {
    element,
    remove() {
      off();
      element.remove();
    },
  };
}
