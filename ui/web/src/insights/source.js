// What the server knows of the measures, asked for and changed; the view is told.

import { Away, Gone, Requests, SignedOut } from "../stage/requests.js";
import { asking } from "../stage/asking.js";
import { troubleOf } from "../stage/righting.js";

const AGAIN_S = 5;

/**
 * @param on `insights(data, focus)`, `checked(calibration)`, `trend(found or sentence)`, `instead(head, words)` where there is nothing to show,
 *   `trouble(sentence)`
 * @returns {{again(), act, remove()}}; `act` is for the view
 */
export function source(recording, on) {
  const requests = new Requests(recording, globalThis.fetch);
  let [over, later, focus, asked, known] = [false, null, null, false, null];

  const again = asking(async () => {
    clearTimeout(later);
    try {
      const data = await requests.insights();
      requests.as(data.viewer.id);
      const now = JSON.stringify(data);
      if (over || now === known) return;
      known = now;
      on.insights(data, focus);
      focus = null;
      if (!data.viewer.owner || !data.spoken) return;
      // It tells what was heard: not before all is guessed.
      if (!data.ask) await checked();
      await trend();
    } catch (error) {
      if (!over) fail(error);
    }
  });

  async function checked() {
    const found = await requests.calibration();
    if (!over) on.checked(found);
  }

  async function trend() {
    if (!asked) on.trend(null);
    asked = true;
    try {
      const found = await requests.trend();
      if (!over) on.trend(found);
    } catch (error) {
      if (error instanceof Away)
        return on.trend("Your other lessons couldn’t be reached. Reload the page to try again.");
      throw error;
    }
  }

  function fail(error) {
    known = null;
    if (error instanceof Gone)
      return on.instead(
        "There is nothing to see here",
        "It was deleted, or its numbers are not shared with you any more.",
      );
    if (error instanceof SignedOut)
      return on.instead("You are signed out", "Sign in again to carry on. What you guessed is kept.");
    if (!(error instanceof Away)) throw error;
    on.trouble("The server can’t be reached. It is tried again every few seconds.");
    later = setTimeout(again, AGAIN_S * 1000);
  }

  /** Whether it was taken; then everything is asked for anew. */
  async function change(send, then = null) {
    try {
      await send();
    } catch (error) {
      on.trouble(troubleOf(error).sentence);
      return false;
    }
    focus = then;
    await again();
    return true;
  }

  again();
  return {
    again,
    act: {
      predict: (measure, value) => change(() => requests.predict(measure, value), FOUND[measure]),
      correct: (correction) => change(() => requests.correct(correction)),
    },
    remove() {
      over = true;
      clearTimeout(later);
    },
  };
}

/** Where a number stands once it is shown: there whoever guessed goes on. */
const FOUND = {
  teacher_talk: ".in-first",
  wait_time_1: "#in-wait-time",
  open_share: "#in-questions-by-kind",
  questions: "#in-questions-by-kind",
};
