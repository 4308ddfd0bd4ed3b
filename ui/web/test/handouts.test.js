import assert from "node:assert/strict";
import test from "node:test";

import { Handouts, bytes, orderOf, stateOf } from "../src/stage/handouts.js";
import { Away, Gone, Refused } from "../src/stage/requests.js";

const made = (more) => ({
  id: "a",
  kind: "clip",
  clips: ["c"],
  captions: "soft",
  comments: false,
  measures: false,
  name: "Wider.mp4",
  state: "waiting",
  share: 0,
  reason: null,
  size: null,
  ends: "2026-11-27T12:00:00Z",
  ...more,
});

/** Requests that answer what is told them, one after the other; the last again and again. */
function answers(...lists) {
  const asked = [];
  return {
    asked,
    async handouts() {
      asked.push("look");
      const next = lists.length > 1 ? lists.shift() : lists[0];
      if (next instanceof Error) throw next;
      return next;
    },
    order: async (order) => made({ kind: order.kind }),
    takeAway: async (id) => void asked.push(`away ${id}`),
  };
}

const settled = async () => {
  for (let i = 0; i < 8; i++) await Promise.resolve();
};

test("what is under way is followed until it is done, and then told of once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const requests = answers([made({ state: "working", share: 0.4 })], new Away(), [made({ state: "ready", size: 5 })]);
  const handouts = new Handouts(requests);
  const told = [];
  for (const name of ["ready", "failed"]) handouts.addEventListener(name, ({ detail }) => told.push(detail.made.state));
  assert.equal(await handouts.ask({ kind: "clip", clip: "c", captions: "soft" }), null);
  await settled();
  assert.equal(handouts.list[0].share, 0.4);
  for (const ms of [1000, 4000, 10_000]) {
    t.mock.timers.tick(ms);
    await settled();
  }
  assert.deepEqual(told, ["ready"]);
  assert.equal(requests.asked.length, 3); // nobody asks on when nothing is under way
});

test("an answer that was under way before something was asked for does not take it away again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [old, fresh] = [made({ id: "old", state: "failed", reason: "No." }), made({ id: "new" })];
  let answer;
  const requests = { order: async () => fresh, handouts: () => new Promise((resolve) => (answer = resolve)) };
  const handouts = new Handouts(requests);
  handouts.look();
  const before = answer;
  await handouts.ask({ kind: "report" });
  before([old]);
  await settled();
  assert.deepEqual(handouts.list, [fresh]);
  assert.notEqual(answer, before); // it is asked again
  answer([{ ...fresh, state: "ready", size: 1 }]);
  await settled();
  assert.equal(handouts.list[0].state, "ready");
});

test("nothing is asked once the page is gone", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const requests = answers([made({ state: "working" })]);
  const handouts = new Handouts(requests);
  await handouts.look();
  handouts.stop();
  t.mock.timers.tick(60_000);
  await settled();
  assert.equal(requests.asked.length, 1);
});

test("what is refused is a sentence, and what is taken away is gone, also where it was already", async () => {
  const requests = answers([made({ state: "failed", reason: "It broke." })]);
  const handouts = new Handouts(requests);
  await handouts.look();
  for (const [error, sentence] of [
    [new Refused("Six files of yours are being made."), /^Six files/],
    [new Away(), /can’t be reached/],
    [new Gone(), /isn’t there/],
  ]) {
    requests.order = async () => {
      throw error;
    };
    assert.match(await handouts.ask({ kind: "report" }), sentence);
  }
  requests.takeAway = async () => {
    throw new Gone();
  };
  assert.equal(await handouts.remove("a"), null);
  assert.deepEqual(handouts.list, []);
});

test("how one stands is said in words", () => {
  const now = new Date("2026-11-26T12:30:00Z");
  assert.equal(stateOf(made(), now), "Waiting to be made");
  assert.equal(stateOf(made({ state: "working", share: 0.256 }), now), "Being made: 26%");
  assert.equal(stateOf(made({ state: "failed", reason: "No." }), now), "No.");
  assert.match(stateOf(made({ state: "old", size: 1 }), now), /has changed.* Make it again\.$/);
  assert.equal(stateOf(made({ state: "ready", size: 12_345_678 }), now), "Ready, 12 MB. It stays here for 24 hours.");
  assert.match(stateOf(made({ state: "ready", size: 1, ends: "2026-11-26T12:31:00Z" }), now), /for 1 hour\.$/);
  assert.deepEqual([1, 340_400, 1_260_000].map(bytes), ["1 KB", "340 KB", "1.3 MB"]);
});

test("an order can be given again as it was", () => {
  assert.deepEqual(orderOf(made()), { kind: "clip", clip: "c", captions: "soft" });
  assert.deepEqual(orderOf(made({ kind: "report", clips: [] })), { kind: "report" });
  assert.deepEqual(orderOf(made({ kind: "portfolio", clips: ["c", "b"], comments: true })), {
    kind: "portfolio",
    clips: ["c", "b"],
    comments: true,
    measures: false,
  });
});
