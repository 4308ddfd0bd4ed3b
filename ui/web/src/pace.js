// How fast it goes, and what follows from it. Times in seconds, sizes in bytes. Pure.

const WINDOW_S = 20;
const SETTLED_S = 3;

/** The rate of the last seconds, from how much was sent when. */
export class Pace {
  #seen = [];

  saw(at, sent) {
    this.#seen.push([at, sent]);
    while (this.#seen.length > 2 && at - this.#seen[0][0] > WINDOW_S) this.#seen.shift();
  }

  /** After a break, what was before it says nothing. */
  forget() {
    this.#seen = [];
  }

  /** Seconds until `left` bytes are sent; null as long as nobody can say. */
  left(left) {
    if (this.#seen.length < 2) return null;
    const [[t0, b0], [t1, b1]] = [this.#seen[0], this.#seen.at(-1)];
    if (t1 - t0 < SETTLED_S || b1 <= b0) return null;
    return (left * (t1 - t0)) / (b1 - b0);
  }
}

export const FIRST_CHUNK = 1024 * 1024;
const CHUNK_S = 4;

/** The next request's size: what a connection that breaks can lose is a few seconds' worth, never more than `most`. */
export function nextChunk(bytes, seconds, most) {
  const wanted = (bytes / Math.max(seconds, 0.001)) * CHUNK_S;
  return Math.max(Math.min(wanted, 2 * bytes, most), Math.min(FIRST_CHUNK / 4, most)) | 0;
}

const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 30;

/** How long to wait before try number `tries` (from 0): doubling, and scattered, so that a school does not come at once. */
export function backoff(tries, random = Math.random) {
  const wait = Math.min(FIRST_WAIT_S * 2 ** tries, LONGEST_WAIT_S);
  return wait * (0.75 + random() / 2);
}
