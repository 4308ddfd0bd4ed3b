import assert from "node:assert/strict";
import test from "node:test";
import { captionAt, captionsOf, cues, skipTo } from "../src/stage/cues.js";

const words = (...list) => list.map(([text, start]) => [text, start, start === null ? null : start + 0.4, 0.9]);
const block = (index, kind, start, end, text, list = []) =>
  ({ index, kind, label: kind, start, end, until: end, utterances: [{ start, end, text, words: list }] });
const blocks = [
  block(0, "teacher", 1, 3, "Which is bigger?", words(["Which", 1], ["is", null], ["bigger?", 2])),
  block(1, "student", 8, 10, "Three fifths."),
];
const marks = { blocks, quiet: [[3, 8], [10, 20]], clips: [{ id: "c", start: 1, stop: 9 }], captions: captionsOf(blocks) };

test("between two times: turn, words and the end of a clip", () => {
  const at = (now, before = now - 0.04) => cues(marks, before, now);
  assert.equal(at(2.5).block.index, 0);
  assert.deepEqual([at(1).word, at(1.9).word, at(2.1).word], [0, 0, 2], "a word without a time belongs to the one before");
  assert.deepEqual([at(3.1).block, at(3.1).utterance, at(3.1).word], [null, null, null]);
  assert.equal(at(8.5).word, null, "an utterance without words has none");
  assert.equal(at(9).ended.id, "c");
  assert.equal(at(9.04).ended, null, "an end is passed once");
});

test("silence is skipped with room for the words around it, and only where it is worth it", () => {
  assert.equal(skipTo(marks.quiet, 3.1), null, "the last word may fade");
  assert.equal(skipTo(marks.quiet, 3.4), 7.6);
  assert.equal(skipTo(marks.quiet, 7.3), null, "a jump of 0.3 s only jolts");
  assert.equal(skipTo(marks.quiet, 9), null);
  assert.equal(skipTo([[0, 30]], 0), 29.6, "the beginning has no word to keep");
  assert.equal(skipTo([], 5), null);
  // The player goes on from there without another jump.
  assert.equal(skipTo(marks.quiet, 7.6), null);
});

test("a caption stays a little after its words, until the next comes", () => {
  assert.deepEqual([0.5, 1, 3.1, 3.3].map((t) => captionAt(marks, t)?.text ?? null), [null, "Which is bigger?", "Which is bigger?", null]);
  assert.equal(captionAt(marks, 8.1).kind, "student");
});

test("long talk is cut at sentences and lines, and each piece begins with its first word", () => {
  const text = "So we have three fifths and three eighths on the board here. Which of them is bigger, and how could you tell your neighbour about it?";
  const list = text.split(" ").map((word, i) => [word, i, i + 0.5, 0.9]);
  const cut = captionsOf([block(0, "teacher", 0, 30, text, list)]);
  assert.deepEqual(cut.map((one) => one.start), [0, 12]);
  assert.ok(cut.every((one) => one.text.length <= 84));
  assert.equal(cut.map((one) => one.text).join(" "), text);
  const untimed = captionsOf([block(0, "teacher", 0, 30, text)]);
  assert.equal(untimed.length, 2);
  assert.ok(untimed[1].start > 10 && untimed[1].start < 18, "in proportion to its letters");
});

test("an utterance without any words has no caption", () => {
  assert.deepEqual(captionsOf([block(0, "unknown", 0, 3, "")]), []);
});
