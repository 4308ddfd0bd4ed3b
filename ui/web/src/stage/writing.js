// A small form for words: to answer, and to write anew what was written.

import { h, write } from "./dom.js";

export const LONGEST = 5000;

/** Words as the server takes them: no control characters but ends of lines. */
export const cleaned = (text) => text.replace(/(?!\n)[\p{Cc}\p{Cs}]/gu, " ").trim();

/** Whoever types stops the player; when they are done it goes on where it had played. */
export function pausing(player) {
  let played = false;
  return {
    typed() {
      if (player.paused) return;
      played = true;
      player.pause();
    },
    done() {
      if (played) player.play();
      played = false;
    },
    /** Somebody left without being done: it stays where it is. */
    left: () => (played = false),
  };
}

/** The field grows with its words. */
export function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 220)}px`;
}

/** What a key means while somebody types: `save`, `leave` or null. Letters that are still composed are left alone. */
export function typed({ key, shiftKey, isComposing, keyCode }) {
  if (isComposing || keyCode === 229) return null;
  if (key === "Enter" && !shiftKey) return "save";
  return key === "Escape" ? "leave" : null;
}

/** @param act `save(text)`, `leave(text)`; returns `{element, focus()}` */
export function writing({ label, text = "", verb, save, leave, typing = () => {}, more = [] }) {
  const send = h("button", { class: "btn sm primary", type: "submit", disabled: !text.trim() }, verb);
  const area = h("textarea", {
    "aria-label": label,
    rows: 1,
    maxLength: LONGEST,
    value: text,
    placeholder: label,
    oninput() {
      send.disabled = !cleaned(area.value);
      grow(area);
      typing(area.value);
    },
    onkeydown(event) {
      const meant = typed(event);
      if (!meant) return;
      event.preventDefault();
      event.stopPropagation();
      if (meant === "save") element.requestSubmit();
      else leave(area.value);
    },
  });
  const element = h(
    "form",
    {
      class: "writing",
      onsubmit(event) {
        event.preventDefault();
        if (cleaned(area.value)) save(cleaned(area.value));
      },
    },
    h("div", { class: "box" }, area),
    more,
    h(
      "div",
      { class: "row" },
      send,
      h("button", { class: "btn sm quiet", type: "button", onclick: () => leave(area.value) }, "Cancel"),
    ),
  );
  return {
    element,
    focus() {
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
      grow(area);
      element.scrollIntoView({ block: "nearest" });
    },
  };
}

/** A choice of who reads it: `{element, value, set(audience)}`. */
export function readersChoice(who, value, changed = () => {}) {
  const element = h(
    "select",
    { class: "who-sees", "aria-label": "Who can read this", onchange: told },
    Object.entries(who).map(([audience, { short }]) => h("option", { value: audience }, short)),
  );
  element.value = value;
  function told() {
    element.title = who[element.value].long;
    changed(element.value);
  }
  element.title = who[value].long;
  return {
    element,
    get value() {
      return element.value;
    },
    set(to) {
      element.value = to;
      element.title = who[to].long;
    },
    /** Others may read it now than before. */
    name() {
      for (const option of element.options) write(option, who[option.value].short);
      element.title = who[element.value].long;
    },
  };
}
