import assert from "node:assert/strict";
import test from "node:test";
import { blockAt, clusters, lastBlock, marksOf, nearest, next, previous, silences, startedBy, within } from "../src/stage/marks.js";

/*  0   2   4   6   8   10  12  14  16  18  20
    TTTTTTTTTTTT    SSSS        TTTTTT           teacher 0-6 and 14-17, student 8-10
          SSS                                    and 3-4.5 inside the teacher's turn
                        ====?====                waits 10-13.2                          */
const said = (speaker, start, end, text = "so") => ({ speaker, start, end, utterances: [{ start, end, text, words: [] }] });
const lesson = {
  recording: { duration: 20 },
  speakers: [{ id: "a", role: "teacher", label: "You" }, { id: "b", role: "student", label: "Student" }],
  blocks: [said("a", 0, 6), said("b", 3, 4.5), said("b", 8, 10), said("a", 14, 17)],
  ribbon: { teacher: [[0, 6], [14, 17]], student: [[3, 4.5], [8, 10]], several: [], unknown: [] },
  questions: [{ start: 16, end: 17, text: "Why?" }, { start: 5, end: 6, text: "How?" }],
  waits: [{ start: 10, end: 13.2 }, { start: 6, end: 6.3 }],
};
const comment = (id, start, more = {}) => ({ id, start, stop: null, parent: null, deleted: false, ...more });
const notes = {
  comments: [comment("z", 12), comment("y", 2), comment("x", 2, { parent: "y" }), comment("w", 9, { deleted: true })],
  clips: [{ id: "d", start: 8, stop: 11 }, { id: "c", start: 1, stop: 4 }, { id: "e", start: 0, stop: 4, deleted: true }],
};
const marks = marksOf(lesson, notes);

test("every list is in order, a turn knows its speaker, a thread is one pin", () => {
  assert.deepEqual(marks.blocks.map(({ index, kind, label }) => [index, kind, label])[1], [1, "student", "Student"]);
  assert.deepEqual(marks.questions.map(({ text }) => text), ["How?", "Why?"]);
  assert.deepEqual(marks.pins.map(({ start, answers }) => [start, answers]), [[2, 1], [12, 0]]);
  assert.deepEqual(marks.clips.map(({ id }) => id), ["c", "d"]);
  assert.deepEqual(marks.lanes.map(({ id, label }) => [id, label]), [["teacher", "You"], ["student", "Students"]]);
  assert.deepEqual(marks.waits.map(({ seconds, long }) => [seconds.toFixed(1), long]), [["0.3", false], ["3.2", true]]);
});

test("who may not see the measures has a plain lesson, and one without words has no turns", () => {
  const plain = marksOf({ ...lesson, ribbon: null, questions: null, waits: null, blocks: [] }, null);
  assert.deepEqual([plain.lanes, plain.questions, plain.waits, plain.pins, plain.quiet], [[], [], [], [], []]);
  assert.equal(blockAt(plain, 3), null);
  assert.equal(marksOf({ ...lesson, speakers: [] }, notes).blocks[0].kind, "unknown");
});

test("the turn at a time is the last begun of those that go on; in a pause there is none", () => {
  const at = (t) => blockAt(marks, t)?.index ?? null;
  assert.deepEqual([0, 3.5, 5, 6, 7, 9, 16.9, 17].map(at), [0, 1, 0, null, null, 2, 3, null]);
  assert.equal(lastBlock(marks, 12).index, 2);
});

test("next and previous step through; going back twice while it plays goes two back", () => {
  assert.equal(next(marks.blocks, 0).index, 1);
  assert.equal(next(marks.blocks, 14), null);
  assert.equal(previous(marks.blocks, 14.4).index, 2);
  assert.equal(previous(marks.blocks, 15.5).index, 3);
  assert.equal(previous(marks.blocks, 0.5), null);
});

test("the nearest within reach, before or after", () => {
  assert.equal(nearest(marks.pins, 3, 5).start, 2);
  assert.equal(nearest(marks.pins, 8, 5).start, 12);
  assert.equal(nearest(marks.pins, 7, 2), null);
  assert.equal(nearest([], 7, 2), null);
});

test("pins that would overlap are one, measured from its first", () => {
  const pins = [1, 2, 3, 9].map((start) => ({ start }));
  assert.deepEqual(clusters(pins, 2).map(({ start, pins }) => [start, pins.length]), [[1, 2], [3, 1], [9, 1]]);
});

test("silence is what neither transcript nor ribbon fills", () => {
  assert.deepEqual(silences(marks, 1.5), [[6, 8], [10, 14], [17, 20]]);
  assert.deepEqual(silences(marks, 2.5), [[10, 14], [17, 20]]);
  assert.deepEqual(silences({ ...marks, ribbon: { several: [[10, 14], [17, 20]] } }, 1.5), [[6, 8]]);
  assert.deepEqual(silences({ duration: 20, blocks: [], ribbon: null }, 1), [], "nothing known is not silence");
});

test("spans of a window, and the one that reaches into it", () => {
  assert.deepEqual(within([[0, 6], [7, 8], [14, 17]], 5, 14), [[0, 6], [7, 8]]);
  assert.deepEqual(within([], 5, 14), []);
  assert.equal(startedBy(marks.blocks, 8), 3);
});

test("900 turns and 500 comments are ready well inside one picture's time budget, by counting steps", () => {
  // Not timed: what counts is that a look-up reads few turns, however many there are.
  let reads = 0;
  const many = Array.from({ length: 900 }, (_, i) => ({ get start() { reads++; return i * 4; }, end: i * 4 + 3, until: i * 4 + 3 }));
  assert.equal(blockAt({ blocks: many }, 1802), many[450]);
  assert.ok(reads < 15, `${reads} reads`);
});
