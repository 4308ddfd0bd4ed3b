// What somebody wrote and the server does not have yet: kept in the browser by recording and viewer, until it has.

export class Drafts {
  #key;
  #storage;
  #known = new Set();

  constructor(recording, viewer, storage) {
    this.#key = `secondlook.stage.${recording}.${viewer}`;
    this.#storage = storage;
  }

  /** What the composer holds; null where it is empty. */
  get draft() {
    return this.#read().draft ?? null;
  }
  set draft(draft) {
    this.#write({ ...this.#read(), draft });
  }

  /** What is half written at a comment, `reply` or `edit`; with `words`, keep them (none: forget them). */
  at(comment, what, ...words) {
    const all = this.#read().at ?? {};
    const key = `${what} ${comment}`;
    if (words.length) {
      const { [key]: before, ...others } = all;
      this.#write({ ...this.#read(), at: words[0] ? { ...others, [key]: words[0] } : others });
    }
    return words.length ? words[0] : (all[key] ?? "");
  }

  /** What waits to be sent, in order; also what another tab wrote that this one did not know of when it read it. */
  get outbox() {
    const steps = this.#read().outbox ?? [];
    this.#know(steps);
    return steps;
  }
  set outbox(outbox) {
    this.#know(outbox);
    const others = (this.#read().outbox ?? []).filter((step) => !this.#known.has(keyOf(step)));
    this.#write({ ...this.#read(), outbox: [...others, ...outbox] });
  }
  #know(steps) {
    for (const step of steps) this.#known.add(keyOf(step));
  }

  forget() {
    this.#write({});
  }

  #read() {
    try {
      return JSON.parse(this.#storage.getItem(this.#key)) ?? {};
    } catch {
      return {};
    }
  }

  #write({ draft, outbox, at }) {
    // A full or forbidden storage must not stop anybody from writing.
    try {
      if (!draft && !outbox?.length && !Object.keys(at ?? {}).length) this.#storage.removeItem(this.#key);
      else this.#storage.setItem(this.#key, JSON.stringify({ draft, outbox, at }));
    } catch {}
  }
}

const keyOf = ({ kind, id, made }) => `${kind} ${id} ${made}`;
