// Shortcuts: which key means what, and when a key is somebody else's.

import { listening, target as aim } from "./dom.js";
import { helpSheet } from "./help.js";

/** `[keys as shown, what they do, {key: action}]`; capitals are with Shift. */
export const KEYS = [
  [["Space"], "Play or pause", { " ": "toggle" }],
  [["←", "→"], "Back or forward 5 s", { ArrowLeft: "back", ArrowRight: "forward" }],
  [["Shift", "←", "→"], "Previous or next turn", { "Shift ArrowLeft": "previousTurn", "Shift ArrowRight": "nextTurn" }],
  [["J", "L"], "Back or forward 10 s", { j: "back10", l: "forward10" }],
  [[",", "."], "One frame, while paused", { ",": "frameBack", ".": "frameForward" }],
  [["[", "]"], "Slower or faster", { "[": "slower", "]": "faster" }],
  [["S"], "Skip silence on or off", { s: "skip" }],
  [["C"], "Captions on or off", { c: "captions" }],
  [["M"], "Sound on or off", { m: "mute" }],
  [["Q"], "Next question (Shift for previous)", { q: "nextQuestion", "Shift q": "previousQuestion" }],
  [["W"], "Next wait of 3 s or more (Shift for previous)", { w: "nextWait", "Shift w": "previousWait" }],
  [["E"], "Next moment to talk about (Shift for previous)", { e: "nextMoment", "Shift e": "previousMoment" }],
  [["N"], "Note at this moment", { n: "note" }],
  [["I", "O"], "Clip in and out", { i: "clipIn", o: "clipOut" }],
  [
    ["1–5"],
    "Transcript, Comments, Clips, Insights, Moments",
    { 1: "panel1", 2: "panel2", 3: "panel3", 4: "panel4", 5: "panel5" },
  ],
  [["/"], "Search the transcript", { "/": "search" }],
  [["?"], "This list", { "?": "help" }],
];

const ACTIONS = Object.assign({}, ...KEYS.map(([, , keys]) => keys));

/** Kept under this name; single keys get in the way of whoever speaks to the computer (WCAG 2.1.4). */
const KEPT = "secondlook.keys";

/** The action that a key press means; null where it means none. */
export function meant({ key, shiftKey, ctrlKey, altKey, metaKey, isComposing = false }, single = true) {
  if (ctrlKey || altKey || metaKey || isComposing) return null;
  const letter = /^[a-z]$/i.test(key);
  if (!single && key.length === 1 && key !== " ") return null;
  // A sign that needs Shift on one keyboard and not on another is the same sign.
  const sign = letter ? key.toLowerCase() : key;
  const name = shiftKey && (letter || key.length > 1) ? `Shift ${sign}` : sign;
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : null;
}

/** Whether an element needs this key for itself. */
export function busy({ tag, type = "", role = "", editable = false }, key) {
  if (editable || tag === "TEXTAREA" || tag === "SELECT") return true;
  const choice = ["checkbox", "radio", "range", "button", "submit", "reset"].includes(type);
  if (tag === "INPUT" && !choice) return true;
  const one = ["radio", "tab", "option", "menuitem"].includes(role);
  if (key === " " || key === "Enter") {
    return one || ["BUTTON", "A", "SUMMARY", "INPUT"].includes(tag) || role === "button" || role === "switch";
  }
  return key.startsWith("Arrow") && (one || type === "radio" || type === "range");
}

/**
 * Acts on keys inside `root`, and on those that nothing on the page has the focus for.
 * @param actions named functions (KEYS); a missing one is neither acted on nor listed
 */
export function keyboard(root, actions) {
  const { on, off } = listening();
  const page = root.ownerDocument;
  let single = localStorage.getItem(KEPT) !== "off";
  const listed = KEYS.filter(([, , keys]) => Object.values(keys).some((name) => name === "help" || actions[name]));
  const help = helpSheet(root, listed, {
    single: () => single,
    change(to) {
      single = to;
      localStorage.setItem(KEPT, to ? "on" : "off");
    },
  });
  const known = { ...actions, help: () => help.show() };
  on(page, "keydown", (event) => {
    const target = aim(event);
    if (event.defaultPrevented || page.querySelector("dialog[open]") || root.querySelector("dialog[open]")) return;
    if (target !== page.body && !root.contains(target)) return;
    if (target !== page.body && busy(about(target), event.key)) return;
    const act = known[meant(event, single)];
    if (!act) return;
    // Held down, a key runs through the lesson; it does not play and pause.
    if (event.repeat && !/^(Arrow|[jl,.]$)/i.test(event.key)) return;
    event.preventDefault();
    act();
  });
  return {
    help: () => help.show(),
    remove() {
      off();
      help.remove();
    },
  };
}

function about(element) {
  const role = element.getAttribute("role") ?? "";
  return { tag: element.tagName, type: element.type, role, editable: element.isContentEditable };
}
