// Telling the server where the viewer is and what they saw: while it plays, when it stops, and when the page goes.

import { listening } from "./dom.js";

const EVERY_S = 10;

export function watching(player, store) {
  const { on, off } = listening();
  let [told, moved] = [performance.now(), false];

  function tell(last = false) {
    const spans = player.watched();
    if (!spans.length && !moved) return;
    moved = false;
    told = performance.now();
    store.watched(player.time, spans, last);
  }

  on(player, "time", ({ detail: { jumped } }) => {
    moved ||= jumped;
    if (!player.paused && performance.now() - told >= EVERY_S * 1000) tell();
  });
  on(player, "state", () => player.paused && tell());
  on(window, "pagehide", () => tell(true));
  on(document, "visibilitychange", () => document.hidden && tell(true));
  return {
    remove() {
      tell(true);
      off();
    },
  };
}
