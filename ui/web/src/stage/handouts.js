// Files that a worker makes of the lesson: asked for, and followed while any is under way.

import { Away, Gone, Refused } from "./requests.js";
import { asking } from "./asking.js";

const SOON_S = 1;
const AWAY_S = 4;

/** Whether somebody still waits for it. */
export const isOpen = ({ state }) => state === "waiting" || state === "working";

const said = (one) => JSON.stringify(orderOf(one));

/** Events: `changed`; `ready` ({made}) and `failed` ({made}) for what was under way before. */
export class Handouts extends EventTarget {
  list = [];
  #requests;
  #later = null;
  #over = false;
  #changes = 0;

  constructor(requests) {
    super();
    this.#requests = requests;
  }

  /** Have it made: `{kind, …}` as the server takes it. Resolves with a sentence where it is refused, else null. */
  async ask(order) {
    try {
      const made = await this.#requests.order(order);
      this.#changes++;
      // It takes the place of the same one of before, which the server has forgotten.
      this.#take([made, ...this.list.filter((one) => said(one) !== said(made))]);
    } catch (error) {
      return sentence(error);
    }
    this.look();
    return null;
  }

  async remove(id) {
    try {
      await this.#requests.takeAway(id);
    } catch (error) {
      if (!(error instanceof Gone)) return sentence(error);
    }
    this.#changes++;
    this.#take(this.list.filter((one) => one.id !== id));
    return null;
  }

  /** Ask how it stands, and again while something is under way. */
  look = asking(() => this.#look());

  async #look() {
    clearTimeout(this.#later);
    if (this.#over) return;
    const changes = this.#changes;
    let wait = SOON_S;
    try {
      const list = await this.#requests.handouts();
      // An answer from before something was asked for, or taken away, knows nothing of it.
      if (changes === this.#changes) this.#take(list);
    } catch (error) {
      if (!(error instanceof Away)) return;
      wait = AWAY_S;
    }
    if (this.list.some(isOpen) && !this.#over) this.#later = setTimeout(() => this.look(), wait * 1000);
  }

  #take(list) {
    const before = new Map(this.list.map((one) => [one.id, one]));
    this.list = list;
    this.dispatchEvent(new CustomEvent("changed"));
    for (const made of list)
      if (before.has(made.id) && isOpen(before.get(made.id)) && !isOpen(made))
        this.dispatchEvent(new CustomEvent(made.state, { detail: { made } }));
  }

  stop() {
    this.#over = true;
    clearTimeout(this.#later);
  }
}

/** An error as a sentence for whoever pressed the button. */
function sentence(error) {
  if (error instanceof Refused) return error.message;
  if (error instanceof Away) return "The server can’t be reached. Nothing was lost. Try again.";
  if (error instanceof Gone) return "This isn’t there for you any more.";
  return "You are signed out. Sign in again to carry on.";
}

/** 12 MB, 340 KB. */
export function bytes(size) {
  if (size >= 1e6) return `${size >= 1e7 ? Math.round(size / 1e6) : (size / 1e6).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(size / 1e3))} KB`;
}

/** How one stands, in words. `now` and `ends` are dates. */
export function stateOf({ state, share, reason, size, ends }, now = new Date()) {
  if (state === "waiting") return "Waiting to be made";
  if (state === "working") return `Being made: ${Math.round(share * 100)}%`;
  if (state === "failed") return reason;
  if (state === "old") return "What is in it has changed since it was made. Make it again.";
  const hours = Math.max(1, Math.round((new Date(ends) - now) / 3_600_000));
  return `Ready, ${bytes(size)}. It stays here for ${hours} hour${hours === 1 ? "" : "s"}.`;
}

/** The order again, as the server takes it. */
export function orderOf({ kind, clips, captions, comments, measures }) {
  if (kind === "clip") return { kind, clip: clips[0], captions };
  return kind === "portfolio" ? { kind, clips, comments, measures } : { kind };
}
