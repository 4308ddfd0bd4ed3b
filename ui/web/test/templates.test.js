import assert from "node:assert/strict";
import test from "node:test";
import { obstacle, withWords } from "../src/stage/templates.js";

test("words go where the caret is, apart from what stands beside them", () => {
  const at = (text, from, to = from) => {
    const put = withWords(text, from, to, "Why?");
    return `${put.text.slice(0, put.caret)}|${put.text.slice(put.caret)}`;
  };
  assert.equal(at("", 0), "Why?|");
  assert.equal(at("I saw it.", 9), "I saw it. Why?|");
  assert.equal(at("I saw it. ", 10), "I saw it. Why?|");
  assert.equal(at("I saw it.", 0), "Why?| I saw it.");
  assert.equal(at("I saw it", 2, 5), "I Why?| it");
  assert.equal(at("I\nsaw", 2), "I\nWhy?| saw");
  assert.equal(at("Isaw", 1), "I Why?| saw");
});

test("what can't be kept says why", () => {
  const kept = [{ id: "1", body: "Why?" }];
  assert.equal(obstacle("How?", kept, 500), "");
  assert.match(obstacle("", kept, 500), /first/);
  assert.match(obstacle("Why?", kept, 500), /already/);
  assert.match(obstacle("How?", kept, 3), /up to 3 characters/);
});
