// What the keys do to the player, by name: each is given to `keyboard` as it is.

import { next, previous } from "./marks.js";

/** @param marks gives the marks as they are now */
export function moves(player, marks) {
  const to = (mark) => mark && player.seek(mark.start);
  const by = (seconds) => () => player.seek(player.time + seconds);
  const long = () => marks().waits.filter((wait) => wait.long);
  return {
    toggle: () => player.toggle(),
    back: by(-5),
    forward: by(5),
    // Before the first there is its beginning still.
    previousTurn: () => to(previous(marks().blocks, player.time) ?? marks().blocks[0]),
    nextTurn: () => to(next(marks().blocks, player.time)),
    back10: by(-10),
    forward10: by(10),
    frameBack: () => player.paused && player.step(-1),
    frameForward: () => player.paused && player.step(1),
    slower: () => player.changeRate(-1),
    faster: () => player.changeRate(1),
    skip: () => player.setSkip(!player.skip, marks().quiet),
    captions: () => player.setCaptions(!player.captions),
    mute: () => player.mute(),
    nextQuestion: () => to(next(marks().questions, player.time)),
    previousQuestion: () => to(previous(marks().questions, player.time)),
    nextWait: () => to(next(long(), player.time)),
    previousWait: () => to(previous(long(), player.time)),
  };
}
