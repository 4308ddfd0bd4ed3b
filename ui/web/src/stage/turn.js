// One row of the transcript: a turn with its words, questions and waits.

import { h, set } from "./dom.js";
import { pieces } from "./reading.js";
import { sign } from "./signs.js";
import { clock } from "./words.js";

/** Elements of a row; its words are drawn by `drawWords`, since they change with search and with what is heard. */
export function rowElement(row) {
  return row.unheard ? unheardElement(row.unheard) : turnElement(row);
}

function turnElement(row) {
  const { block, waits } = row;
  const words = h("p");
  drawWords(words, row);
  return h("li", { class: `turn ${block.kind}${row.chips.size ? " asks" : ""}`, "data-at": block.start },
    timeButton(block.start),
    h("div", { class: "said" }, h("div", { class: "who" }, block.label), words, waits.map(pill)));
}

function unheardElement({ start, end }) {
  return h("li", { class: "turn several", "data-at": start },
    timeButton(start),
    h("div", { class: "said" }, h("div", { class: "who" }, "Several voices"),
      h("p", { class: "muted" }, `${Math.round(end - start)} s of talk at the same time. Not written down word for word.`)));
}

const timeButton = (start) =>
  h("button", { class: "time", type: "button", tabIndex: -1, "aria-label": `Play from ${clock(start)}`, "data-seek": start }, clock(start));

/** Draw a row's words anew; `hits` are marked, `current` among them more, `split` gives each word its element. */
export function drawWords(element, row, { hits = [], current = null, split = false } = {}) {
  element.replaceChildren(...pieces(row, { hits, split }).map((piece) => pieceNode(piece, current, split)));
}

function pieceNode({ text, token, unsure, hit, question, wait }, current, split) {
  if (question) return chip(question);
  if (wait) return pill(wait);
  if (hit === null && unsure === null && (!split || token === null)) return document.createTextNode(text);
  const made = h(hit ? "mark" : "span", { class: [unsure !== null && "lc", hit && hit === current && "current"].filter(Boolean).join(" ") || null }, text);
  if (split && token !== null) made.dataset.token = token;
  if (unsure !== null) made.title = `Not sure: ${text} (${unsure}%)`;
  return made;
}

const chip = ({ label, why }) => h("span", { class: "q", title: why ? `Suggested by ${why}` : null }, h("span", { class: "sr" }, "Question: "), label);

function pill(wait) {
  const seconds = wait.seconds.toFixed(1);
  const made = h("button", {
    class: `wait${wait.long ? " long" : ""}`, type: "button", tabIndex: -1, "data-wait": wait.start, "data-until": wait.end,
    "aria-label": `${seconds} seconds of wait. Play it`, title: "Play it",
  }, sign("clock"), `${seconds} s wait`);
  return made;
}

/** How many comments lie in a turn, as a button to them; none, no button. */
export function drawCount(element, count) {
  const before = element.querySelector(":scope > .cm");
  if (!count) return before?.remove();
  if (before?.lastChild.textContent === String(count)) return;
  before?.remove();
  const words = `${count} ${count === 1 ? "comment" : "comments"} here`;
  element.append(h("button", { class: "cm", type: "button", tabIndex: -1, "aria-label": `${words}. Show`, title: words }, sign("said"), String(count)));
}

/** Mark the word that is heard, of a turn whose words are split; null: none. */
export function drawHeard(element, token) {
  const before = element.querySelector(".heard");
  if (before && Number(before.dataset.token) === token) return;
  before?.classList.remove("heard");
  // A word may be in parts where the search cut it.
  if (token !== null) element.querySelector(`[data-token="${token}"]`)?.classList.add("heard");
}

export function drawNow(element, now) {
  element.classList.toggle("here", now);
  if (now) set(element, "aria-current", "true");
  else element.removeAttribute("aria-current");
}
