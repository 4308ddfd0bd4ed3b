// What the page asks the server, as the person for whom it was made.

import { Away, Refused, sentenceOf } from "../trouble.js";

const LATE_MS = 20_000;

/** The answer’s JSON, or null. Rejects with Away where none came, and with Refused. */
export async function ask(method, path, { viewer, body, late = LATE_MS } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), late);
  try {
    const photo = body instanceof Blob;
    const type = body && (photo ? body.type : "application/json");
    const answer = await fetch(path, {
      method,
      headers: { Accept: "application/json", ...(viewer && { "X-Viewer": viewer }), ...(type && { "Content-Type": type }) },
      body: photo ? body : body && JSON.stringify(body),
      signal: stop.signal,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Refused(answer.status, sentenceOf(text));
    return text ? JSON.parse(text) : null;
  } catch (error) {
    throw error instanceof Refused ? error : new Away();
  } finally {
    clearTimeout(timer);
  }
}
