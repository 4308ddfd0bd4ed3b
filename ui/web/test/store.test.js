import assert from "node:assert/strict";
import test from "node:test";
import { initials } from "../src/stage/outbox.js";
import { Store } from "../src/stage/store.js";

const LESSON = {
  recording: { id: "r1", name: "Fractions", duration: 600, owner: { id: "maya", called: "Maya Okafor" } },
  viewer: { id: "dan", called: "Daniel Reyes", owner: false, may: ["see", "comment"] },
};

/** A server of one recording, that can be away, slow, or refuse. */
function serving(notes = { comments: [], clips: [] }) {
  const server = { notes, viewer: LESSON.viewer, corrections: [], asked: [], away: false, status: null, error: null, hold: null, version: 1, told: new Map() };
  server.fetch = async (path, { method, body, headers }) => {
    const said = body && JSON.parse(body);
    server.asked.push({ method, path, said, headers });
    if (server.hold) await server.hold;
    if (server.away) throw new TypeError("no network");
    if (server.status) return answer(server.status, { error: server.error });
    if (path.endsWith("/lesson.json")) return answer(200, { ...LESSON, viewer: server.viewer, corrections: server.corrections });
    if (path.includes("/corrections")) {
      if (method === "DELETE") server.corrections = server.corrections.filter(({ id }) => !path.endsWith(`/${id}`));
      else
        server.corrections = [
          ...server.corrections,
          { id: `k${server.asked.length}`, kind: said.kind, what: "You said so." },
        ];
      return method === "DELETE" ? answer(204) : answer(201, server.corrections.at(-1));
    }
    if (path.includes("/notes.json")) {
      const { version, notes } = server;
      const before = server.told.get(Number(path.split("?since=")[1]))?.comments ?? [];
      server.told.set(version, notes);
      if (headers["If-None-Match"] === `"${version}"`) return answer(304);
      const comments = notes.comments.filter((one) => !before.includes(one));
      const all = { ...notes, comments, count: notes.comments.filter((one) => !one.deleted).length, newest: version };
      return answer(200, all, { ETag: `"${version}"` });
    }
    if (path.endsWith("/watched")) return answer(204);
    server.version++;
    const kind = path.split("/")[3];
    const list = server.notes[kind];
    if (method === "PATCH") {
      const id = path.split("/")[4];
      server.notes = { ...server.notes, [kind]: list.map((one) => (one.id === id ? { ...one, ...said } : one)) };
      return answer(204);
    }
    const made = {
      author: "dan",
      called: "Daniel Reyes",
      initials: "DR",
      mine: true,
      labels: [],
      stop: null,
      parent: null,
      resolved: null,
      edited: null,
      deleted: false,
      made: "now",
      ...said,
    };
    if (!list.some(({ id }) => id === said.id)) server.notes = { ...server.notes, [kind]: [...list, made] };
    return answer(201, made);
  };
  server.posts = () => server.asked.filter(({ method }) => method === "POST");
  return server;
}

const answer = (status, said, headers) =>
  new Response(said && status !== 204 && status !== 304 ? JSON.stringify(said) : null, { status, headers });

function box() {
  const kept = new Map();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
    removeItem: (key) => kept.delete(key),
  };
}

const said = (store, name) =>
  new Promise((resolve) => store.addEventListener(name, ({ detail }) => resolve(detail), { once: true }));

async function opened(server, storage = box()) {
  let heard;
  const listen = (_, on) => ((heard = on), { remove() {} });
  const store = new Store("r1", server.fetch, { storage, listen, page: new EventTarget() });
  const lesson = await store.load();
  return { store, lesson, storage, heard };
}

const NEW = { start: 12, body: "Look here", audience: "author" };

test("a comment is there at once, marked, and the mark goes when the server has it", async () => {
  const server = serving();
  const { store, storage } = await opened(server);
  const saved = said(store, "saved");
  const id = store.comment(NEW);
  assert.match(id, /^[0-9a-f]{24}$/);
  const [first] = store.notes.comments;
  assert.deepEqual(
    [first.body, first.saving, first.mine, first.initials, first.owner],
    ["Look here", true, true, "DR", false],
  );
  assert.deepEqual(await saved, { kind: "comments", id });
  assert.equal(store.notes.comments[0].saving, undefined);
  assert.equal(storage.kept.size, 0);
  store.remove();
});

test("without a connection the words are kept, and go once with the same id when it is back", async () => {
  const server = serving();
  const { store, storage } = await opened(server);
  server.away = true;
  const offline = said(store, "offline");
  const id = store.comment(NEW);
  await offline;
  assert.equal(store.notes.comments[0].failed, true);
  assert.equal(store.notes.comments[0].error, null);
  assert.match([...storage.kept.values()][0], /Look here/);

  store.remove(); // the page is loaded anew
  server.away = false;
  const again = await opened(server, storage);
  await said(again.store, "saved");
  assert.deepEqual(
    server.notes.comments.map((one) => one.id),
    [id],
  );
  assert.equal(storage.kept.size, 0);
  again.store.remove();
});

test("it tries again by itself", async () => {
  const server = serving();
  const { store } = await opened(server);
  server.away = true;
  store.comment(NEW);
  await said(store, "offline");
  server.away = false;
  await said(store, "saved");
  const [one, two] = server.posts();
  assert.equal(one.said.id, two.said.id);
  assert.equal(store.offline, false);
  store.remove();
});

test("an answer that was lost leaves one comment", async () => {
  const server = serving();
  const { store } = await opened(server);
  const fetch = server.fetch;
  let lost = 1;
  const losing = async (path, given) => {
    const found = await fetch(path, given);
    if (given.method === "POST" && lost-- > 0) throw new TypeError("lost");
    return found;
  };
  store.remove();
  const other = new Store("r1", losing, { storage: box(), listen: () => ({ remove() {} }), page: new EventTarget() });
  await other.load();
  other.comment(NEW);
  await said(other, "saved");
  assert.equal(server.notes.comments.length, 1);
  assert.equal(other.notes.comments.length, 1);
  other.remove();
});

test("what the server refuses keeps its words and says why; another try sends it again", async () => {
  const server = serving();
  const { store } = await opened(server);
  Object.assign(server, { status: 400, error: "Write something first." });
  store.comment(NEW);
  await new Promise((resolve) => store.addEventListener("notes", () => store.notes.comments[0]?.error && resolve()));
  assert.equal(store.notes.comments[0].error, "Write something first.");
  server.status = null;
  store.retry();
  await said(store, "saved");
  assert.equal(store.notes.comments[0].failed, undefined);
  store.remove();
});

test("a change that is refused is taken back, with the server's sentence", async () => {
  const server = serving({
    comments: [{ id: "a", mine: true, start: 1, body: "Mine", audience: "lesson", deleted: false, parent: null }],
    clips: [],
  });
  const { store } = await opened(server);
  Object.assign(server, { status: 409, error: "Others answered this." });
  const refused = said(store, "refused");
  store.change("a", { audience: "author" });
  assert.equal(store.notes.comments[0].audience, "author");
  assert.deepEqual(await refused, { sentence: "Others answered this." });
  assert.equal(store.notes.comments[0].audience, "lesson");
  store.remove();
});

test("a deleted comment goes at once and undo brings it back, also when the server no longer tells of it", async () => {
  const server = serving({
    comments: [{ id: "a", mine: true, start: 1, body: "Mine", deleted: false, parent: null }],
    clips: [],
  });
  const { store, heard } = await opened(server);
  store.change("a", { deleted: true });
  assert.deepEqual(store.notes.comments, []);
  await said(store, "saved");
  const kept = server.notes;
  server.notes = { comments: [], clips: [] };
  heard.heard();
  await said(store, "notes");
  server.notes = kept;
  store.change("a", { deleted: false });
  assert.equal(store.notes.comments[0].body, "Mine");
  await said(store, "saved");
  assert.equal(store.notes.comments[0].body, "Mine");
  store.remove();
});

test("words taken back before they left are never sent", async () => {
  const server = serving();
  const { store } = await opened(server);
  server.away = true;
  const id = store.comment(NEW);
  await said(store, "offline");
  store.change(id, { body: "Better words" });
  assert.equal(store.notes.comments[0].body, "Better words");
  store.change(id, { deleted: true });
  assert.deepEqual(store.notes.comments, []);
  server.away = false;
  store.retry();
  await store.refresh();
  assert.deepEqual(server.notes.comments, []);
  store.remove();
});

test("what others note comes by word of it; unchanged notes are not sent twice", async () => {
  const server = serving();
  const { store, heard } = await opened(server);
  await store.refresh();
  assert.equal(server.asked.at(-1).headers["If-None-Match"], '"1"');
  server.notes = { comments: [{ id: "b", body: "Theirs", start: 3 }], clips: [] };
  server.version++;
  const changed = said(store, "notes");
  heard.heard();
  await changed;
  assert.equal(store.notes.comments[0].body, "Theirs");
  store.remove();
});

test("of what others note, only what changed is sent; where something went, everything", async () => {
  const [a, b] = ["a", "b"].map((id, n) => ({ id, body: id, start: n, deleted: false, parent: null }));
  const server = serving({ comments: [a, b], clips: [] });
  const { store, heard } = await opened(server);
  const bodies = () => store.notes.comments.map(({ body }) => body);
  const asked = () => server.asked.filter(({ path }) => path.includes("notes.json")).map(({ path }) => path.split("?")[1]);
  const become = async (comments) => {
    server.notes = { comments, clips: [] };
    server.version++;
    heard.heard();
    await store.refresh();
  };
  const [other, c] = [
    { ...b, body: "other" },
    { ...b, id: "c", body: "c" },
  ];
  await become([a, other, c]);
  assert.deepEqual(bodies(), ["a", "other", "c"]);
  assert.deepEqual(asked(), [undefined, "since=1", "since=2"]);
  await become([other, c]);
  assert.deepEqual(bodies(), ["other", "c"]);
  assert.deepEqual(asked().slice(3, 5), ["since=2", undefined]);
  store.remove();
});

test("notes that were on their way while a comment arrived do not take it away again", async () => {
  const server = serving();
  const { store } = await opened(server);
  server.version = 9;
  const fetch = server.fetch;
  let go;
  const held = new Promise((resolve) => (go = resolve));
  let first = true;
  store.remove();
  const slow = async (path, given) => {
    const found = await fetch(path, given);
    if (path.includes("notes.json") && given.headers["If-None-Match"] && first) {
      first = false;
      await held;
      return answer(200, { comments: [], clips: [], count: 0, newest: 9 }, { ETag: '"9"' });
    }
    return found;
  };
  const other = new Store("r1", slow, { storage: box(), listen: () => ({ remove() {} }), page: new EventTarget() });
  await other.load();
  const reading = other.refresh();
  const saved = said(other, "saved");
  other.comment(NEW);
  await saved;
  const seen = [];
  other.addEventListener("notes", () => seen.push(other.notes.comments.length));
  go();
  await reading;
  assert.ok(
    seen.every((count) => count === 1),
    String(seen),
  );
  assert.equal(other.notes.comments.length, 1);
  other.remove();
});

test("a lesson that is taken back is said once, and nothing of it stays in the browser", async () => {
  const server = serving();
  const { store, storage } = await opened(server);
  store.draft({ body: "Half a thou" });
  assert.equal(storage.kept.size, 1);
  server.status = 404;
  let times = 0;
  store.addEventListener("gone", () => times++);
  await store.refresh();
  store.comment(NEW);
  assert.equal(times, 1);
  assert.equal(storage.kept.size, 0);
});

test("whoever was signed out is told, and the words wait", async () => {
  const server = serving();
  const { store } = await opened(server);
  server.status = 401;
  const out = said(store, "signedout");
  store.comment(NEW);
  await out;
  assert.equal(store.notes.comments[0].failed, true);
  server.status = null;
  store.retry();
  await said(store, "saved");
  store.remove();
});

test("what was seen while the server was away is told with the next", async () => {
  const server = serving();
  const { store } = await opened(server);
  server.away = true;
  await store.watched(10, [[0, 10]]);
  server.away = false;
  await store.watched(20, [[10, 20]], true);
  assert.deepEqual(server.asked.at(-1).said, {
    place: 20,
    spans: [
      [0, 10],
      [10, 20],
    ],
  });
  store.remove();
});

test("a draft is the viewer's and the recording's own", async () => {
  const storage = box();
  const { store } = await opened(serving(), storage);
  store.draft({ body: "Half a thou" });
  assert.deepEqual((await opened(serving(), storage)).store.draft(), { body: "Half a thou" });
  assert.deepEqual([...storage.kept.keys()], ["secondlook.stage.r1.dan"]);
  store.draft(null);
  assert.equal(storage.kept.size, 0);
});

test("letters for a name are the server's", () => {
  assert.deepEqual(["Maya Okafor", "maya@hill.org", "Ana María de la Cruz", ""].map(initials), ["MO", "MA", "AC", "?"]);
});

const RIGHT = { kind: "role", voice: "speaker_2", role: "teacher" };

test("what is put right comes back in the lesson, and goes with undo; the lesson stays the same object", async () => {
  const server = serving();
  const { store, lesson } = await opened(server);
  let told = said(store, "lesson");
  const { id, what } = await store.correct(RIGHT);
  assert.equal(what, "You said so.");
  await told;
  assert.deepEqual(
    lesson.corrections.map((one) => one.id),
    [id],
  );
  told = said(store, "lesson");
  await store.uncorrect(id);
  await told;
  assert.deepEqual(lesson.corrections, []);
  store.remove();
});

test("what others put right comes by word of it; a lesson that is the same is not told of", async () => {
  const server = serving();
  const { store, lesson, heard } = await opened(server);
  let times = 0;
  store.addEventListener("lesson", () => times++);
  await store.reread();
  assert.equal(times, 0);
  server.corrections = [{ id: "theirs", kind: "name", what: "You named a voice." }];
  const told = said(store, "lesson");
  heard.lesson();
  await told;
  assert.equal(lesson.corrections[0].id, "theirs");
  store.remove();
});

test("of two tabs without a connection neither forgets what the other keeps", async () => {
  const storage = box();
  const server = serving();
  const [one, other] = [(await opened(server, storage)).store, (await opened(server, storage)).store];
  server.away = true;
  one.comment({ start: 1, stop: null, body: "In one tab", audience: "author" });
  other.comment({ start: 2, stop: null, body: "In the other", audience: "author" });
  await new Promise((done) => setTimeout(done));
  const kept = JSON.parse([...storage.kept.values()][0]).outbox.map(({ add }) => add.body);
  assert.deepEqual(kept, ["In one tab", "In the other"]);
  one.remove();
  other.remove();
});

test("every request after the first says for whom the page is", async () => {
  const server = serving();
  const { store } = await opened(server);
  await store.watched(1, []);
  assert.deepEqual(server.asked.map(({ headers }) => headers["X-Viewer"]).at(-1), "dan");
  store.remove();
});

test("half an answer is there again after a reload, until it is sent", async () => {
  const storage = box();
  const { store } = await opened(serving(), storage);
  store.draft({ body: "Half a thou" });
  store.halfWritten("a", "reply", "Half an ans");
  store.halfWritten("a", "edit", "Anew");
  const again = (await opened(serving(), storage)).store;
  assert.deepEqual([again.halfWritten("a", "reply"), again.halfWritten("b", "reply")], ["Half an ans", ""]);
  again.halfWritten("a", "reply", "");
  again.halfWritten("a", "edit", "");
  assert.deepEqual([again.halfWritten("a", "reply"), again.draft()], ["", { body: "Half a thou" }]);
  again.draft(null);
  assert.equal(storage.kept.size, 0);
});

test("with other rights it is another page", async () => {
  const server = serving();
  const { store, lesson, heard } = await opened(server);
  server.viewer = { ...LESSON.viewer, may: ["see"] };
  const told = said(store, "rights");
  heard.lesson();
  await told;
  assert.deepEqual(lesson.viewer.may, ["see", "comment"]);
  store.remove();
});

test("what the server does not take, or does not hear, is the asker's to say; the lesson stays as it was", async () => {
  const server = serving();
  const { store, lesson } = await opened(server);
  Object.assign(server, { status: 400, error: "Say which role this voice has." });
  await assert.rejects(store.correct(RIGHT), { message: "Say which role this voice has." });
  server.status = null;
  server.away = true;
  await assert.rejects(store.correct(RIGHT), { message: "away" });
  assert.deepEqual(lesson.corrections, []);
  store.remove();
});

test("a lesson that could not be read again is, as soon as the server answers", async () => {
  const server = serving();
  const { store, lesson, heard } = await opened(server);
  server.corrections = [{ id: "theirs", kind: "name", what: "You named a voice." }];
  server.away = true;
  const offline = said(store, "offline");
  heard.lesson();
  await offline;
  server.away = false;
  const told = said(store, "lesson");
  heard.heard();
  await told;
  assert.equal(lesson.corrections.length, 1);
  store.remove();
});
