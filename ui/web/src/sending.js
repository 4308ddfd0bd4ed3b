// The screens of what is on its way: one lesson with its ring, or a list of several; and the end of it.

import { awake } from "./awake.js";
import * as is from "./lesson.js";
import { $, BYPASS, made, say, screen, show, sure, title, write } from "./page.js";
import { network, spoken, view } from "./view.js";
import { clock, count, day, size } from "./words.js";

const AT_ONCE = 2;

let lessons = [];
let rows = [];
let after = { another() {}, choose() {}, gone() {} };

/**
 * Send these and show it. `then.another()` for the next lesson, `then.choose(lesson)` to choose its files again,
 * `then.remove(upload)` to drop what came of it.
 */
export function send(started, then) {
  lessons = started;
  after = then;
  rows = lessons.length > 1 ? lessons.map(row) : [];
  $("lessons").replaceChildren(...rows.map((r) => r.element));
  next();
  draw();
}

/** Told by every lesson at every step. */
export function changed() {
  next();
  draw();
}

/** The next ones of the list go when those before them are through. */
function next() {
  const going = lessons.filter((lesson) => lesson.busy).length;
  for (const lesson of lessons.filter(({ state }) => state === is.READY).slice(0, Math.max(0, AT_ONCE - going))) lesson.go();
}

function draw() {
  if (!lessons.length) return;
  awake(lessons.some((lesson) => lesson.busy));
  if (lessons.length > 1) return drawList();
  const [lesson] = lessons;
  const seen = view(lesson, { network: network(), pass: BYPASS });
  if (lesson.state === is.ARRIVED) drawDone(lesson, seen);
  else drawOne(lesson, seen);
  title(lesson.state === is.SENDING ? `${seen.done}% sent` : seen.head);
  say(spoken(seen, lesson.state === is.SENDING));
}

function drawOne(lesson, seen) {
  const { state } = lesson;
  const away = [is.AWAY, is.SIGNED_OUT, is.UNREADABLE].includes(state);
  const going = [is.READY, is.SENDING].includes(state);
  const heading = $("sending-h");
  const another = heading.textContent && heading.textContent !== seen.head && !$("sending").hidden;
  write(heading, seen.head);
  write($("sending-lead"), seen.lead);
  show($("ring"), state !== is.REFUSED);
  $("ring").setAttribute("aria-valuenow", seen.done);
  $("arc").setAttribute("stroke-dasharray", `${seen.done} 100`);
  show($("in-ring"), !away);
  show($("ring-away"), away);
  write($("in-ring"), `${seen.done}%`);
  write($("so-far"), seen.so_far);
  write($("then"), seen.then);
  telling($("noted"), lesson.note);
  telling($("wrong"), seen.wrong);
  show($("keep-open"), going || state === is.CHECKING);
  write($("from"), lesson.safe ? ` from ${seen.done}%` : "");
  show($("agreed"), going && Boolean(lesson.upload?.class));
  write($("agreed").lastElementChild, `Consent confirmed for ${lesson.upload?.class}`);
  show($("sign-in"), state === is.SIGNED_OUT);
  show($("pause"), going);
  show($("carry-on"), [is.PAUSED, is.AWAY, is.SIGNED_OUT, is.STOPPED].includes(state));
  $("carry-on").classList.toggle("primary", state !== is.SIGNED_OUT);
  write($("carry-on"), seen.act ?? "");
  show($("again"), state === is.UNREADABLE);
  show($("start-over"), !going && state !== is.CHECKING);
  show($("accident"), state === is.AWAY || state === is.PAUSED);
  screen("sending");
  if (another) heading.focus({ preventScroll: true });
}

function telling(element, sentence) {
  show(element, Boolean(sentence));
  write(element.lastElementChild, sentence ?? "");
}

function drawDone(lesson, seen) {
  write($("done-h"), seen.head);
  write($("done-lead"), seen.lead);
  write($("done-name"), seen.name);
  if ($("done").hidden) still(lesson);
  screen("done");
}

/** A picture of the video from the file itself, where the browser can show it, and how long it is. */
function still(lesson) {
  const [file] = lesson.files;
  const facts = [lesson.upload.class, lesson.upload.taught && day(lesson.upload.taught)].filter(Boolean);
  const write_ = () => write($("done-what"), facts.join(" · "));
  write_();
  const video = $("still");
  show(video, false);
  if (!file) return;
  video.onloadeddata = () => {
    if (Number.isFinite(video.duration) && lesson.files.length === 1) facts.push(clock(video.duration));
    write_();
    show(video, video.videoWidth > 0);
  };
  video.onloadedmetadata = () => (video.currentTime = Math.min(video.duration / 3, 60) || 0);
  video.src = URL.createObjectURL(file);
}

function row(lesson) {
  const element = made("t-lesson");
  const part = (name) => element.querySelector(`.${name}`);
  const act = part("act");
  act.onclick = () => {
    if (lesson.state === is.SENDING) lesson.pause();
    else if (lesson.state === is.UNREADABLE) after.choose(lesson);
    else lesson.go();
  };
  write(part("name"), lesson.name);
  const draw = () => {
    const seen = view(lesson, { network: "" });
    const waits = lesson.state === is.READY;
    const bar = part("straight");
    bar.setAttribute("aria-valuenow", seen.done);
    bar.setAttribute("aria-label", lesson.name);
    bar.firstElementChild.style.width = `${seen.done}%`;
    write(part("at"), lesson.state === is.SENDING ? seen.then : size(lesson.total));
    write(part("what"), waits ? "Its turn comes" : lesson.state === is.SENDING ? seen.so_far : seen.short);
    element.classList.toggle("attn", Boolean(seen.wrong));
    element.classList.toggle("over", lesson.state === is.ARRIVED);
    show(part("sign-in"), lesson.state === is.SIGNED_OUT);
    show(act, Boolean(seen.act) && !waits);
    write(act, seen.act ?? "");
    act.setAttribute("aria-label", `${seen.act}: ${lesson.name}`);
  };
  return { element, draw };
}

function drawList() {
  const [there, refused, stopped] = [is.ARRIVED, is.REFUSED, is.STOPPED].map((state) => lessons.filter((one) => one.state === state).length);
  const over = there + refused + stopped === lessons.length;
  const head = !over
    ? `Sending ${lessons.length} lessons`
    : there === lessons.length ? `All ${there} are there` : `${there} of ${lessons.length} are there`;
  write($("list-h"), head);
  const far = there ? `${count(there, "lesson is", "lessons are")} there, the others are on their way.` : "They are on their way.";
  const end = stopped ? "Try again what stopped, or close this page. What has arrived is safe." : "You can close this page now.";
  write($("list-lead"), over ? end : far);
  for (const one of rows) one.draw();
  show($("list-open"), !over);
  show($("list-done"), over);
  show($("list-another"), over);
  screen("list");
  title(head);
  say(over ? head : $("list-lead").textContent);
}

$("pause").onclick = () => lessons[0].pause();
$("carry-on").onclick = () => lessons[0].go();
$("again").onclick = () => after.choose(lessons[0]);
for (const id of ["another", "list-another"]) $(id)?.addEventListener("click", leave);
$("start-over").onclick = async () => {
  const [lesson] = lessons;
  if (lesson.safe && lesson.state !== is.REFUSED) {
    const gone = `What has arrived of “${lesson.name}”, ${size(lesson.safe)}, is removed from the server.`;
    if (!(await sure("Start over?", gone, "Start over"))) return;
  }
  lesson.pause();
  if (lesson.upload) await after.remove(lesson.upload);
  leave();
};

function leave() {
  lessons = [];
  awake(false);
  after.another();
}

// A phone that was unlocked, a network that came back: at once, not when the wait is over.
const now = () => lessons.forEach((lesson) => lesson.now());
addEventListener("online", now);
addEventListener("offline", () => lessons.forEach((lesson) => lesson.lost()));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
setInterval(() => lessons.some(({ state }) => state === is.AWAY) && draw(), 1000);
