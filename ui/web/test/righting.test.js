import assert from "node:assert/strict";
import test from "node:test";
import {
  asQuestion,
  factsOf,
  KINDS,
  newer,
  oneLine,
  rewritten,
  sameAs,
  saidBy,
  troubleOf,
  voicesOf,
} from "../src/stage/righting.js";
import { Away, errorOf, Gone, SignedOut } from "../src/stage/requests.js";

const said = (speaker, ...spans) => ({
  speaker,
  utterances: spans.map(([start, end, text = ""]) => ({ start, end, text })),
});
const LESSON = {
  speakers: [
    { id: "s2", role: "student", label: "Student", name: "" },
    { id: "t", role: "teacher", label: "You", name: "" },
    { id: "s3", role: "student", label: "Student", name: "" },
    { id: "mute", role: "unknown", label: "Voice", name: "" },
  ],
  blocks: [said("t", [0, 4], [5, 25]), said("s2", [30, 33]), said("t", [40, 45]), said("s3", [60.5, 60.6])],
};

test("voices come by how much they say, with what tells two of one label apart; who says nothing is none to choose", () => {
  const voices = voicesOf(LESSON);
  assert.deepEqual(
    voices.map(({ id }) => id),
    ["t", "s2", "s3"],
  );
  assert.deepEqual(voices.map(factsOf), [
    "90% of the talk, first at 0:00",
    "9% of the talk, first at 0:30",
    "under 1% of the talk, first at 1:00",
  ]);
});

test("a voice is heard by its longest words, six seconds at most", () => {
  assert.deepEqual(
    voicesOf(LESSON).map(({ sample }) => sample),
    [
      { start: 5, stop: 11 },
      { start: 30, stop: 33 },
      { start: 60.5, stop: 60.6 },
    ],
  );
});

test("a voice that is another takes that one's place", () => {
  assert.deepEqual(sameAs("s2", "t"), { kind: "merge", voice: "t", other: "s2" });
});

test("a turn goes to another voice with each of its utterances", () => {
  assert.deepEqual(saidBy(LESSON.blocks[0], null), {
    kind: "voice",
    spans: [
      [0, 4],
      [5, 25],
    ],
    other: null,
  });
});

test("only words that are others now are sent, and nothing is something to say", () => {
  const utterances = [
    { start: 0, end: 1, text: "the hole" },
    { start: 1, end: 2, text: "is  bigger" },
    { start: 2, end: 3, text: "um" },
  ];
  const fields = ["the\nwhole\u0007 ", "is bigger", " "].map((text, i) => ({ utterance: utterances[i], text }));
  assert.deepEqual(rewritten(fields), [
    { kind: "text", spans: [[0, 1]], text: "the whole" },
    { kind: "text", spans: [[2, 3]], text: "" },
  ]);
  assert.equal(oneLine("a\tb\r\nc"), "a b c");
});

test("kinds of questions are each there once, and none means no question", () => {
  assert.equal(new Set(KINDS.map(([kind]) => kind)).size, 9);
  assert.deepEqual(asQuestion({ start: 3, end: 5, text: "No?" }, ""), { kind: "question", spans: [[3, 5]], text: "" });
});

test("trouble is a sentence; only what may heal by itself is tried again", () => {
  assert.equal(troubleOf(new Away()).again, true);
  assert.match(troubleOf(new Away()).sentence, /Nothing is lost/);
  assert.match(troubleOf(new SignedOut()).sentence, /signed out/);
  assert.equal(troubleOf(new Gone()).again, false);
  assert.deepEqual(troubleOf(errorOf(400, '{"error":"There is no such kind of question."}')), {
    sentence: "There is no such kind of question.",
    again: false,
  });
  assert.throws(() => troubleOf(new TypeError("ours")), TypeError);
});

test("of a lesson that is read again, only what was said counts, and only where it is another", () => {
  const before = { ...LESSON, recording: { id: "r" }, media: { web: "a" }, place: 3, corrections: [] };
  assert.equal(newer(before, { ...structuredClone(before), place: 90, media: { web: "b" } }), null);
  const corrections = [{ id: "c", kind: "role", what: "You said so." }];
  assert.deepEqual(newer(before, { ...structuredClone(before), place: 90, corrections }), { corrections });
});
