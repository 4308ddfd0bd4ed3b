// One row of the transcript: a turn with its words, questions and waits.

import { h, set } from "./dom.js";
import { pieces } from "./reading.js";
import { sign } from "./signs.js";
import { clock } from "./words.js";

/**
 * Elements of a row; its words are drawn by `drawWords`, since they change with search and with what is heard.
 * @param right whether whoever looks may put right what the machine got wrong
 */
export function rowElement(row, right = false) {
  return row.unheard ? unheardElement(row.unheard) : turnElement(row, right);
}

function turnElement(row, right) {
  const { block, waits } = row;
  const words = h("p");
  drawWords(words, row, { right });
  return h(
    "li",
    { class: `turn ${block.kind}${row.chips.size ? " asks" : ""}`, "data-at": block.start },
    timeButton(block.start),
    h(
      "div",
      { class: "said" },
      h("div", { class: "who" }, right ? voiceButton(block) : block.label),
      words,
      waits.map(pill),
    ),
  );
}

function unheardElement({ start, end }) {
  return h(
    "li",
    { class: "turn several", "data-at": start },
    timeButton(start),
    h(
      "div",
      { class: "said" },
      h("div", { class: "who" }, "Several voices"),
      h(
        "p",
        { class: "muted" },
        `${Math.round(end - start)} s of talk at the same time. Not written down word for word.`,
      ),
    ),
  );
}

const timeButton = (start) =>
  h(
    "button",
    { class: "time", type: "button", tabIndex: -1, "aria-label": `Play from ${clock(start)}`, "data-seek": start },
    clock(start),
  );

const voiceButton = ({ label, start }) =>
  h(
    "button",
    {
      class: "voice",
      type: "button",
      tabIndex: -1,
      "aria-expanded": "false",
      title: "Put right",
      "aria-label": `${label}, at ${clock(start)}: put right`,
    },
    label,
  );

/** Draw a row's words anew; `hits` are marked, `current` among them more, `split` gives each word its element. */
export function drawWords(element, row, { hits = [], current = null, split = false, right = false } = {}) {
  const active = element.getRootNode().activeElement;
  if (row.text.trim())
    element.replaceChildren(...pieces(row, { hits, split }).map((piece) => pieceNode(piece, current, split, right)));
  else element.replaceChildren(h("span", { class: "muted", title: by(right) }, "Nothing was said here"));
  // A button that was taken out for a moment has lost the focus.
  if (active && active !== element.getRootNode().activeElement && element.contains(active))
    active.focus({ preventScroll: true });
}

const by = (right) => (right ? "Corrected by you" : "Corrected by the teacher");

/** Chips and pills stay the same elements while their words are drawn anew: somebody may be at them. */
const made = new WeakMap();
function once(what, make) {
  if (!made.has(what)) made.set(what, make());
  return made.get(what);
}

function pieceNode({ text, token, unsure, put, hit, question, wait }, current, split, right) {
  if (question) return once(question, () => chip(question, right));
  if (wait) return once(wait, () => pill(wait));
  if (hit === null && unsure === null && !put && (!split || token === null)) return document.createTextNode(text);
  const made = h(
    hit ? "mark" : "span",
    {
      class:
        [unsure !== null && "lc", put && "put", hit && hit === current && "current"].filter(Boolean).join(" ") || null,
    },
    text,
  );
  if (split && token !== null) made.dataset.token = token;
  if (unsure !== null) made.title = `Not sure: ${text} (${unsure}%)`;
  if (put) made.title = by(right);
  return made;
}

function chip({ start, end, label, why, corrected }, right) {
  const title = corrected ? by(right) : why ? `Suggested by ${why}` : null;
  const words = [h("span", { class: "sr" }, "Question: "), label];
  if (!right) return h("span", { class: "q", title }, words);
  return h(
    "button",
    { class: "q", type: "button", tabIndex: -1, title, "aria-expanded": "false", "data-question": `${start} ${end}` },
    words,
    h("span", { class: "sr" }, ": put right"),
  );
}

function pill(wait) {
  const seconds = wait.seconds.toFixed(1);
  const made = h(
    "button",
    {
      class: `wait${wait.long ? " long" : ""}`,
      type: "button",
      tabIndex: -1,
      "data-wait": wait.start,
      "data-until": wait.end,
      "aria-label": `${seconds} seconds of wait. Play it`,
      title: "Play it",
    },
    sign("clock"),
    `${seconds} s wait`,
  );
  return made;
}

/** How many comments lie in a turn, as a button to them; none, no button. */
export function drawCount(element, count) {
  const before = element.querySelector(":scope > .cm");
  if (!count) return before?.remove();
  if (before?.lastChild.textContent === String(count)) return;
  before?.remove();
  const words = `${count} ${count === 1 ? "comment" : "comments"} here`;
  element.append(
    h(
      "button",
      { class: "cm", type: "button", tabIndex: -1, "aria-label": `${words}. Show`, title: words },
      sign("said"),
      String(count),
    ),
  );
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
