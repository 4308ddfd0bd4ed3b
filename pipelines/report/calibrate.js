"use strict";
// Plays one clip at a time and sends what was said of it. What was answered is known by the server alone.
const part = id => document.getElementById(id);
const answers = [...document.querySelectorAll("[data-said]")];
const sound = new Audio();
let state = null, heard = false, busy = false, clock = 0;

async function ask(what, body) {
  const sent = body && {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)};
  const answer = await fetch(what, sent || {});
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || "That was not taken. Load this page anew.");
  return said;
}

async function send(what, body) {
  if (busy) return;
  busy = true;
  sound.pause();
  try {
    const next = await ask(what, body);
    trouble("");
    if (next.result) return found(next.result);
    state = next;
    show();
    if (state.clip) play();
  } catch (error) {
    trouble(error instanceof TypeError
      ? "Second Look does not answer any more: its command has ended. Every answer up to here is saved; start it again to go on."
      : error.message);
  } finally {
    busy = false;
  }
}

function trouble(text) {
  part("trouble").textContent = text;
  part("trouble").hidden = !text;
}

function only(name) {
  for (const id of ["start", "ask", "all", "found"]) part(id).hidden = id !== name;
}

function show() {
  only(state.clip ? "ask" : "all");
  part("undo").disabled = part("back").disabled = !state.answered;
  if (!state.clip) return part("finish").focus();
  part("count").textContent = `${state.clip.number + 1} of ${state.clips}`;
  part("progress").style.width = `${100 * state.answered / state.clips}%`;
  part("stop").hidden = !state.enough;
  part("enough").textContent = state.enough ? "That is enough to stop; more make the ranges narrower." : "";
}

function play() {
  const address = `clip/${state.clip.number}.wav`;
  if (!sound.src.endsWith(`/${address}`)) { sound.src = address; may(false); }
  sound.currentTime = 0;
  part("clip").classList.remove("middle");
  if (!heard) part("now").textContent = "Listen …";
  sound.play().then(watch, error => {
    if (error.name === "AbortError") return;
    part("now").textContent = error.name === "NotAllowedError"
      ? "Press Play again to hear the clip." : "The clip cannot be played. Load this page anew.";
  });
}

// An answer before the middle would be about something else.
function may(yes) {
  heard = yes;
  for (const button of answers) button.disabled = !yes;
}

function watch() {
  cancelAnimationFrame(clock);
  const length = state.clip ? state.clip.seconds : 5, now = sound.currentTime;
  part("played").style.width = `${Math.min(100, 100 * now / length)}%`;
  if (now >= length / 2 && !heard) {
    may(true);
    part("now").textContent = "Who speaks at the middle?";
  }
  part("clip").classList.toggle("middle", now >= length / 2 && now < length / 2 + 0.8);
  if (!sound.paused && !sound.ended) clock = requestAnimationFrame(watch);
}
sound.addEventListener("ended", watch);
sound.addEventListener("timeupdate", watch);  // a page in the background gets no frames

function found(html) {
  only("found");
  part("result").innerHTML = html;
  part("h-found").focus();
}

const answer = said => heard && state && state.clip && send("answer", {clip: state.clip.number, said});
const undo = () => state && state.answered && send("undo", {clip: state.answered - 1});
for (const button of answers) button.addEventListener("click", () => answer(button.dataset.said));
// Who clicks and then presses Space wants to hear the clip again, not to answer the same once more.
document.addEventListener("click", event => { if (event.detail) document.activeElement.blur(); });
part("begin").addEventListener("click", () => { show(); if (state.clip) play(); });
part("again").addEventListener("click", () => play());
part("undo").addEventListener("click", undo);
part("back").addEventListener("click", undo);
part("stop").addEventListener("click", () => send("finish", {}));
part("finish").addEventListener("click", () => send("finish", {}));

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (part("ask").hidden && part("all").hidden) return;
  if (event.key === "Backspace") { event.preventDefault(); undo(); }
  if (part("ask").hidden) return;
  if (event.key === " " && !event.target.closest("button")) { event.preventDefault(); play(); }
  const button = answers[Number(event.key) - 1];
  if (button) answer(button.dataset.said);
});

ask("state").then(first => {
  state = first;
  if (state.answered) {
    part("h-start").textContent = `Go on: ${state.answered} of ${state.clips} clips are answered`;
    part("begin").textContent = state.clip ? "Play the next clip" : "Go on";
  }
  only("start");
  part("begin").focus();
}, error => trouble(error.message));
