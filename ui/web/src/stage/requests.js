// What the stage asks the server, as JSON. Who asks is in the cookie, and must be who the page is shown to.

import { sentenceOf } from "../trouble.js";

const LATE_S = 20;

/** No answer, or one that says the server is not there for now: asking again helps. `wait` is seconds, or null. */
export class Away extends Error {
  constructor(wait = null) {
    super("away");
    this.wait = wait;
  }
}

/** Nobody is signed in any more. */
export class SignedOut extends Error {}

/** The lesson, or the note, is not there for this viewer. */
export class Gone extends Error {}

/** The server does not take it; `message` is its sentence. */
export class Refused extends Error {}

const ODD = "The server can’t take this. Your words are kept here.";

/** What an answer's status and text mean: an error, or null. */
export function errorOf(status, text, retryAfter = null) {
  if (status < 400) return null;
  if (status === 401) return new SignedOut();
  if (status === 404) return new Gone();
  if (status === 429) return new Away(Number(retryAfter) || null);
  if (status === 408 || status >= 500) return new Away();
  return new Refused(sentenceOf(text) ?? ODD);
}

/** The requests of one recording. Each rejects with one of the errors above. */
export class Requests {
  #base;
  #fetch;
  #viewer = null;

  constructor(recording, fetch) {
    this.#base = `/recordings/${encodeURIComponent(recording)}`;
    // A fetch that is called as somebody's method is refused by browsers.
    this.#fetch = (...given) => fetch(...given);
  }

  /** Nothing is asked or sent as anybody else than this person: somebody may have signed in here in another tab. */
  as(viewer) {
    this.#viewer = viewer;
  }

  get events() {
    return `${this.#base}/events`;
  }

  lesson = async () => (await this.#ask("GET", "lesson.json")).said;

  /**
   * The notes, `{said, etag}`; null where they are as they were when `known` was asked, another answer of this. Of
   * comments only those that changed since then: outbox.js puts them together.
   */
  async notes(known = null) {
    const path = known ? `notes.json?since=${known.said.newest}` : "notes.json";
    const { status, ...answer } = await this.#ask("GET", path, undefined, known && { "If-None-Match": known.etag });
    return status === 304 ? null : answer;
  }

  add = async (kind, note) => (await this.#ask("POST", kind, note)).said;
  change = async (kind, id, patch) => void (await this.#ask("PATCH", `${kind}/${encodeURIComponent(id)}`, patch));
  /** `{id, what}` of what was put right now. */
  correct = async (correction) => (await this.#ask("POST", "corrections", correction)).said;
  uncorrect = async (id) => void (await this.#ask("DELETE", `corrections/${encodeURIComponent(id)}`));
  insights = async () => (await this.#ask("GET", "insights.json")).said;
  trend = async () => (await this.#ask("GET", "trend.json")).said;
  /** What is guessed of a measure; null: rather not. */
  predict = async (measure, value) => void (await this.#ask("PUT", "predictions", { measure, value }));
  /** How the checking by ear stands, for the lesson's owner. */
  calibration = async () => (await this.#ask("GET", "calibration.json")).said;
  hear = async (of, clip, said) => void (await this.#ask("PUT", "calibration", { of, clip, said }));
  forgetHeard = async () => void (await this.#ask("DELETE", "calibration"));
  /** The files that are made, or were, for whoever looks. */
  handouts = async () => (await this.#ask("GET", "handouts.json")).said.handouts;
  order = async (order) => (await this.#ask("POST", "handouts", order)).said;
  takeAway = async (id) => void (await this.#ask("DELETE", `handouts/${encodeURIComponent(id)}`));
  /** Texts of one's own for comments, of no recording: `{templates: [{id, body}], longest}`. */
  templates = async () => (await this.#ask("GET", "/templates")).said;
  keepTemplate = async (body) => (await this.#ask("POST", "/templates", { body })).said;
  removeTemplate = async (id) => void (await this.#ask("DELETE", `/templates/${encodeURIComponent(id)}`));
  /** The address of what lies beside the recording. */
  at = (path) => `${this.#base}/${path}`;
  /** `last`: the page goes, and the browser finishes this alone. */
  watched = async (place, spans, last = false) =>
    void (await this.#ask("PUT", "watched", { place, spans }, null, last));

  async #ask(method, path, body, headers = null, keepalive = false) {
    const asking = new AbortController();
    const late = setTimeout(() => asking.abort(), LATE_S * 1000);
    let answer, text;
    try {
      answer = await this.#fetch(path.startsWith("/") ? path : this.at(path), {
        method,
        keepalive,
        signal: asking.signal,
        cache: "no-store",
        credentials: "same-origin",
        headers: {
          Accept: "application/json",
          ...(this.#viewer && { "X-Viewer": this.#viewer }),
          ...(body && { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      text = answer.status === 304 ? "" : await answer.text();
    } catch {
      throw new Away();
    } finally {
      clearTimeout(late);
    }
    const error = errorOf(answer.status, text, answer.headers.get("Retry-After"));
    if (error) throw error;
    return { status: answer.status, said: read(text), etag: answer.headers.get("ETag") };
  }
}

/** A sign-in page in the place of an answer is no answer. */
function read(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    throw new Away();
  }
}
