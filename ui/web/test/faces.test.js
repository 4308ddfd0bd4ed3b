import { test } from "node:test";
import assert from "node:assert/strict";

import { between, covered, cut, drawn, history, nearest, placed, rows, within } from "../src/faces/tracks.js";

const SHAPE = { around: 0.3, before: 0.25 };
const face = (start, stop, ...moments) => ({ id: `f${start}`, start, stop, moments });

test("a face moves in straight lines, and stands still beyond", () => {
  const one = face(1, 5, [2, 0.1, 0.1, 0.1, 0.1], [4, 0.3, 0.1, 0.2, 0.1]);
  assert.deepEqual(nearest(one, 1), [0.1, 0.1, 0.1, 0.1]);
  assert.deepEqual(nearest(one, 5), [0.3, 0.1, 0.2, 0.1]);
  nearest(one, 3).forEach((side, n) => assert.ok(Math.abs(side - [0.2, 0.1, 0.15, 0.1][n]) < 1e-9));
});

test("more is covered than was found, around it and before and after", () => {
  const one = face(1, 2, [1, 0.4, 0.4, 0.1, 0.2]);
  covered(one, 0.75, SHAPE).forEach((side, n) => assert.ok(Math.abs(side - [0.37, 0.34, 0.16, 0.32][n]) < 1e-9));
  assert.equal(covered(one, 0.74, SHAPE), null);
  assert.equal(covered(one, 2.26, SHAPE), null);
});

test("what is drawn lies within the picture and is never nothing", () => {
  assert.deepEqual(between([0.9, 0.9], [1.4, 0.5]), [0.5, 0.5, 0.5, 0.4]);
  assert.deepEqual(between([0.5, 0.5], [0.5, 0.5]), [0.5, 0.5, 0.02, 0.02]);
  assert.deepEqual(within([-1, 0.995, 0.1, 0.1]), [0, 0.9, 0.1, 0.1]);
});

test("moved at another second it goes there, and at the same one it is put right", () => {
  const one = drawn("a", 10, 20, [0.1, 0.1, 0.2, 0.2]);
  assert.deepEqual([one.start, one.stop], [10, 20]);
  const moved = placed(one, 15, [0.5, 0.1, 0.2, 0.2]);
  assert.deepEqual(moved.moments.map(([at]) => at), [10, 15]);
  assert.equal(placed(moved, 15.01, [0.6, 0.1, 0.2, 0.2]).moments.length, 2);
  assert.equal(placed(moved, 30, [0.6, 0.1, 0.2, 0.2]).moments.at(-1)[0], 20);
});

test("its ends can be moved, and what lies beyond them goes", () => {
  const one = placed(drawn("a", 10, 20, [0.1, 0.1, 0.2, 0.2]), 14, [0.5, 0.1, 0.2, 0.2]);
  const late = cut(one, "start", 12);
  assert.deepEqual(late.moments.map(([at]) => at), [12, 14]);
  assert.equal(late.moments[0][1], 0.3);
  const early = cut(one, "stop", 12);
  assert.deepEqual([early.stop, early.moments.map(([at]) => at)], [12, [10, 12]]);
  assert.ok(cut(one, "start", 99).start < 20);
  assert.ok(cut(one, "stop", 0).stop > 10);
});

test("bars that would lie on each other are in rows of their own", () => {
  const found = rows([face(0, 4), face(5, 9), face(2, 3), face(9.99, 10)], { start: 0, stop: 10 }, 0.05);
  assert.deepEqual(found.map((bars) => bars.map((bar) => bar.face.start)), [[0, 5, 9.99].slice(0, 2).concat(9.99), [2]]);
  assert.ok(found.flat().every(({ from, to }) => from >= 0 && to <= 1 && to - from >= 0.0499));
});

test("every change can be undone, and one drag is one change", () => {
  const kept = history({ removed: ["m1"], added: [["a", 1, 2, [[1, 0.1, 0.1, 0.2, 0.2]]]] });
  const before = kept.said;
  assert.equal(kept.may, false);
  kept.remove("m2", true);
  kept.put(drawn("b", 1, 3, [0.1, 0.1, 0.2, 0.2]));
  for (const x of [0.2, 0.3]) kept.put(drawn("b", 1, 3, [x, 0.1, 0.2, 0.2]), true);
  assert.deepEqual([kept.said.removed, kept.said.added.at(-1)[3][0][1]], [["m1", "m2"], 0.3]);
  kept.undo();
  assert.deepEqual(kept.said, { ...before, removed: ["m1", "m2"] });
  kept.drop("a");
  assert.equal(kept.said.added.length, 0);
  kept.undo();
  kept.undo();
  kept.undo();
  assert.deepEqual(kept.said, before);
});
