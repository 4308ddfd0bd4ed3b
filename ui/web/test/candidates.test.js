import assert from "node:assert/strict";
import test from "node:test";
import { chosenOf, from, KINDS, lastAt, playedAt, stepped } from "../src/stage/candidates.js";

const at = (start, end = start + 2, kind = "long_wait") => ({ start, end, kind });
const [a, b, c, d] = [at(1), at(20), at(20.2, 60, "long_talk"), at(100)];
const all = [a, b, c, d];

/** Goes on from where `stepped` sends the player. */
function walk(way, t, times) {
  const went = [];
  let chosen = null;
  for (let i = 0; i < times; i++) {
    const next = stepped(all, t, chosen, way);
    if (next) [chosen, t] = [next, from(next) + 0.05];
    went.push(next);
  }
  return went;
}

test("a moment is played from before it, but not from before the lesson", () => {
  assert.deepEqual(all.map(from), [0, 17, 17.2, 97]);
});

test("next and previous meet each once, also those that begin together, and stop at the ends", () => {
  assert.deepEqual(walk(1, 0.5, 4), [b, c, d, null]);
  assert.deepEqual(walk(-1, 98, 4), [c, b, a, null]);
});

test("between two moments, the one before is the one that was passed last", () => {
  assert.equal(stepped(all, 80, null, -1), c);
  assert.equal(stepped(all, 80, a, 1), d);
  assert.equal(stepped([], 80, null, 1), null);
});

test("the one that plays is known by where the player is, and by what was chosen of two at once", () => {
  assert.deepEqual([0, 6, 17, 17.2, 50, 63.5, 98, 105].map((t) => playedAt(all, t)), [0, -1, 1, 2, 2, -1, 3, -1]);
  assert.deepEqual([playedAt(all, 17.1, b), playedAt(all, 17.3, b), lastAt(all, 98, b), lastAt(all, 17.3, at(17))], [1, 1, 3, 2]);
});

test("no kind chosen is all of them; every kind has a name and a colour of its own", () => {
  assert.deepEqual([chosenOf(all, new Set()).length, chosenOf(all, new Set(["long_talk"]))], [4, [c]]);
  for (const one of [0, 1, 2]) assert.equal(new Set(KINDS.map((kind) => kind[one])).size, 5);
});
