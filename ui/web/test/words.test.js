import assert from "node:assert/strict";
import test from "node:test";
import { clock, day, line, nameOf, percent, size, sizeOf, timeLeft, today } from "../src/words.js";

test("what is not there yet is never said to be", () => {
  assert.equal(percent(2.799e9, 2.8e9), 99);
  assert.equal(percent(2.8e9, 2.8e9), 100);
  assert.equal(percent(0, 0), 0);
  assert.equal(sizeOf(1.29e9, 2.8e9), "1.2 of 2.8 GB");
  assert.equal(sizeOf(999_999, 40e6), "0.9 of 40 MB");
});

test("sizes and times are said as people say them", () => {
  assert.deepEqual([2.8e9, 340.9e6, 1.26e6, 4200, 0].map(size), ["2.8 GB", "340 MB", "1.2 MB", "4 kB", "0 kB"]);
  assert.deepEqual(
    [5, 70, 360, 5400, 8000].map(timeLeft),
    ["Less than a minute left", "About 1 minute left", "About 6 minutes left", "About 2 hours left", "About 2 hours left"],
  );
  assert.deepEqual([59, 2390, 3723].map(clock), ["0:59", "39:50", "1:02:03"]);
  assert.equal(day("2026-11-19"), "Thu 19 Nov");
  assert.match(today(new Date(2026, 10, 19, 23, 59)), /^2026-11-19$/);
});

test("a camera's name for a file is no name for a lesson", () => {
  for (const name of ["IMG_1234.MOV", "VID_20261119_101010.mp4", "trim.5A1B2C3D-1234-5678.MOV", "image.jpg", "2026-11-19.mp4", "PXL_1.mp4"]) {
    assert.equal(nameOf(name, "2026-11-19"), "Lesson of Thu 19 Nov", name);
  }
  assert.equal(nameOf("fractions_1.mp4", "2026-11-19"), "fractions 1");
  assert.equal(nameOf("7B Römer.mov", "2026-11-19"), "7B Römer");
});

test("words are said as the server keeps them", () => {
  assert.equal(line("  my\u00a0 lesson\u2028\t7B \u202e\ufeff", 120), "my lesson 7B");
  assert.equal(line("x".repeat(119) + " Römer", 120), "x".repeat(119));
  assert.equal(line("🎓".repeat(200), 120), "🎓".repeat(120));
  assert.equal(line(" \u200b ", 120), "");
});
