// What a lesson on its way says of itself. Pure: the screens only put it in its place.

import * as is from "./lesson.js";
import { percent, sizeOf, timeLeft } from "./words.js";

const SAFE = "Nothing is lost.";

/** @returns {{head, lead, so_far, then, done: number, act: ?string, wrong: ?string, short: string}} */
export function view(lesson, { now = Date.now(), network = "", pass = false } = {}) {
  const { state, sent, safe, total } = lesson;
  const done = percent(state === is.SENDING ? sent : safe, total);
  const so_far = safe ? `${sizeOf(safe, total)} are safe on the server` : "";
  const shown = { done, so_far, lead: lesson.name, then: "", act: null, wrong: null, name: lesson.name };
  switch (state) {
    case is.READY:
    case is.SENDING: {
      const left = lesson.left;
      const then = left === null ? "Working out how long it takes" : timeLeft(left) + network;
      return { ...shown, head: "Sending your lesson", so_far: sizeOf(sent, total), then, act: "Pause", short: `${done}%` };
    }
    case is.CHECKING:
      return {
        ...shown, done: 100, head: "Checking what arrived…", short: "Checking",
        so_far: "Everything was sent", then: "The server compares it with your video",
      };
    case is.PAUSED:
      return { ...shown, head: `Paused at ${done}%`, then: "It carries on when you say so", act: "Carry on", short: "Paused" };
    case is.AWAY: {
      const wait = Math.max(0, Math.ceil((lesson.again - now) / 1000));
      const then = wait ? `Trying again in ${wait} ${wait === 1 ? "second" : "seconds"}` : "Trying again";
      return { ...shown, head: `Paused at ${done}%`, lead: `The connection dropped. ${SAFE}`, then, act: "Carry on now", short: then };
    }
    case is.SIGNED_OUT:
      return {
        ...shown, head: `Paused at ${done}%`, act: "Carry on", short: "You are signed out",
        lead: pass
          ? `This phone may not send any more: its time is over. ${SAFE} Sign in to carry on.`
          : `You are signed out. ${SAFE} Sign in again in another tab, then carry on here.`,
      };
    case is.UNREADABLE:
      return {
        ...shown, head: `Paused at ${done}%`, act: "Choose the same video", wrong: lesson.reason,
        short: lesson.reason ?? "The video was closed",
        lead: `The browser has let go of the video. ${SAFE} Choose the same video again and it carries on.`,
      };
    case is.REFUSED:
      return { ...shown, head: "This can’t be used", wrong: lesson.reason, so_far: "", short: lesson.reason };
    case is.STOPPED:
      return { ...shown, head: lesson.upload ? `Stopped at ${done}%` : "This wasn’t sent", wrong: lesson.reason, act: "Try again", short: lesson.reason };
    case is.ARRIVED:
      return {
        ...shown, done: 100, so_far: "", short: lesson.upload.known ? "It was there already" : "It’s there",
        head: lesson.upload.known ? "This lesson is there already" : "It’s there",
        lead: arrived(lesson.upload.known, pass),
      };
  }
  throw new Error(state);
}

function arrived(known, pass) {
  const end = pass ? " You find it among your lessons when you sign in on your computer." : "";
  if (known) return `You brought the same video before, so there is still one of it. You can close this page now.${end}`;
  return `You can close this page now. The video and its transcript are made ready by themselves.${end}`;
}

/** How much of it is worth a word to whoever listens: every tenth, and every change of what it is. */
export function spoken({ head, done }, sending) {
  return sending ? `${Math.floor(done / 10) * 10}% sent` : head;
}

/** `on this Wi-Fi`, where the browser knows. */
export function network(connection = globalThis.navigator?.connection) {
  return { wifi: " on this Wi-Fi", cellular: " on mobile data" }[connection?.type] ?? "";
}
