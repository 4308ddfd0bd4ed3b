// What a moment means: pure functions of (before, now), so that time is tested without playback.

import { blockAt, startedBy } from "./marks.js";

/** Two lines of a caption. */
const LONGEST = 84;

/** A caption stays this long after its words, unless the next one comes: the eye is slower than the ear. */
const LINGER = 0.8;

/** Quiet that is kept after and before talk when silence is skipped, so that no word is cut. */
const AFTER = 0.3;
const BEFORE = 0.4;

/** A jump that saves less than this is not worth the jolt. */
const WORTH = 0.5;

/**
 * What there is now that the time went from `before` to `now`: the turn that goes on, its utterance and word by index
 * (null in a pause), where skipping silence goes on (null where it need not), the clip whose end was passed (or null).
 */
export function cues(marks, before, now) {
  const block = blockAt(marks, now);
  const utterance = block ? within(block.utterances, now) : null;
  return {
    block, utterance,
    word: utterance === null ? null : wordAt(block.utterances[utterance].words, now),
    skipTo: skipTo(marks.quiet, now),
    ended: marks.clips.find(({ stop }) => before < stop && stop <= now) ?? null,
  };
}

function within(utterances, now) {
  const index = startedBy(utterances, now) - 1;
  return index >= 0 && utterances[index].end > now ? index : null;
}

/** The word that was begun last; words without times belong to the one before. */
function wordAt(words, now) {
  let found = null;
  for (let i = 0; i < words.length; i++) {
    const start = words[i][1];
    if (start === null) continue;
    if (start > now) break;
    found = i;
  }
  return found;
}

/** Where to go on from `now` when silence is skipped; null where somebody speaks or soon will. */
export function skipTo(silences, now) {
  const span = silences[startedBy(silences, now, ([start]) => start) - 1];
  if (!span) return null;
  const [start, end] = span;
  const target = end - BEFORE;
  // The lesson's own beginning has no words before it to keep.
  return now >= (start ? start + AFTER : 0) && target - now >= WORTH ? target : null;
}

/** The caption at `t`: `{label, kind, text}`, of the one who began last; null where there is none. */
export function captionAt({ captions }, t) {
  const shown = captions[startedBy(captions, t) - 1];
  return shown && t < shown.end + LINGER ? shown : null;
}

/** Captions of a lesson, short enough to read: `[{start, end, label, kind, text}]` in order. */
export function captionsOf(blocks) {
  return blocks
    .flatMap(({ label, kind, utterances }) => utterances.flatMap(pieces).map((piece) => ({ label, kind, ...piece })))
    .sort((a, b) => a.start - b.start);
}

/** An utterance cut where its sentences or lines end. */
function pieces(utterance) {
  const words = timed(utterance);
  const found = [];
  for (const word of words) {
    const last = found.at(-1);
    if (!last || full(last.text, word.text)) found.push({ ...word });
    else Object.assign(last, { text: `${last.text} ${word.text}`, end: word.end });
  }
  return found;
}

function full(text, word) {
  if (text.length + 1 + word.length > LONGEST) return true;
  return text.length > LONGEST / 2 && /[.?!…]$/.test(text);
}

/** Each word with a time: its own, or as far into the utterance as its letters are. */
function timed({ start, end, text, words }) {
  const parts = words.length ? words : (text.match(/\S+/g) ?? []).map((word) => [word, null, null]);
  const letters = parts.reduce((sum, [word]) => sum + word.length, 0) || 1;
  let read = 0;
  return parts.map(([word, from, to]) => {
    const guess = (n) => start + ((end - start) * n) / letters;
    const made = { text: word.trim(), start: from ?? guess(read), end: to ?? guess(read + word.length) };
    read += word.length;
    return made;
  });
}
