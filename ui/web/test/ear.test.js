import assert from "node:assert/strict";
import test from "node:test";
import { playing } from "../src/ear/playing.js";
import { answered, back, forward, meant, next } from "../src/ear/round.js";
import { asleep, invitation, known, progress } from "../src/ear/words.js";

test("the next clip is the next open one, then what was left out, then none", () => {
  const said = ["teacher", null, "nobody", null];
  assert.deepEqual([next(said), next(said, 1), next(said, 3), next(["teacher"])], [1, 3, 1, null]);
  assert.equal(answered(said), 2);
});

test("one goes back anywhere, and forward over what is answered", () => {
  const said = ["teacher", "student", null];
  assert.deepEqual([back(2), back(0)], [1, 0]);
  assert.deepEqual([forward(said, 0), forward(said, 1), forward(said, 2)], [1, 2, 2]);
  assert.equal(forward(["teacher"], 0), 0);
});

test("keys answer, play again, and go; held down or with Ctrl they do nothing", () => {
  assert.deepEqual(["1", "3", "5"].map((key) => meant({ key }).answer), ["teacher", "several", "cannot tell"]);
  assert.deepEqual([" ", "Backspace", "ArrowLeft", "ArrowRight"].map((key) => meant({ key }).go), ["again", "back", "back", "forward"]);
  for (const none of [{ key: "6" }, { key: "0" }, { key: "x" }, { key: "1", ctrlKey: true }, { key: "1", repeat: true }])
    assert.equal(meant(none), null);
});

test("a clip is played from its start to its end, and stops there", async () => {
  const sound = Object.assign(new EventTarget(), {
    paused: true,
    ended: false,
    currentTime: 0,
    play: async () => void (sound.paused = false),
    pause: () => void (sound.paused = true),
  });
  const [shares, frames] = [[], []];
  const clip = playing(sound, (share) => shares.push(share), { frame: (tick) => frames.push(tick), still: () => {} });
  await clip.play([10, 15]);
  assert.equal(sound.currentTime, 10);
  sound.dispatchEvent(new Event("playing"));
  for (const now of [12.5, 14, 15.02]) {
    sound.currentTime = now;
    frames.at(-1)();
  }
  assert.deepEqual(shares, [0, 0, 0.5, 0.8, 1]);
  assert.ok(sound.paused);
  clip.remove();
  sound.dispatchEvent(new Event("playing"));
  assert.equal(shares.length, 5);
  sound.play = () => Promise.reject(Object.assign(new Error(), { name: "NotAllowedError" }));
  await assert.rejects(clip.play([0, 5]), { name: "NotAllowedError" });
  sound.play = () => Promise.reject(Object.assign(new Error(), { name: "AbortError" })); // another clip came
  await clip.play([0, 5]);
});

test("the card says how far somebody is, what is known, and what sleeps", () => {
  const state = { clips: [0, 1, 2], said: ["teacher", "cannot tell", null], fewest: 20, so_far: null, asleep: 0 };
  assert.equal(progress(state), "2 of 3");
  assert.match(known(state), /from 20 clips on .* So far: 1\./);
  assert.equal(known({ ...state, so_far: "So far, all." }), "So far, all.");
  assert.deepEqual(
    [state.said, [null], ["teacher"]].map((said) => invitation({ said })),
    ["Carry on labelling", "Start labelling", "See your answers"],
  );
  assert.equal(asleep(state), "");
  assert.match(asleep({ asleep: 1 }), /^1 earlier answer was given .* It is kept, and counts again/);
  assert.match(asleep({ asleep: 7 }), /^7 earlier answers were given .* They are kept, and count again/);
});
