// Scrolling along with what is heard, unless the reader has scrolled away.

import { listening, still } from "./dom.js";

/** Further than this many heights of the view, a glide would only blur. */
const FAR = 2;

/** What scrolls `element`: the panel on a desk, the page on a phone. */
export function scrollerOf(element) {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight + 1) return at;
  }
  return document.scrollingElement;
}

/**
 * `keep(row)` brings the row into view where the reader follows; `away(is)` is told when that changes.
 * @param covered how much of the view is covered at its top and bottom, in pixels: `() => {top, bottom}`
 */
export function following(list, { away, covered }) {
  const { on, off } = listening();
  let [row, follows, hand, rests] = [null, true, 0, false];

  const box = () => {
    const scroller = scrollerOf(list);
    const page = scroller === document.scrollingElement;
    const { top, bottom } = page ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
    const cover = covered(page);
    return { scroller, page, top: top + cover.top, bottom: bottom - cover.bottom };
  };
  const seen = ({ top, bottom }) => {
    const at = row.getBoundingClientRect();
    return at.bottom > top && at.top < bottom;
  };
  const set = (to) => {
    if (follows === to) return;
    follows = to;
    away(!to);
  };
  const move = (glide) => {
    if (rests) return;
    const view = box();
    const height = view.bottom - view.top;
    // Whoever is at the video or the timeline of a page that scrolls is not taken away from there.
    if (view.page && list.getBoundingClientRect().top > view.top + height / 2) return;
    const { top, bottom } = row.getBoundingClientRect();
    if (top >= view.top + 8 && bottom <= view.bottom - height / 4) return;
    const by = top - view.top - height / 3;
    const far = Math.abs(by) > FAR * height;
    view.scroller.scrollBy({ top: by, behavior: glide && !far && !still() ? "smooth" : "instant" });
    // Rows that were never drawn have a guessed height: after a long way look once more.
    if (far) requestAnimationFrame(() => row && follows && move(false));
  };
  const byHand = () => (hand = performance.now());
  const scrolled = () => {
    if (row && list.offsetParent && performance.now() - hand < 1500) set(seen(box()));
  };
  on(document, "wheel touchmove", byHand, { passive: true, capture: true });
  on(document, "pointerdown", (event) => event.target === scrollerOf(list) && byHand(), true);
  on(document, "keydown", ({ key }) => /^(Page|Arrow(Up|Down)|Home|End)/.test(key) && byHand(), true);
  on(document, "scroll", scrolled, { passive: true, capture: true });
  return {
    keep(to, glide = true) {
      row = to;
      if (row && follows && list.offsetParent) move(glide);
    },
    /** The reader asked for it. */
    back() {
      set(true);
      if (row && list.offsetParent) move(true);
    },
    /** The reader looks somewhere else on purpose. */
    leave: () => set(false),
    /** While somebody is at something in the list, or it is drawn anew, nothing moves. */
    rest: (is) => (rests = is),
    remove: off,
  };
}
