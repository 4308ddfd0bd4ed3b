// What people read: sizes, times, names. Pure.

/** Bytes as people say them: 340 MB, 1.2 GB. Decimal, as phones count. */
export function size(bytes) {
  const [value, unit] = scaled(bytes);
  return `${value} ${unit}`;
}

/** `1.2 of 2.8 GB`: how much of how much, in the unit of the whole. */
export function sizeOf(part, whole) {
  const [value, unit] = scaled(whole);
  return `${scaled(part, unit)[0]} of ${value} ${unit}`;
}

const UNITS = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]];

function scaled(bytes, unit) {
  const [name, one] = UNITS.find(([n, u]) => (unit ? n === unit : bytes >= u)) ?? UNITS.at(-1);
  const value = bytes / one;
  // Rounded down: what is not there yet is never said to be.
  return [name === "GB" || (value < 10 && name === "MB") ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value)), name];
}

/** Whole percent, and 100 only when all is there. */
export function percent(part, whole) {
  return whole ? Math.floor((100 * part) / whole) : 0;
}

/** About how long still: seconds under a minute are not worth counting. */
export function timeLeft(seconds) {
  if (seconds < 60) return "Less than a minute left";
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `About ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
  return `About ${Math.round(minutes / 60)} hours left`;
}

/** A length as players show it: 39:50, 1:02:03. */
export function clock(seconds) {
  const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `2026-11-19` as people say it: Thu 19 Nov. */
export function day(iso) {
  const date = new Date(`${iso}T12:00:00`);
  const part = (options) => date.toLocaleDateString("en-GB", options);
  return `${part({ weekday: "short" })} ${date.getDate()} ${part({ month: "short" })}`;
}

/** Today in the reader's own time, as `2026-11-19`. */
export function today(now = new Date()) {
  return new Date(now - now.getTimezoneOffset() * 60e3).toISOString().slice(0, 10);
}

/** Somebody's words as the server keeps them: one line without surplus space, `longest` characters at most. */
export function line(text, longest) {
  return [...text.replace(/[\p{C}\p{Z}]+/gu, " ").trim()].slice(0, longest).join("").trim();
}

/** A lesson's name from its file's, unless a camera gave that: then its day. */
export function nameOf(fileName, iso) {
  const stem = fileName.replace(/\.[^.]*$/, "").replaceAll("_", " ").trim();
  const camera = /^(img|mov|vid|mvi|dsc|pxl|gopr|trim|video|image|movie|capturedvideo)?[\W\d]*([0-9a-f]{8}[0-9a-f-]*)?$/i;
  return camera.test(stem) ? `Lesson of ${day(iso)}` : stem;
}

export function count(n, one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}
