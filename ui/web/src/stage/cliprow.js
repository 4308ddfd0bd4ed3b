// One clip in the list: its picture, ends, name and note, and what may be done with it; and the form to write them.

import { audiencePill } from "./thread.js";
import { cleaned, readersChoice } from "./writing.js";
import { ends } from "./moments.js";
import { h, svg } from "./dom.js";
import { length, span } from "./words.js";
import { momentField } from "./momentfield.js";
import { sign } from "./signs.js";

export const LONGEST_NAME = 120;
const LONGEST_NOTE = 2000;

/** A part of the sheet of small pictures; an svg, since it fits itself to any size without knowing the sheet's. */
export function picture(shot) {
  if (!shot) return h("span", { class: "crop none", "aria-hidden": "true" }, sign("cut"));
  const image = svg("image", { href: shot.sheet, x: -shot.x, y: -shot.y });
  return h(
    "span",
    { class: "crop", "aria-hidden": "true" },
    svg("svg", { viewBox: `0 0 ${shot.width} ${shot.height}`, preserveAspectRatio: "xMidYMid slice" }, image),
  );
}

/** Who sees it: also they to whom it was given by itself. */
function readersPill({ audience, given = [] }, who) {
  if (audience === "lesson" || !given.length) return audiencePill(audience, who);
  const others = given.length === 1 ? given[0] : `${given.length} others`;
  const title = `${given.join(", ")} can see this clip, and nothing else of the lesson by it.`;
  return h("span", { class: "pill ok", title }, sign("people"), `You and ${others}`);
}

/**
 * @param act `play`, `loop`, `save`, `edit`, `remove`, `retry`; `may` {save, change, remove}
 * @param gone the lesson's film was deleted: there is a film of the clip, if there is one
 */
export function clipRow(clip, shot, act, { who, may, playing, gone = false }) {
  const name = `“${clip.name}”`;
  const button = (does, words, onclick) =>
    h("button", { class: "lk", type: "button", "data-act": does, "aria-label": `${words} ${name}`, onclick }, words);
  const facts = [length(clip.stop - clip.start), !clip.mine && clip.called, clip.saving && "Saving…"]
    .filter(Boolean)
    .join(" · ");
  return h(
    "li",
    { class: `cliprow${playing ? " here" : ""}${clip.saving ? " saving" : ""}`, tabIndex: -1, "data-clip": clip.id },
    picture(shot),
    h(
      "div",
      { class: "grow" },
      h(
        "div",
        { class: "row top" },
        h(
          "button",
          { class: "time", type: "button", "aria-label": `Go to ${span(clip.start, clip.stop)}`, onclick: act.go },
          span(clip.start, clip.stop),
        ),
        h("span", { class: "grow" }),
        readersPill(clip, who),
      ),
      h("h2", {}, clip.name),
      clip.note && h("p", { class: "words soft" }, clip.note),
      h("p", { class: "sm muted" }, facts),
      gone && !clip.film && h("p", { class: "sm muted" }, "No film of it was kept."),
      clip.failed &&
        h(
          "div",
          { class: "unsaved" },
          sign(clip.error ? "warn" : "away"),
          h(
            "span",
            { class: "grow" },
            clip.error
              ? `Not saved: ${clip.error}`
              : "Not saved yet. It is kept here and sent when the connection is back.",
          ),
          h("button", { class: "lk", type: "button", onclick: act.retry }, "Try again"),
        ),
      h(
        "div",
        { class: "acts" },
        (!gone || clip.film) && button("play", "Play", act.play),
        !gone && button("loop", "Repeat", act.loop),
        may.save && !gone && button("save", "Save as film", act.save),
        may.save &&
          gone &&
          h(
            "a",
            { class: "lk", href: clip.film, download: `${clip.name}.mp4`, "aria-label": `Save as film ${name}` },
            "Save as film",
          ),
        may.change && button("edit", "Edit", act.edit),
        may.remove && button("delete", "Delete", act.remove),
      ),
    ),
  );
}

/**
 * The form of a clip, new or there already. `save(clip)`, `leave()`; without `cuts` it keeps its ends.
 * @returns {{element, focus(), end(which, t)}}
 */
export function clipForm(clip, { player, who, duration, save, leave, cuts = true }) {
  let now = { start: clip.start, stop: clip.stop };
  const moved = (which) => (t) => {
    now = ends({ ...now, [which]: t }, which, duration);
    draw();
    return now[which];
  };
  const from = momentField("Start of the clip", { player, changed: moved("start") });
  const to = momentField("End of the clip", { player, changed: moved("stop") });
  const long = h("span", { class: "sm muted" });
  const name = h("input", {
    class: "input",
    maxLength: LONGEST_NAME,
    value: clip.name,
    placeholder: "What happens here?",
    autocomplete: "off",
    oninput: ready,
  });
  const note = h("textarea", {
    class: "input",
    rows: 2,
    maxLength: LONGEST_NOTE,
    value: clip.note,
    placeholder: "Why it is worth a second look",
  });
  const audience = readersChoice(who, clip.audience);
  const done = h("button", { class: "btn sm primary", type: "submit" }, clip.id ? "Save" : "Save clip");
  const element = h(
    "form",
    {
      class: "clip-form",
      "aria-label": clip.id ? `Edit “${clip.name}”` : "New clip",
      onsubmit(event) {
        event.preventDefault();
        const called = cleaned(name.value);
        if (called) save({ ...now, name: called, note: cleaned(note.value), audience: audience.value });
      },
      onkeydown(event) {
        if (event.isComposing) return;
        const saves = event.key === "Enter" && (event.ctrlKey || event.metaKey);
        if (event.key !== "Escape" && !saves) return;
        event.preventDefault();
        event.stopPropagation();
        if (saves) element.requestSubmit();
        else leave();
      },
    },
    cuts && h("div", { class: "row fields" }, from.element, "–", to.element, long),
    h("label", { class: "field" }, h("span", {}, "Name"), name),
    h("label", { class: "field" }, h("span", {}, "Note ", h("small", {}, "(not needed)")), note),
    h(
      "div",
      { class: "row" },
      audience.element,
      h("span", { class: "grow" }),
      h("button", { class: "btn sm quiet", type: "button", onclick: leave }, "Cancel"),
      done,
    ),
  );
  function draw() {
    from.draw(now.start);
    to.draw(now.stop);
    long.textContent = length(now.stop - now.start);
  }
  function ready() {
    done.disabled = !cleaned(name.value);
  }
  draw();
  ready();
  return { element, focus: () => name.focus(), end: (which, t) => moved(which)(t) };
}
