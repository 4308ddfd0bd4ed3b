// Clips one after the other, as they stand in the lesson.

import { listening } from "./dom.js";

/** This near to its end, a clip that stopped was played to its end. */
const END_S = 0.35;

/** @returns {{play(clips), stop(), at, of, remove()}}; `at` is the index that plays, null where none does */
export function inRow(player, changed) {
  const { on, off } = listening();
  let [of, at] = [[], null];
  const go = (index) => {
    at = index < of.length ? index : null;
    if (at !== null) player.playRange({ start: of[at].start, stop: of[at].stop });
    changed();
  };
  const stop = () => {
    if (at === null) return;
    at = null;
    changed();
  };
  on(player, "state", () => {
    if (at !== null && player.paused && player.time >= of[at].stop - END_S && player.time <= of[at].stop + END_S)
      go(at + 1);
  });
  // Whoever goes elsewhere has left the row.
  on(player, "time", ({ detail: { now, jumped } }) => {
    if (at !== null && jumped && (now < of[at].start - END_S || now > of[at].stop + END_S)) stop();
  });
  return {
    play(clips) {
      of = clips;
      go(0);
    },
    stop() {
      if (at !== null) player.pause();
      stop();
    },
    get at() {
      return at;
    },
    get of() {
      return of;
    },
    remove: off,
  };
}
