// Moments and ranges that people set: reading what they typed, keeping ends in order. Pure.

/** Shorter is no range (the server says so too). */
export const SHORTEST = 0.2;

/** `12:41`, `1:02:03.5` or seconds, as typed, in seconds; null where it is none. */
export function momentOf(text) {
  const match = /^\s*(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)\s*$/.exec(text);
  if (!match) return null;
  const [, hours = 0, minutes = 0, seconds] = match;
  return 3600 * hours + 60 * minutes + Number(seconds.replace(",", "."));
}

export const tenth = (t) => Math.round(10 * t) / 10;

/** `{start, stop}` within the lesson, at least SHORTEST long: the end that was moved stops at the other one. */
export function ends({ start, stop }, moved, duration) {
  const within = (t, low, high) => Math.min(Math.max(tenth(t), low), Math.max(low, high));
  if (moved === "start") return { start: within(start, 0, tenth(stop - SHORTEST)), stop };
  return { start, stop: within(stop, tenth(start + SHORTEST), duration) };
}

/** A range from a moment on: the turn that goes on there, or `seconds` long. */
export function rangeFrom(t, block, duration, seconds = 10) {
  const stop = block && block.end - t >= 2 ? block.end : t + seconds;
  const end = Math.min(duration, tenth(stop));
  return end - t >= SHORTEST
    ? { start: tenth(t), stop: end }
    : { start: tenth(Math.max(0, duration - 1)), stop: duration };
}

/** A clip round a moment: from the beginning of the turn before, so that the question is heard, to some time after. */
export function clipAround(t, blocks, duration) {
  const now = blocks.findLast(({ start }) => start <= t);
  const before = now && blocks[now.index - 1];
  const start = before && t - before.start <= 30 ? before.start : Math.max(0, t - 10);
  const stop = now && now.end > t + 5 && now.end - start <= 60 ? now.end : t + 20;
  return { start: tenth(start), stop: tenth(Math.min(duration, stop)) };
}
