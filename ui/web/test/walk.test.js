// A learning walk on a phone: who is found, what is missing, and a visit that comes once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Away, Refused } from "../src/trouble.js";
import { byCategory, found, missing, turned } from "../src/walk/choosing.js";
import { KEPT, REFUSED, SENT, SIGNED_OUT, newId, send, told } from "../src/walk/outbox.js";

const NORTH = { school: "n", teachers: [{ id: "1", name: "Zoë Ångström" }, { id: "2", name: "Ben Adams" }] };
const SOUTH = { school: "s", teachers: [{ id: "3", name: "Ada Benson" }] };

test("a name is found by parts of it, however it is written", () => {
  const ids = (words) => found([NORTH, SOUTH], words).map(({ id }) => id);
  assert.deepEqual(ids(""), ["1", "2", "3"]);
  assert.deepEqual(ids("ben"), ["2", "3"]);
  assert.deepEqual(ids("  ANGSTROM zoe "), ["1"]);
  assert.deepEqual(ids("ben a d a m"), ["2"]);
  assert.deepEqual(ids("nobody"), []);
});

test("labels stand by category, in the order of the book", () => {
  const labels = [["Agency", "Choice"], ["Time", "Wait"], ["Agency", "Voice"]];
  assert.deepEqual(byCategory({ labels }), [["Agency", ["Choice", "Voice"]], ["Time", ["Wait"]]]);
});

test("a look-for is turned on and off, and each needs words", () => {
  const one = turned([], "Choice");
  assert.deepEqual(one, [{ name: "Choice", evidence: "" }]);
  assert.deepEqual(turned(one, "choice"), []);
  assert.match(missing([], 3), /at least one/);
  assert.match(missing(one, 3), /“Choice”/);
  const said = one.map((each) => ({ ...each, evidence: "Two ways." }));
  assert.equal(missing(said, 3), "");
  assert.match(missing(said, 0), /up to 0/);
});

test("an id is 24 hex digits, each time others", () => {
  const ids = new Set(Array.from({ length: 50 }, newId));
  assert.equal(ids.size, 50);
  for (const id of ids) assert.match(id, /^[0-9a-f]{24}$/);
});

/** A server that fails as it is told, and what it was asked. */
function server(...fails) {
  const asked = [];
  const ask = async (method, path, body) => {
    asked.push([method, path, body]);
    const fail = fails.shift();
    if (fail) throw fail;
  };
  return { asked, ask, kept: [], keep: async () => {} };
}

const visit = (more) => ({ id: "a", at: 1000, said: { place: "Room 4" }, photo: null, there: false, ...more });

test("words go first, with how long they lay here; then the photo", async () => {
  const here = server();
  assert.deepEqual(await send(visit({ photo: "P" }), { ...here, now: () => 61_000 }), { state: SENT, sentence: null });
  assert.deepEqual(here.asked, [
    ["PUT", "/walk/visits/a", { place: "Room 4", ago: 60 }],
    ["PUT", "/walk/visits/a/photo", "P"],
  ]);
});

test("what was cut off goes on where it stopped, under the same id", async () => {
  const one = visit({ photo: "P" });
  const here = server(new Away(), null, new Away(), null);
  for (const state of [KEPT, KEPT, SENT]) assert.equal((await send(one, here)).state, state);
  assert.deepEqual(here.asked.map(([, path]) => path), [
    "/walk/visits/a",
    "/walk/visits/a",
    "/walk/visits/a/photo",
    "/walk/visits/a/photo",
  ]);
});

test("what heals is tried again, what a person must do is said, and a photo holds no words back", async () => {
  for (const [status, state] of [[503, KEPT], [429, KEPT], [507, KEPT], [401, SIGNED_OUT], [400, REFUSED], [404, REFUSED]]) {
    assert.equal((await send(visit(), server(new Refused(status, "So.")))).state, state, status);
  }
  const without = await send(visit({ photo: "P" }), server(null, new Refused(400, "No photos.")));
  assert.deepEqual(without, { state: SENT, sentence: "No photos." });
  assert.equal(told(without, "Ada"), "Sent. No photos.");
  assert.match(told({ state: KEPT }, "Ada"), /^Kept on this phone, will be sent/);
});
