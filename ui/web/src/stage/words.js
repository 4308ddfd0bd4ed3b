// What the stage says: times and what is heard at a moment. Pure.

import { blockAt } from "./marks.js";

/** A moment as players show it: 0:00, 12:41, 1:02:03; with `tenths` 12:41.3. */
export function clock(t, tenths = false) {
  const whole = tenths ? Math.round(t * 10) / 10 : Math.floor(t);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const seconds = (tenths ? s.toFixed(1) : String(s)).padStart(tenths ? 4 : 2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${seconds}` : `${m}:${seconds}`;
}

/** 12:14–13:04. */
export const span = (start, stop) => `${clock(start)}–${clock(stop)}`;

/** `50 s`, `1 min 10 s`: how long something is. */
export function length(seconds) {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const [m, s] = [Math.floor(whole / 60), whole % 60];
  return [m && `${m} min`, (s || !m) && `${s} s`].filter(Boolean).join(" ");
}

/** The same for whoever listens: `12 minutes 41 seconds`. */
export function spoken(t) {
  const whole = Math.floor(t);
  const parts = [[Math.floor(whole / 3600), "hour"], [Math.floor(whole / 60) % 60, "minute"], [whole % 60, "second"]];
  const said = parts.filter(([n]) => n).map(([n, one]) => `${n} ${one}${n === 1 ? "" : "s"}`);
  return said.join(" ") || "the beginning";
}

/** What a slider says of a moment: `12 minutes 41 seconds, student speaking`. */
export function heard(marks, t) {
  const block = blockAt(marks, t);
  if (block) return `${spoken(t)}, ${block.label === "You" ? "you are" : `${block.label.toLowerCase()} is`} speaking`;
  const several = marks.ribbon?.several?.some(([start, end]) => start <= t && t < end);
  return several ? `${spoken(t)}, several voices` : spoken(t);
}

export const rateName = (rate) => (rate === 1 ? "1×" : String(rate));
