// The server's side of an upload, in JSON. Who asks is in the cookie.

import { Away, Refused, sentenceOf } from "./trouble.js";

const LATE_S = 30;

export class Server {
  #late;

  /** `base` is the server's origin; `headers` are for whoever has no browser to set them; `late` is in seconds. */
  constructor(base, headers = {}, late = LATE_S) {
    this.base = base;
    this.headers = headers;
    this.#late = late;
  }

  // Each rejects with Refused; with Away where no answer came, or `signal` said not to wait for it.
  form = (signal) => this.#ask("GET", "/upload/form", signal);
  uploads = async (signal) => (await this.#ask("GET", "/upload/lessons", signal)).uploads;
  upload = (id, signal) => this.#ask("GET", `/upload/lessons/${id}`, signal);
  begin = (lesson, signal) => this.#ask("POST", "/upload/lessons", signal, lesson);
  complete = (id, sha256, signal) => this.#ask("POST", `/upload/lessons/${id}/complete`, signal, { sha256 });

  /** It is gone after this, also where the answer to an earlier request was lost. */
  async remove(id, signal) {
    try {
      await this.#ask("DELETE", `/upload/lessons/${id}`, signal);
    } catch (error) {
      if (![404, 410].includes(error.status)) throw error;
    }
  }

  async #ask(method, path, signal, body) {
    // By hand: AbortSignal.any is younger than many a phone.
    const asking = new AbortController();
    const stop = () => asking.abort();
    const late = setTimeout(stop, this.#late * 1000);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    let answer, text;
    try {
      answer = await fetch(this.base + path, {
        method,
        headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...this.headers },
        body: body && JSON.stringify(body),
        signal: asking.signal,
      });
      text = await answer.text();
    } catch {
      throw new Away();
    } finally {
      clearTimeout(late);
      signal?.removeEventListener("abort", stop);
    }
    if (!answer.ok) throw new Refused(answer.status, sentenceOf(text));
    return text ? JSON.parse(text) : null;
  }
}
