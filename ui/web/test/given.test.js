import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { source } from "../src/given/source.js";

const clip = (id, more = {}) => ({ id, start: 1, stop: 2, name: id, ...more });
const lesson = (...clips) => ({ lessons: [{ key: "a", name: "Fractions", clips }] });
const said = { said: [{ label: "Teacher", start: 0, end: 1, text: "Look." }] };

/** A page that asks a server whose answers are `answers` by path, and what it was told. */
function asking(answers, hidden = false) {
  const page = Object.assign(new EventTarget(), { hidden });
  const [asked, told] = [[], []];
  const fetch = async (path) => {
    asked.push(path);
    const found = answers[path];
    if (found === undefined) return { ok: false, status: 404 };
    if (typeof found === "number") return { ok: false, status: found };
    return { ok: true, json: async () => structuredClone(found) };
  };
  const on = {
    clips: (lessons) => told.push(lessons.map((one) => one.clips.map(({ id }) => id))),
    out: () => told.push("out"),
    trouble: (sentence) => sentence && told.push(sentence),
  };
  const asks = source(on, { fetch, page });
  const again = async () => {
    page.dispatchEvent(new Event("visibilitychange"));
    for (let n = 0; n < 9; n++) await turn();
  };
  return { asked, told, again, asks, page };
}

test("what was said is asked for once for each clip, and again when its ends are others", async () => {
  const answers = { "/clips.json": lesson(clip("one")), "/clips/one/clip.json": said };
  const { asked, told, again, asks } = asking(answers);
  await again();
  await again();
  assert.deepEqual(told, [[["one"]], [["one"]]]);
  assert.equal(asked.filter((path) => path === "/clips/one/clip.json").length, 1);
  answers["/clips.json"] = lesson(clip("one", { stop: 3 }));
  await again();
  assert.equal(asked.filter((path) => path === "/clips/one/clip.json").length, 2);
  asks.remove();
});

test("a clip that goes between two questions is not shown, nor a lesson without any", async () => {
  const { told, again, asks } = asking({ "/clips.json": lesson(clip("one"), clip("two")), "/clips/two/clip.json": said });
  await again();
  assert.deepEqual(told, [[["two"]]]);
  asks.remove();
  const none = asking({ "/clips.json": lesson(clip("one")) });
  await none.again();
  assert.deepEqual(none.told, [[]]);
  none.asks.remove();
});

test("a server that is away is asked again; whoever is signed out is told so, and asks no more", async () => {
  const answers = { "/clips.json": 503 };
  const { asked, told, again, asks } = asking(answers);
  await again();
  assert.match(told[0], /can’t be reached/);
  answers["/clips.json"] = 401;
  await again();
  await again();
  assert.deepEqual(told.slice(1), ["out"]);
  assert.equal(asked.length, 2);
  asks.remove();
});

test("a page that nobody looks at does not ask", async () => {
  const { asked, told, again, asks, page } = asking({ "/clips.json": lesson() }, true);
  await again();
  assert.deepEqual([asked, told], [[], []]);
  page.hidden = false;
  await again();
  assert.deepEqual(told, [[]]);
  asks.remove();
});
