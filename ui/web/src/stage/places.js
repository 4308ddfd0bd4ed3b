// Where things lie in pixels, and what a pointer means: pure, on numbers alone.

import { clusters, nearest } from "./marks.js";

/** Seconds that the zoomed strip shows. */
export const SPAN = 75;

/** The shortest clip. */
export const SHORTEST = 0.2;

/** A pin is 22 pixels wide; nearer than this they would lie on each other. */
export const PIN = 24;

/** Rows of the track from its top, in pixels: pins, questions, talk. */
export const ROWS = { pin: 13, question: 33, talk: 40 };

/** Half of a hit area of 24 pixels, for a fingertip or an unsteady hand. */
const REACH = 12;

/**
 * The second at which the strip begins, so that `time` is in it. Smoothly: `time` in the middle. Else (for whoever
 * wants little to move) it stays where it was, at `start`, and turns like a page when `time` leaves it.
 */
export function windowAt(time, duration, { span = SPAN, start = 0, smooth = true } = {}) {
  const last = Math.max(0, duration - span);
  const fit = (from) => Math.min(last, Math.max(0, from));
  if (smooth) return fit(time - span / 2);
  return time >= start && time <= start + 0.92 * span ? fit(start) : fit(time - 0.15 * span);
}

/**
 * What lies under a pointer on the track: the nearest pin (or heap of pins) or question, each with 24 pixels to hit;
 * null on the talk itself, where a pointer means a moment.
 * @param at `{x, y}` in pixels from the track's corner
 * @returns {?{kind: "comment", pins: object[], mark}|{kind: "question", mark}}
 */
export function under(marks, { x, y }, width) {
  if (y > ROWS.talk || !marks.duration) return null;
  const scale = width / marks.duration;
  const far = (mark, row) => (mark ? Math.hypot(mark.start * scale - x, row - y) : Infinity);
  const heap = nearest(clusters(marks.pins, PIN / scale), x / scale, REACH / scale);
  const question = nearest(marks.questions, x / scale, REACH / scale);
  const [toHeap, toQuestion] = [far(heap, ROWS.pin), far(question, ROWS.question)];
  if (Math.min(toHeap, toQuestion) > 1.5 * REACH) return null;
  return toHeap <= toQuestion ? { kind: "comment", pins: heap.pins, mark: heap } : { kind: "question", mark: question };
}

/** A clip with one end (`start` or `stop`) moved to `t`: that end stops before the other one, and at the lesson's. */
export function moved({ start, stop }, end, t, duration) {
  const to = Math.round(t * 100) / 100;
  if (end === "start") return { start: Math.max(0, Math.min(to, stop - SHORTEST)), stop };
  return { start, stop: Math.min(duration, Math.max(to, start + SHORTEST)) };
}

/** A range drawn from one moment to another, whichever way; null where it is too short to be meant. */
export function drawn(from, to, duration) {
  const [start, stop] = [Math.max(0, Math.min(from, to)), Math.min(duration, Math.max(from, to))];
  return stop - start < SHORTEST ? null : { start, stop };
}

/** Marks of an axis from `from` to `to`: a round step apart, at most `most`. */
export function ticks(from, to, most) {
  const step = [5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].find((one) => (to - from) / one <= most) ?? 7200;
  const found = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) found.push(t);
  return found;
}

/** Rectangles as one path: `spans` in seconds, `scale` pixels a second; none is thinner than a hair. */
export function blocks(spans, { scale, from = 0, top, height, round = 0 }) {
  let path = "";
  for (const [start, end] of spans) {
    const [x, wide] = [(start - from) * scale, Math.max(0.8, (end - start) * scale)];
    path += round && wide > 2 * round ? rounded(x, top, wide, height, round) : plain(x, top, wide, height);
  }
  return path;
}

function plain(x, y, wide, high) {
  return `M${x.toFixed(1)} ${y}h${wide.toFixed(1)}v${high}h-${wide.toFixed(1)}z`;
}

function rounded(x, y, wide, high, r) {
  const [across, down] = [(wide - 2 * r).toFixed(1), high - 2 * r];
  const corner = (right, below) => `a${r} ${r} 0 0 1 ${right * r} ${below * r}`;
  const [top, bottom] = [`h${across}${corner(1, 1)}`, `h-${across}${corner(-1, -1)}`];
  return `M${(x + r).toFixed(1)} ${y}${top}v${down}${corner(-1, 1)}${bottom}v-${down}${corner(1, -1)}z`;
}
