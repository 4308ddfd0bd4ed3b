// Sends a file as the page does, without a page: node send.mjs URL SESSION FILE. Says what became of it, as JSON.

import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { whole } from "../src/digest.js";
import { ARRIVED, AWAY, Lesson } from "../src/lesson.js";
import { Server } from "../src/server.js";

const [url, session, path] = process.argv.slice(2);
const file = new File([await openAsBlob(path)], basename(path));
const server = new Server(url, { Origin: url, Cookie: `secondlook_session=${session}` });
const { chunk } = await server.form();
const about = { name: "Sent by hand", class: "Grade 5", taught: "2026-11-19", consent: true, look_fors: [] };

let away = 0;
let state = null;
const lesson = new Lesson(server, [file], {
  about,
  chunk,
  hash: whole,
  changed() {
    if (lesson.state === AWAY && state !== AWAY) away++;
    state = lesson.state;
  },
});
await lesson.go();
console.log(JSON.stringify({ state: lesson.state, reason: lesson.reason, upload: lesson.upload?.id, away }));
process.exit(lesson.state === ARRIVED ? 0 : 1);
