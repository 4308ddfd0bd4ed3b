// The transcript as it is read: rows of words with what belongs to them, and where words are found in it. Pure.

import { blockAt, lastBlock, SHORT } from "./marks.js";

/** Under this a recognized word is called unsure, as the server does (coaching/quality.py). */
export const UNSURE_BELOW = 0.7;

/** Talk of several at once without a word in the transcript is told from this many seconds on. */
const UNHEARD_S = 5;

/**
 * The words of a turn: `[{text, start, unsure}]`; an utterance without words is one. `unsure` is a whole percent; `put`
 * is there and true where a person put them right.
 */
export function tokensOf(block) {
  return block.utterances.flatMap(({ start, text, words, corrected }) => {
    const put = corrected && { put: true };
    return words.length
      ? words.map(([word, at, , sure]) => ({
          text: word.trim(),
          start: at,
          unsure: sure !== null && sure < UNSURE_BELOW ? Math.round(100 * sure) : null,
          ...put,
        }))
      : [{ text, start, unsure: null, ...put }];
  });
}

/**
 * One row a turn, and one for what several said at once that nobody could write down, in order.
 * @returns `[{block, tokens, ends, text, chips, pauses, waits}]`: `ends[i]` is where token i ends in `text`; `chips`
 *   (questions) and `pauses` (waits within the turn) are by the token that they follow, `waits` come after the turn;
 *   or `[{unheard: {start, end}}]`
 */
export function rowsOf(marks) {
  const rows = marks.blocks.map((block) => {
    const tokens = tokensOf(block);
    let length = -1;
    const ends = tokens.map(({ text }) => (length += text.length + 1));
    return {
      block,
      tokens,
      ends,
      text: tokens.map(({ text }) => text).join(" "),
      chips: new Map(),
      pauses: new Map(),
      waits: [],
    };
  });
  const put = (map, index, what) => map.set(index, [...(map.get(index) ?? []), what]);
  marks.questions.forEach((question) => {
    const block = blockAt(marks, question.end - 0.05) ?? lastBlock(marks, question.end);
    if (block) put(rows[block.index].chips, before(rows[block.index].tokens, question.end - 0.05), question);
  });
  for (const wait of marks.waits) {
    if (wait.seconds < SHORT) continue;
    const block = lastBlock(marks, wait.start - 0.05);
    if (!block) continue;
    const row = rows[block.index];
    if (block.end > wait.end) put(row.pauses, before(row.tokens, wait.start), wait);
    else row.waits.push(wait);
  }
  return [...rows, ...unheard(marks)].sort((a, b) => startOf(a) - startOf(b));
}

export const startOf = (row) => row.block?.start ?? row.unheard.start;

/** All that is seen of a row: rows of one look are drawn the same. */
export const lookOf = (row) => (row.look ??= JSON.stringify(row.unheard ?? lookParts(row)));
const lookParts = ({ block, tokens, chips, pauses, waits }) => [
  block.start,
  block.label,
  block.kind,
  tokens,
  [...chips],
  [...pauses],
  waits,
];

/** The last token that begins before `t`; words without times belong to the one before. */
function before(tokens, t) {
  let found = 0;
  tokens.forEach(({ start }, i) => start !== null && start < t && (found = i));
  return found;
}

function unheard({ ribbon, blocks }) {
  const over = ([from, to]) =>
    blocks.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0);
  return (ribbon?.several ?? [])
    .filter((span) => span[1] - span[0] >= UNHEARD_S && over(span) < (span[1] - span[0]) / 2)
    .map(([start, end]) => ({ unheard: { start, end } }));
}

/** Letters as they are searched: without case, accents, and the kind of apostrophe; as many as before. */
export function folded(text) {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (sign) => {
    if (sign === "’" || sign === "‘") return "'";
    const plain = sign.normalize("NFD")[0].toLowerCase();
    return plain.length === sign.length ? plain : sign;
  }).join("");
}

/** Where `query` is in the rows, in order: `[{row, from, to}]`. */
export function found(rows, query) {
  const sought = folded(query).trim().replace(/\s+/g, " ");
  if (!sought) return [];
  return rows.flatMap((row) => {
    if (!row.tokens) return [];
    row.folded ??= folded(row.text);
    const hits = [];
    for (let at = row.folded.indexOf(sought); at >= 0; at = row.folded.indexOf(sought, at + sought.length)) {
      hits.push({ row, from: at, to: at + sought.length });
    }
    return hits;
  });
}

/**
 * A row's words as pieces to show: `[{text, token, unsure, put, hit}]` or `{question}` or `{wait}`. Words that need nothing
 * are one piece, unless `split` asks for each by itself. `hits` are those of `found` in this row.
 */
export function pieces(row, { hits = [], split = false } = {}) {
  const made = [];
  const add = (text, token, hit) => {
    if (!text) return;
    const { unsure, put = false } = row.tokens[token];
    const last = made.at(-1);
    const alone = split || unsure !== null || put;
    if (last?.text && last.hit === hit && (alone || last.unsure !== null || last.alone ? last.token === token : true))
      last.text += text;
    else made.push({ text, token, unsure, put, hit, alone });
  };
  const hitAt = (i) => hits.find(({ from, to }) => from <= i && i < to) ?? null;
  row.tokens.forEach(({ text }, i) => {
    const start = row.ends[i] - text.length;
    const cuts = [
      ...new Set([
        start,
        ...hits.flatMap(({ from, to }) => [from, to]).filter((at) => at > start && at < row.ends[i]),
        row.ends[i],
      ]),
    ].sort((a, b) => a - b);
    for (let n = 0; n + 1 < cuts.length; n++) add(row.text.slice(cuts[n], cuts[n + 1]), i, hitAt(cuts[n]));
    for (const question of row.chips.get(i) ?? []) made.push({ question });
    for (const wait of row.pauses.get(i) ?? []) made.push({ wait });
    if (i + 1 < row.tokens.length) gap(row, made, hitAt(row.ends[i]), split);
  });
  return made;
}

/** The space between two words: part of a hit that goes across it, or of the words before. */
function gap(row, made, hit, split) {
  const last = made.at(-1);
  if (last?.text && last.hit === hit && last.unsure === null && !last.put && !split) last.text += " ";
  else made.push({ text: " ", token: null, unsure: null, put: false, hit, alone: false });
}
