// Playing one clip of a longer sound, from its start to its end.

import { listening } from "../stage/dom.js";

/**
 * @param sound an <audio>
 * @param {(share: number) => void} at how much of the clip was played, 0 to 1, as often as can be
 */
export function playing(sound, at, { frame = requestAnimationFrame, still = cancelAnimationFrame } = {}) {
  const { on, off } = listening();
  let [clip, clock] = [null, 0];

  function tick() {
    still(clock);
    if (!clip) return;
    const [start, end] = clip;
    const share = Math.min(1, Math.max(0, (sound.currentTime - start) / (end - start)));
    at(share);
    if (share >= 1 || sound.ended) sound.pause();
    else if (!sound.paused) clock = frame(tick);
  }

  // A page in the background gets no frames.
  on(sound, "playing timeupdate ended", tick);
  return {
    /** Play `[start, end]` in seconds. Rejects as the browser does, unless another clip came in between. */
    async play(span) {
      clip = span;
      sound.currentTime = span[0];
      at(0);
      try {
        await sound.play();
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    },
    stop() {
      clip = null;
      sound.pause();
    },
    remove() {
      off();
      this.stop();
      still(clock);
    },
  };
}
