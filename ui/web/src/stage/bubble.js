// What a pointer shows over the timeline: the moment, a small picture of it, and what is said or noted there.

import { h, write } from "./dom.js";
import { pictureAt, read } from "./sprites.js";
import { clock } from "./words.js";

export function bubble(parent, thumbnails) {
  const picture = h("i", { class: "shot", hidden: true });
  const [time, text] = [h("b"), h("span")];
  const element = h("div", { class: "bubble", hidden: true, "aria-hidden": "true" }, picture, h("p", {}, time, text));
  parent.append(element);
  let pictures = [];
  let asked = false;

  /** The pictures are only asked for when somebody points; without them the bubble does without. */
  async function ask() {
    if (asked || !thumbnails) return;
    asked = true;
    try {
      const answer = await fetch(thumbnails);
      if (answer.ok) pictures = read(await answer.text(), answer.url);
    } catch {
      asked = false;
    }
  }

  return {
    /** Over `clientX` and above `clientY`: the moment `t` (with tenths where it is fine), and words. */
    show({ clientX, above }, t, words = "", tenths = false) {
      ask();
      const shot = pictureAt(pictures, t);
      picture.hidden = !shot;
      if (shot) {
        Object.assign(picture.style, {
          width: `${shot.width}px`, height: `${shot.height}px`,
          backgroundImage: `url("${shot.sheet}")`, backgroundPosition: `-${shot.x}px -${shot.y}px`,
        });
      }
      write(time, clock(t, tenths));
      write(text, words);
      element.hidden = false;
      const [room, own] = [parent.getBoundingClientRect(), element.getBoundingClientRect()];
      const left = Math.min(room.width - own.width - 6, Math.max(6, clientX - room.left - own.width / 2));
      element.style.transform = `translate(${left}px, ${above - room.top - own.height - 8}px)`;
    },
    hide() {
      element.hidden = true;
    },
    remove() {
      element.remove();
    },
  };
}
