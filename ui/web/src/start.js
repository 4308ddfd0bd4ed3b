// The first screen: which class, which day, that families agreed, and the video.

import { $, screen, show, title, write } from "./page.js";
import { count, line, nameOf, size, today } from "./words.js";

const NEW = "new";

let form;
let go = () => {};
let kept = [];

/** Fill it from what GET /upload/form said. `chosen(files)` is called with one or more of them. */
export function start(from, chosen) {
  form = from;
  go = chosen;
  const last = $("class").value;
  const options = form.classes.map((one) => option(one.id, `${one.name}${form.schools.length > 1 ? ` · ${one.school}` : ""}`));
  $("class").replaceChildren(...options, option(NEW, "New class…"));
  const before = form.classes.find(({ id, name }) => (last === NEW ? name === className() : id === last));
  if (before) $("class").value = before.id;
  $("school").replaceChildren(...form.schools.map((name) => option(name, name)));
  show($("school-field"), form.schools.length > 1);
  $("taught").max = today();
  $("taught").value ||= today();
  $("recent").replaceChildren(...form.look_fors.map(chip));
  write($("limits"), `MP4, MOV, WebM and most others, up to ${size(form.largest)}. It stays on your school’s own server.`);
  changedClass();
}

/** For another lesson: of the same class and day, unless said otherwise, but families are asked about each. */
export function showStart() {
  $("name").value = $("look-fors").value = "";
  $("consent").checked = false;
  backToStart();
}

export function backToStart() {
  kept = [];
  refuse("");
  ready();
  title("New lesson");
  screen("start");
}

const said = (id, text = $(id).value) => line(text, $(id).maxLength);
const className = () => said("class-name");

/** What POST /upload/lessons takes, for one lesson of these files. */
export function about(files, name = $("name").value) {
  const taught = $("taught").value;
  const known = $("class").value !== NEW;
  const school = !known && form.schools.length > 1 ? { school: $("school").value } : {};
  return {
    name: said("name", name) || said("name", nameOf(files[0].name, taught)),
    ...(known ? { class_id: $("class").value } : { class: className(), ...school }),
    taught,
    consent: $("consent").checked,
    look_fors: lookFors(),
  };
}

/** Why these cannot be sent, before the first byte; or an empty string. */
export function tooMuch(files, together = files.length === 1, { largest, room } = form) {
  const empty = files.find((file) => !file.size);
  if (empty) return `There is nothing in “${empty.name}”.`;
  const all = files.reduce((sum, file) => sum + file.size, 0);
  const [big, what] = together ? [all, "This lesson"] : [Math.max(...files.map((file) => file.size)), "One of these"];
  if (big > largest) return `${what} has ${size(big)}. A lesson may have up to ${size(largest)} here.`;
  if (all > room) {
    return `There is room for ${size(room)} more, and this has ${size(all)}. Delete a lesson that you need no more, or tell your administrator.`;
  }
  return "";
}

export function refuse(sentence) {
  write($("refused"), sentence);
}

function chose(files) {
  const all = [...files];
  if (!all.length) return;
  const reason = tooMuch(all);
  refuse(reason);
  if (reason) return;
  kept = all;
  ready();
  if (!missing()) go(all);
  else $("consent-box").scrollIntoView({ block: "center" });
}

/** What still has to be said before anything may be sent. */
function missing() {
  if (!form.schools.length) return "Lessons are brought by teachers, and you are not one here. Your administrator can change that.";
  if ($("class").value === NEW && !className()) return "Say which class it is first.";
  if (!$("taught").value || $("taught").value > today()) return "Say on which day it was first.";
  if (!$("consent").checked) return "Tick the box first.";
  return "";
}

function ready() {
  const lacks = missing();
  $("record").disabled = $("choose").disabled = Boolean(lacks);
  const what = kept.length === 1 ? `“${kept[0].name}”` : count(kept.length, "video");
  write($("hint"), kept.length && lacks ? `${what} is kept here. ${lacks}` : lacks);
  $("consent-box").classList.toggle("on", $("consent").checked);
  $("choose").lastChild.textContent = kept.length ? `Send ${what}` : "Choose a video";
}

function changedClass() {
  const other = $("class").value === NEW;
  show($("new-class"), other);
  const name = other ? className() : $("class").selectedOptions[0].textContent;
  write($("consent-class"), name || "Your class");
  ready();
}

function lookFors() {
  const chosen = [...$("recent").querySelectorAll("[aria-pressed=true]")].map((one) => one.textContent);
  const own = $("look-fors").value.split(",").map((words) => words.trim()).filter(Boolean);
  return [...new Set([...chosen, ...own])];
}

function chip(words) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "chip", textContent: words });
  made.setAttribute("aria-pressed", "false");
  made.onclick = () => made.setAttribute("aria-pressed", made.getAttribute("aria-pressed") === "false");
  return made;
}

function option(value, text) {
  return Object.assign(document.createElement("option"), { value, textContent: text });
}

$("form").onsubmit = (event) => event.preventDefault();
for (const id of ["class", "class-name", "school"]) {
  $(id).addEventListener("input", () => {
    $("consent").checked = false; // the families of this class were meant, not of another
    changedClass();
  });
}
for (const id of ["consent", "taught"]) $(id).addEventListener("input", ready);
$("record").onclick = () => $("record-file").click();
$("choose").onclick = () => (kept.length ? chose(kept) : $("choose-file").click());
for (const id of ["record-file", "choose-file"]) {
  $(id).onchange = ({ target }) => {
    const files = [...target.files];
    target.value = ""; // the same one may be chosen again
    chose(files);
  };
}

// Anywhere on the page: a drop beside the box must not open the video in the browser.
addEventListener("dragover", (event) => {
  event.preventDefault();
  $("drop").classList.add("over");
});
addEventListener("dragleave", (event) => event.relatedTarget || $("drop").classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  $("drop").classList.remove("over");
  if (!$("start").hidden) chose(event.dataTransfer.files);
});
