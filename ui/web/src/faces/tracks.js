// Faces over time, as coaching/faces.py has them: a face is {id, start, stop, moments: [[second, x, y, width, height]]}.

const SAME_S = 0.02;
const SHORTEST_S = 0.1;
const [LEAST, round] = [0.02, (number, digits) => Number(number.toFixed(digits))];

export const read = ([id, start, stop, moments]) => ({ id, start, stop, moments });
export const written = ({ id, start, stop, moments }) => [id, start, stop, moments];

/** Where it is at a second, whenever it is covered: [x, y, width, height]. */
export function nearest({ moments }, second) {
  const after = moments.findIndex(([at]) => at > second);
  if (after < 1) return (after ? moments.at(-1) : moments[0]).slice(1);
  const [one, other] = [moments[after - 1], moments[after]];
  const share = (second - one[0]) / (other[0] - one[0]);
  return one.slice(1).map((side, n) => side + (other[n + 1] - side) * share);
}

/** What is covered of the picture because of it: the ellipse within this box; null where it is not. */
export function covered(face, second, { around, before }) {
  if (second < face.start - before || second > face.stop + before) return null;
  const [x, y, width, height] = nearest(face, second);
  return [x - around * width, y - around * height, width * (1 + 2 * around), height * (1 + 2 * around)];
}

/** A box that lies within the picture, and can be seen. */
export function within([x, y, width, height]) {
  const [w, h] = [Math.min(1, Math.max(LEAST, width)), Math.min(1, Math.max(LEAST, height))];
  const [left, top] = [Math.min(1 - w, Math.max(0, x)), Math.min(1 - h, Math.max(0, y))];
  return [left, top, w, h].map((side) => round(side, 4));
}

/** The box between two points of the picture. */
export function between([a, b], [c, d]) {
  return within([Math.min(a, c), Math.min(b, d), Math.abs(a - c), Math.abs(b - d)]);
}

/** A new one, drawn at a second: it holds until the clip ends. */
export function drawn(id, second, stop, box) {
  const start = round(Math.max(0, Math.min(second, stop - SHORTEST_S)), 3);
  return { id, start, stop: round(stop, 3), moments: [[start, ...within(box)]] };
}

/** The same, at this box at this second; it moves in straight lines to and from there. */
export function placed(face, second, box) {
  const at = round(Math.min(face.stop, Math.max(face.start, second)), 3);
  const others = face.moments.filter(([one]) => Math.abs(one - at) >= SAME_S);
  return { ...face, moments: [...others, [at, ...within(box)]].sort((one, other) => one[0] - other[0]) };
}

/** The same, which begins (`start`) or ends (`stop`) at this second. */
export function cut(face, which, second) {
  const [low, high] = which === "start" ? [0, face.stop - SHORTEST_S] : [face.start + SHORTEST_S, Infinity];
  const at = round(Math.min(high, Math.max(low, second)), 3);
  const now = { ...face, [which]: at };
  const left = face.moments.filter(([one]) => one >= now.start && one <= now.stop);
  const edge = [at, ...within(nearest(face, at))];
  const rest = left.filter(([one]) => Math.abs(one - at) >= SAME_S);
  return { ...now, moments: which === "start" ? [edge, ...rest] : rest.length ? [...rest, edge] : [edge] };
}

/** In rows, so that no two bars of one lie on each other: [[{face, from, to}]], shares of the clip; `least` is a bar's. */
export function rows(faces, { start, stop }, least) {
  const [made, share] = [[], (second) => Math.min(1, Math.max(0, (second - start) / (stop - start)))];
  for (const face of [...faces].sort((one, other) => one.start - other.start)) {
    const from = Math.min(share(face.start), 1 - least);
    const to = Math.max(share(face.stop), from + least);
    const row = made.find((bars) => bars.at(-1).to + 0.004 <= from);
    const bar = { face, from, to };
    if (row) row.push(bar);
    else made.push([bar]);
  }
  return made;
}

/** What was put right, and the way back: `{removed: Set, added: [face]}`. */
export function history({ removed, added }) {
  const [past, none] = [[], { removed: new Set(removed), added: added.map(read) }];
  let now = none;
  return {
    get now() {
      return now;
    },
    get may() {
      return past.length > 0;
    },
    /** `merge`: part of the change before, as of one drag. */
    change(next, merge = false) {
      if (!merge) past.push(now);
      now = { ...now, ...next };
    },
    remove(id, yes) {
      const next = new Set(now.removed);
      if (yes) next.add(id);
      else next.delete(id);
      this.change({ removed: next });
    },
    put(face, merge = false) {
      const others = now.added.filter(({ id }) => id !== face.id);
      this.change({ added: [...others, face] }, merge);
    },
    drop(id) {
      this.change({ added: now.added.filter((face) => face.id !== id) });
    },
    undo() {
      now = past.pop() ?? now;
    },
    get said() {
      return { removed: [...now.removed].sort(), added: now.added.map(written) };
    },
  };
}
