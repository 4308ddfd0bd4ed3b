// Several files were chosen: parts of one lesson, in which order, or lessons of their own.

import { $, BYPASS, made, screen, show, title, write } from "./page.js";
import { byName } from "./order.js";
import { nameOf, size } from "./words.js";

let files = [];
let names = new Map();
let then = { parts() {}, lessons() {}, back() {} };

/** Ask; `parts(files)` or `lessons([file, name]...)` is called with the answer. */
export function ask(chosen, taught, answers) {
  files = [...chosen].sort(byName);
  names = new Map(files.map((file) => [file, nameOf(file.name, taught)]));
  then = answers;
  write($("several-h"), `${files.length} videos`);
  show($("kinds"), !BYPASS);
  write($("several-lead"), BYPASS ? "They are parts of one lesson, joined in this order." : "Are they parts of one lesson, or several lessons?");
  write($("several-refused"), "");
  draw();
  title(`${files.length} videos`);
  screen("several");
}

export function refuseSeveral(sentence) {
  write($("several-refused"), sentence);
}

const asParts = () => BYPASS || document.querySelector("[name=kind]:checked").value === "parts";

function draw() {
  const parts = asParts();
  for (const box of $("kinds").children) box.classList.toggle("on", box.firstElementChild.checked);
  $("parts").replaceChildren(...files.map((file, n) => item(file, n, parts)));
  write($("send-several"), parts ? "Send one lesson" : `Send ${files.length} lessons`);
}

function item(file, n, parts) {
  const element = made("t-part");
  const part = (selector) => element.querySelector(selector);
  write(part(".nth"), parts ? `${n + 1}` : "");
  write(part(".file"), file.name);
  write(part(".bytes"), size(file.size));
  show(part(".nth"), parts);
  show(part(".file"), parts);
  show(part(".field"), !parts);
  show(part(".move"), parts);
  write(part(".field span"), `Name of the lesson in ${file.name}`);
  const input = part("input");
  input.value = names.get(file);
  input.oninput = () => names.set(file, input.value);
  for (const button of element.querySelectorAll("[data-by]")) {
    const by = Number(button.dataset.by);
    button.setAttribute("aria-label", `${by < 0 ? "Earlier" : "Later"}: ${file.name}`);
    button.disabled = !files[n + by];
    button.onclick = () => move(n, by);
  }
  return element;
}

function move(n, by) {
  [files[n], files[n + by]] = [files[n + by], files[n]];
  draw();
  const buttons = $("parts").children[n + by].querySelectorAll("[data-by]");
  const same = [...buttons].find((one) => Number(one.dataset.by) === by);
  (same.disabled ? [...buttons].find((one) => !one.disabled) : same).focus();
}

$("kinds").addEventListener("change", draw);
$("back").onclick = () => then.back();
$("send-several").onclick = () => {
  if (asParts()) then.parts(files);
  else then.lessons(files.map((file) => [file, names.get(file)]));
};
