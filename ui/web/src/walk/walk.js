// The page of a learning walk: a form, and what of it is still on this phone. Everything works without network.

import { backoff } from "../pace.js";
import { $, made, say, screen, show, write } from "../page.js";
import { ask } from "./asking.js";
import { clear, fill } from "./form.js";
import { KEPT, REFUSED, SENDING, SENT, SIGNED_OUT, meaning, newId, send, told } from "./outbox.js";
import { keepPage } from "./shell.js";
import { openStore } from "./store.js";

const ASK_MS = 8000;
const NOTHING_KEPT = "This browser lets no page keep anything, so a visit could be lost. Leave its private mode, or use another one.";
const NO_FORM = "The server can’t be reached. Open this page once with network, and it works without from then on.";
const NOT_HERE = "Learning walks are for the teachers, coaches and leaders of a school.";

let store;
let viewer;
let visits = [];
let tries = 0;
let waiting;
let busy = false;
let away = false; // nothing could be asked yet, and nothing is kept from before

async function open() {
  try {
    store = await openStore();
  } catch {
    return say_(NOTHING_KEPT);
  }
  away = false;
  const { form, answered, sentence } = await getForm();
  if (!form) return say_(sentence);
  if (!form.rooms.length) return say_(NOT_HERE);
  viewer = form.viewer;
  const draft = await store.read("draft");
  if (draft && draft.viewer !== viewer) await store.forget("draft"); // somebody else wrote it
  fill(form.rooms, draft?.viewer === viewer ? draft : null, { changed: keepDraft, done });
  visits = (await store.visits(viewer)).map((visit) => ({ visit, state: KEPT, sentence: null }));
  screen("visit");
  draw();
  go();
  if (answered) await sayWhetherKept();
  return undefined;
}

/** Whom one may visit: from the server, or as it was when this phone had network last. */
async function getForm() {
  try {
    const form = await ask("GET", "/walk/form.json", { late: ASK_MS });
    await store.write("form", form); // whoever was here before is forgotten
    return { form, answered: true };
  } catch (error) {
    const { state, sentence } = meaning(error);
    if (state === SIGNED_OUT) location.assign("/signin?next=/walk/");
    if (state === KEPT) {
      const form = await store.read("form");
      away = !form;
      return { form, sentence: NO_FORM };
    }
    return { form: null, sentence: sentence ?? "You are signed out." };
  }
}

function say_(sentence) {
  write($("loading"), sentence);
}

async function sayWhetherKept() {
  const kept = await keepPage();
  write($("offline"), kept ? "This page opens without network too." : "This page needs network to open here: it is not served over https.");
}

const keepDraft = (draft) => store.write("draft", { ...draft, viewer });

async function done(draft, name) {
  const seen = draft.seen.map((one) => ({ ...one, evidence: one.evidence.trim() }));
  const said = {
    school: draft.school,
    teacher: draft.teacher,
    place: draft.place,
    look_fors: seen.map((one) => one.name),
    evidence: seen.map((one) => one.evidence),
  };
  const visit = { id: newId(), viewer, name, at: Date.now(), said, photo: draft.photo, there: false };
  try {
    await store.keep(visit);
  } catch {
    return write($("refused"), "There is no room on this phone for this visit. Leave the photo out, or make room.");
  }
  await store.forget("draft");
  visits.push({ visit, state: KEPT, sentence: null });
  clear();
  draw();
  scrollTo(0, 0);
  $("visit-h").focus({ preventScroll: true });
  tries = 0;
  go(); // which may take as long as the network likes
  return undefined;
}

/** Send what waits, one after the other; where the network is away, later and by itself. */
async function go() {
  clearTimeout(waiting);
  if (busy) return;
  busy = true;
  for (const one of visits) if (one.state === KEPT || one.state === SIGNED_OUT) await sendOne(one);
  busy = false;
  draw();
  if (!visits.some(({ state }) => state === KEPT)) tries = 0;
  else waiting = setTimeout(go, 1000 * backoff(tries++));
}

async function sendOne(one) {
  Object.assign(one, { state: SENDING, sentence: null });
  draw();
  const asked = (method, path, body) => ask(method, path, { viewer, body });
  Object.assign(one, await send(one.visit, { ask: asked, keep: store.keep }));
  if (one.state === SENT) await store.drop(one.visit.id);
  draw();
}

function draw() {
  show($("outbox"), visits.length > 0);
  const open = visits.filter(({ state }) => state !== SENT);
  show($("kept-until"), open.length > 0);
  const rows = visits.map((one) => {
    one.row ??= made("t-kept");
    const words = told(one, one.visit.name);
    if (one.row.querySelector(".what").textContent !== words) say(`${one.visit.name}: ${words}`);
    write(one.row.querySelector(".name"), one.visit.name);
    write(one.row.querySelector(".what"), words);
    one.row.classList.toggle("attn", one.state === REFUSED);
    show(one.row.querySelector(".sign-in"), one.state === SIGNED_OUT);
    show(one.row.querySelector(".act"), one.state === REFUSED);
    one.row.querySelector(".act").onclick = () => drop(one);
    return one.row;
  });
  if (rows.some((row) => !row.isConnected) || rows.length !== $("kept").children.length) $("kept").replaceChildren(...rows);
}

async function drop(one) {
  await store.drop(one.visit.id);
  visits = visits.filter((each) => each !== one);
  draw();
}

const again = () => {
  tries = 0;
  if (viewer) go();
  else if (away) open();
};
addEventListener("online", again);
document.addEventListener("visibilitychange", () => document.hidden || again());
open();
