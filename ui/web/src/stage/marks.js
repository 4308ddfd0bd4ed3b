// What lies where on the lesson, in seconds and without pixels: turns, talk, questions, waits, comments, clips.

import { captionsOf } from "./cues.js";

/** From this many seconds a wait is drawn; from LONG on it counts as long. */
export const SHORT = 0.5;
export const LONG = 3;

/** Quiet shorter than this belongs to the talk: skipping it would only stutter. */
export const QUIET = 1.5;

/** Going back within this many seconds after a start goes to the one before: the player runs on between two presses. */
const JUST_BEGUN = 1;

const LANES = [["teacher", "Teacher"], ["student", "Students"], ["several", "Several"], ["unknown", "Not sure"]];

/**
 * Everything that the stage draws and steps through, each list in order of its start.
 * @returns {{duration, blocks, ribbon, lanes, questions, waits, pins, clips, captions, quiet}}
 */
export function marksOf(lesson, notes) {
  const duration = lesson.recording.duration;
  const blocks = blocksOf(lesson);
  const ribbon = lesson.ribbon;
  const marks = {
    duration, blocks, ribbon,
    lanes: lanesOf(ribbon, lesson.speakers),
    questions: sorted(lesson.questions ?? []),
    waits: sorted(lesson.waits ?? []).map(seconds),
    pins: pinsOf(notes?.comments ?? []),
    clips: sorted((notes?.clips ?? []).filter((clip) => !clip.deleted)),
    captions: captionsOf(blocks),
  };
  marks.quiet = silences(marks, QUIET);
  return marks;
}

const sorted = (list) => [...list].sort((a, b) => a.start - b.start);

function seconds(wait) {
  const length = wait.end - wait.start;
  return { ...wait, seconds: length, long: length >= LONG };
}

/** Turns with what a view needs of their speaker; `until` is the latest end so far, so that a search may stop. */
function blocksOf({ blocks, speakers }) {
  const known = new Map(speakers.map((speaker) => [speaker.id, speaker]));
  let until = 0;
  return blocks.map((block, index) => {
    const { role = "unknown", label = "Somebody" } = known.get(block.speaker) ?? {};
    until = Math.max(until, block.end);
    return { ...block, index, kind: role, label, until };
  });
}

function lanesOf(ribbon, speakers) {
  if (!ribbon) return [];
  const teacher = speakers.find((speaker) => speaker.role === "teacher")?.label;
  return LANES
    .map(([kind, name]) => {
      const label = (kind === "teacher" && teacher) || name;
      return { id: kind, kind, label, spans: ribbon[kind] ?? [] };
    })
    // Teacher and students keep their place even when silent; the other lanes are there when needed.
    .filter(({ kind, spans }) => spans.length || kind === "teacher" || kind === "student");
}

/** One pin a thread: answers lie under their comment. */
function pinsOf(comments) {
  const answers = new Map();
  for (const { parent, deleted } of comments) {
    if (parent && !deleted) answers.set(parent, (answers.get(parent) ?? 0) + 1);
  }
  return sorted(comments.filter(({ parent, deleted }) => !parent && !deleted))
    .map((comment) => {
      const { id, start, stop = null } = comment;
      return { comment, start, stop, answers: answers.get(id) ?? 0 };
    });
}

/** How many of a list in order of its starts start at `t` or before. */
export function startedBy(list, t, start = (one) => one.start) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(list[middle]) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The turn that goes on at `t`: of several the one that began last; null in a pause. */
export function blockAt({ blocks }, t) {
  for (let i = startedBy(blocks, t) - 1; i >= 0 && blocks[i].until > t; i--) if (blocks[i].end > t) return blocks[i];
  return null;
}

/** The turn at `t`, or the last one before it: where a reader is. */
export function lastBlock(marks, t) {
  return blockAt(marks, t) ?? marks.blocks[startedBy(marks.blocks, t) - 1] ?? null;
}

/** The first that starts after `t`; null where none does. */
export function next(list, t) {
  // A player seldom lands exactly where it was sent.
  return list[startedBy(list, t + 0.05)] ?? null;
}

/** The last that started before `t`, not counting what has only just begun; null where none did. */
export function previous(list, t) {
  return list[startedBy(list, t - JUST_BEGUN) - 1] ?? null;
}

/** What starts nearest to `t`, not further than `within` seconds; null where nothing does. */
export function nearest(list, t, within) {
  const after = startedBy(list, t);
  const far = (one) => (one ? Math.abs(one.start - t) : Infinity);
  const best = far(list[after - 1]) <= far(list[after]) ? list[after - 1] : list[after];
  return far(best) <= within ? best : null;
}

/** Pins that would lie on each other, less than `gap` seconds apart, as one: `[{start, pins}]`. */
export function clusters(pins, gap) {
  const found = [];
  for (const pin of pins) {
    const last = found.at(-1);
    if (last && pin.start - last.start < gap) last.pins.push(pin);
    else found.push({ start: pin.start, pins: [pin] });
  }
  return found;
}

/** Where nobody speaks for `longerThan` seconds at least: `[[start, end]]`. Empty where no speech is known at all. */
export function silences({ duration, blocks, ribbon }, longerThan) {
  // Both are asked: partner talk is on the ribbon without a word in the transcript.
  const speech = blocks.flatMap(({ utterances }) => utterances.map(({ start, end }) => [start, end]));
  for (const spans of Object.values(ribbon ?? {})) for (const span of spans) speech.push(span);
  if (!speech.length) return [];
  speech.sort((a, b) => a[0] - b[0]);
  const found = [];
  let from = 0;
  for (const [start, end] of [...speech, [duration, duration]]) {
    if (start - from >= longerThan) found.push([from, start]);
    from = Math.max(from, end);
  }
  return found;
}

/** The spans of a list in order that touch `from` to `to`. */
export function within(spans, from, to) {
  const found = [];
  // A long span may have begun well before: spans of a lane do not overlap, so one step back is enough.
  for (let i = Math.max(0, startedBy(spans, from, ([start]) => start) - 1); i < spans.length && spans[i][0] < to; i++) {
    if (spans[i][1] > from) found.push(spans[i]);
  }
  return found;
}
