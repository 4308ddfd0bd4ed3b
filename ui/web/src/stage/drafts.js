// What somebody wrote and the server does not have yet: kept in the browser by recording and viewer, until it has.

export class Drafts {
  #key;
  #storage;

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

  /** What waits to be sent, in order. */
  get outbox() {
    return this.#read().outbox ?? [];
  }
  set outbox(outbox) {
    this.#write({ ...this.#read(), outbox });
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

  #write({ draft, outbox }) {
    // A full or forbidden storage must not stop anybody from writing.
    try {
      if (!draft && !outbox?.length) this.#storage.removeItem(this.#key);
      else this.#storage.setItem(this.#key, JSON.stringify({ draft, outbox }));
    } catch {}
  }
}
