import assert from "node:assert/strict";
import test from "node:test";
import { network, spoken, view } from "../src/view.js";

const lesson = (state, more = {}) => ({
  state, name: "Fractions", sent: 1.25e9, safe: 1.22e9, total: 2.8e9, left: null, again: 0, reason: null, upload: {}, ...more,
});

test("each state says what happened, what is safe and what to do", () => {
  const sending = view(lesson("sending", { left: 360 }), { network: " on this Wi-Fi" });
  assert.deepEqual([sending.head, sending.done, sending.so_far], ["Sending your lesson", 44, "1.2 of 2.8 GB"]);
  assert.equal(sending.then, "About 6 minutes left on this Wi-Fi");
  const away = view(lesson("away", { again: 8000 }), { now: 0 });
  assert.equal(away.head, "Paused at 43%");
  assert.equal(away.lead, "The connection dropped. Nothing is lost.");
  assert.equal(away.so_far, "1.2 of 2.8 GB are safe on the server");
  assert.deepEqual([away.then, away.act], ["Trying again in 8 seconds", "Carry on now"]);
  assert.match(view(lesson("signed out")).lead, /Sign in again in another tab/);
  assert.match(view(lesson("signed out"), { pass: true }).lead, /its time is over/);
  assert.equal(view(lesson("refused", { reason: "This is no video." })).wrong, "This is no video.");
});

test("that it is safe to close is only said once the server has it", () => {
  for (const state of ["ready", "sending", "checking", "paused", "away", "signed out", "unreadable", "stopped", "refused"]) {
    assert.doesNotMatch(JSON.stringify(view(lesson(state))), /close this page/, state);
  }
  assert.match(view(lesson("arrived")).lead, /You can close this page now/);
  assert.equal(view(lesson("arrived", { upload: { known: true } })).head, "This lesson is there already");
});

test("whoever listens hears every tenth, not every percent", () => {
  const said = (sent) => spoken(view(lesson("sending", { sent })), true);
  assert.equal(said(1.25e9), "40% sent");
  assert.equal(said(1.3e9), said(1.25e9));
  assert.deepEqual([network({ type: "wifi" }), network({}), network(undefined)], [" on this Wi-Fi", "", ""]);
});
