// What can go wrong on the way, and what it means: which of it heals by itself, which needs a person.

/** No answer came: the network, or the server, is away for now. */
export class Away extends Error {}

/** The browser does not let the page read the file (any more). */
export class Unreadable extends Error {}

/** What was being sent was taken away, here or on another device. */
export class Removed extends Error {}

/** The server answered, and not with what was asked for. `sentence` is its own, or null. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence ?? `status ${status}`);
    this.status = status;
    this.sentence = sentence;
  }
}

export const AWAY = "away";
export const AGAIN = "again";
export const SIGNED_OUT = "signed out";
export const UNREADABLE = "unreadable";
export const STOPPED = "stopped";
export const REMOVED = "removed";

const ODD = "The server could not take the video. What has arrived is safe. Try again in a while.";

/** {kind, sentence} of any error of sending. */
export function trouble(error) {
  const cause = error.causingError ?? error;
  if (cause instanceof Removed) return { kind: REMOVED, sentence: null };
  if (cause instanceof Unreadable || ["NotReadableError", "NotFoundError"].includes(cause.name)) {
    return { kind: UNREADABLE, sentence: null };
  }
  const answer = error.originalResponse;
  const status = error instanceof Refused ? error.status : answer?.getStatus();
  const sentence = error instanceof Refused ? error.sentence : sentenceOf(answer?.getBody());
  if (!status) return { kind: AWAY, sentence: null };
  if (status === 401) return { kind: SIGNED_OUT, sentence };
  // Somewhere else in the file than the server, damaged on the way, taken over by another request, or not there any more:
  // asking helps, or tells.
  if ([404, 409, 423, 460].includes(status)) return { kind: AGAIN, sentence };
  if (status === 408 || status === 429 || (status >= 500 && status !== 507)) return { kind: AWAY, sentence: null };
  return { kind: STOPPED, sentence: sentence ?? ODD };
}

/** The one sentence of an answer: JSON `error`, or plain text that is short enough to be one. */
export function sentenceOf(body) {
  if (!body) return null;
  try {
    return JSON.parse(body).error ?? null;
  } catch {
    return /^[^<>{}]{1,300}$/.test(body.trim()) ? body.trim() : null;
  }
}
