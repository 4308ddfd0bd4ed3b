// What the page asks the server about one clip, and what it sends.

import { Away, errorOf } from "../stage/requests.js";

const LATE_S = 20;

export function source(clip, fetched = fetch) {
  const base = `/clips/${encodeURIComponent(clip)}`;

  async function ask(method, path, body) {
    let answer, text;
    try {
      answer = await fetched(`${base}/${path}`, {
        method,
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(1000 * LATE_S),
        headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      text = await answer.text();
    } catch {
      throw new Away();
    }
    const error = errorOf(answer.status, text);
    if (error) throw error;
    return text ? JSON.parse(text) : null;
  }

  return {
    state: () => ask("GET", "faces.json"),
    /** How far it is, without what was found. */
    short: () => ask("GET", "faces.json?short"),
    cover: () => ask("POST", "faces"),
    mark: (marked) => ask("PUT", "faces", marked),
    uncover: () => ask("DELETE", "faces"),
  };
}
