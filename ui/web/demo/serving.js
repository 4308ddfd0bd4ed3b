// A server of the made-up lesson, in the page itself: it takes notes, tells of them, and can be away (`server.away`).

import { lesson as heard, notes } from "./lesson.js";
import { right } from "./righting.js";

const asked = new URLSearchParams(location.search);
const sources = new Set();

let lesson = Object.assign(structuredClone(heard), {
  corrections: [],
  not_carried: asked.has("lost") ? ["Other words at 9:58."] : [],
});
const put = [];

export const server = {
  get lesson() {
    return lesson;
  },
  notes,
  put,
  away: false,
  gone: false,
  signedOut: false,
  asked: [],
  /** Somebody else notes something. */
  others(comment) {
    notes.comments.push({
      author: "2",
      called: "Daniel Reyes",
      initials: "DR",
      owner: false,
      mine: false,
      stop: null,
      audience: "lesson",
      made: new Date().toISOString(),
      edited: null,
      resolved: null,
      deleted: false,
      parent: null,
      labels: [],
      ...comment,
    });
    ring();
  },
  takeBack() {
    server.gone = true;
    for (const source of sources) source.dispatchEvent(new Event("gone"));
  },
};

if (asked.has("reader")) Object.assign(lesson.viewer, { id: "9", called: "Alex Kim", owner: false, may: ["see"] });
if (asked.has("deleted"))
  Object.assign(
    notes.comments.find(({ id }) => id === "c4"),
    { deleted: true, body: "" },
  );

let version = 1;

function ring() {
  version++;
  for (const source of sources) source.dispatchEvent(new Event("notes"));
}

/** Somebody put something right, or took it back. */
function correct(change) {
  change();
  lesson = { ...right(heard, put), viewer: lesson.viewer, not_carried: lesson.not_carried };
  for (const source of sources) source.dispatchEvent(new Event("lesson"));
}

const answer = (status, said, headers) => new Response(said ? JSON.stringify(said) : null, { status, headers });
const patch = (list, id, { resolved, ...change }) => {
  const one = list.find((note) => note.id === id);
  Object.assign(
    one,
    change,
    change.body && { edited: new Date().toISOString() },
    resolved !== undefined && { resolved: resolved ? new Date().toISOString() : null },
  );
};

const real = globalThis.fetch.bind(globalThis);

globalThis.fetch = async (path, given = {}) => {
  if (!String(path).startsWith("/recordings/")) return real(path, given);
  await new Promise((resolve) => setTimeout(resolve, 40));
  if (server.away) throw new TypeError("away");
  if (server.signedOut) return answer(401, { error: "You are signed out." });
  if (server.gone) return answer(404, { error: "There is no such lesson." });
  const [, , , kind, id] = path.split("?")[0].split("/");
  const said = given.body && JSON.parse(given.body);
  server.asked.push({ method: given.method, path, said });
  if (kind === "lesson.json") return answer(200, lesson);
  if (kind === "corrections" && given.method === "DELETE") {
    correct(() => put.splice(put.findIndex((one) => one.id === id) >>> 0, 1));
    return answer(204);
  }
  if (kind === "corrections") {
    if (server.refuses) return answer(400, { error: server.refuses });
    const made = { ...said, id: `r${Date.now()}${put.length}` };
    correct(() => put.push(made));
    return answer(201, lesson.corrections.at(-1));
  }
  if (kind === "watched") return answer(204);
  if (kind === "notes.json") {
    const etag = `"${version}"`;
    if (given.headers["If-None-Match"] === etag) return answer(304);
    const answered = new Set(notes.comments.filter((one) => !one.deleted).map(({ parent }) => parent));
    const comments = notes.comments.filter((one) => !one.deleted || answered.has(one.id));
    const all = { comments, clips: notes.clips.filter((one) => !one.deleted), count: comments.length, newest: version };
    return answer(200, all, { ETag: etag });
  }
  if (given.method === "PATCH") {
    patch(notes[kind], id, said);
    ring();
    return answer(204);
  }
  const { id: author, called } = lesson.viewer;
  const made = {
    author,
    called,
    initials: "MO",
    owner: lesson.viewer.owner,
    mine: true,
    stop: null,
    note: "",
    edited: null,
    resolved: null,
    deleted: false,
    parent: null,
    labels: [],
    made: new Date().toISOString(),
    ...said,
  };
  notes[kind] = [...notes[kind], made];
  ring();
  return answer(201, made);
};

globalThis.EventSource = class extends EventTarget {
  static CLOSED = 2;
  readyState = 1;
  constructor() {
    super();
    sources.add(this);
    setTimeout(() => this.dispatchEvent(new Event("open")), 30);
  }
  close() {
    this.readyState = 2;
    sources.delete(this);
  }
};

globalThis.server = server;
