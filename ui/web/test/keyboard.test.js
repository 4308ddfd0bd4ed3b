import assert from "node:assert/strict";
import test from "node:test";
import { busy, KEYS, meant } from "../src/stage/keyboard.js";
import { moves } from "../src/stage/moves.js";

const press = (key, more = {}) => meant({ key, ...more });

test("each key means one thing, with Shift another where the list says so", () => {
  assert.equal(press(" "), "toggle");
  assert.deepEqual([press("q"), press("Q", { shiftKey: true }), press("Q")], ["nextQuestion", "previousQuestion", "nextQuestion"]);
  assert.deepEqual([press("ArrowLeft"), press("ArrowLeft", { shiftKey: true })], ["back", "previousTurn"]);
  assert.deepEqual([press("?", { shiftKey: true }), press("/", { shiftKey: true }), press("1")], ["help", "search", "panel1"]);
  assert.deepEqual([press("constructor"), press("Tab"), press("x"), press("N", { shiftKey: true })], [null, null, null, null]);
  const all = KEYS.flatMap(([, , keys]) => Object.keys(keys));
  assert.equal(new Set(all).size, all.length);
});

test("keys with Ctrl, Alt or the command key, and half-made letters, are never ours", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey", "isComposing"]) assert.equal(press("s", { [held]: true }), null, held);
});

test("single keys can be switched off; the space bar and arrows stay", () => {
  const off = (key, more) => meant({ key, ...more }, false);
  assert.deepEqual([off("s"), off("?"), off("1")], [null, null, null]);
  assert.deepEqual([off(" "), off("ArrowRight"), off("ArrowRight", { shiftKey: true })], ["toggle", "forward", "nextTurn"]);
});

test("what is typed into, pressed or moved by keys keeps them", () => {
  assert.ok(busy({ tag: "TEXTAREA" }, "s") && busy({ tag: "INPUT", type: "search" }, "s") && busy({ tag: "DIV", editable: true }, "s"));
  assert.ok(busy({ tag: "BUTTON", type: "button" }, " ") && busy({ tag: "SPAN", role: "switch" }, " ") && busy({ tag: "A" }, "Enter"));
  assert.ok(busy({ tag: "INPUT", type: "range" }, "ArrowLeft") && busy({ tag: "BUTTON", role: "tab" }, "ArrowLeft"));
  assert.ok(!busy({ tag: "BUTTON", type: "button" }, "s") && !busy({ tag: "BUTTON" }, "ArrowLeft") && !busy({ tag: "DIV", role: "slider" }, " "));
});

test("the player goes by turns, questions and long waits", () => {
  const went = [];
  const player = { time: 20, paused: true, seek: (t) => went.push(t), step: (way) => went.push(way) };
  const at = (...starts) => starts.map((start) => ({ start }));
  const marks = { blocks: at(5, 19.5, 30), questions: at(10, 40), waits: [{ start: 22, long: false }, { start: 44, long: true }], quiet: [] };
  const act = moves(player, () => marks);
  for (const name of ["back", "forward10", "nextTurn", "previousTurn", "nextQuestion", "previousQuestion", "nextWait", "previousWait", "frameBack"]) act[name]();
  assert.deepEqual(went, [15, 30, 30, 5, 40, 10, 44, -1]);
  player.paused = false;
  act.frameForward();
  assert.equal(went.length, 8, "no pictures one by one while it plays");
  for (const [, , keys] of KEYS) for (const name of Object.values(keys)) assert.ok(act[name] || /^(note|clip|panel|search|help)|Moment$/.test(name), name);
});
