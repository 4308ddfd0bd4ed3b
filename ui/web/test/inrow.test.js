import assert from "node:assert/strict";
import test from "node:test";
import { inRow } from "../src/stage/inrow.js";

class Playing extends EventTarget {
  paused = true;
  time = 0;
  played = [];
  playRange(range) {
    this.played.push([range.start, range.stop]);
    [this.paused, this.time] = [false, range.start];
    this.dispatchEvent(new Event("state"));
  }
  pause(time = this.time) {
    [this.paused, this.time] = [true, time];
    this.dispatchEvent(new Event("state"));
  }
  go(now) {
    const before = this.time;
    this.time = now;
    this.dispatchEvent(new CustomEvent("time", { detail: { before, now, jumped: true } }));
  }
}

const CLIPS = [
  { id: "a", start: 1, stop: 5 },
  { id: "b", start: 20, stop: 25 },
];

test("each clip is played to its end, then the next, then none", () => {
  const player = new Playing();
  const seen = [];
  const row = inRow(player, () => seen.push(row.at));
  row.play(CLIPS);
  player.pause(3); // somebody pauses within it
  assert.equal(row.at, 0);
  player.paused = false;
  player.pause(5);
  player.pause(25);
  assert.deepEqual(player.played, [
    [1, 5],
    [20, 25],
  ]);
  assert.deepEqual(seen, [0, 1, null]);
});

test("going elsewhere leaves the row; within the clip one stays in it", () => {
  const player = new Playing();
  const row = inRow(player, () => {});
  row.play(CLIPS);
  player.go(2);
  assert.equal(row.at, 0);
  player.go(12);
  assert.equal(row.at, null);
  player.pause(5);
  assert.equal(player.played.length, 1);
});
