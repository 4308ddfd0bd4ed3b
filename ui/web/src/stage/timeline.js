// The timeline: legend, ribbon of the whole lesson, clips, and the strip round the player; one slider for the keyboard.

import { bubble } from "./bubble.js";
import { clipbar } from "./clipbar.js";
import { h, listening } from "./dom.js";
import { blockAt } from "./marks.js";
import { under } from "./places.js";
import { gestures, timeUnder } from "./pointer.js";
import { legend, ribbon } from "./ribbon.js";
import { strip } from "./strip.js";
import { cutting } from "./threads.js";
import { heard } from "./words.js";

/** How far each key moves the slider, in seconds; Home and End go to the ends. */
const KEYS = {
  ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageUp: 60, PageDown: -60, Home: -Infinity, End: Infinity,
};

/** Where a slider key goes from `time`; null where it is none of its keys. */
export function slid({ key, shiftKey, ctrlKey, altKey, metaKey }, time, duration) {
  if (shiftKey || ctrlKey || altKey || metaKey || !Object.hasOwn(KEYS, key)) return null;
  return Math.min(duration, Math.max(0, time + KEYS[key]));
}

/**
 * @param on `select(kind, id)` of "comment", "clip" and "question" (by its place in the lesson's list),
 *   `clipChanged(id, {start, stop})`, `rangeDrawn({start, stop})`
 * @returns {{show(marks), select(kind, id), adjust(id), remove()}}
 */
export function timeline(parent, { player, lesson, on }) {
  const { on: hear, off } = listening();
  const root = h("div", { class: "tl", role: "group", "aria-label": "Timeline" });
  parent.append(root);
  const key = legend(root);
  const whole = ribbon(root);
  const tip = bubble(root, lesson.media.thumbnails);
  const clips = clipbar(whole.element, {
    cuts: cutting(lesson),
    choose: (clip) => pick("clip", clip.id, clip.start),
    editing: (clip) => near.clip(clip),
    preview: (event, element, t) => point(event, element, t, "", true),
    done() {
      tip.hide();
      near.hold(false);
      drawTime();
    },
    changed: (id, ends) => on.clipChanged?.(id, ends),
    drawn: (range) => on.rangeDrawn?.(range),
  });
  whole.element.insertBefore(clips.element, whole.element.querySelector(".axis"));
  const near = strip(root, lesson);
  let [marks, scrubbed, wide] = [null, null, 0];
  /** The heap of pins that was pressed last, by its first, and how often. */
  let heap = { first: null, pressed: 0 };

  const time = () => scrubbed ?? player.time;

  /** At each picture: only elements that move by transform, and words where they changed. */
  function drawTime() {
    if (!marks) return;
    const t = time();
    near.at(t);
    whole.at(t);
    whole.show(near.start, near.end, near.visible);
  }

  function draw() {
    const width = whole.slider.clientWidth;
    if (!marks || !width) return;
    wide = width;
    key.draw(marks);
    whole.draw(marks, width);
    clips.draw(marks, width);
    const left = near.view.offsetLeft - whole.element.offsetLeft;
    near.draw(marks, { track: width, strip: near.view.clientWidth, left });
    drawTime();
    near.clip(clips.chosen);
    say();
  }

  /** Whoever listens is told of a jump and a pause, not of every second. */
  function say() {
    if (marks) whole.say(time(), heard(marks, time()));
  }

  function pick(kind, id, start) {
    select(kind, id);
    player.seek(start);
    on.select?.(kind, id);
  }

  function select(kind, id) {
    if (kind === "clip") clips.choose(id);
    whole.choose(kind === "comment" ? id : null);
    near.clip(clips.chosen);
    drawTime();
  }

  function point(event, element, t, words, tenths) {
    tip.show({ clientX: event.clientX, above: element.getBoundingClientRect().top }, t, words, tenths);
  }

  /** What lies under the pointer on the track, and the moment there. */
  function track(event) {
    const { left, top, width } = whole.element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const hit = under(marks, { x, y }, width);
    return { hit, t: hit ? hit.mark.start : timeUnder(whole.element, event, 0, marks.duration) };
  }

  /** Again on the same heap goes on to its next comment. */
  function take({ kind, pins, mark }) {
    if (kind === "question") return pick("question", lesson.questions.indexOf(mark), mark.start);
    const first = pins[0].comment.id;
    heap = { first, pressed: heap.first === first ? heap.pressed + 1 : 0 };
    const { comment, start } = pins[heap.pressed % pins.length];
    pick("comment", comment.id, start);
  }

  /** Dragging moves the picture along, as fast as the player can show it. */
  function scrub(element, moment, fine) {
    return (event) => {
      if (!marks || event.target.closest(".clips")) return null;
      // The strip stays under the finger that drags on it; from the ribbon it is led along.
      near.hold(fine);
      if (event.target.dataset.end) return clips.drag(event.target.dataset.end, moment);
      const hit = fine ? null : track(event).hit;
      const rest = () => {
        scrubbed = null;
        near.hold(false);
        tip.hide();
        drawTime();
      };
      return {
        move(next) {
          scrubbed = moment(next);
          point(next, element, scrubbed, wordsAt(scrubbed), fine);
          drawTime();
          if (!player.seeking) player.seek(scrubbed);
        },
        end(last, moved) {
          const t = moment(last);
          rest();
          if (hit && !moved) take(hit);
          else player.seek(t);
        },
        cancel: rest,
      };
    };
  }

  function wordsAt(t) {
    return blockAt(marks, t)?.label ?? "";
  }

  function wordsOf({ kind, pins, mark }) {
    if (kind === "question") return `${mark.label}: ${mark.text}`;
    const [{ comment }] = pins;
    const more = pins.length > 1 ? ` and ${pins.length - 1} more` : "";
    return `${comment.mine ? "You" : comment.called}${more}: ${comment.body.split("\n")[0]}`;
  }

  const strips = (event) => timeUnder(near.view, event, near.start, near.end);
  const tracks = (event) => timeUnder(whole.element, event, 0, marks.duration);
  const quiet = [
    gestures(whole.element, scrub(whole.element, tracks, false)), gestures(near.view, scrub(near.view, strips, true)),
  ];
  hear(whole.element, "pointermove", (event) => {
    if (!marks || event.pointerType !== "mouse" || event.buttons) return;
    const clip = event.target.closest(".clips");
    if (clip) return tip.hide();
    const { hit, t } = track(event);
    whole.element.classList.toggle("over", Boolean(hit));
    point(event, whole.element, t, hit ? wordsOf(hit) : wordsAt(t));
  });
  hear(near.view, "pointermove", (event) => {
    if (!marks || event.pointerType !== "mouse" || event.buttons) return;
    point(event, near.view, strips(event), wordsAt(strips(event)), true);
  });
  for (const one of [whole.element, near.view]) hear(one, "pointerleave", () => scrubbed === null && tip.hide());
  hear(whole.slider, "keydown", (event) => {
    const to = marks && slid(event, player.time, marks.duration);
    if (to === null || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    player.seek(to);
  });
  hear(player, "time", ({ detail }) => {
    if (scrubbed === null) drawTime();
    if (detail.jumped || player.paused) say();
  });
  hear(player, "state", () => player.paused && say());
  const sized = new ResizeObserver(() => whole.slider.clientWidth !== wide && draw());
  sized.observe(root);

  return {
    show(given) {
      marks = given;
      draw();
    },
    select,
    adjust(id) {
      select("clip", id);
      clips.focus();
    },
    remove() {
      off();
      quiet.forEach((one) => one());
      clips.remove();
      sized.disconnect();
      tip.remove();
      root.remove();
    },
  };
}
