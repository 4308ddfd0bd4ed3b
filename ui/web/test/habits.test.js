// What somebody chose is so again in the next lesson, and what stands in the storage is not believed blindly.
import assert from "node:assert/strict";
import test from "node:test";
import { habits } from "../src/stage/habits.js";

class Playing extends EventTarget {
  rate = 1; volume = 1; captions = true; skip = false;
  setRate(rate) { this.#set({ rate }); }
  setVolume(volume) { this.#set({ volume }); }
  setCaptions(captions) { this.#set({ captions }); }
  setSkip(skip) { this.#set({ skip }); }
  #set(what) { Object.assign(this, what); this.dispatchEvent(new Event("state")); }
  get all() { const { rate, volume, captions, skip } = this; return { rate, volume, captions, skip }; }
}

const storage = (kept = null) => ({ kept, getItem() { return this.kept; }, setItem(_, text) { this.kept = text; } });

test("the next lesson is played as the last one was", () => {
  const kept = storage();
  const first = new Playing();
  const here = habits(first, kept);
  first.setRate(1.5);
  first.setVolume(0.4);
  first.setCaptions(false);
  first.setSkip(true);
  here.remove();
  first.setRate(3);
  const next = new Playing();
  habits(next, kept);
  assert.deepEqual(next.all, { rate: 1.5, volume: 0.4, captions: false, skip: true });
});

test("muting is for now", () => {
  const kept = storage();
  const first = new Playing();
  habits(first, kept);
  first.setVolume(0.4);
  first.setVolume(0);
  const next = new Playing();
  habits(next, kept);
  assert.equal(next.volume, 0.4);
});

test("what nobody could have chosen changes nothing, nor does a storage that refuses", () => {
  for (const text of ["", "null", "7", "{", '{"rate": 900, "volume": "loud", "captions": 1}']) {
    const player = new Playing();
    habits(player, storage(text));
    assert.deepEqual(player.all, { rate: 1, volume: 1, captions: true, skip: false });
  }
  const refuses = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); } };
  const player = new Playing();
  habits(player, refuses);
  player.setRate(2);
  assert.equal(player.rate, 2);
});
