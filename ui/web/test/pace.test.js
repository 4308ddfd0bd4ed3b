import assert from "node:assert/strict";
import test from "node:test";
import { Pace, backoff, nextChunk } from "../src/pace.js";

const MB = 1e6;

test("time left is that of the last seconds, and unknown until they have settled", () => {
  const pace = new Pace();
  assert.equal(pace.left(10 * MB), null);
  for (let s = 0; s <= 40; s++) pace.saw(s, s < 20 ? s * MB : 20 * MB + (s - 20) * 4 * MB);
  assert.equal(pace.left(40 * MB), 10); // four a second now, whatever it was before
  pace.forget();
  assert.equal(pace.left(40 * MB), null);
});

test("a line that stands still has no end in sight", () => {
  const pace = new Pace();
  for (let s = 0; s <= 10; s++) pace.saw(s, 5);
  assert.equal(pace.left(100), null);
});

test("a request brings about four seconds' worth, grows by two at most, and never goes beyond its bounds", () => {
  assert.equal(nextChunk(1 * MB, 1, 16 * MB), 2 * MB);
  assert.equal(nextChunk(4 * MB, 8, 16 * MB), 2 * MB);
  assert.equal(nextChunk(16 * MB, 0, 16 * MB), 16 * MB);
  assert.equal(nextChunk(300_000, 60, 16 * MB), 262_144);
  assert.equal(nextChunk(1000, 60, 1000), 1000);
});

test("waits double to half a minute, and are scattered by a quarter each way", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 60].map((n) => backoff(n, () => 0.5)), [1, 2, 4, 8, 16, 30, 30]);
  assert.deepEqual([backoff(3, () => 0), backoff(3, () => 1)], [6, 10]);
});
