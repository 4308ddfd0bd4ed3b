// The transcript in step with playback: follow, click to play from there, search, questions, waits, unsure words.

import { cues } from "./cues.js";
import { drawCount, drawHeard, drawNow, drawWords, rowElement } from "./turn.js";
import { following } from "./following.js";
import { h, listening, set } from "./dom.js";
import { lastBlock } from "./marks.js";
import { finder } from "./finder.js";
import { inSlices } from "./slices.js";
import { rowsOf } from "./reading.js";
import { sign } from "./signs.js";

/** A wait is played with what was asked, and how the answer begins. */
const BEFORE_S = 3;
const AFTER_S = 2;

/**
 * @param on `comments(ids)`: somebody wants to see what was noted in a turn
 * @returns {{show(marks), search(), resize(), remove()}}
 */
export function transcript(parent, { player, lesson, on }) {
  const { on: hear, off } = listening();
  const list = h("ol", { class: "turns", role: "list", "aria-label": "Transcript", "aria-busy": "true" });
  const back = h("button", { class: "btn sm back-now", type: "button", hidden: true, onclick: () => follow.back() }, sign("clock"), "Back to now");
  const empty = h("div", { class: "nothing", hidden: true }, h("h2", {}, "We couldn’t hear speech"),
    h("p", { class: "soft" }, "There is nothing to read here. The video still plays, and you can note what you see."));
  const find = finder({ go: (hit) => goTo(hit), draw: (row) => redraw(row), questions: (only) => list.classList.toggle("only-asks", only) });
  const foot = h("div", { class: "foot", hidden: true }, h("p", {}, "Dotted words: the transcript isn’t sure. Students are never named."), lesson.limits.map((limit) => h("p", {}, limit)));
  const root = h("div", { class: "reading" }, find.element, list, empty, foot, h("div", { class: "back-row" }, back));
  parent.append(root);
  const follow = following(list, {
    away: (is) => (back.hidden = !is),
    covered: (page) => ({ top: find.element.offsetHeight + (page ? pinned() : 0), bottom: page ? 76 : 0 }),
  });
  let [marks, rows, elements, byBlock, now, roving, stop] = [null, [], new Map(), [], null, null, () => {}];

  /** On a phone the picture stays on top of the page that scrolls. */
  const pinned = () => root.closest(".rv")?.querySelector(".player")?.offsetHeight ?? 0;

  function build() {
    stop();
    rows = rowsOf(marks);
    byBlock = [];
    for (const row of rows) if (row.block) byBlock[row.block.index] = row;
    elements = new Map();
    list.replaceChildren();
    empty.hidden = rows.length > 0;
    foot.hidden = !rows.length;
    find.of(rows, lesson.questions);
    stop = inSlices(rows, (row) => {
      const element = rowElement(row);
      elements.set(row, element);
      list.append(element);
      drawCount(element, row.count);
      if (!roving) rove(element);
      if (row === now) mark(row, element);
    }, () => {
      set(list, "aria-busy", "false");
      follow.keep(now && elements.get(now), false);
    });
    at(player.time, player.time);
  }

  function count() {
    const pins = byBlock.map(() => []);
    for (const pin of marks.pins) pins[lastBlock(marks, pin.start)?.index ?? 0]?.push(pin);
    byBlock.forEach((row, i) => {
      row.pins = pins[i];
      row.count = pins[i].reduce((sum, { answers }) => sum + 1 + answers, 0);
      const element = elements.get(row);
      if (element) drawCount(element, row.count);
    });
  }

  function redraw(row) {
    const element = elements.get(row);
    if (element) drawWords(element.querySelector("p"), row, { hits: find.hits(row), current: find.current, split: row === now });
  }

  /** Where the player is: the turn, and of it the word. */
  function at(before, time) {
    const { block, utterance, word } = cues(marks, before, time);
    const last = block ?? lastBlock(marks, time);
    const row = (last && byBlock[last.index]) ?? null;
    if (row !== now) turn(row);
    const element = row && elements.get(row);
    if (element) drawHeard(element, block && word !== null ? tokenOf(block, utterance, word) : null);
  }

  function turn(row) {
    const before = now;
    now = row;
    if (before) {
      redraw(before);
      const element = elements.get(before);
      if (element) drawNow(element, false);
    }
    const element = row && elements.get(row);
    if (element) mark(row, element);
  }

  function mark(row, element) {
    redraw(row);
    drawNow(element, true);
    follow.keep(element);
  }

  function goTo(hit) {
    const element = elements.get(hit.row);
    if (!element) return;
    follow.leave();
    element.scrollIntoView({ block: "center", behavior: "instant" });
    requestAnimationFrame(() => element.scrollIntoView({ block: "center", behavior: "instant" }));
  }

  function play(t) {
    player.seek(t);
    follow.back();
  }

  function pressed(event) {
    const button = event.target.closest("button");
    const element = event.target.closest(".turn");
    if (button?.dataset.seek) return play(Number(button.dataset.seek));
    if (button?.dataset.wait) {
      const [start, end] = [Number(button.dataset.wait), Number(button.dataset.until)];
      return player.playRange({ start: Math.max(0, start - BEFORE_S), stop: Math.min(lesson.recording.duration, end + AFTER_S) });
    }
    if (button) return on.comments?.(rowOf(element).pins.map(({ comment }) => comment.id));
    // Whoever marks words to copy them does not want to go there.
    if (element && getSelection().isCollapsed) play(wordUnder(event, element) ?? Number(element.dataset.at));
  }

  const rowOf = (element) => rows.find((row) => elements.get(row) === element);

  /** When the word under the pointer begins; null where there is none. Its turn is split for that only now. */
  function wordUnder({ clientX, clientY, target }, element) {
    const row = rowOf(element);
    const words = element.querySelector("p");
    if (!row.tokens || !words.contains(target)) return null;
    if (row !== now) drawWords(words, row, { hits: find.hits(row), current: find.current, split: true });
    const token = document.elementFromPoint(clientX, clientY)?.closest("[data-token]")?.dataset.token;
    if (row !== now) redraw(row);
    return token === undefined ? null : row.tokens[token].start;
  }

  /** One turn is in the tab order, the arrows go on from there: nobody tabs through nine hundred. */
  function rove(element) {
    roving?.querySelectorAll("button").forEach((button) => (button.tabIndex = -1));
    roving = element;
    roving?.querySelectorAll("button").forEach((button) => (button.tabIndex = 0));
  }

  function keys(event) {
    const element = event.target.closest(".turn");
    if (!element || event.ctrlKey || event.altKey || event.metaKey) return;
    const shown = [...list.children].filter((one) => one.offsetParent);
    const at = shown.indexOf(element);
    const to = { ArrowDown: shown[at + 1], ArrowUp: shown[at - 1], Home: shown[0], End: shown.at(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    to.querySelector(".time").focus();
  }

  hear(list, "click", pressed);
  hear(list, "keydown", keys);
  hear(list, "focusin", ({ target }) => rove(target.closest(".turn")));
  hear(player, "time", ({ detail }) => marks && at(detail.before, detail.now));
  return {
    show(given) {
      const other = marks?.blocks !== given.blocks;
      marks = given;
      if (other) build();
      count();
    },
    search: () => find.focus(),
    /** It came into view. */
    resize: () => now && follow.keep(elements.get(now), false),
    remove() {
      stop();
      off();
      follow.remove();
      root.remove();
    },
  };
}

/** A word's place among all words of its turn. */
function tokenOf(block, utterance, word) {
  let at = word;
  for (const { words } of block.utterances.slice(0, utterance)) at += words.length || 1;
  return at;
}
