import assert from "node:assert/strict";
import test from "node:test";
import { clipAround, ends, momentOf, rangeFrom } from "../src/stage/moments.js";
import { cleaned, typed } from "../src/stage/writing.js";

test("moments are read as they are written", () => {
  const cases = {
    "12:41": 761,
    "1:02:03.5": 3723.5,
    "0:05,2": 5.2,
    90: 90,
    "12:4x": null,
    "": null,
    "1:2:3:4": null,
    "-3": null,
  };
  for (const [text, t] of Object.entries(cases)) assert.equal(momentOf(text), t, text);
});

test("an end that is moved stops at the other, and at the lesson's", () => {
  assert.deepEqual(ends({ start: 50, stop: 20 }, "start", 100), { start: 19.8, stop: 20 });
  assert.deepEqual(ends({ start: -3, stop: 20 }, "start", 100), { start: 0, stop: 20 });
  assert.deepEqual(ends({ start: 10, stop: 4 }, "stop", 100), { start: 10, stop: 10.2 });
  assert.deepEqual(ends({ start: 10, stop: 400 }, "stop", 100), { start: 10, stop: 100 });
});

test("a range takes the turn that goes on, or ten seconds, and never leaves the lesson", () => {
  assert.deepEqual(rangeFrom(12, { end: 19.04 }, 100), { start: 12, stop: 19 });
  assert.deepEqual(rangeFrom(12, { end: 12.5 }, 100), { start: 12, stop: 22 });
  assert.deepEqual(rangeFrom(95, null, 100), { start: 95, stop: 100 });
  assert.deepEqual(rangeFrom(100, null, 100), { start: 99, stop: 100 });
});

test("a clip begins with the turn before, so that the question is heard", () => {
  const blocks = [
    { index: 0, start: 5, end: 20 },
    { index: 1, start: 21, end: 40 },
  ];
  assert.deepEqual(clipAround(25, blocks, 100), { start: 5, stop: 40 });
  assert.deepEqual(clipAround(90, blocks, 100), { start: 80, stop: 100 });
  assert.deepEqual(clipAround(3, [], 100), { start: 0, stop: 23 });
});

test("Enter saves, Shift Enter is a new line, Escape leaves, and letters that are composed are left alone", () => {
  assert.equal(typed({ key: "Enter" }), "save");
  assert.equal(typed({ key: "Enter", ctrlKey: true }), "save");
  assert.equal(typed({ key: "Enter", shiftKey: true }), null);
  assert.equal(typed({ key: "Enter", isComposing: true }), null);
  assert.equal(typed({ key: "Escape" }), "leave");
  assert.equal(typed({ key: "a" }), null);
});

test("words go without control characters, and keep their lines and signs", () => {
  assert.equal(cleaned(" a\tb\u0000\nc 👩‍🏫\ud800 "), "a b \nc 👩‍🏫");
});
