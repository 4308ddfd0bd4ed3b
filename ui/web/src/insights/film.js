// The film on the page of insights: a small one at its foot, from the first moment that is played.

import { h, icon } from "../stage/dom.js";
import { Player } from "../stage/media.js";
import { clock } from "../stage/words.js";

/** @returns {{play(range), remove()}} */
export function film(parent, { media, recording, gone = null }) {
  const source = media.web ?? media.audio;
  const element = h(media.web ? "video" : "audio", {
    controls: true,
    playsInline: true,
    preload: "none",
    "aria-label": recording.name,
  });
  if (source) element.src = source;
  if (media.poster && media.web) element.poster = media.poster;
  if (media.captions)
    element.append(
      h("track", { kind: "captions", label: "Captions", src: media.captions, srclang: "en", default: true }),
    );
  const player = new Player(element);
  const link = h("a", { class: "lk" }, "Open in the lesson");
  const close = h(
    "button",
    { class: "ib s", type: "button", "aria-label": "Close the film", onclick: hide },
    icon("close"),
  );
  const dock = h(
    "aside",
    {
      class: "in-film",
      "aria-label": "The moment in the film",
      hidden: true,
      onkeydown: (event) => event.key === "Escape" && hide(),
    },
    source ? element : h("p", { class: "soft" }, gone ?? "The video isn’t ready yet."),
    h("div", { class: "row" }, link, h("span", { class: "grow" }), close),
  );
  let from = null;
  parent.append(dock);

  function hide() {
    player.pause();
    dock.hidden = true;
    from?.focus();
  }

  return {
    play(range) {
      from = dock.getRootNode().activeElement;
      dock.hidden = false;
      link.href = `/review?recording=${encodeURIComponent(recording.id)}&t=${range.start.toFixed(1)}`;
      link.setAttribute("aria-label", `Open in the lesson at ${clock(range.start)}`);
      if (source) player.playRange(range);
    },
    remove() {
      player.remove();
      element.removeAttribute("src");
      element.load();
      dock.remove();
    },
  };
}
