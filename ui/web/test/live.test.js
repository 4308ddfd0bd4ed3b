import assert from "node:assert/strict";
import test from "node:test";
import { live } from "../src/stage/live.js";

class Source extends EventTarget {
  static CLOSED = 2;
  static all = [];
  readyState = 0;
  constructor() {
    super();
    Source.all.push(this);
  }
  say(name) {
    this.dispatchEvent(new Event(name));
  }
  close() {
    this.readyState = Source.CLOSED;
  }
}

function told(hidden = false) {
  Source.all = [];
  const page = Object.assign(new EventTarget(), { hidden });
  const words = [];
  const on = Object.fromEntries(["heard", "lesson", "lost", "gone"].map((name) => [name, () => words.push(name)]));
  const listening = live("/events", on, { Source, page });
  const look = (away) => ((page.hidden = away), page.dispatchEvent(new Event("visibilitychange")));
  return { words, look, listening };
}

test("a change and every new connection are heard; a lesson that goes ends it", () => {
  const { words } = told();
  const [source] = Source.all;
  for (const name of ["open", "notes", "gone"]) source.say(name);
  assert.deepEqual(words, ["heard", "heard", "gone"]);
  assert.equal(source.readyState, Source.CLOSED);
});

test("a stream that ends by itself is the browser's to renew; an answer that is no stream is said", () => {
  const { words, listening } = told();
  Source.all[0].say("error");
  assert.deepEqual(words, []);
  Source.all[0].readyState = Source.CLOSED;
  Source.all[0].say("error");
  assert.deepEqual(words, ["lost"]);
  listening.remove();
});

test("a page that nobody looks at keeps no connection", () => {
  const { look, listening } = told(true);
  assert.equal(Source.all.length, 0);
  look(false);
  look(true);
  assert.equal(Source.all[0].readyState, Source.CLOSED);
  look(false);
  assert.equal(Source.all.length, 2);
  listening.remove();
  assert.equal(Source.all[1].readyState, Source.CLOSED);
});

test("a lesson that changed is heard of; and where nobody listened for a while it may have changed", () => {
  const { words, look, listening } = told();
  Source.all[0].say("open");
  Source.all[0].say("lesson");
  assert.deepEqual(words.splice(0), ["heard", "lesson"]);
  Source.all[0].say("open"); // the browser renewed it
  assert.deepEqual(words.splice(0), ["heard"]);
  look(true);
  look(false);
  Source.all[1].say("open");
  Source.all[1].say("open");
  assert.deepEqual(words, ["heard", "lesson", "heard"]);
  listening.remove();
});
