// Where one is in a round of clips. `said` has a clip's answer, or null where there is none yet.

export const ANSWERS = ["teacher", "student", "several", "nobody", "cannot tell"];

export const answered = (said) => said.filter((one) => one !== null).length;

/** The clip to ask about after `number`: the next open one, or else the first; null where all are answered. */
export function next(said, number = -1) {
  const open = said.flatMap((one, n) => (one === null ? [n] : []));
  return open.find((n) => n > number) ?? open[0] ?? null;
}

export const back = (number) => Math.max(0, number - 1);

/** The clip after this one, where one may go on without an answer: over what is answered already. */
export const forward = (said, number) => (said[number] === null ? number : Math.min(said.length - 1, number + 1));

/** What a key means: `{answer}`, `{go: "again"|"back"|"forward"}`, or null. */
export function meant({ key, ctrlKey, altKey, metaKey, repeat = false }) {
  if (ctrlKey || altKey || metaKey || repeat) return null;
  const go = { " ": "again", Backspace: "back", ArrowLeft: "back", ArrowRight: "forward" }[key];
  if (go) return { go };
  return /^[1-5]$/.test(key) ? { answer: ANSWERS[key - 1] } : null;
}
