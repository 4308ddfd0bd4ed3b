// The server's side of an upload, in JSON. Who asks is in the cookie.

import { Away, Refused, sentenceOf } from "./trouble.js";

export class Server {
  /** `base` is the server's origin; `headers` are for whoever has no browser to set them. */
  constructor(base, headers = {}) {
    this.base = base;
    this.headers = headers;
  }

  form = () => this.#ask("GET", "/upload/form");
  uploads = async () => (await this.#ask("GET", "/upload/lessons")).uploads;
  upload = (id) => this.#ask("GET", `/upload/lessons/${id}`);
  begin = (lesson) => this.#ask("POST", "/upload/lessons", lesson);
  complete = (id, sha256) => this.#ask("POST", `/upload/lessons/${id}/complete`, { sha256 });
  remove = (id) => this.#ask("DELETE", `/upload/lessons/${id}`);

  async #ask(method, path, body) {
    let answer, text;
    try {
      answer = await fetch(this.base + path, {
        method,
        headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...this.headers },
        body: body && JSON.stringify(body),
      });
      text = await answer.text();
    } catch {
      throw new Away();
    }
    if (!answer.ok) throw new Refused(answer.status, sentenceOf(text));
    return text ? JSON.parse(text) : null;
  }
}
