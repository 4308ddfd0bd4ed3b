// The video with what lies on it, captions and notices, and its control bar under it.

import { captionAt } from "./cues.js";
import { controls } from "./controls.js";
import { h, icon, listening, set, write } from "./dom.js";
import { habits } from "./habits.js";
import { Player } from "./media.js";
import { span } from "./words.js";

/**
 * Mounts the player into `parent`. Without `player` it makes the element and the Player itself.
 * @returns {{player, show(marks), remove()}} `show` gives it the captions and the silence to skip
 */
export function playerView(parent, { player, lesson }) {
  const { on, off } = listening();
  const { media } = lesson;
  const playable = Boolean(media.web ?? media.audio);
  player ??= new Player(document.createElement(media.web || !media.audio ? "video" : "audio"));
  const element = prepared(player.element, lesson);
  const liked = habits(player);
  const picture = media.web ? element : stillOf(lesson, element);
  let kept = null;
  const video = h("div", { class: `video${media.web ? "" : " no-video"}` }, picture);
  const caption = h("p", { class: "cap", hidden: true, "aria-hidden": "true" }, h("b"), h("span"));
  const loop = h("button", { class: "vbadge", type: "button", hidden: true, onclick: () => player.loop(null) },
    icon("loop"), h("span"), icon("close"));
  const trouble = h("div", { class: "vnote", role: "alert", hidden: true });
  video.append(caption, loop, trouble);
  const root = h("div", { class: "player" }, video);
  parent.append(root);
  let marks = null;
  const bar = controls(root, { player, lesson, full: () => player.fullscreen(root), quiet: () => marks?.quiet ?? [] });

  const drawCaption = () => {
    const shown = player.captions && marks && playable ? captionAt(marks, player.time) : null;
    caption.hidden = !shown;
    if (!shown) return;
    if (caption.dataset.kind !== shown.kind) caption.dataset.kind = shown.kind;
    write(caption.firstChild, shown.label);
    write(caption.lastChild, shown.text);
  };
  const drawState = () => {
    loop.hidden = !player.range;
    if (player.range) {
      const { start, stop } = player.range;
      write(loop.children[1], `Repeating ${span(start, stop)}`);
      set(loop, "aria-label", `Stop repeating ${span(start, stop)}`);
    }
    root.classList.toggle("playing", !player.paused);
    drawCaption();
  };
  on(player, "time", drawCaption);
  on(player, "state", drawState);
  on(player, "trouble", () => {
    trouble.hidden = false;
    write(trouble, "The recording can’t be played here just now. Everything else on this page still works.");
  });
  if (media.web) on(element, "click", () => player.toggle());
  on(element, "loadeddata", () => (trouble.hidden = true));
  drawState();
  return {
    player,
    /** The film of one clip, in the place of the lesson's that was deleted. */
    film(clip) {
      kept?.remove();
      kept = h("video", {
        class: "kept",
        controls: true,
        playsInline: true,
        src: clip.film,
        "aria-label": `Film of “${clip.name}”`,
      });
      video.append(kept);
      kept.play().catch(() => {}); // its own controls are there
      kept.focus();
    },
    show(given) {
      const track = element.querySelector("track");
      // What was put right is read anew, under an address that the browser has not seen.
      if (track && marks && marks.blocks !== given.blocks) track.src = `${media.captions}?${Date.now()}`;
      marks = given;
      player.setSkip(player.skip, marks.quiet);
      drawCaption();
    },
    remove() {
      off();
      liked.remove();
      bar.remove();
      kept?.remove();
      player.remove();
      element.removeAttribute("src");
      element.load();
      root.remove();
    },
  };
}

/** The element with its source, at the viewer's place, and a track for what has no overlay (a phone's full screen). */
function prepared(element, { media, place, recording }) {
  Object.assign(element, { preload: "metadata", playsInline: true, disableRemotePlayback: true });
  element.setAttribute("aria-label", recording.name);
  element.tabIndex = -1;
  if (media.poster && media.web) element.poster = media.poster;
  if (media.captions && !element.querySelector("track")) {
    element.append(h("track", { kind: "captions", label: "Captions", src: media.captions, srclang: "en" }));
  }
  const source = media.web ?? media.audio;
  if (source && !element.currentSrc && !element.src) element.src = source;
  if (place > 0 && element.currentTime === 0) element.currentTime = place;
  return element;
}

/** What stands in the picture's place where there is sound only, or nothing to play yet. */
function stillOf({ media, recording, gone }, element) {
  const soon = gone ?? "The video isn’t ready yet. Everything else on this page works.";
  const say = media.audio ? "This lesson has sound only." : soon;
  return h("div", { class: "still" },
    media.poster && h("img", { src: media.poster, alt: `Still from ${recording.name}` }),
    h("p", { class: media.poster ? "on-picture" : "" }, !gone && icon("sound"), h("span", {}, say)),
    element);
}
