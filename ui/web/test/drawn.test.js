import assert from "node:assert/strict";
import test from "node:test";
import { pictureAt, read as sprites } from "../src/stage/sprites.js";
import { bars, read as waveform } from "../src/stage/waveform.js";
import { clock, length, span, spoken } from "../src/stage/words.js";

/** A file as pipelines/media/renditions/peaks.py writes it: `<iIiiI`, then low and high in turn. */
function dat(points, { version = 1, flags = 1, rate = 16000, each = 320, channels = 1, count = points.length / 2 } = {}) {
  const head = version === 2 ? [version, flags, rate, each, count, channels] : [version, flags, rate, each, count];
  const buffer = new ArrayBuffer(head.length * 4 + points.length);
  const view = new DataView(buffer);
  head.forEach((value, i) => view.setInt32(4 * i, value, true));
  points.forEach((value, i) => view.setInt8(4 * head.length + i, value));
  return buffer;
}

test("a waveform is read in both versions, as far as the file goes", () => {
  for (const version of [1, 2]) {
    const { rate, points } = waveform(dat([-3, 4, -128, 127], { version }));
    assert.deepEqual([rate, ...points], [50, -3, 4, -128, 127]);
  }
  assert.equal(waveform(dat([-3, 4, -5, 6], { count: 900 })).points.length, 4);
});

test("what is no such waveform is none", () => {
  for (const wrong of [{ version: 3 }, { flags: 0 }, { each: 0 }, { version: 2, channels: 2 }]) assert.equal(waveform(dat([1, 2], wrong)), null);
  assert.equal(waveform(new ArrayBuffer(7)), null);
});

test("bars are as high as the loudest of their stretch, and nothing beyond the sound", () => {
  const wave = waveform(dat([-10, 10, -20, 5, 0, 0, -40, 30]));
  assert.equal(wave.loudest, 40);
  assert.deepEqual(bars(wave, 0, 0.08, 2), [0.5, 1]);
  assert.deepEqual(bars(wave, -0.04, 0.12, 4), [0, 0.5, 1, 0]);
});

test("one slammed door does not flatten a quiet lesson", () => {
  const quiet = Array.from({ length: 2000 }, (_, i) => (i % 2 ? 12 : -12));
  quiet[501] = 127;
  assert.equal(waveform(dat(quiet)).loudest, 12);
});

test("scrubbing pictures come from their sheet", () => {
  const vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nsprite.jpg#xywh=0,0,160,90\n\n00:00:10.000 --> 01:00:00.500\nsprite-2.jpg#xywh=160,90,160,90\n";
  const found = sprites(vtt, "http://host/recordings/7/thumbnails.vtt");
  assert.deepEqual(found.map(({ start, sheet, x, y }) => [start, sheet, x, y]), [
    [0, "http://host/recordings/7/sprite.jpg", 0, 0], [10, "http://host/recordings/7/sprite-2.jpg", 160, 90],
  ]);
  assert.equal(pictureAt(found, 9.9).start, 0);
  assert.equal(pictureAt(found, 4000).start, 10);
  assert.equal(pictureAt([], 5), null);
  assert.deepEqual(sprites("<html>", "http://host/"), []);
});

test("times are said as people say them", () => {
  assert.deepEqual([clock(0), clock(761.9), clock(3723), clock(59.96, true), clock(12.34, true)], ["0:00", "12:41", "1:02:03", "1:00.0", "0:12.3"]);
  assert.deepEqual([span(734, 784), length(50), length(70), length(60), length(3.42)], ["12:14–13:04", "50 s", "1 min 10 s", "1 min", "3.4 s"]);
  assert.deepEqual([spoken(0), spoken(61), spoken(3600)], ["the beginning", "1 minute 1 second", "1 hour"]);
});
