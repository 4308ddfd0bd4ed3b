// The adapter's decisions, on an element whose time the test moves; that browsers play is proved in a browser.
import assert from "node:assert/strict";
import test from "node:test";
import { Player, RATES } from "../src/stage/media.js";
import { Watched } from "../src/stage/watched.js";

class Element extends EventTarget {
  paused = true; ended = false; muted = false; seeking = false; volume = 1; playbackRate = 1; duration = 100; went = [];
  #time = 0;
  get currentTime() { return this.#time; }
  set currentTime(t) {
    this.#time = t;
    this.went.push(t);
    this.dispatchEvent(new Event("seeking"));
    this.dispatchEvent(new Event("seeked"));
  }
  async play() { this.paused = false; this.dispatchEvent(new Event("play")); }
  pause() { this.paused = true; this.dispatchEvent(new Event("pause")); }
  /** Play on to `t` without a jump. */
  reach(t) { this.#time = t; this.dispatchEvent(new Event("timeupdate")); }
}

function playing() {
  const element = new Element();
  const player = new Player(element);
  const times = [];
  player.addEventListener("time", ({ detail }) => times.push(detail));
  return { element, player, times };
}

test("time goes on by (before, now), and a jump says so", async () => {
  const { element, player, times } = playing();
  player.seek(10);
  await player.play();
  element.reach(10.5);
  element.reach(11);
  assert.deepEqual(times, [
    { before: 0, now: 10, jumped: true }, { before: 10, now: 10.5, jumped: false }, { before: 10.5, now: 11, jumped: false },
  ]);
  player.seek(40);
  element.reach(41);
  assert.deepEqual(player.watched(), [[10, 11], [40, 41]]);
  assert.deepEqual(player.watched(), [], "given once");
});

test("a loop starts again at its end, and going elsewhere leaves it", async () => {
  const { element, player } = playing();
  await player.play();
  player.loop({ start: 20, stop: 25 });
  element.reach(25.02);
  assert.deepEqual(element.went, [20, 20]);
  player.seek(22);
  assert.ok(player.range, "inside it goes on");
  player.seek(60);
  assert.equal(player.range, null);
  element.reach(61);
  assert.equal(element.currentTime, 61);
});

test("a loop at the very end of the recording goes on too", async () => {
  const { element, player } = playing();
  await player.play();
  player.loop({ start: 90, stop: 100 });
  element.reach(100);
  element.pause();
  element.dispatchEvent(new Event("ended"));
  assert.deepEqual([player.time, player.paused], [90, false]);
});

test("a clip plays once and rests on its end", async () => {
  const { element, player } = playing();
  await player.playRange({ start: 5, stop: 8 });
  assert.deepEqual([player.paused, player.time, player.range], [false, 5, null]);
  element.reach(8.03);
  assert.deepEqual([player.paused, player.time], [true, 8]);
  await player.play();
  element.reach(9);
  assert.equal(player.paused, false, "afterwards it plays on as ever");
});

test("silence is skipped while it plays, never while it stands, and not beyond a clip's end", async () => {
  const { element, player } = playing();
  player.setSkip(true, [[10, 20]]);
  element.reach(12);
  assert.deepEqual(element.went, []);
  await player.play();
  element.reach(12.1);
  assert.equal(player.time, 19.6);
  await player.playRange({ start: 9, stop: 15 });
  element.reach(10.5);
  assert.deepEqual([player.time, player.paused], [15, true]);
});

test("rates, volume and pictures keep to their limits", () => {
  const { element, player } = playing();
  player.setRate(9);
  assert.equal(player.rate, 3);
  player.changeRate(1);
  player.changeRate(-1);
  assert.equal(player.rate, 2.5);
  player.setRate(1.1);
  player.changeRate(-1);
  assert.equal(player.rate, 1);
  assert.deepEqual([RATES[0], RATES.at(-1)], [0.5, 3]);
  player.setVolume(0.4);
  player.mute();
  assert.equal(player.volume, 0);
  player.mute();
  assert.equal(player.volume, 0.4);
  player.seek(10);
  player.step(1);
  player.step(1);
  player.step(-1);
  assert.equal(element.currentTime.toFixed(2), "10.04");
  player.seek(-4);
  assert.equal(player.time, 0);
});

test("after it was removed nothing is heard of it", () => {
  const { element, player, times } = playing();
  player.remove();
  element.reach(3);
  assert.deepEqual(times, []);
});

test("what was watched is joined where nothing was left out", () => {
  const watched = new Watched();
  for (const span of [[0, 1], [1, 2.0004], [5, 5], [2.01, 3], [8, 9], [0, 1]]) watched.add(...span);
  assert.deepEqual(watched.take(), [[0, 3], [8, 9], [0, 1]]);
});
