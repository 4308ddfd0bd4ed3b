// Where the marks of the pictures are, and how a sentence is set. Pure.

/** Waits are counted in steps of half a second; those of six seconds and more, which are few, in one bar. */
export const STEP_S = 0.5;
export const LAST_S = 6;
export const LONG_S = 3;

/** Where an axis may end. It always begins at 0, so that a small change does not look like a big one. */
const TOPS = [1, 2, 5, 10, 15, 20, 30, 50, 75, 100];

/**
 * Bars of waits `[{seconds}]`: `[{low, high, moments, height, long}]`, `height` in percent of the highest; the last has
 * no `high`.
 */
export function bins(moments) {
  const count = LAST_S / STEP_S;
  const bars = Array.from({ length: count + 1 }, (_, i) => ({
    low: i * STEP_S,
    high: i < count ? (i + 1) * STEP_S : null,
    long: i * STEP_S >= LONG_S,
    moments: [],
  }));
  for (const moment of moments) bars[Math.min(count, Math.floor((moment.seconds ?? 0) / STEP_S))].moments.push(moment);
  const highest = Math.max(1, ...bars.map((bar) => bar.moments.length));
  return bars.map((bar) => ({ ...bar, height: (100 * bar.moments.length) / highest }));
}

/** What a bar of waits is called. */
export const binName = ({ low, high, moments }) =>
  `${moments.length} ${moments.length === 1 ? "wait" : "waits"} of ${
    high === null ? `${low} seconds and longer` : `${low.toFixed(1)} to ${high.toFixed(1)} seconds`
  }`;

/** A value's place on a scale from 0 to `highest`, in percent. */
export const placeOn = (value, highest) => Math.min(100, Math.max(0, (100 * value) / (highest || 1)));

/** A number with its unit, as a guess is said: 50%, 1.8 s, 12. */
export const amount = (value, unit) =>
  unit === "%" ? `${Math.round(value)}%` : unit === "s" ? `${value.toFixed(1)} s` : String(Math.round(value));

const NUMBER = /\d[\d:.]*(?:%| of \d+)?(?: (?:seconds?|minutes|hours|questions?|moments?|points)\b)?/;
const RANGE = /\((?:at most )?[\d:.]+[^()]*\)/;

/** A sentence in pieces `[text, look]`: its first number `b`, its ranges `r`, all else "". */
export function pieces(said) {
  const found = [];
  let bold = false;
  for (let rest = said; rest;) {
    const range = RANGE.exec(rest);
    const number = bold ? null : NUMBER.exec(rest);
    const next = [range, number].filter(Boolean).sort((a, b) => a.index - b.index)[0];
    if (!next) {
      found.push([rest, ""]);
      break;
    }
    if (next.index) found.push([rest.slice(0, next.index), ""]);
    found.push([next[0], next === range ? "r" : "b"]);
    bold ||= next === number;
    rest = rest.slice(next.index + next[0].length);
  }
  return found;
}

/** Why measures have no number, each reason once: `[[reason, titles]]`. */
export function withheld(measures) {
  const found = new Map();
  for (const { shown, said, title } of measures) if (!shown) found.set(said, [...(found.get(said) ?? []), title]);
  return [...found].map(([why, titles]) => [
    why,
    titles.map((one, i) => (i ? one[0].toLowerCase() + one.slice(1) : one)).join(", "),
  ]);
}

/** Questions by kind, the most frequent first: `[{kind, label, asked, width}]`, `width` in percent of the longest. */
export function byKind(questions) {
  const kinds = new Map();
  for (const one of questions) {
    if (!kinds.has(one.kind)) kinds.set(one.kind, { kind: one.kind, label: one.label, asked: [] });
    kinds.get(one.kind).asked.push(one);
  }
  const found = [...kinds.values()].sort((a, b) => b.asked.length - a.asked.length);
  const longest = found[0]?.asked.length ?? 1;
  return found.map((one) => ({ ...one, width: (100 * one.asked.length) / longest }));
}

/**
 * A chart of `points` (`{value, low, high}`, null where a lesson has no number), the earliest first.
 * @returns {{dots: ({x, y, index})[], bands: string[], lines: string[], top, xs}} in a box of `wide` by `high`
 */
export function trendShape(points, { wide, high, side = 14 }) {
  const ends = points.filter(Boolean).map((p) => p.high ?? p.value);
  const most = Math.max(0, ...ends);
  const top = TOPS.find((one) => one >= most) ?? most;
  const step = points.length > 1 ? (wide - 2 * side) / (points.length - 1) : 0;
  const xs = points.map((_, i) => side + i * step);
  const y = (value) => high - (high * placeOn(value, top)) / 100;
  const dots = points.flatMap((p, index) => (p ? [{ index, x: xs[index], y: y(p.value) }] : []));
  const to = (x, value) => `${x.toFixed(1)} ${y(value).toFixed(1)}`;
  const bands = [];
  // A band or a line goes over lessons in a row: what lies between them was not measured.
  const runs = runsOf(points);
  for (const run of runs.filter((one) => one.every((i) => points[i].low !== null))) {
    const over = run.map((i) => to(xs[i], points[i].high));
    const under = run.toReversed().map((i) => to(xs[i], points[i].low));
    if (run.length > 1) bands.push(`M${[...over, ...under].join("L")}z`);
    else bands.push(`M${to(xs[run[0]] - 4, points[run[0]].high)}h8V${y(points[run[0]].low).toFixed(1)}h-8z`);
  }
  const lines = runs
    .filter((run) => run.length > 1)
    .map((run) => `M${run.map((i) => to(xs[i], points[i].value)).join("L")}`);
  return { dots, bands, lines, top, xs };
}

function runsOf(points) {
  const runs = [];
  points.forEach((point, i) => {
    if (!point) return;
    if (i && points[i - 1]) runs.at(-1).push(i);
    else runs.push([i]);
  });
  return runs;
}
