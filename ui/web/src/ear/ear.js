// The page that plays clips of a lesson and asks who speaks. Every answer is on the server before the next clip plays.

import { Away, Gone, Refused, Requests, SignedOut } from "../stage/requests.js";
import { set, write } from "../stage/dom.js";
import { playing } from "./playing.js";
import { answered, back, forward, meant, next } from "./round.js";
import { asleep, known, many } from "./words.js";

const MIDDLE = [0.5, 0.66];
const part = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll("[data-said]")];
const recording = new URLSearchParams(location.search).get("recording") ?? "";
const requests = new Requests(recording, fetch);
const sound = part("sound");
const clip = playing(sound, played);
let [state, number, heard, busy, then] = [null, null, false, false, null];

// What is shown: one of these at a time.
function only(id) {
  for (const one of ["rest", "ask", "gone"]) part(one).hidden = one !== id;
  part("loading").hidden = true;
}

function trouble(text = "") {
  write(part("trouble"), text);
  part("trouble").hidden = !text;
  part("loading").hidden ||= !!text;
}

/** Before, between and after: how it stands. */
async function rest() {
  clip.stop();
  number = null;
  if (!/^[0-9a-f]{24}$/.test(recording)) throw new Gone();
  state = await requests.calibration();
  const [done, all] = [answered(state.said), state.clips.length];
  const whole = all > 0 && done === all;
  write(part("name"), state.name);
  part("back-to").href = `/review?recording=${recording}`;
  write(part("head"), whole ? "All clips are answered" : done ? `${done} of ${all} clips are answered` : "About forty clips, five minutes");
  part("how").hidden = done > 0 || !!state.unfit;
  part("bar").hidden = !done;
  part("bar-done").style.width = `${(100 * done) / (all || 1)}%`;
  const why = state.unfit ?? (state.sound ? "" : "The lesson’s sound is not ready yet. Come back in a few minutes.");
  const found = state.found.length ? state.found : done && !state.unfit ? [known(state)] : [];
  part("lines").replaceChildren(...[why, ...found, asleep(state)].filter(Boolean).map(line));
  part("begin").hidden = !!why;
  write(part("begin"), whole ? "Go through them again" : done ? "Play the next clip" : "Play the first clip");
  part("forget").hidden = !(done || state.asleep);
  write(part("forget"), "Forget all answers");
  if (state.sound && !sound.src) sound.src = state.sound;
  only("rest");
  part("head").focus();
}

function line(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}

function ask(one) {
  number = one;
  only("ask");
  const said = state.said[number];
  write(part("count"), `Clip ${number + 1} of ${state.clips.length}`);
  part("progress").style.width = `${(100 * answered(state.said)) / state.clips.length}%`;
  write(part("said"), said === null ? "" : "You have answered this one; choose again to change it.");
  for (const button of buttons) set(button, "aria-pressed", button.dataset.said === said);
  part("back").disabled = !number;
  part("forward").hidden = forward(state.said, number) === number;
  may(said !== null);
  play();
}

async function play() {
  write(part("now"), heard ? "Who speaks at the middle?" : "Listen …");
  try {
    await clip.play(state.clips[number]);
  } catch (error) {
    const asks = error.name === "NotAllowedError";
    write(part("now"), asks ? "Press Play again to hear the clip." : "The clip cannot be played. Reload this page.");
  }
}

/** An answer before the middle would be about something else. */
function may(yes) {
  heard = yes;
  for (const button of buttons) button.disabled = !yes;
}

function played(share) {
  part("played").style.width = `${100 * share}%`;
  part("clip").classList.toggle("middle", share >= MIDDLE[0] && share < MIDDLE[1]);
  if (share < MIDDLE[0] || heard) return;
  may(true);
  write(part("now"), "Who speaks at the middle?");
}

/** Do it, one at a time; what went wrong is said. */
async function doing(step, away) {
  if (busy) return;
  busy = true;
  try {
    await step();
    trouble();
  } catch (error) {
    if (error instanceof Gone) only("gone");
    else if (error instanceof SignedOut) trouble("You are signed out. What you answered is saved. Sign in again, and go on.");
    else if (error instanceof Away) trouble(away);
    else if (error instanceof Refused) trouble(error.message);
    else throw error;
  } finally {
    busy = false;
    [step, then] = [then, null];
    step?.();
  }
}

/** Whoever presses Stop while an answer is being saved has said so: it is done after that. */
function stop() {
  if (busy) then = stop;
  else doing(rest, UNREACHED);
}

const UNSAVED = "The server can’t be reached. This answer is not saved yet: press it again in a moment.";
const UNREACHED = "The server can’t be reached. What you answered is safe. Try again in a moment.";

function answer(said) {
  if (!heard) return;
  doing(async () => {
    clip.stop();
    await requests.hear(state.of, number, said);
    state.said[number] = said;
    const one = next(state.said, number);
    if (one === null) await rest();
    else ask(one);
  }, UNSAVED);
}

const go = {
  again: play,
  back: () => number && ask(back(number)),
  forward: () => forward(state.said, number) !== number && ask(forward(state.said, number)),
};

function forget() {
  const button = part("forget");
  const sure = `Forget ${many(answered(state.said) + state.asleep, "answer")} for good?`;
  if (button.textContent !== sure) return write(button, sure);
  doing(async () => {
    await requests.forgetHeard();
    await rest();
  }, UNREACHED);
}

for (const button of buttons) button.addEventListener("click", () => answer(button.dataset.said));
// Who clicks and then presses Space wants to hear the clip again, not to answer the same once more.
document.addEventListener("click", (event) => event.detail && document.activeElement.blur());
part("begin").addEventListener("click", () => ask(next(state.said) ?? 0));
part("again").addEventListener("click", go.again);
part("back").addEventListener("click", go.back);
part("forward").addEventListener("click", go.forward);
part("stop").addEventListener("click", stop);
part("forget").addEventListener("click", forget);
document.addEventListener("keydown", (event) => {
  const means = part("ask").hidden ? null : meant(event);
  if (!means || (event.key === " " && event.target.closest("button"))) return;
  event.preventDefault();
  if (means.answer) answer(means.answer);
  else if (!busy) go[means.go]();
});

doing(rest, UNREACHED);
