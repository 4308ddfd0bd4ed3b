import assert from "node:assert/strict";
import test from "node:test";
import { asking } from "../src/stage/asking.js";

test("what is asked while an answer is on its way is asked once more, and once only", async () => {
  const answers = [];
  const again = asking(() => new Promise((resolve) => answers.push(resolve)));
  const first = again();
  again();
  const third = again();
  assert.equal(answers.length, 1);
  answers[0]();
  await new Promise(setImmediate);
  assert.equal(answers.length, 2);
  answers[1]();
  await Promise.all([first, third]);
  again();
  assert.equal(answers.length, 3);
});

test("a question that fails does not stand in the way of the next", async () => {
  let times = 0;
  const again = asking(async () => {
    if (++times === 1) throw new Error("once");
  });
  await assert.rejects(again(), { message: "once" });
  await again();
  assert.equal(times, 2);
});
