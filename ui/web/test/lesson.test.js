import assert from "node:assert/strict";
import { test } from "node:test";
import { Lesson } from "../src/lesson.js";

const OPEN = { id: "1", name: "Fractions", state: "open", reason: "It did not come as it was sent.", sizes: [3], files: [] };

/** A server that has these answers about one upload, and writes down what else it is asked. */
function server(...answers) {
  const asked = [];
  return {
    asked,
    upload: async () => answers.shift(),
    complete: async (...told) => asked.push(["complete", ...told]),
    remove: async (id) => asked.push(["remove", id]),
    begin: async (about) => asked.push(["begin", about]),
  };
}

for (const [what, answers] of Object.entries({
  "at once": [OPEN],
  "after a check": [{ ...OPEN, state: "checking", reason: null }, OPEN],
})) {
  test(`without its file, a lesson that is open again ${what} waits for somebody to choose it`, async () => {
    const there = server(...answers);
    const lesson = new Lesson(there, [], { upload: { ...OPEN, state: "checking" }, chunk: 1, hash: async () => "" });
    await lesson.go();
    assert.deepEqual([lesson.state, lesson.reason, there.asked], ["unreadable", OPEN.reason, []]);
  });
}
