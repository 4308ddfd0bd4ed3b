import assert from "node:assert/strict";
import test from "node:test";
import { colourOf, groupsOf, waysOf } from "../src/stage/labels.js";

const label = (name, more = {}) => ({ name, meaning: "", colour: "grey", scale: [], ...more });
const TALK = {
  name: "Talk",
  categories: [
    { name: "Waits", labels: [label("Wait time", { colour: "amber", scale: ["some", "much"] }), label("After")] },
    { name: "Turns", labels: [label("Voice", { meaning: "A student speaks after a wait." })] },
  ],
};
const OTHER = { name: "Other", categories: [{ name: "Turns", labels: [label("Voice", { colour: "rose" })] }] };
const found = (...given) => groupsOf(...given).map(({ name, labels }) => [name, ...labels.map((one) => one.name)]);

test("labels stand by category, and are found by name, meaning or category", () => {
  assert.deepEqual(found([TALK]), [["Waits", "Wait time", "After"], ["Turns", "Voice"]]);
  assert.deepEqual(found([TALK], " WAIT "), [["Waits", "Wait time", "After"], ["Turns", "Voice"]]);
  assert.deepEqual(found([TALK], "time"), [["Waits", "Wait time"]]);
  assert.deepEqual(found([TALK], "turn"), [["Turns", "Voice"]]);
  assert.deepEqual(found([TALK], "nothing"), []);
});

test("with several codebooks a category says whose it is", () => {
  assert.deepEqual(found([TALK, OTHER], "voice"), [["Talk: Turns", "Voice"], ["Other: Turns", "Voice"]]);
});

test("a label is written with a point of its scale, and has the colour of the first that is written so", () => {
  assert.deepEqual(waysOf(TALK.categories[0].labels[0]), ["Wait time: some", "Wait time: much"]);
  assert.deepEqual(waysOf(label("Voice")), ["Voice"]);
  const words = ["Wait time", "Wait time: much", "Wait time: most", "Voice", "x"];
  assert.deepEqual(words.map((one) => colourOf([TALK, OTHER], one)), ["amber", "amber", "grey", "grey", "grey"]);
  assert.equal(colourOf([OTHER, TALK], "Voice"), "rose");
});
