// The upload page: from the first screen to the last, for whoever is signed in, or for a phone with a pass.

import { wholeHash } from "./hashing.js";
import { Lesson } from "./lesson.js";
import { $, BYPASS, show, write } from "./page.js";
import { ask, refuseSeveral } from "./several.js";
import { changed, send } from "./sending.js";
import { Server } from "./server.js";
import { about, backToStart, refuse, showStart, start, tooMuch } from "./start.js";
import { trouble } from "./trouble.js";
import { choose, unfinished } from "./unfinished.js";

const CHECKING_MS = 3000;

const server = new Server(location.origin);
let form;

async function open() {
  form = await server.form();
  const mine = form.only_this ? [await server.upload(form.only_this)] : await server.uploads();
  const [one] = mine;
  if (BYPASS && one && one.state !== "open") return begin([lesson([], { upload: one })]);
  start(form, chosen);
  list(mine);
  return showStart();
}

function list(uploads) {
  unfinished(uploads, { carryOn: (upload, files) => begin([lesson(files, { upload })]), remove });
  // A phone with a pass brings one lesson: what it began is that one.
  const one = BYPASS && uploads.some(({ state }) => state === "open");
  show($("form"), !one);
  const checking = uploads.filter(({ state }) => state === "checking");
  if (checking.length) setTimeout(follow, CHECKING_MS, uploads, checking);
}

/** Look again at those that the server still checks. */
async function follow(all, checking) {
  if ($("start").hidden) return;
  const now = new Map();
  for (const { id } of checking) now.set(id, await server.upload(id).catch(() => null));
  list(all.map((upload) => now.get(upload.id) ?? upload));
}

async function again() {
  try {
    await open();
  } catch (error) {
    const { kind, sentence } = trouble(error);
    const said = kind === "signed out" ? "You are signed out." : (sentence ?? "The server can’t be reached at the moment.");
    write($("loading"), `${said} Load this page again to go on.`);
    for (const one of document.querySelectorAll(".screen")) show(one, false);
    show($("loading"));
  }
}

function chosen(files) {
  if (files.length === 1) return begin([lesson(files, { about: about(files) })]);
  return ask(files, $("taught").value, {
    parts(parts) {
      const reason = tooMuch(parts, true);
      if (reason) return refuseSeveral(reason);
      return begin([lesson(parts, { about: about(parts) })]);
    },
    lessons: (pairs) => begin(pairs.map(([file, name]) => lesson([file], { about: about([file], name) }))),
    back: backToStart,
  });
}

function lesson(files, asked) {
  return new Lesson(server, files, { ...asked, chunk: form.chunk, hash: wholeHash, changed });
}

function begin(lessons) {
  send(lessons, {
    another: again,
    remove: (upload) => server.remove(upload.id).catch(() => {}), // it ends by itself in a few days
    choose: async (upload) => {
      await again();
      if (upload) choose(upload); // without one it had not begun: the first screen is where to choose
    },
  });
}

async function remove(upload) {
  try {
    await server.remove(upload.id);
  } catch (error) {
    return refuse(trouble(error).sentence ?? "The server can’t be reached at the moment. Try again.");
  }
  return again();
}

again();
