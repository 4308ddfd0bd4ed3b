// What is on its way to the server, and how the notes look as if it had arrived. Pure.

/** 24 hex digits, as the server takes for a note's id: sent twice with the same, it is there once. */
export function newId(random = crypto) {
  return [...random.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Two letters for a name or an address, as the server makes them. */
export function initials(called) {
  const words = called
    .split("@")[0]
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word]);
  const letters = words.length > 1 ? [words[0][0], words.at(-1)[0]] : words.flat().slice(0, 2);
  return letters.join("").toUpperCase() || "?";
}

/**
 * The outbox with one more thing to send: `{kind, id, add}` or `{kind, id, patch}`. A change of what has not left yet
 * goes with it; what was taken back before it left is never sent.
 */
export function queued(outbox, step) {
  const waiting = outbox.find(({ kind, id, add, going }) => kind === step.kind && id === step.id && add && !going);
  if (!waiting || step.add) return [...outbox, step];
  if (step.patch.deleted) return outbox.filter((one) => one !== waiting);
  const { add } = waiting;
  return outbox.map((one) => (one === waiting ? { ...one, add: { ...add, ...step.patch }, error: null } : one));
}

/** What goes next: not what was refused, nor a change of it. */
export function nextOf(outbox) {
  const stuck = new Set(outbox.filter(({ error }) => error).map(({ id }) => id));
  return outbox.find(({ id }) => !stuck.has(id)) ?? null;
}

/** A note as the server would give it back. */
export function noted({ kind, add, made }, viewer, owner) {
  const who = { author: viewer.id, called: viewer.called, initials: initials(viewer.called), mine: true };
  if (kind === "clips") return { note: "", audience: "author", made, ...add, ...who };
  return {
    stop: null,
    parent: null,
    labels: [],
    edited: null,
    resolved: null,
    deleted: false,
    made,
    ...add,
    ...who,
    owner: viewer.id === owner,
  };
}

/** A note after a change, as the server would give it back at `now`. */
export function patched(note, { resolved, ...patch }, now) {
  const found = { ...note, ...patch };
  if (resolved !== undefined) found.resolved = resolved ? now : null;
  if (patch.body !== undefined && patch.body !== note.body) found.edited = now;
  return found;
}

/**
 * The notes as they will be when everything in the outbox has arrived. What waits is marked `saving`; what could not be
 * sent yet `failed`, with a sentence in `error` where the server will not have it.
 * @param buried notes by id that this page deleted: the server no longer tells of them, and undo brings them back
 */
export function foreseen(notes, outbox, { viewer, owner, away = false, buried = new Map() }) {
  const found = { comments: new Map(), clips: new Map() };
  for (const kind of ["comments", "clips"]) for (const one of notes[kind]) found[kind].set(one.id, one);
  for (const step of outbox) {
    const { kind, id, add, patch, error } = step;
    const state = error || (away && !step.going) ? { failed: true, error: error ?? null } : { saving: true };
    const before = found[kind].get(id) ?? (patch?.deleted === false ? buried.get(id) : undefined);
    if (add && !before) found[kind].set(id, { ...noted(step, viewer, owner), ...state });
    else if (patch && before) found[kind].set(id, { ...patched(before, patch, step.made), ...state });
  }
  return {
    comments: shown([...found.comments.values()]),
    clips: [...found.clips.values()].filter((clip) => !clip.deleted),
  };
}

/**
 * The notes after a step arrived, to which the server said this; no note where it was sent before, and deleted since.
 * What it deletes is added to `buried`.
 */
export function withArrived(notes, { kind, id, add, patch, made }, said, buried) {
  const list = notes[kind];
  const before = list.find((one) => one.id === id) ?? (patch?.deleted === false ? buried.get(id) : undefined);
  const now = add ? said : before && patched(before, patch, made);
  if (patch?.deleted && before) buried.set(id, before);
  return now ? { ...notes, [kind]: [...list.filter((one) => one.id !== id), now] } : notes;
}

/** The notes with what the server says changed of them; null where that isn’t how many there are: some went. */
export function caughtUp(notes, { comments, clips, count }) {
  const found = new Map(notes.comments.map((one) => [one.id, one]));
  for (const one of comments) found.set(one.id, one);
  const now = shown([...found.values()]);
  return now.length === count ? { comments: now, clips } : null;
}

/** Deleted comments stay only as the head of a thread that has answers. */
function shown(comments) {
  const answered = new Set(comments.filter(({ deleted, parent }) => parent && !deleted).map(({ parent }) => parent));
  return comments.filter(({ id, deleted, parent }) => !deleted || (!parent && answered.has(id)));
}
