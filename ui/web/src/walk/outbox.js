// A visit on its way. Its id was made here, so sending it again is the same visit: whatever answer was lost, it is once.

import { Refused } from "../trouble.js";

export const KEPT = "kept";
export const SENDING = "sending";
export const SENT = "sent";
export const SIGNED_OUT = "signed out";
export const REFUSED = "refused";

const ODD = "The server can’t take this visit.";

/** 24 hex digits that nobody can guess. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Send a visit: its words, then its photo. `keep(visit)` remembers how far it came; `ask(method, path, body)` is the
 * server. `{state, sentence}`; a photo that is not taken does not keep the words back.
 */
export async function send(visit, { ask, keep, now = Date.now }) {
  const path = `/walk/visits/${visit.id}`;
  try {
    if (!visit.there) {
      await ask("PUT", path, { ...visit.said, ago: Math.max(0, (now() - visit.at) / 1000) });
      visit.there = true;
      if (visit.photo) await keep(visit);
    }
    if (visit.photo) await ask("PUT", `${path}/photo`, visit.photo);
    return { state: SENT, sentence: null };
  } catch (error) {
    const { state, sentence } = meaning(error);
    return state === REFUSED && visit.there ? { state: SENT, sentence } : { state, sentence };
  }
}

export function meaning(error) {
  if (!(error instanceof Refused) || [408, 429].includes(error.status) || error.status >= 500) {
    return { state: KEPT, sentence: null };
  }
  if (error.status === 401) return { state: SIGNED_OUT, sentence: null };
  const gone = "This teacher can’t be visited at this school any more.";
  return { state: REFUSED, sentence: error.status === 404 ? gone : (error.sentence ?? ODD) };
}

/** What somebody reads of it. */
export function told({ state, sentence }, teacher) {
  if (state === SENDING) return "Sending…";
  if (state === SENT) return sentence ? `Sent. ${sentence}` : `Sent. ${teacher} can read it now.`;
  if (state === SIGNED_OUT) return "Kept on this phone. Sign in, and it is sent.";
  if (state === REFUSED) return `${sentence} Your words are kept here until you delete them.`;
  return "Kept on this phone, will be sent when the network is back. Open this page then.";
}
