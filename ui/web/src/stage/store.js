// One recording's lesson and notes: as the server has them, and as they will be when what was written here arrived.

import { asking } from "./asking.js";
import { Drafts } from "./drafts.js";
import { live } from "./live.js";
import { caughtUp, foreseen, newId, nextOf, queued, withArrived } from "./outbox.js";
import { Away, Gone, Refused, Requests, SignedOut } from "./requests.js";
import { newer } from "./righting.js";

const FIRST_S = 1;
const LONGEST_S = 20;

/**
 * Events: `notes` (they changed), `saved` ({kind, id}: the server has it), `refused` ({sentence}: it will not have a
 * change, which is undone), `lesson` (it is another, in the object that `load` gave), `rights` (the viewer may do
 * something else with it), `offline`/`online`, `signedout`, `gone`.
 */
export class Store extends EventTarget {
  #recording;
  #requests;
  #storage;
  #listen;
  #page;
  #drafts;
  #lesson = null;
  #known = null;
  #base = { comments: [], clips: [] };
  #notes = this.#base;
  #outbox = [];
  #buried = new Map();
  #away = false;
  #over = false;
  #sending = false;
  #tries = 0;
  #timer = null;
  #live = null;
  #arrived = 0;
  #stale = false;
  #unseen = [];
  #back = () => this.retry();

  constructor(
    recording,
    fetch = globalThis.fetch,
    { storage = globalThis.localStorage, listen = live, page = globalThis } = {},
  ) {
    super();
    this.#recording = recording;
    this.#requests = new Requests(recording, fetch);
    this.#storage = storage;
    this.#listen = listen;
    this.#page = page;
  }

  /** The lesson; its notes are there too, and what was left unsent the last time goes out. Rejects as Requests do. */
  async load() {
    const [lesson, notes] = await Promise.all([this.#requests.lesson(), this.#requests.notes()]);
    this.#lesson = lesson;
    this.#requests.as(lesson.viewer.id);
    this.#known = notes;
    this.#base = notes.said;
    this.#drafts = new Drafts(this.#recording, lesson.viewer.id, this.#storage);
    this.#outbox = this.#drafts.outbox.map((step) => ({ ...step, going: false }));
    this.#draw();
    this.#page.addEventListener?.("online", this.#back);
    this.#live = this.#listen(this.#requests.events, {
      heard: () => this.refresh(),
      lesson: () => this.reread(),
      lost: () => this.refresh(),
      gone: () => this.#end(),
    });
    this.#send();
    return lesson;
  }

  get requests() {
    return this.#requests;
  }
  get notes() {
    return this.#notes;
  }
  get offline() {
    return this.#away;
  }

  /** Add a comment {start, stop?, body, audience, parent?, labels?}; its id, at once. */
  comment(note) {
    return this.#add("comments", note);
  }
  clip(note) {
    return this.#add("clips", note);
  }
  change(id, patch) {
    this.#queue({ kind: "comments", id, patch });
  }
  changeClip(id, patch) {
    this.#queue({ kind: "clips", id, patch });
  }

  /** What the composer holds; with an argument, keep it (null: forget it). */
  draft(...given) {
    if (given.length && !this.#over) this.#drafts.draft = given[0];
    return this.#drafts.draft;
  }

  /** What is half written at a comment (`reply`, `edit`); with an argument, keep it ("": forget it). */
  halfWritten(comment, what, ...words) {
    return this.#over ? "" : this.#drafts.at(comment, what, ...words);
  }

  /** Send now what waits, also what was refused. */
  retry() {
    if (this.#over) return;
    this.#outbox = this.#outbox.map((step) => (step.error ? { ...step, error: null } : step));
    this.#tries = 0;
    this.#draw();
    this.#send();
  }

  /** Where the viewer is and what they saw since the last time. What can't be told now is told with the next. */
  async watched(place, spans, last = false) {
    if (this.#over) return;
    const seen = [...this.#unseen.splice(0), ...spans];
    try {
      await this.#requests.watched(place, seen, last);
    } catch (error) {
      if (error instanceof Away) this.#unseen.unshift(...seen);
      else this.#fail(error);
    }
  }

  /** Ask for the notes. */
  refresh = asking(() => this.#readNotes());

  /** Ask for the lesson. */
  reread = asking(() => this.#readLesson());

  /** Put something right (righting.js); `{id, what}`. Rejects as Requests do; the lesson that it makes is told of later. */
  async correct(correction) {
    const made = await this.#requests.correct(correction);
    this.reread();
    return made;
  }

  /** Take back what was put right. */
  async uncorrect(id) {
    await this.#requests.uncorrect(id);
    this.reread();
  }

  remove() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#page.removeEventListener?.("online", this.#back);
    this.#live?.remove();
  }

  async #readNotes() {
    if (this.#over) return;
    const arrived = this.#arrived;
    try {
      const notes = await this.#requests.notes(this.#known);
      this.#met();
      if (!notes) return;
      // An answer from before something of ours arrived would take it away again for a moment.
      const base = arrived === this.#arrived && (this.#known ? caughtUp(this.#base, notes.said) : notes.said);
      if (arrived === this.#arrived) this.#known = base && notes;
      if (!base) return void this.refresh();
      this.#base = base;
      this.#draw();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readLesson() {
    if (this.#over) return;
    this.#stale = true;
    try {
      const fresh = await this.#requests.lesson();
      this.#stale = false;
      this.#met();
      // With other rights it is another page.
      if (JSON.stringify(fresh.viewer) !== JSON.stringify(this.#lesson.viewer)) return this.#tell("rights");
      const changed = newer(this.#lesson, fresh);
      if (!changed || this.#over) return;
      Object.assign(this.#lesson, changed);
      this.#tell("lesson");
    } catch (error) {
      this.#fail(error);
    }
  }

  #add(kind, note) {
    const id = newId();
    this.#queue({ kind, id, add: { id, ...note } });
    return id;
  }

  #queue(step) {
    if (this.#over) return;
    this.#keep(queued(this.#outbox, { ...step, made: new Date().toISOString() }));
    this.#send();
  }

  async #send() {
    if (this.#sending || this.#over) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    try {
      for (let step; (step = nextOf(this.#outbox)) && !this.#over;) await this.#one(step);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#sending = false;
    }
  }

  /** Send one step. Throws what concerns all of them. */
  async #one(step) {
    const { kind, id, add, patch } = step;
    step.going = true;
    try {
      const said = add ? await this.#requests.add(kind, add) : await this.#requests.change(kind, id, patch);
      this.#arrive(step, said);
    } catch (error) {
      if (error instanceof Refused || error instanceof Gone) await this.#refused(step, error);
      else throw error;
    } finally {
      step.going = false;
    }
  }

  #arrive(step, said) {
    this.#arrived++;
    this.#base = withArrived(this.#base, step, said, this.#buried);
    this.#met();
    this.#keep(this.#outbox.filter((one) => one !== step));
    this.#tell("saved", { kind: step.kind, id: step.id });
  }

  /** Words that are refused stay, with the reason; a change that is refused is taken back. */
  async #refused(step, error) {
    if (error instanceof Gone) await this.refresh();
    if (this.#over) return;
    const sentence = error instanceof Gone ? "What you answered or changed isn’t there any more." : error.message;
    if (step.add) this.#keep(this.#outbox.map((one) => (one === step ? { ...one, error: sentence } : one)));
    else {
      this.#keep(this.#outbox.filter((one) => one !== step));
      this.#tell("refused", { sentence });
    }
  }

  #fail(error) {
    if (error instanceof Gone) return this.#end();
    if (error instanceof SignedOut) this.#tell("signedout");
    else if (!(error instanceof Away)) throw error;
    const changed = !this.#away;
    this.#away = true;
    if (changed) this.#tell("offline");
    this.#draw();
    if (nextOf(this.#outbox)) {
      const wait = error.wait ?? Math.min(LONGEST_S, FIRST_S * 2 ** this.#tries++);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#send(), wait * 1000);
    }
  }

  /** The server answered. */
  #met() {
    this.#tries = 0;
    if (!this.#away) return;
    this.#away = false;
    this.#tell("online");
    if (this.#stale) this.reread();
    this.#draw();
    this.#send();
  }

  /** Not there any more: nothing of it stays in this browser. */
  #end() {
    if (this.#over) return;
    this.remove();
    this.#drafts?.forget();
    this.#tell("gone");
  }

  #keep(outbox) {
    this.#outbox = outbox;
    this.#drafts.outbox = outbox.map(({ going, ...step }) => step);
    this.#draw();
  }

  #draw() {
    const { viewer, recording } = this.#lesson;
    this.#notes = foreseen(this.#base, this.#outbox, {
      viewer,
      owner: recording.owner.id,
      away: this.#away,
      buried: this.#buried,
    });
    this.#tell("notes");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
