// Putting right what the machine got wrong: what there is to say of voices, words and questions, as the server takes it. Pure.

import { Away, Gone, Refused, SignedOut } from "./requests.js";
import { clock } from "./words.js";

/** As the server has it (coaching/corrections.py). */
export const LONGEST_NAME = 100;
export const LONGEST_TEXT = 20_000;

/** A voice is played by its longest words, but not longer than this. */
const SAMPLE_S = 6;

/** The kinds of questions in plain words: `[kind, what it is, an example]`. */
export const KINDS = [
  ["open", "Open", "What do you notice?"],
  ["reason", "Press for reasoning", "Why do you think so?"],
  ["relating", "Relates to what somebody said", "Do you agree with that?"],
  ["wh-fact", "Asks a fact", "What is six times seven?"],
  ["yes/no", "Yes or no", "Is this a fraction?"],
  ["checking", "Checks whether all are with you", "Does that make sense?"],
  ["management", "Keeps the lesson going", "Can you sit, please?"],
  ["tag", "Only a tag", "So it floats, right?"],
  ["echo", "Repeats what was said", "Three fourths?"],
];

/**
 * The voices, the one that speaks most first: `[{id, kind, label, name, seconds, share, first, sample}]`, `share` in
 * whole percent of all talk that has words, `first` the second where it begins, `sample` `{start, stop}` to hear it.
 */
export function voicesOf({ speakers, blocks }) {
  const spoken = blocks.flatMap(({ speaker, utterances }) =>
    utterances.map(({ start, end }) => ({ speaker, start, end })),
  );
  const sum = (list) => list.reduce((seconds, { start, end }) => seconds + end - start, 0);
  const all = sum(spoken);
  return speakers
    .map(({ id, role, label, name }) => {
      const own = spoken.filter(({ speaker }) => speaker === id);
      const seconds = sum(own);
      const longest = own.reduce(
        (best, one) => (one.end - one.start > best.end - best.start ? one : best),
        own[0] ?? { start: 0, end: 0 },
      );
      return {
        id,
        kind: role,
        label,
        name,
        seconds,
        share: all ? Math.round((100 * seconds) / all) : 0,
        first: own.length ? Math.min(...own.map(({ start }) => start)) : null,
        sample: own.length ? { start: longest.start, stop: Math.min(longest.end, longest.start + SAMPLE_S) } : null,
      };
    })
    .filter(({ sample }) => sample)
    .sort((a, b) => b.seconds - a.seconds);
}

/** What tells a voice from others of the same label: `12% of the talk, first at 3:12`. */
export const factsOf = ({ share, first }) => `${share < 1 ? "under 1" : share}% of the talk, first at ${clock(first)}`;

export const asRole = (voice, role) => ({ kind: "role", voice, role });
export const asName = (voice, text) => ({ kind: "name", voice, text });
/** `voice` is `other` really: it takes that one's place, and its name. */
export const sameAs = (voice, other) => ({ kind: "merge", voice: other, other: voice });
/** Somebody else said this turn: the voice `other`, or null for one that has none yet. */
export const saidBy = ({ utterances }, other) => ({
  kind: "voice",
  spans: utterances.map(({ start, end }) => [start, end]),
  other,
});
export const asText = ({ start, end }, text) => ({ kind: "text", spans: [[start, end]], text });
export const asQuestion = ({ start, end }, text) => ({ kind: "question", spans: [[start, end]], text });

/** The corrections that fields of words ask for: those that say something else than before. `fields` `[{utterance, text}]`. */
export const rewritten = (fields) =>
  fields
    .map(({ utterance, text }) => [utterance, oneLine(text)])
    .filter(([{ text }, now]) => now !== oneLine(text))
    .map(([utterance, now]) => asText(utterance, now));

/** Words of an utterance are one line, without control characters. */
export const oneLine = (text) =>
  text
    .replace(/[\p{Cc}\p{Cs}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();

/** What is said where it went wrong, and whether asking again helps. Throws what is no answer of the server. */
export function troubleOf(error) {
  if (error instanceof Away)
    return { sentence: "The server can’t be reached. Nothing is lost, and nothing is changed yet.", again: true };
  if (error instanceof SignedOut)
    return {
      sentence: "You are signed out. Nothing is changed yet. Sign in again in another tab, then try again.",
      again: true,
    };
  if (error instanceof Gone) return { sentence: "What you wanted to put right isn’t there any more.", again: false };
  if (error instanceof Refused) return { sentence: error.message, again: false };
  throw error;
}

/** What of a lesson may change while it is open, where that is another than in `fresh`; null where it is not. */
export function newer(lesson, fresh) {
  // The film that plays and where it is are not touched.
  const { recording, viewer, media, place, codebooks, ...said } = fresh;
  const changed = Object.fromEntries(
    Object.entries(said).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(lesson[name])),
  );
  return Object.keys(changed).length ? changed : null;
}
