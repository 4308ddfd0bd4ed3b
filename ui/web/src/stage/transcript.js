// The transcript in step with playback: follow, click to play from there, search, questions, waits, unsure words.

import { correcting } from "./correcting.js";
import { cues } from "./cues.js";
import { drawCount, drawHeard, drawNow, drawWords, rowElement } from "./turn.js";
import { following } from "./following.js";
import { h, listening, set } from "./dom.js";
import { lastBlock } from "./marks.js";
import { finder } from "./finder.js";
import { inSlices } from "./slices.js";
import { keeping, lay } from "./keeping.js";
import { lookOf, rowsOf } from "./reading.js";
import { righted } from "./righted.js";
import { sign } from "./signs.js";

/** A wait is played with what was asked, and how the answer begins. */
const BEFORE_S = 3;
const AFTER_S = 2;

/**
 * @param store and `words` (toasts) are there where whoever looks may put things right
 * @param on `comments(ids)`: somebody wants to see what was noted in a turn
 * @returns {{show(marks), search(), resize(), remove()}}
 */
export function transcript(parent, { player, lesson, store, words, on }) {
  const { on: hear, off } = listening();
  const right = Boolean(store && words && lesson.viewer.may.includes("correct"));
  const list = h("ol", { class: "turns", role: "list", "aria-label": "Transcript", "aria-busy": "true" });
  const back = h(
    "button",
    { class: "btn sm back-now", type: "button", hidden: true, onclick: () => follow.back() },
    sign("clock"),
    "Back to now",
  );
  const empty = h(
    "div",
    { class: "nothing", hidden: true },
    h("h2", {}, "We couldn’t hear speech"),
    h("p", { class: "soft" }, "There is nothing to read here. The video still plays, and you can note what you see."),
  );
  const find = finder({
    go: (hit) => goTo(hit),
    draw: (row) => redraw(row),
    questions: (only) => list.classList.toggle("only-asks", only),
  });
  const foot = h("div", { class: "foot", hidden: true });
  const top = h("div");
  const root = h(
    "div",
    { class: "reading" },
    find.element,
    top,
    list,
    empty,
    foot,
    h("div", { class: "back-row" }, back),
  );
  parent.append(root);
  const follow = following(list, {
    away: (is) => (back.hidden = !is),
    covered: (page) => ({ top: find.element.offsetHeight + (page ? pinned() : 0), bottom: page ? 76 : 0 }),
  });
  const put = right ? correcting(root, { player, lesson, store, words, rests }) : null;
  const done = right ? righted(top, lesson, (id) => put.back([id])) : null;
  let later = null;
  let [marks, rows, elements, byBlock, now, roving, stop] = [null, [], new Map(), [], null, null, () => {}];

  /** On a phone the picture stays on top of the page that scrolls. */
  const pinned = () => root.closest(".rv")?.querySelector(".player")?.offsetHeight ?? 0;

  function build() {
    stop();
    const before = new Map([...elements].map(([row, element]) => [lookOf(row), element]));
    if (now && elements.has(now)) unmark(now, elements.get(now));
    now = null;
    rows = rowsOf(marks);
    byBlock = [];
    for (const row of rows) if (row.block) byBlock[row.block.index] = row;
    elements = new Map();
    empty.hidden = rows.length > 0;
    foot.hidden = !rows.length;
    foot.replaceChildren(
      ...["Dotted words: the transcript isn’t sure. Students are never named.", ...lesson.limits].map((line) =>
        h("p", {}, line),
      ),
    );
    if (before.size) again(before);
    else first();
  }

  /** Another lesson than before, after something was put right: what looks the same stays, the reader where they are. */
  function again(before) {
    const kept = keeping(list);
    for (const row of rows) {
      elements.set(row, before.get(lookOf(row)) ?? rowElement(row, right));
      before.delete(lookOf(row));
    }
    lay(list, [...elements.values()]);
    set(list, "aria-busy", "false");
    done?.show();
    find.of(rows, lesson.questions, true);
    if (!roving?.isConnected && list.firstElementChild) rove(list.firstElementChild);
    follow.rest(true);
    at(player.time, player.time);
    kept();
    follow.rest(false);
  }

  function first() {
    done?.show();
    find.of(rows, lesson.questions);
    stop = inSlices(
      rows,
      (row) => {
        const element = rowElement(row, right);
        elements.set(row, element);
        list.append(element);
        drawCount(element, row.count);
        if (!roving) rove(element);
        if (row === now) mark(row, element);
      },
      () => {
        set(list, "aria-busy", "false");
        follow.keep(now && elements.get(now), false);
      },
    );
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
    if (element) draw(element, row, row === now);
  }

  function draw(element, row, split) {
    drawWords(element.querySelector("p"), row, { hits: find.hits(row), current: find.current, split, right });
    if (element === roving) rove(element);
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
    if (before && elements.has(before)) unmark(before, elements.get(before));
    const element = row && elements.get(row);
    if (element) mark(row, element);
  }

  function mark(row, element) {
    redraw(row);
    drawNow(element, true);
    // Who comes to the list by Tab comes to what is heard.
    if (!list.contains(document.activeElement)) rove(element);
    follow.keep(element);
  }

  function unmark(row, element) {
    draw(element, row, false);
    drawNow(element, false);
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
    if (event.target.closest("form")) return;
    if (button && put?.pressed(button, rowOf(element), element)) return;
    if (button?.dataset.seek) return play(Number(button.dataset.seek));
    if (button?.dataset.wait) {
      const [start, end] = [Number(button.dataset.wait), Number(button.dataset.until)];
      return player.playRange({
        start: Math.max(0, start - BEFORE_S),
        stop: Math.min(lesson.recording.duration, end + AFTER_S),
      });
    }
    if (button) return on.comments?.(rowOf(element).pins.map(({ comment }) => comment.id));
    // Whoever marks words to copy them does not want to go there.
    if (element && getSelection().isCollapsed) play(wordUnder(event, element) ?? Number(element.dataset.at));
  }

  /** Under somebody's hands nothing changes; it does when they are done. */
  function rests(is) {
    follow.rest(is);
    if (!is && later) show(later);
  }

  function show(given) {
    const other = marks?.blocks !== given.blocks;
    later = other && marks && put?.busy ? given : null;
    if (later) return;
    marks = given;
    if (other) build();
    count();
  }

  const rowOf = (element) => rows.find((row) => elements.get(row) === element);

  /** When the word under the pointer begins; null where there is none. Its turn is split for that only now. */
  function wordUnder({ clientX, clientY, target }, element) {
    const row = rowOf(element);
    const words = element.querySelector("p");
    if (!row.tokens || !words.contains(target)) return null;
    if (row !== now) draw(element, row, true);
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
    if (!element || event.target.closest("form") || event.ctrlKey || event.altKey || event.metaKey) return;
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
    show,
    search: () => find.focus(),
    /** It came into view. */
    resize: () => now && follow.keep(elements.get(now), false),
    remove() {
      stop();
      off();
      put?.remove();
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
