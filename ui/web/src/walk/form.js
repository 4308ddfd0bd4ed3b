// The form of a visit: whom, where, what was seen, a photo. What is being written is told to `changed`, at each letter.

import { $, made, show, write } from "../page.js";
import { MOST_NAMES, byCategory, found, missing, same, turned } from "./choosing.js";
import { shrunk } from "./shrink.js";

const UNREADABLE = "This browser can’t read that picture. Choose another one, or send the visit without.";

const most = Number($("seen").dataset.most);
let rooms = [];
let draft;
let changed = () => {};

const empty = () => ({ school: null, teacher: null, place: "", book: 0, seen: [], photo: null });
const room = () => rooms.find(({ school }) => school === draft.school);

/**
 * Show the form, with what was being written before. `act.done(draft, name)` is called with a whole
 * visit, `act.changed(draft)` at each letter.
 */
export function fill(found, before, act) {
  rooms = found;
  changed = act.changed;
  draft = { ...empty(), ...before };
  if (!room()?.teachers.some(({ id }) => id === draft.teacher)) draft = empty();
  $("form").onsubmit = (event) => {
    event.preventDefault();
    if (draft.teacher === null) return $("teachers").querySelector("button")?.click();
    const lacks = missing(draft.seen, most);
    write($("refused"), lacks);
    if (lacks || $("send").disabled) return undefined;
    $("send").disabled = true; // or a second tap would be a second visit
    return act.done(draft, nameOf()).finally(() => ($("send").disabled = false));
  };
  drawAll();
}

/** For the next visit. */
export function clear() {
  draft = empty();
  $("find").value = "";
  write($("refused"), "");
  drawAll();
}

const nameOf = () => room().teachers.find(({ id }) => id === draft.teacher).name;

function drawAll() {
  const chosen = draft.teacher !== null;
  show($("whom"), !chosen);
  show($("rest"), chosen);
  if (!chosen) return drawNames();
  write($("teacher"), nameOf());
  $("place").value = draft.place;
  show($("book-field"), room().books.length > 1);
  $("book").replaceChildren(...room().books.map(({ name }, n) => new Option(name, n)));
  if (draft.book >= room().books.length) draft.book = 0;
  $("book").value = draft.book;
  drawLabels();
  drawSeen();
  drawPhoto();
}

function drawNames() {
  const all = found(rooms, $("find").value);
  const several = rooms.length > 1;
  $("teachers").replaceChildren(
    ...all.slice(0, MOST_NAMES).map((one) => {
      const words = several ? `${one.name} · ${one.room.called}` : one.name;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "name", textContent: words });
      button.onclick = () => choose(one);
      const row = document.createElement("li");
      row.append(button);
      return row;
    }),
  );
  const left = all.length - MOST_NAMES;
  write($("nobody"), all.length ? (left > 0 ? `And ${left} more. Write more of the name.` : "") : "Nobody here has that name.");
}

function choose({ room, id }) {
  draft.school = room.school;
  draft.teacher = id;
  note();
  drawAll();
  $("place").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** The labels of the book, and words of one’s own that stand in none. */
function drawLabels() {
  const groups = byCategory(room().books[draft.book]);
  const names = groups.flatMap(([, own]) => own);
  const own = draft.seen.map(({ name }) => name).filter((name) => !names.some((one) => same(one, name)));
  $("labels").replaceChildren(...[...groups, ["Your own words", own]].filter(([, some]) => some.length).flatMap(group));
}

function group([category, names]) {
  const head = Object.assign(document.createElement("h3"), { textContent: category });
  const chips = Object.assign(document.createElement("div"), { className: "chips" });
  chips.append(...names.map(chip));
  return [head, chips];
}

function chip(name) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: name });
  const press = () => button.setAttribute("aria-pressed", draft.seen.some((one) => same(one.name, name)));
  button.onclick = () => {
    turn(name);
    press();
  };
  press();
  return button;
}

function turn(name) {
  draft.seen = turned(draft.seen, name);
  note();
  drawSeen();
}

/** A field for each look-for; those that stay keep what is in them, and the focus. */
function drawSeen() {
  const there = new Map([...$("seen").children].map((row) => [row.dataset.name, row]));
  const rows = draft.seen.map((one) => there.get(one.name) ?? field(one.name));
  for (const [name, row] of there) if (!draft.seen.some((one) => one.name === name)) row.remove();
  rows.forEach((row, n) => $("seen").children[n] !== row && $("seen").insertBefore(row, $("seen").children[n] ?? null));
}

function field(name) {
  const row = made("t-seen");
  row.dataset.name = name;
  row.querySelector("span").textContent = name;
  const words = row.querySelector("textarea");
  const one = () => draft.seen.find((each) => each.name === name);
  words.value = one().evidence;
  words.oninput = () => {
    one().evidence = words.value;
    note();
  };
  return row;
}

function drawPhoto() {
  show($("photo-field"), room().photos);
  if (!room().photos) draft.photo = null;
  if ($("still").src) URL.revokeObjectURL($("still").src);
  $("still").removeAttribute("src");
  show($("photo"), draft.photo !== null);
  for (const id of ["take", "photo-hint"]) show($(id), draft.photo === null);
  if (draft.photo) $("still").src = URL.createObjectURL(draft.photo);
}

const note = () => {
  write($("refused"), "");
  changed(draft);
};

$("find").oninput = drawNames;
$("place").oninput = () => {
  draft.place = $("place").value;
  note();
};
$("book").onchange = () => {
  draft.book = Number($("book").value);
  drawLabels();
  note();
};
$("other").onclick = () => {
  draft.teacher = null;
  note();
  drawAll();
  $("find").focus();
};
$("add").onclick = () => {
  const name = $("own").value.trim().replace(/\s+/g, " ");
  if (!name) return $("own").focus();
  if (!draft.seen.some((one) => same(one.name, name))) turn(name);
  $("own").value = "";
  drawLabels();
  return $("seen").lastElementChild.querySelector("textarea").focus();
};
$("own").onkeydown = (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  $("add").click();
};
$("take").onclick = () => $("file").click();
$("file").onchange = async ({ target }) => {
  const [file] = target.files;
  target.value = ""; // the same one may be chosen again
  if (!file) return;
  const photo = await shrunk(file);
  if (photo) draft.photo = photo;
  note();
  if (!photo) write($("refused"), UNREADABLE);
  drawPhoto();
};
$("leave-out").onclick = () => {
  draft.photo = null;
  note();
  drawPhoto();
};
