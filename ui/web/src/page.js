// What the screens share: parts of the page by id, one screen at a time, words for whoever listens, a question.

export const $ = (id) => document.getElementById(id);

/** A new copy of a template's one element. */
export const made = (id) => $(id).content.firstElementChild.cloneNode(true);

export function show(element, visible = true) {
  element.hidden = !visible;
}

/** Set the words, and leave them alone where they are as they were: nobody is told twice. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const BYPASS = document.querySelector("main").dataset.pass === "yes";

/** Show one screen and put the focus on its heading, where it was another one. */
export function screen(id) {
  const other = $(id).hidden;
  for (const one of document.querySelectorAll(".screen")) show(one, one.id === id);
  show($("loading"), false);
  if (!other) return;
  scrollTo(0, 0);
  $(`${id}-h`).focus({ preventScroll: true });
}

export function title(text) {
  document.title = `${text} · Second Look`;
}

/** Say it to whoever does not see the page. */
export function say(text) {
  write($("live"), text);
}

/** Ask before something is gone; whether it may. */
export function sure(head, what, yes, no = "Keep it") {
  write($("sure-h"), head);
  write($("sure-what"), what);
  write($("sure-yes"), yes);
  write($("sure-no"), no);
  const dialog = $("sure");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
