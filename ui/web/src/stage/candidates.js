// Moments that may be worth talking about, one after the other, each with its reason. Loaded when it is first asked for.

import { clock, spoken } from "./words.js";
import { h, icon, listening, set, write } from "./dom.js";

/** Played from this many seconds before: what led to it is heard. */
export const LEAD = 3;

/** A player seldom lands exactly where it was sent. */
const NEAR = 0.1;

/** Two that begin within this many seconds cannot be told apart by where the player is. */
const TOGETHER = 0.5;

/** In the order of the filter: `[kind as the server has it, its name, the colour of its dot]`. */
export const KINDS = [
  ["long_wait", "Long wait", "teal"],
  ["open_question", "Open question", "blue"],
  ["uptake", "Taken up", "green"],
  ["long_talk", "Long talk", "amber"],
  ["many_voices", "Many voices", "violet"],
];

const NAMED = new Map(KINDS.map(([kind, ...look]) => [kind, look]));

/** Where it is played from. */
export const from = ({ start }) => Math.max(0, start - LEAD);

/** Those of the kinds that are asked for; all where none is. */
export const chosenOf = (moments, kinds) => (kinds.size ? moments.filter(({ kind }) => kinds.has(kind)) : moments);

/** The index of the one that the player came to last, `chosen` where that began at the same time; -1 before the first. */
export function lastAt(moments, t, chosen = null) {
  const last = moments.findLastIndex((one) => from(one) <= t + NEAR);
  const index = moments.indexOf(chosen);
  return last >= 0 && index >= 0 && Math.abs(from(chosen) - from(moments[last])) < TOGETHER ? index : last;
}

/** The index of the one that is played at `t`; -1 where none is. */
export function playedAt(moments, t, chosen = null) {
  const last = lastAt(moments, t, chosen);
  return last >= 0 && t < moments[last].end + LEAD ? last : -1;
}

/** The next (1) or the one before (-1), seen from `t`; null where there is none. */
export function stepped(moments, t, chosen, way) {
  const last = lastAt(moments, t, chosen);
  if (way > 0) return moments[last + 1] ?? null;
  return moments[playedAt(moments, t, chosen) < 0 ? last : last - 1] ?? null;
}

/**
 * @param say for whoever listens; `note(t)`: write at this moment, null for whoever may not
 * @returns {{step(way), opened(), remove()}}
 */
export function candidates(parent, { player, lesson, store, say, note }) {
  const { on, off } = listening();
  const kinds = new Set();
  let [shown, rows, chosen, now] = [[], [], null, null];

  const chips = KINDS.map(([kind, name, colour]) => {
    const words = h("span");
    const chip = h("button", { class: "chip", type: "button", onclick: () => toggle(kind) }, h("i", { class: `dot ${colour}` }), words);
    return { kind, name, chip, words };
  });
  const to = (way, name, look) =>
    h("button", { class: "ib", type: "button", "aria-label": name, title: name, onclick: () => step(way) }, icon(look));
  const before = to(-1, "Previous moment", "left");
  const after = to(1, "Next moment", "right");
  const place = h("b", { class: "sm" });
  const comment = note && h("button", { class: "btn sm", type: "button", onclick: () => note(shown[now].start) }, "Comment here");
  const filter = h(
    "div",
    { class: "chips", role: "group", "aria-label": "Only these kinds" },
    chips.map(({ chip }) => chip),
  );
  const steps = h("div", { class: "tools" }, before, after, place, h("span", { class: "grow" }), comment);
  const list = h("ol", { class: "cands", role: "list", "aria-label": "Moments" });
  const nothing = h(
    "div",
    { class: "nothing" },
    h("h2", {}, "No moments found"),
    h("p", { class: "soft" }, "Long waits, open questions and the like stand here where the lesson has some."),
  );
  const guess = h("p", { class: "foot" }, "More may come once you have guessed or skipped the numbers under Insights.");
  const hint = h("p", { class: "foot" }, "Found by rules, to look at together. They say nothing about how good a lesson was.");
  parent.append(filter, steps, list, nothing, guess, hint);

  function toggle(kind) {
    if (!kinds.delete(kind)) kinds.add(kind);
    draw();
  }

  function draw() {
    const all = lesson.moments ?? [];
    for (const { kind, name, chip, words } of chips) {
      const many = all.filter((one) => one.kind === kind).length;
      chip.hidden = !many;
      if (!many) kinds.delete(kind);
      set(chip, "aria-pressed", kinds.has(kind));
      write(words, `${name} ${many}`);
    }
    shown = chosenOf(all, kinds);
    filter.hidden = steps.hidden = hint.hidden = !all.length;
    nothing.hidden = all.length > 0;
    guess.hidden = !lesson.moments_to_guess;
    rows = shown.map(row);
    list.replaceChildren(...rows);
    now = null;
    mark();
  }

  function row(moment) {
    const [name, colour] = NAMED.get(moment.kind);
    const label = `Play from ${spoken(moment.start)}`;
    return h(
      "li",
      { class: "cand", onclick: () => go(moment) },
      h("span", { class: "row" },
        h("button", { class: "time", type: "button", "aria-label": label }, clock(moment.start)),
        h("span", { class: "pill" }, h("i", { class: `dot ${colour}` }), name)),
      h("p", {}, moment.why),
    );
  }

  function go(moment) {
    chosen = moment;
    player.seek(from(moment));
    player.play();
    mark();
  }

  /** Where the player is among them. */
  function mark() {
    const index = playedAt(shown, player.time, chosen);
    if (index === now) return;
    now = index;
    rows.forEach((one, i) => {
      one.classList.toggle("here", i === index);
      if (i === index) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    });
    write(place, index < 0 ? `${shown.length} ${shown.length === 1 ? "moment" : "moments"}` : `Moment ${index + 1} of ${shown.length}`);
    if (comment) comment.hidden = index < 0;
  }

  function step(way) {
    const moment = stepped(shown, player.time, chosen, way);
    if (!moment) return say(`There is no moment ${way > 0 ? "after" : "before"} this.`);
    go(moment);
    const index = shown.indexOf(moment);
    say(`Moment ${index + 1} of ${shown.length}: ${moment.why}`);
    reveal(rows[index]);
  }

  /** Bring a row into view. On a desk only the panel scrolls; on a phone the page does, under the video. */
  function reveal(row) {
    if (getComputedStyle(parent).overflowY !== "auto") return row.scrollIntoView({ block: "nearest" });
    const [at, view] = [row.getBoundingClientRect(), parent.getBoundingClientRect()];
    const above = view.top + steps.offsetHeight - at.top;
    if (above > 0) parent.scrollTop -= above;
    else parent.scrollTop += Math.max(0, at.bottom - view.bottom);
  }

  /** It came into view. What was guessed meanwhile may be told now. */
  function opened() {
    // On a phone the steps stay under the video, which stays too.
    parent.style.setProperty("--pinned", `${parent.closest(".rv")?.querySelector(".player")?.offsetHeight ?? 0}px`);
    if (lesson.moments_to_guess) store.reread();
  }

  on(player, "time", mark);
  on(store, "lesson", draw);
  draw();
  return {
    step,
    opened,
    remove() {
      off();
      parent.replaceChildren();
    },
  };
}
