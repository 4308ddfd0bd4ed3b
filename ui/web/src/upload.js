// The upload page: from the first screen to the last, for whoever is signed in, or for a phone with a pass.

import { chooseAgain } from "./choosing.js";
import { wholeHash } from "./hashing.js";
import { Lesson } from "./lesson.js";
import { backoff } from "./pace.js";
import { $, BYPASS, show, write } from "./page.js";
import { ask, refuseSeveral } from "./several.js";
import { changed, send } from "./sending.js";
import { Server } from "./server.js";
import { about, backToStart, refuse, showStart, start, tooMuch } from "./start.js";
import { AWAY, SIGNED_OUT, trouble } from "./trouble.js";
import { drawAnew, unfinished } from "./unfinished.js";

const CHECKING_MS = 3000;
const NO_ANSWER = "The server can’t be reached at the moment.";

const server = new Server(location.origin);
let form;
let following;

async function open() {
  form = await server.form();
  const mine = form.only_this ? [await server.upload(form.only_this)] : await server.uploads();
  const [one] = mine;
  if (BYPASS && one && one.state !== "open") return begin([lesson([], { upload: one })]);
  start(form, chosen);
  unfinished(mine, { choose, remove });
  follow(mine);
  return showStart();
}

/** Keep up with those that the server still checks. */
function follow(uploads) {
  // A phone with a pass brings one lesson: what it began is that one.
  show($("form"), !(BYPASS && uploads.some(({ state }) => state === "open")));
  clearTimeout(following);
  if (uploads.some(isChecked)) following = setTimeout(look, CHECKING_MS, uploads);
}

async function look(before) {
  if ($("start").hidden) return follow(before);
  const now = await Promise.all(before.map((one) => (isChecked(one) ? server.upload(one.id).catch(() => one) : one)));
  now.forEach((one, n) => one.state !== before[n].state && drawAnew(one, { choose, remove }));
  return follow(now);
}

const isChecked = ({ state }) => state === "checking";

/** The first screen, as soon as the server says what stands on it. */
async function again() {
  for (let tries = 0; ; tries++) {
    try {
      return await open();
    } catch (error) {
      const { kind, sentence } = trouble(error);
      const said = kind === SIGNED_OUT ? "You are signed out." : (sentence ?? NO_ANSWER);
      write($("loading"), kind === AWAY ? `${NO_ANSWER} It is tried again by itself.` : `${said} Load this page again to go on.`);
      for (const one of document.querySelectorAll(".screen")) show(one, false);
      show($("loading"));
      if (kind !== AWAY) return undefined;
      await new Promise((resolve) => setTimeout(resolve, backoff(tries) * 1000));
    }
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

function choose(upload, refuse) {
  chooseAgain(server, upload, { take: (files) => begin([lesson(files, { upload })]), refuse });
}

function begin(lessons) {
  send(lessons, {
    another: again,
    remove: (upload) => server.remove(upload.id).catch(() => {}), // it ends by itself in a few days
    choose(one) {
      const sizes = one.files.map((file) => file.size);
      chooseAgain(server, one.upload ?? { parts: sizes.length, sizes, files: [] }, one);
    },
  });
}

async function remove(upload) {
  try {
    await server.remove(upload.id);
  } catch (error) {
    return refuse(trouble(error).sentence ?? `${NO_ANSWER} Try again.`);
  }
  return again();
}

again();
