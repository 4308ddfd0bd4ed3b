// One clip that somebody was given: its film, what its teacher calls it, and what was said in it.

import { h } from "../stage/dom.js";
import { clock, length } from "../stage/words.js";
import { day, today } from "../words.js";

const WAITS = {
  waiting: "The film is being made. It is shown here as soon as it is there.",
  working: "The film is being made. It is shown here as soon as it is there.",
  failed: "The film could not be made. It is tried again in a quarter of an hour; what was said stands here.",
  gone: "The film of this clip was deleted, as the school decided. What was said stands here.",
};

/** @returns {{root, show(clip), remove()}}; its film goes on playing where it is the same */
export function clipView() {
  let [video, film, words] = [null, null, null];
  const place = h("div", { class: "gc-film" });
  const name = h("h3", { tabindex: -1 });
  const about = h("p", { class: "soft" });
  const note = h("p", { class: "gc-note" });
  const said = h("ol", { "aria-label": "What was said", tabindex: 0 });
  const root = h("article", { class: "card gc-clip" }, place, h("div", { class: "gc-words" }, name, about, note, said));

  function still() {
    if (!video) return;
    video.pause();
    video.removeAttribute("src");
    video.replaceChildren();
    video.load(); // what was loaded is let go
    video = null;
  }

  function showFilm(clip) {
    const key = clip.film.href ?? clip.film.state;
    if (key === film) return;
    film = key;
    still();
    if (!clip.film.href) {
      place.replaceChildren(h("p", { class: "gc-wait", role: "status" }, WAITS[clip.film.state] ?? WAITS.working));
      return;
    }
    const captions = h("track", { kind: "captions", label: "Captions", src: clip.captions, default: true });
    video = h("video", { controls: true, playsInline: true, preload: "metadata", src: clip.film.href }, captions);
    place.replaceChildren(video);
  }

  /** A line; its time begins the film there. */
  function line(one) {
    const from = Math.max(0, one.start);
    const play = () => {
      if (!video) return;
      video.currentTime = from;
      video.play().catch(() => {}); // paused again before it began
    };
    const label = `Play from ${clock(from)}`;
    return h(
      "li",
      {},
      h("button", { class: "gc-time", type: "button", "aria-label": label, onclick: play }, clock(from)),
      h("p", {}, h("b", { class: one.role }, one.label), " ", one.text),
    );
  }

  return {
    root,
    name,
    show(clip) {
      name.textContent = clip.name;
      about.textContent = `${length(clip.stop - clip.start)}, shared with you ${day(today(new Date(clip.since)))}`;
      [note.textContent, note.hidden] = [clip.note, !clip.note];
      root.setAttribute("aria-label", clip.name);
      showFilm(clip);
      video?.setAttribute("aria-label", `Film of “${clip.name}”`);
      const now = JSON.stringify(clip.said);
      if (now === words) return;
      words = now;
      const lines = clip.said.map(line);
      said.replaceChildren(...(lines.length ? lines : [h("li", {}, h("p", { class: "soft" }, "Nobody spoke."))]));
    },
    remove() {
      still();
      root.remove();
    },
  };
}
