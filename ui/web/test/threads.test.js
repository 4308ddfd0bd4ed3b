import assert from "node:assert/strict";
import test from "node:test";
import { ago, current, cutting, ordered, readers, rights, threadsOf } from "../src/stage/threads.js";

const lesson = (owner, ...may) => ({ viewer: { owner, may } });
const one = (id, start, more = {}) => ({
  id,
  start,
  stop: null,
  body: id,
  audience: "lesson",
  made: `2026-11-2${id.length}`,
  parent: null,
  mine: false,
  deleted: false,
  resolved: null,
  ...more,
});
const COMMENTS = [
  one("c", 300),
  one("a", 10, { audience: "author", mine: true }),
  one("b", 60, { stop: 90, resolved: "now" }),
  one("bb", 60, { parent: "b", made: "2" }),
  one("ba", 60, { parent: "b", made: "1" }),
  one("bc", 60, { parent: "b", made: "3", deleted: true }),
];
const ids = (threads) => threads.map(({ root }) => root.id).join("");

test("answers stand under their comment as they were written", () => {
  const threads = threadsOf(COMMENTS);
  assert.equal(ids(threads), "abc");
  assert.deepEqual(
    threads[1].answers.map(({ id }) => id),
    ["ba", "bb"],
  );
});

test("nearest first counts from the range, not from its start", () => {
  const threads = threadsOf(COMMENTS);
  assert.equal(ids(ordered(threads, "all", 88)), "bac");
  assert.equal(ids(ordered(threads, "all", 250)), "cba");
  assert.equal(ids(ordered(threads, "all")), "abc");
  assert.equal(ids(ordered(threads, "own")), "a");
  assert.equal(ids(ordered(threads, "open")), "ac");
});

test("the current one goes on, or began a moment ago", () => {
  const threads = threadsOf(COMMENTS);
  assert.equal(current(threads, 89)?.root.id, "b");
  assert.equal(current(threads, 15)?.root.id, "a");
  assert.equal(current(threads, 9), null);
  assert.equal(current(threads, 30), null);
});

test("only the author changes words; they and the lesson's owner close a thread; an answer is not answered", () => {
  assert.deepEqual(rights(one("x", 1), lesson(true, "see", "comment")), {
    answer: true,
    change: false,
    remove: false,
    resolve: true,
  });
  assert.deepEqual(rights(one("x", 1), lesson(false, "see", "comment")), {
    answer: true,
    change: false,
    remove: false,
    resolve: false,
  });
  assert.deepEqual(rights(one("x", 1, { mine: true }), lesson(false, "see", "comment")), {
    answer: true,
    change: true,
    remove: true,
    resolve: true,
  });
  assert.deepEqual(rights(one("x", 1, { parent: "y", mine: true }), lesson(false, "comment")), {
    answer: false,
    change: true,
    remove: true,
    resolve: false,
  });
  assert.deepEqual(rights(one("x", 1, { mine: true }), lesson(false, "see")), {
    answer: false,
    change: false,
    remove: true,
    resolve: false,
  });
});

test("clips are cut by whoever may write, out of a film that is there", () => {
  assert.equal(cutting(lesson(false, "see", "comment")), true);
  assert.equal(cutting(lesson(false, "see")), false);
  assert.equal(cutting({ ...lesson(true, "see", "comment"), gone: "The film of this lesson was deleted." }), false);
});

test("who reads it is said by name", () => {
  const recording = { owner: { called: "Maya Okafor" } };
  assert.match(readers({ viewer: { owner: false }, recording }).lesson.long, /^Maya Okafor and everyone/);
  const lesson = { viewer: { owner: true }, recording, shared: [] };
  const who = readers(lesson).lesson;
  assert.equal(who.long, "Nobody else sees this lesson yet. Whoever you share it with can read this.");
  lesson.shared = ["Daniel Reyes"];
  assert.deepEqual([who.short, who.long], ["You and Daniel Reyes", "You and Daniel Reyes can read this."]);
  lesson.shared = ["Ana", "Daniel Reyes", "Noor"];
  assert.deepEqual([who.short, who.long], ["You and 3 others", "You, Ana, Daniel Reyes and Noor can read this."]);
});

test("times of writing as people say them", () => {
  const now = new Date("2026-11-26T12:00:00");
  assert.equal(ago("2026-11-26T11:59:40", now), "just now");
  assert.equal(ago("2026-11-26T11:40:00", now), "20 min ago");
  assert.equal(ago("2026-11-26T08:05:00", now), "8:05");
  assert.equal(ago("2026-11-25T23:00:00", now), "Yesterday");
  assert.equal(ago("2026-11-19T08:00:00", now), "Thu 19 Nov");
  assert.equal(ago("2025-11-19T08:00:00", now), "Wed 19 Nov 2025");
});
