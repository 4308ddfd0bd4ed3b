// The labels of codebooks: found by category or by typing, chosen with a point of their scale, shown in their colour.

import { h, set } from "./dom.js";

/** As the server: labels of one comment. */
const MOST = 12;

/** What has these letters in its name, its meaning or its category's name, by category; all of it without any. */
export function groupsOf(codebooks, letters = "") {
  const wanted = letters.trim().toLowerCase();
  const has = (...texts) => texts.some((text) => text.toLowerCase().includes(wanted));
  return codebooks.flatMap((book) =>
    book.categories
      .map(({ name, labels }) => ({
        name: codebooks.length > 1 ? `${book.name}: ${name}` : name,
        labels: has(name) ? labels : labels.filter((label) => has(label.name, label.meaning)),
      }))
      .filter(({ labels }) => labels.length),
  );
}

/** Every way in which a label can be written. */
export const waysOf = ({ name, scale }) => (scale.length ? scale.map((point) => `${name}: ${point}`) : [name]);

/** The colour that a label has in these codebooks. */
export function colourOf(codebooks, words) {
  const all = groupsOf(codebooks).flatMap(({ labels }) => labels);
  return all.find((label) => label.name === words || waysOf(label).includes(words))?.colour ?? "grey";
}

export const dot = (colour) => h("i", { class: `dot ${colour}` });

/**
 * A comment's labels to choose.
 * @param colours of those that were `pressed` before, by their words
 * @returns {{element, chosen()}}
 */
export function labelChoice(codebooks, pressed, colours = {}, changed = () => {}) {
  let [chosen, asked] = [[...pressed], null];
  const own = h("div", { class: "chips", role: "group", "aria-label": "Labels of this comment" });
  const field = h("input", {
    class: "input",
    type: "search",
    placeholder: "Add a label",
    "aria-label": "Find a label",
    autocomplete: "off",
    oninput: () => open(true),
    onfocus: () => open(true),
    onkeydown: keys,
  });
  const list = h("div", { class: "label-list", role: "group", "aria-label": "Labels to choose", hidden: true });
  const element = h("div", { class: "tagsel", role: "group", "aria-label": "Labels" }, own, field, list);

  function open(is) {
    list.hidden = !is;
    if (is) drawList();
  }

  function keys(event) {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    if (event.key === "Escape" && list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return void ((field.value = ""), open(false));
    if (field.value.trim()) list.querySelector(".chip:not(:disabled)")?.click();
  }

  /** A label that has a scale asks for its point. */
  function press(label) {
    if (label.scale.length) {
      asked = asked === label.name ? null : label.name;
      drawList();
      list.querySelector(asked ? ".points .chip" : `[data-label="${CSS.escape(label.name)}"]`)?.focus();
    } else choose(label.name);
  }

  /** In the place of another point of the same scale; once more takes it off. */
  function choose(words, others = [words]) {
    const off = chosen.includes(words);
    chosen = chosen.filter((one) => !others.includes(one));
    if (!off && chosen.length < MOST) chosen.push(words);
    asked = null;
    if (field.value) field.value = "";
    draw();
    if (!list.hidden) field.focus();
    changed();
  }

  function chip(words, on, onclick, colour, more = {}) {
    const full = chosen.length >= MOST && !on;
    const pressing = { "aria-pressed": String(on), disabled: full, onclick, ...more };
    return h("button", { class: "chip", type: "button", ...pressing }, colour && dot(colour), words);
  }

  function drawList() {
    const groups = groupsOf(codebooks, field.value);
    const rows = groups.map(({ name, labels }) =>
      h(
        "div",
        { class: "label-group", role: "group", "aria-label": name },
        h("span", { class: "muted xs", "aria-hidden": "true" }, name),
        h("div", { class: "chips" }, labels.map(choices)),
      ),
    );
    list.replaceChildren(...(rows.length ? rows : [h("p", { class: "muted xs" }, "No label is like that.")]));
  }

  function choices(label) {
    const ways = waysOf(label);
    const on = ways.some((words) => chosen.includes(words)) || chosen.includes(label.name);
    const made = chip(label.name, on, () => press(label), label.colour, {
      title: label.meaning,
      "data-label": label.name,
    });
    if (!label.scale.length) return made;
    set(made, "aria-expanded", asked === label.name);
    if (asked !== label.name) return made;
    const points = label.scale.map((point, i) =>
      chip(point, chosen.includes(ways[i]), () => choose(ways[i], [label.name, ...ways])),
    );
    return [made, h("div", { class: "points chips", role: "group", "aria-label": `${label.name}: how much` }, points)];
  }

  function draw() {
    own.replaceChildren(
      ...chosen.map((words) =>
        chip(words, true, () => choose(words), colours[words] ?? colourOf(codebooks, words), { title: "Take it off" }),
      ),
    );
    if (!list.hidden) drawList();
  }

  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !element.contains(relatedTarget)) open(false);
  });
  draw();
  return { element, chosen: () => chosen };
}
