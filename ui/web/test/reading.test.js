import assert from "node:assert/strict";
import test from "node:test";
import { marksOf } from "../src/stage/marks.js";
import { folded, found, lookOf, pieces, rowsOf, tokensOf } from "../src/stage/reading.js";

const words = (text, start, sure = 0.9) => text.split(" ").map((word, i) => [word, start + i, start + i + 1, sure]);
const said = (speaker, start, text, sure) => {
  const all = words(text, start, sure);
  return {
    speaker,
    start,
    end: start + all.length,
    utterances: [{ start, end: start + all.length, text, words: all }],
  };
};

const LESSON = {
  recording: { duration: 100 },
  speakers: [
    { id: "t", role: "teacher", label: "You" },
    { id: "s", role: "student", label: "Student" },
  ],
  blocks: [
    said("t", 0, "Which is bigger? How do you know?"),
    said("s", 10, "It’s the same whole"),
    said("t", 15, "Why is that? Think."),
    said("s", 40, "holes", 0.58),
  ],
  ribbon: {
    teacher: [],
    student: [],
    several: [
      [50, 80],
      [10, 14.9],
      [90, 92],
    ],
    unknown: [],
  },
  questions: [
    { start: 0, end: 3, label: "Open", open: true },
    { start: 3, end: 7, label: "Press", open: true },
    { start: 15, end: 18, label: "Open", open: true },
  ],
  waits: [
    { start: 7, end: 10 },
    { start: 18, end: 18.8 },
    { start: 19, end: 19.3 },
  ],
};
const rows = () => rowsOf(marksOf(LESSON, null));

test("questions stand behind their words, waits after the turn or where it goes on", () => {
  const [first, , third] = rows();
  assert.deepEqual(
    [...first.chips].map(([token, [{ label }]]) => [first.tokens[token].text, label]),
    [
      ["bigger?", "Open"],
      ["know?", "Press"],
    ],
  );
  assert.deepEqual(
    first.waits.map(({ seconds, long }) => [seconds, long]),
    [[3, true]],
  );
  assert.deepEqual(
    [...third.pauses.keys()].map((token) => third.tokens[token].text),
    ["that?"],
  );
  assert.equal(third.waits.length, 0); // too short for a pill
});

test("what several said at once is a row only where nothing was written down, and long", () => {
  assert.deepEqual(
    rows()
      .filter((row) => row.unheard)
      .map((row) => row.unheard),
    [{ start: 50, end: 80 }],
  );
});

test("a word is unsure under 70 percent; without words the text is there", () => {
  assert.deepEqual(tokensOf(LESSON.blocks[3]), [{ text: "holes", start: 40, unsure: 58 }]);
  const block = {
    utterances: [
      { start: 4, end: 5, text: "Only text", words: [] },
      { start: 6, end: 7, text: "x", words: [["x", null, null, null]] },
    ],
  };
  assert.deepEqual(tokensOf(block), [
    { text: "Only text", start: 4, unsure: null },
    { text: "x", start: null, unsure: null },
  ]);
});

test("search minds neither case, accents nor apostrophes, and goes across words", () => {
  assert.equal(folded("Éla’s 𝒳"), "ela's 𝒳");
  const hits = found(rows(), "IT'S  the");
  assert.deepEqual(
    hits.map(({ row, from, to }) => row.text.slice(from, to)),
    ["It’s the"],
  );
  assert.equal(found(rows(), "  ").length, 0);
  assert.equal(found(rows(), "is").length, 2);
});

const text = (list) => list.map((piece) => piece.text ?? "").join("");

test("pieces are the words again, whole where nothing is to show", () => {
  for (const row of rows().filter((one) => one.tokens)) {
    for (const split of [false, true]) assert.equal(text(pieces(row, { split })), row.text);
  }
  assert.equal(pieces(rows()[1]).length, 1);
  assert.equal(pieces(rows()[1], { split: true }).length, 7);
  const [plain] = pieces(rows()[3]);
  assert.deepEqual([plain.text, plain.unsure], ["holes", 58]);
});

test("hits are cut out of the words, also within one and across two", () => {
  const [, row] = rows();
  const [hit] = found([row], "t’s the sa");
  const cut = pieces(row, { hits: [hit] });
  assert.deepEqual(
    cut.map(({ text, hit }) => [text, Boolean(hit)]),
    [
      ["I", false],
      ["t’s the sa", true],
      ["me whole", false],
    ],
  );
  assert.equal(text(pieces(row, { hits: [hit], split: true })), row.text);
});

test("words that were put right are a piece of their own, the space after them is not theirs", () => {
  const utterance = (start, text, more) => ({ start, end: start + 1, text, words: [], ...more });
  const block = {
    speaker: "t",
    start: 0,
    end: 3,
    utterances: [utterance(0, "so the"), utterance(1, "whole thing", { corrected: true }), utterance(2, "is bigger")],
  };
  const [row] = rowsOf(marksOf({ ...LESSON, blocks: [block], questions: null, waits: null, ribbon: null }, null));
  assert.deepEqual(
    pieces(row).map((piece) => [piece.text, piece.put]),
    [
      ["so the ", false],
      ["whole thing", true],
      [" is bigger", false],
    ],
  );
});

test("rows of a lesson read anew look the same but where something is seen to be another", () => {
  const looks = (lesson) => rowsOf(marksOf(lesson, null)).map(lookOf);
  const before = looks(LESSON);
  assert.deepEqual(looks(structuredClone(LESSON)), before);
  const other = (change) => {
    const lesson = structuredClone(LESSON);
    change(lesson);
    return looks(lesson).flatMap((look, i) => (look === before[i] ? [] : [i]));
  };
  assert.deepEqual(
    other(({ speakers }) => (speakers[1].label = "Ana")),
    [1, 3],
  );
  assert.deepEqual(
    other(({ questions }) => (questions[2].label = "Asks a fact")),
    [2],
  );
  assert.deepEqual(
    other(({ blocks }) => (blocks[3].utterances[0].corrected = true)),
    [3],
  );
});
