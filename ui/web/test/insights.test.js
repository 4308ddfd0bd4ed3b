import assert from "node:assert/strict";
import test from "node:test";
import { amount, binName, bins, byKind, pieces, placeOn, trendShape, withheld } from "../src/insights/shapes.js";

test("waits fall into steps of half a second, the long ones together, and three seconds are long", () => {
  const bars = bins([0, 0.49, 0.5, 2.99, 3, 5.99, 6, 14].map((seconds) => ({ seconds })));
  assert.deepEqual(
    bars.map((bar) => bar.moments.length),
    [2, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 2],
  );
  assert.deepEqual([bars[0].height, bars[1].height, bars[5].long, bars[6].long], [100, 50, false, true]);
  assert.equal(binName(bars[1]), "1 wait of 0.5 to 1.0 seconds");
  assert.equal(binName(bars[12]), "2 waits of 6 seconds and longer");
  assert.ok(bins([]).every(({ height }) => height === 0));
});

test("of a sentence the first number and every range are set apart, and no letter is lost", () => {
  const sentences = {
    "You spoke 62% of the talk time (58–66%).": ["62%", "(58–66%)"],
    "After a question you usually waited 1.8 seconds (1.5–2.2) before someone spoke. After 3 more questions you went on yourself.":
      ["1.8 seconds", "(1.5–2.2)"],
    "6 of 27 waits after a question reached three seconds: 22% (11–41%).": ["6 of 27", "(11–41%)"],
    "Your longest stretch of talk was about 2:48 minutes (1:50–3:46), from 36:02.": ["2:48 minutes", "(1:50–3:46)"],
    "Hardly ever did two people speak at the same time (at most 3 seconds), as far as one microphone can tell.": [
      "(at most 3 seconds)",
    ],
    "No question was found that asked why, or how somebody knows. Labels are suggestions.": [],
  };
  for (const [said, apart] of Object.entries(sentences)) {
    const found = pieces(said);
    assert.equal(found.map(([text]) => text).join(""), said);
    assert.deepEqual(
      found
        .filter(([, look]) => look)
        .map(([text]) => text)
        .slice(0, apart.length || 1),
      apart,
    );
  }
});

test("a place on a scale stays on it, and a guess is said in its unit", () => {
  assert.deepEqual([placeOn(50, 100), placeOn(-1, 6), placeOn(7, 6), placeOn(1.5, 6)], [50, 0, 100, 25]);
  assert.deepEqual([amount(49.6, "%"), amount(1.25, "s"), amount(12, "in ten minutes")], ["50%", "1.3 s", "12"]);
});

test("questions stand by kind, the most frequent first, and reasons once", () => {
  const asked = ["open", "yes/no", "yes/no"].map((kind) => ({ kind, label: kind.toUpperCase() }));
  assert.deepEqual(
    byKind(asked).map(({ kind, label, width, asked: some }) => [kind, label, width, some.length]),
    [
      ["yes/no", "YES/NO", 100, 2],
      ["open", "OPEN", 50, 1],
    ],
  );
  assert.deepEqual(byKind([]), []);
  const measures = [
    { title: "Your talk", shown: false, said: "Too far." },
    { title: "Turns", shown: true, said: "Many." },
    { title: "Silence", shown: false, said: "Too far." },
  ];
  assert.deepEqual(withheld(measures), [["Too far.", "Your talk, silence"]]);
});

test("a trend begins at zero, and draws nothing over a lesson without a number", () => {
  const point = (value) => ({ value, low: value - 5, high: value + 5 });
  const { dots, bands, lines, top, xs } = trendShape([point(60), point(50), null, point(40)], { wide: 128, high: 100 });
  assert.equal(top, 75);
  assert.deepEqual(xs.map(Math.round), [14, 47, 81, 114]);
  assert.deepEqual(
    dots.map(({ index, y }) => [index, Math.round(y)]),
    [
      [0, 20],
      [1, 33],
      [3, 47],
    ],
  );
  assert.deepEqual([lines.length, bands.length], [1, 2]);
  assert.deepEqual(trendShape([null, null, null], { wide: 128, high: 100 }).dots, []);
  const bare = trendShape(
    [
      { value: 1, low: null, high: null },
      { value: 2, low: null, high: null },
    ],
    { wide: 128, high: 100 },
  );
  assert.deepEqual([bare.bands.length, bare.lines.length], [0, 1]);
});
