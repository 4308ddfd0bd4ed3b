import assert from "node:assert/strict";
import test from "node:test";
import { Away, Refused, Unreadable, sentenceOf, trouble } from "../src/trouble.js";

const answered = (status, body = "") => ({ originalResponse: { getStatus: () => status, getBody: () => body } });

test("what heals by itself is told from what needs a person", () => {
  const kinds = (errors) => errors.map((error) => trouble(error).kind);
  assert.deepEqual(kinds([new Away(), answered(0), {}, answered(503), answered(429)]), Array(5).fill("away"));
  assert.deepEqual(kinds([answered(409), answered(423), answered(460)]), Array(3).fill("again"));
  assert.deepEqual(kinds([answered(401), new Refused(401, null)]), ["signed out", "signed out"]);
  assert.deepEqual(kinds([new Unreadable(), { causingError: { name: "NotReadableError" } }]), Array(2).fill("unreadable"));
  assert.deepEqual(kinds([answered(507), answered(410), answered(413), new Refused(400, "No.")]), Array(4).fill("stopped"));
});

test("the server's sentence is shown as it is, and no page of anybody's", () => {
  assert.equal(trouble(answered(507, '{"error": "There is no room."}')).sentence, "There is no room.");
  assert.equal(sentenceOf("Sign in first.\n"), "Sign in first.");
  assert.equal(sentenceOf("<html><h1>502 Bad Gateway</h1></html>"), null);
  assert.equal(sentenceOf(""), null);
  assert.match(trouble(answered(400, "<html>")).sentence, /What has arrived is safe/);
});
