// A lesson on its way to the server: one file, or several parts in order. It knows nothing of pages.

import { fingerprint } from "./digest.js";
import { Pace, backoff } from "./pace.js";
import { sendPart } from "./part.js";
import { AGAIN, AWAY, Away, REMOVED, Removed, STOPPED, UNREADABLE, trouble } from "./trouble.js";

// Where it stands. SENDING, CHECKING and AWAY go on by themselves; what trouble.js adds needs a person, as PAUSED does.
export const READY = "ready";
export const SENDING = "sending";
export const CHECKING = "checking";
export const PAUSED = "paused";
export const ARRIVED = "arrived";
export const REFUSED = "refused";
export { AWAY, SIGNED_OUT, STOPPED, UNREADABLE } from "./trouble.js";

export const ANOTHER_VERSION =
  "This is not the file that began: phones often pack a video anew when it is chosen again. " +
  "So it starts from the beginning; nothing of the two is mixed.";

export const TAKEN_AWAY =
  "This lesson was removed meanwhile, here or on another device. Try again sends it from the beginning.";

const ASK_S = 1;
const SILENT_S = 10;
const DAMAGED_TIMES = 5;

export class Lesson {
  state = READY;
  /** One sentence to what became of it, or null. */
  reason = null;
  /** One sentence that stays true while it goes on: a part that began anew, and why. */
  note = null;
  /** When the next try is due while AWAY, in milliseconds of `Date.now()`. */
  again = 0;

  #server;
  #hash;
  #changed;
  #most;
  #prints;
  #hashes;
  #sent;
  #safe;
  #announced = false;
  #leftover = null;
  #tries = 0;
  #heard = 0;
  #pace = new Pace();
  #attempt = null;
  #pausing = false;
  #poke = () => {};

  /**
   * @param {Server} server
   * @param {File[]} files the parts, in order
   * @param {object} asked `about`: what POST /upload/lessons takes, or `upload`: one that is there already;
   *   `chunk`: bytes of a request at most; `hash(file)`: a promise of its SHA-256; `changed()`: called at every step
   */
  constructor(server, files, { about, upload = null, chunk, hash, changed = () => {} }) {
    Object.assign(this, { files, about, upload });
    this.#server = server;
    this.#hash = hash;
    this.#changed = changed;
    this.#most = chunk;
    this.#sent = files.map((_, n) => upload?.files.find((f) => f.position === n)?.offset ?? 0);
    this.#safe = [...this.#sent];
  }

  get name() {
    return this.upload?.name ?? this.about.name;
  }

  get total() {
    return sum(this.files.map((file) => file.size));
  }

  /** Bytes on their way or there. */
  get sent() {
    return sum(this.#sent);
  }

  /** Bytes that the server has written down. */
  get safe() {
    return sum(this.#safe);
  }

  /** Seconds until all is sent, or null. */
  get left() {
    return this.state === SENDING ? this.#pace.left(this.total - this.sent) : null;
  }

  /** Whether closing the page would stop something. */
  get busy() {
    return [SENDING, AWAY].includes(this.state) || (this.state === CHECKING && this.upload.state === "open");
  }

  /** Begin, or carry on after whatever it was. Resolves when there is nothing more to do by itself. */
  async go() {
    if (this.#attempt) return this.#poke();
    this.#tries = 0;
    this.#pausing = false;
    for (;;) {
      this.#attempt = new AbortController();
      try {
        return await this.#all(this.#attempt.signal);
      } catch (error) {
        if (this.#pausing) return this.#become(PAUSED);
        if (!(await this.#heals(error))) return undefined;
      } finally {
        this.#attempt = null;
      }
    }
  }

  /** Go on with these files: those before cannot be read any more, or there were none. */
  take(files) {
    this.files = files;
    this.#prints = this.#hashes = undefined;
    this.#safe = files.map((_, n) => this.#safe[n] ?? 0);
    this.#sent = [...this.#safe];
    return this.go();
  }

  /** These were not taken, and why. */
  refuse(sentence) {
    this.#become(UNREADABLE, sentence);
  }

  pause() {
    this.#pausing = true;
    this.#attempt?.abort(new Away());
    this.#poke();
  }

  /** The network went: do not wait for the line to time out. */
  lost() {
    if (this.state === SENDING) this.#attempt?.abort(new Away());
  }

  /** Try now what would be tried in a while; and what was silent, since a line may die without a word. */
  now() {
    if (performance.now() - this.#heard > SILENT_S * 1000) this.lost();
    this.#poke();
  }

  /** Everything from where it stands to the end. */
  async #all(signal) {
    if (this.upload) this.#has(await this.#standing(signal));
    else this.#become(SENDING);
    this.#prints ??= await Promise.all(this.files.map(fingerprint));
    // Without a file it is only followed; what the server wants once more, somebody has to choose again.
    if (this.upload?.state === "open" && !this.files.length) return this.#become(UNREADABLE, this.upload.reason);
    if (this.upload?.state === "open" && !this.#fits(this.upload)) this.#anew();
    this.upload ??= await this.#begin(signal);
    this.#hashes ??= this.#hashed();
    for (let damaged = 0; ; damaged++) {
      if (this.upload.state === "open") {
        this.#become(SENDING);
        for (const n of this.files.keys()) await this.#part(n, signal);
        this.#become(CHECKING);
        const hashes = await (this.#hashes ??= this.#hashed());
        this.#has(await this.#server.complete(this.upload.id, hashes, signal));
      }
      while (this.upload.state === "checking") {
        this.#become(CHECKING);
        await asleep(ASK_S);
        this.#has(await this.#server.upload(this.upload.id, signal));
      }
      if (this.upload.state === "open" && !this.files.length) return this.#become(UNREADABLE, this.upload.reason);
      if (this.upload.state === "arrived") return this.#become(ARRIVED);
      if (this.upload.state === "refused") return this.#become(REFUSED, this.upload.reason);
      if (damaged === DAMAGED_TIMES) return this.#become(STOPPED, this.upload.reason);
      this.note = this.upload.reason;
    }
  }

  async #standing(signal) {
    try {
      return await this.#server.upload(this.upload.id, signal);
    } catch (error) {
      throw error.status === 404 ? new Removed() : error;
    }
  }

  /** Announce it, once what it takes the place of is gone; where the answer to that was lost, it is there already. */
  async #begin(signal) {
    if (this.#leftover) await this.#server.remove(this.#leftover, signal);
    this.#leftover = null;
    const { name } = this.about;
    const lost = (one) => one.state === "open" && one.name === name && !one.files.length && this.#fits(one);
    const before = this.#announced ? (await this.#server.uploads(signal)).find(lost) : null;
    this.#announced = true;
    return before ?? this.#server.begin({ ...this.about, sizes: this.files.map((file) => file.size) }, signal);
  }

  #fits({ sizes }) {
    return sizes.length === this.files.length && this.files.every((file, n) => file.size === sizes[n]);
  }

  /** Other sizes were announced: the same lesson, once more from its beginning. */
  #anew(leftover = this.upload.id) {
    const { name, class_id, taught, look_fors } = this.upload;
    this.#leftover = leftover;
    this.#announced = false;
    Object.assign(this, { about: { name, class_id, taught, look_fors, consent: true }, upload: null });
    this.#sent = this.files.map(() => 0);
    this.#safe = [...this.#sent];
    this.note = ANOTHER_VERSION;
  }

  async #part(n, signal) {
    const file = this.files[n];
    const known = this.upload.files.find((one) => one.position === n);
    const same = known?.fingerprint === this.#prints[n] && known.size === file.size;
    if (known?.offset && !same) this.note = ANOTHER_VERSION;
    const part = {
      url: same ? known.url : null,
      metadata: { upload: this.upload.id, position: String(n), filename: file.name, fingerprint: this.#prints[n] },
      most: this.#most,
    };
    this.#count(n, same ? known.offset : 0);
    this.#heard = performance.now();
    const told = {
      sent: (bytes) => {
        this.#sent[n] = bytes;
        this.#heard = performance.now();
        this.#pace.saw(this.#heard / 1000, this.sent);
        this.#changed();
      },
      safe: (bytes) => {
        this.#tries = 0;
        this.#count(n, bytes);
        this.#changed();
      },
    };
    await sendPart(this.#server, file, part, told, signal);
  }

  #count(n, bytes) {
    this.#sent[n] = this.#safe[n] = bytes;
  }

  #has(upload) {
    this.upload = upload;
    if (upload.state !== "open") return;
    for (const file of upload.files) this.#count(file.position, file.offset);
  }

  #hashed() {
    const hashes = Promise.all(this.files.map(this.#hash));
    hashes.catch(() => (this.#hashes = undefined)); // and begun again when it is waited for
    return hashes;
  }

  /** Whether it goes on by itself after this error; waits until it may. */
  async #heals(error) {
    const { kind, sentence } = trouble(error);
    this.#pace.forget();
    this.#sent = [...this.#safe];
    if (kind === AGAIN && ++this.#tries <= DAMAGED_TIMES) return true;
    if (kind === REMOVED) {
      this.#anew(null); // whoever wants it all the same sends it from its beginning
      this.note = null;
      this.#become(STOPPED, TAKEN_AWAY);
      return false;
    }
    if (kind !== AWAY) {
      this.#become(kind === AGAIN ? STOPPED : kind, sentence);
      return false;
    }
    const wait = backoff(this.#tries++);
    this.again = Date.now() + wait * 1000;
    this.#become(AWAY, sentence);
    await Promise.race([asleep(wait), new Promise((resolve) => (this.#poke = resolve))]);
    this.#poke = () => {};
    if (this.#pausing) this.#become(PAUSED);
    return !this.#pausing;
  }

  #become(state, reason = null) {
    Object.assign(this, { state, reason });
    this.#changed();
  }
}

const asleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
