import assert from "node:assert/strict";
import { test } from "node:test";
import { Lesson, TAKEN_AWAY } from "../src/lesson.js";
import { Away, Refused } from "../src/trouble.js";

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

const ABOUT = { name: "Fractions", class_id: "5", taught: "2026-11-19", consent: true, look_fors: [] };
const film = (letters) => new File([letters], "film.mp4");

test("a video of another size takes the place of what began, though the answer to that is lost", async () => {
  const there = server(OPEN);
  let lost = 1;
  there.remove = async (id) => {
    there.asked.push(["remove", id]);
    if (lost--) throw new Away();
  };
  there.begin = async (about) => {
    there.asked.push(["begin", about.name, about.sizes]);
    return { ...OPEN, id: "2", state: "arrived" };
  };
  const lesson = new Lesson(there, [film("four")], { upload: { ...OPEN, ...ABOUT }, chunk: 1, hash: async () => "" });
  const through = lesson.go();
  while (lesson.state !== "away") await new Promise(setImmediate);
  lesson.now();
  await through;
  assert.deepEqual(there.asked, [["remove", "1"], ["remove", "1"], ["begin", "Fractions", [4]]]);
  assert.deepEqual([lesson.state, lesson.upload.id], ["arrived", "2"]);
});

test("a lesson that was removed elsewhere says so once, and is sent anew when it is tried again", async () => {
  const there = server();
  there.upload = async () => {
    throw new Refused(404, "There is no such upload.");
  };
  there.begin = async ({ name, consent }) => {
    there.asked.push(["begin", name, consent]);
    return { ...OPEN, id: "2", state: "arrived" };
  };
  const lesson = new Lesson(there, [film("abc")], { upload: { ...OPEN, ...ABOUT }, chunk: 1, hash: async () => "" });
  await lesson.go();
  assert.deepEqual([lesson.state, lesson.reason, there.asked], ["stopped", TAKEN_AWAY, []]);
  await lesson.go();
  assert.deepEqual([lesson.state, lesson.upload.id, there.asked], ["arrived", "2", [["begin", "Fractions", true]]]);
});

test("a video that the browser let go of is chosen again, and the lesson goes on with that", async () => {
  const there = server();
  there.begin = async ({ sizes }) => ({ ...OPEN, sizes, state: "arrived" });
  const closed = film("old");
  closed.slice = () => ({ arrayBuffer: async () => Promise.reject(new DOMException("closed", "NotReadableError")) });
  const lesson = new Lesson(there, [closed], { about: ABOUT, chunk: 1, hash: async () => "" });
  await lesson.go();
  assert.equal(lesson.state, "unreadable");
  lesson.refuse("This lesson has 1 part.");
  assert.deepEqual([lesson.state, lesson.reason], ["unreadable", "This lesson has 1 part."]);
  await lesson.take([film("new")]);
  assert.deepEqual([lesson.state, lesson.upload.sizes], ["arrived", [3]]);
});
