// The page on which faces in a clip are covered: what a machine found is drawn over the clip as it would be covered, and
// whoever made the clip puts it right. Every change is saved by itself, and the film is made anew.

import { Away, Gone, Refused, SignedOut } from "../stage/requests.js";
import { h, set, write } from "../stage/dom.js";
import { picture } from "./picture.js";
import { source } from "./source.js";
import { cut, drawn, history, placed, read, rows } from "./tracks.js";

const [SAVE_MS, ASK_MS, PICTURE_S, BAR] = [500, 1500, 1 / 30, 44];
const part = (id) => document.getElementById(id);
const clip = new URLSearchParams(location.search).get("clip") ?? "";
const asks = source(clip);
const video = part("video");
let [state, kept, found, chosen, draws, saving, unsaved, asking, pending] = [null, null, [], null, false, 0, false, 0, false];

const over = picture(part("over"), {
  on: {
    choose,
    drawn(box) {
      const id = [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
      kept.put(drawn(id, now(), state.stop, box));
      drawing(false);
      changed();
      choose(id);
      over.focus(id);
    },
    moved(id, box, merge) {
      video.pause();
      kept.put(placed(kept.now.added.find((face) => face.id === id), now(), box), merge);
      changed();
    },
  },
});

const now = () => Math.min(state.stop, Math.max(state.start, video.currentTime));

/** The clock of the clip, which begins at 0. */
function said(second) {
  const whole = Math.max(0, second - state.start);
  return `${Math.floor(whole / 60)}:${(whole % 60).toFixed(1).padStart(4, "0")}`;
}

function faces() {
  const { removed, added } = kept.now;
  const machine = found.map((face, n) => ({ ...face, called: `Face ${n + 1}`, removed: removed.has(face.id) }));
  return [...machine, ...added.map((face, n) => ({ ...face, called: `Drawn ${n + 1}`, hand: true }))];
}

function draw() {
  if (!kept) return;
  over.show(faces(), now(), state, chosen);
  const at = part("seek");
  if (Number(at.value) !== now()) at.value = now();
  set(at, "aria-valuetext", said(now()));
  write(part("now"), `${said(now())} of ${said(state.stop)}`);
  part("strip").style.setProperty("--at", (now() - state.start) / (state.stop - state.start));
  write(part("play"), video.paused ? "Play" : "Pause");
  set(part("play"), "aria-label", video.paused ? "Play" : "Pause");
}

function seek(second) {
  video.currentTime = Math.min(state.stop - 0.01, Math.max(state.start, second));
  draw();
}

function choose(id) {
  chosen = id;
  draw();
  side();
  strip();
}

/** What can be done with the one that is chosen. */
function side() {
  part("undo").disabled = !kept.may;
  const face = faces().find((one) => one.id === chosen);
  if (!face) return part("chosen").replaceChildren();
  const button = (text, onclick) => h("button", { class: "btn", type: "button", onclick }, text);
  const to = (step) => () => {
    step();
    changed();
  };
  const end = (which) => to(() => kept.put(cut(kept.now.added.find(({ id }) => id === chosen), which, now())));
  const acts = face.hand
    ? [
        button("Begin here", end("start")),
        button("End here", end("stop")),
        button("Take it away", () => {
          kept.drop(chosen);
          changed();
          choose(null);
          part("draw").focus();
        }),
      ]
    : [button(face.removed ? "Cover again" : "Not a face", to(() => kept.remove(face.id, !face.removed)))];
  const how = face.hand
    ? "Drawn by you. Drag it, or use the arrow keys, at another moment, and it moves there."
    : face.removed
      ? "Found by the machine. It is not covered."
      : "Found by the machine.";
  const focused = [...part("chosen").querySelectorAll("button")].indexOf(document.activeElement);
  part("chosen").replaceChildren(
    h("h3", {}, `${face.called}, ${said(face.start)}–${said(face.stop)}`),
    h("p", { class: "soft" }, how),
    h("div", { class: "less" }, button("Go there", () => seek(face.start)), ...acts),
  );
  if (focused >= 0) part("chosen").querySelectorAll("button")[focused]?.focus();
}

/** A bar for each, over time. */
function strip() {
  const all = faces();
  const wide = part("strip").clientWidth || 700;
  const focused = document.activeElement?.dataset?.face;
  const made = rows(all, state, BAR / wide).map((bars) =>
    h(
      "div",
      { class: "fc-row" },
      ...bars.map(({ face, from, to }) => {
        const bar = h("button", {
          type: "button",
          class: `fc-bar-of${face.removed ? " removed" : ""}${face.hand ? " hand" : ""}`,
          "aria-pressed": String(face.id === chosen),
          "aria-label": `${face.called}, ${said(face.start)} to ${said(face.stop)}${face.removed ? ", not covered" : ""}`,
          "data-face": face.id,
          onclick() {
            if (video.currentTime < face.start || video.currentTime > face.stop) seek(face.start);
            choose(face.id);
          },
        });
        bar.style.left = `${100 * from}%`;
        bar.style.width = `${100 * (to - from)}%`;
        return bar;
      }),
    ),
  );
  const nothing = h("p", { class: "soft" }, "The machine found no face. Look through the clip: it may have missed one.");
  part("strip").replaceChildren(...(made.length ? made : state.looking.state === "ready" ? [nothing] : []));
  if (focused) part("strip").querySelector(`[data-face="${focused}"]`)?.focus();
}

function drawing(yes) {
  draws = yes;
  if (yes) video.pause();
  over.drawing(yes);
  set(part("draw"), "aria-pressed", yes);
  write(part("hint"), yes ? "Draw a box over it. Or press Enter for one in the middle, and Escape for none." : "");
}

function changed() {
  unsaved = pending = true;
  write(part("saved"), "Saving …");
  write(part("standing"), "The covered film is made anew.");
  part("see").disabled = true;
  if (!part("result").hidden) result(false);
  clearTimeout(saving);
  saving = setTimeout(save, SAVE_MS);
  draw();
  side();
  strip();
}

async function save() {
  unsaved = false;
  await doing(
    async () => {
      await asks.mark(kept.said);
      pending = unsaved;
      if (!unsaved) write(part("saved"), "Saved.");
      stand(await asks.short());
    },
    "The server can’t be reached. What you changed is kept here, and sent again in a moment.",
    () => {
      unsaved = true;
      saving = setTimeout(save, 4 * SAVE_MS);
    },
  );
}

/** What the page says of how it stands, and asks again while there is something to wait for. */
function stand(told) {
  const before = state.looking.state;
  Object.assign(state, told);
  if (pending) return; // this is about the film of before
  const { looking, film } = state;
  const looks = looking.state !== "ready";
  const percent = Math.round(100 * (looks ? looking.share : film.share));
  const why = looking.reason ?? film.reason;
  write(
    part("standing"),
    why ??
      (looks
        ? `A machine looks through the clip: ${percent} %. You can leave this page; it goes on.`
        : film.state === "ready"
          ? "The covered film is ready. Look through it before you show it to anybody."
          : `The covered film is being made: ${percent} %.`),
  );
  part("again").hidden = !why;
  part("bar").hidden = !!why || film.state === "ready";
  part("bar").firstElementChild.style.width = `${percent}%`;
  part("see").disabled = !film.href;
  if (!part("result").hidden && !film.href) result(false);
  clearTimeout(asking);
  if (looks !== (before !== "ready")) return void doing(open);
  if (!why && film.state !== "ready") asking = setTimeout(() => doing(async () => stand(await asks.short()), null, () => (asking = setTimeout(() => doing(open), 3 * ASK_MS))), ASK_MS);
}

/** The film as others see it, in the place of the clip; `no`: back to putting it right. */
function result(yes) {
  const film = part("result");
  if (yes && film.getAttribute("src") !== state.film.href) film.src = state.film.href;
  film.hidden = !yes;
  part("stage").hidden = part("playing").hidden = yes;
  video.pause();
  film.pause();
  write(part("see"), yes ? "Back to what is covered" : "See the covered film");
  if (yes) film.focus();
}

async function open() {
  if (!/^[0-9a-f]{24}$/.test(clip)) throw new Gone();
  const told = await asks.state();
  const first = !state?.asked || state.looking.state !== told.looking.state;
  state = told;
  write(part("name"), told.name);
  part("back-to").href = told.lesson;
  part("loading").hidden = true;
  part("ask").hidden = told.asked;
  part("work").hidden = !told.asked;
  if (!told.asked) return;
  found = told.found.map(read);
  if (!kept || (first && !unsaved)) kept = history(told.marked);
  if (!video.src) video.src = `${told.video}#t=${told.start}`;
  Object.assign(part("seek"), { min: told.start, max: told.stop });
  if (video.currentTime < told.start || video.currentTime > told.stop) video.currentTime = told.start;
  choose(chosen);
  stand(told);
}

/** Do it; what went wrong is said. `away` is the sentence for when the server is not there, `then` what is done then. */
async function doing(step, away = "The server can’t be reached. What is saved is safe. Reload this page in a moment.", then = null) {
  try {
    await step();
    trouble();
  } catch (error) {
    if (error instanceof Gone) gone();
    else if (error instanceof SignedOut) trouble("You are signed out. Sign in again, and open this page once more.");
    else if (error instanceof Away) {
      if (away) trouble(away);
      then?.();
    } else if (error instanceof Refused) trouble(error.message);
    else throw error;
  }
}

function trouble(text = "") {
  write(part("trouble"), text);
  part("trouble").hidden = !text;
  part("loading").hidden ||= !!text;
}

function gone() {
  video.pause();
  for (const id of ["ask", "work", "loading"]) part(id).hidden = true;
  part("gone").hidden = false;
}

function tick() {
  if (!video.paused && video.currentTime >= state.stop) video.pause();
  draw();
  if (!video.paused) requestAnimationFrame(tick);
}

for (const name of ["play", "pause", "seeked", "timeupdate", "loadedmetadata"]) video.addEventListener(name, tick);
video.addEventListener("loadedmetadata", () => seek(state.start));
video.addEventListener("error", () => trouble("The lesson’s film can’t be played here. What is covered is still in the list below."));
part("play").addEventListener("click", () => {
  if (!video.paused) return video.pause();
  if (video.currentTime >= state.stop - 0.05) seek(state.start);
  video.play();
});
const step = (by) => () => {
  video.pause();
  seek(now() + by);
};
part("step-back").addEventListener("click", step(-PICTURE_S));
part("step-on").addEventListener("click", step(PICTURE_S));
part("seek").addEventListener("input", () => seek(Number(part("seek").value)));
part("draw").addEventListener("click", () => drawing(!draws));
part("undo").addEventListener("click", undo);
part("see").addEventListener("click", () => result(part("result").hidden));
part("begin").addEventListener("click", () => doing(async () => {
  await asks.cover();
  await open();
  part("head").focus();
}));
part("again").addEventListener("click", () => doing(async () => {
  await asks.cover();
  await open();
}));
part("stop").addEventListener("click", () => {
  const sure = "Really cover nothing? What you put right is forgotten";
  if (part("stop").textContent !== sure) return write(part("stop"), sure);
  clearTimeout(saving);
  clearTimeout(asking);
  doing(async () => {
    await asks.uncover();
    location.reload();
  });
});

function undo() {
  if (!kept?.may) return;
  kept.undo();
  changed();
}

document.addEventListener("keydown", (event) => {
  if (part("work").hidden || event.target.matches("input, video[controls]")) return;
  if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
  else if (draws && event.key === "Escape") drawing(false);
  else if (draws && event.key === "Enter") {
    const box = [0.4, 0.35, 0.2, 0.3];
    const id = `k${Date.now().toString(36)}`;
    kept.put(drawn(id, now(), state.stop, box));
    drawing(false);
    changed();
    choose(id);
    over.focus(id);
  } else if (event.key === " " && !event.target.closest("button, a")) part("play").click();
  else return;
  event.preventDefault();
});
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
addEventListener("resize", () => kept && strip());

doing(open);
