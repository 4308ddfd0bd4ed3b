import assert from "node:assert/strict";
import test from "node:test";
import { nudge } from "../src/stage/clipbar.js";
import { blocks, drawn, moved, ticks, under, windowAt } from "../src/stage/places.js";
import { slid } from "../src/stage/timeline.js";

test("the strip follows the player, and stands at the lesson's ends", () => {
  assert.deepEqual([0, 30, 100, 290, 300].map((t) => windowAt(t, 300)), [0, 0, 62.5, 225, 225]);
  assert.equal(windowAt(20, 50), 0, "a lesson shorter than the strip");
});

test("for whoever wants little to move it turns like a page", () => {
  const page = (t, start) => windowAt(t, 300, { start, smooth: false });
  assert.deepEqual([page(80, 60), page(128, 60), page(130, 60), page(40, 60)], [60, 60, 118.75, 28.75]);
});

test("a fingertip takes the nearest pin or question, and on the talk a moment", () => {
  const pin = (start) => ({ start, comment: { id: start } });
  const marks = { duration: 1000, pins: [pin(100), pin(110), pin(200)], questions: [{ start: 104 }, { start: 500 }] };
  const at = (x, y) => under(marks, { x, y }, 1000);
  assert.deepEqual(at(97, 12).pins.length, 2, "pins on each other are one");
  assert.equal(at(104, 33).kind, "question");
  assert.equal(at(104, 16).kind, "comment");
  assert.equal(at(509, 36).mark.start, 500);
  assert.equal(at(514, 36), null);
  assert.equal(at(500, 50), null);
  assert.equal(under({ ...marks, pins: [], questions: [] }, { x: 5, y: 5 }, 1000), null);
});

test("a clip's end stops before the other end and at the lesson's", () => {
  const clip = { start: 10, stop: 20 };
  assert.deepEqual(moved(clip, "start", 12.346, 100), { start: 12.35, stop: 20 });
  assert.deepEqual(moved(clip, "start", 25, 100), { start: 19.8, stop: 20 });
  assert.deepEqual(moved(clip, "stop", 3, 100), { start: 10, stop: 10.2 });
  assert.deepEqual(moved(clip, "stop", 130, 100), { start: 10, stop: 100 });
  assert.deepEqual(moved(clip, "start", -1, 100), { start: 0, stop: 20 });
});

test("a range may be drawn either way, and a slip of the hand is none", () => {
  assert.deepEqual([drawn(5, 9, 100), drawn(9, 5, 100), drawn(5, 5.1, 100), drawn(95, 120, 100)],
    [{ start: 5, stop: 9 }, { start: 5, stop: 9 }, null, { start: 95, stop: 100 }]);
});

test("keys move the slider and the handles by known steps", () => {
  const key = (key, more) => slid({ key, ...more }, 50, 100);
  assert.deepEqual([key("ArrowRight"), key("ArrowLeft"), key("PageUp"), key("Home"), key("End"), key("a")], [55, 45, 100, 0, 100, null]);
  assert.equal(key("ArrowRight", { shiftKey: true }), null, "with Shift it goes by turns");
  assert.deepEqual([nudge({ key: "ArrowLeft" }), nudge({ key: "ArrowRight", shiftKey: true }), nudge({ key: "Enter" })], [-0.1, 1, 0]);
});

test("axes have round steps, and as few as there is room for", () => {
  assert.deepEqual(ticks(0, 2496, 9), [0, 300, 600, 900, 1200, 1500, 1800, 2100, 2400]);
  assert.deepEqual(ticks(725, 800, 6), [735, 750, 765, 780, 795]);
  assert.equal(ticks(0, 7200, 4).length, 5);
});

test("rectangles are one path, none thinner than a hair", () => {
  assert.equal(blocks([[1, 2], [5, 5.001]], { scale: 10, top: 0, height: 18 }), "M10.0 0h10.0v18h-10.0zM50.0 0h0.8v18h-0.8z");
  assert.match(blocks([[1, 3]], { scale: 10, from: 1, top: 3, height: 17, round: 4 }), /^M4\.0 3h12\.0a4 4/);
});
