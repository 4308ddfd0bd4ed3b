// A list of rows that is drawn anew under somebody who reads it: it stays where it is for the eye, and the focus with it.

import { scrollerOf } from "./following.js";

/** Where the reader is in `list`, of `.turn`s with `data-at` in order; call what is returned after the list has changed. */
export function keeping(list) {
  const active = list.getRootNode().activeElement;
  const focused = list.contains(active) ? active.closest(".turn") : null;
  const nth = focused ? [...focused.querySelectorAll("button")].indexOf(active) : -1;
  const scroller = scrollerOf(list);
  const { top, bottom } =
    scroller === document.scrollingElement ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
  const inView = (row) => row.getBoundingClientRect().bottom > top && row.getBoundingClientRect().top < bottom;
  // Whoever is at a turn looks at that one.
  const seen = list.offsetParent && [focused, ...list.children].find((row) => row && inView(row));
  const at = seen ? { t: Number(seen.dataset.at), top: seen.getBoundingClientRect().top } : null;
  const rowAt = (t) => [...list.children].findLast(({ dataset }) => Number(dataset.at) <= t) ?? list.firstElementChild;

  return () => {
    const settle = () => {
      const row = at && rowAt(at.t);
      if (row) scroller.scrollBy({ top: row.getBoundingClientRect().top - at.top, behavior: "instant" });
    };
    settle();
    // Rows that were never drawn have a guessed height until they are, two pictures on.
    if (at) requestAnimationFrame(() => (settle(), requestAnimationFrame(settle)));
    if (!focused || focused.isConnected) return;
    const row = rowAt(Number(focused.dataset.at));
    (row?.querySelectorAll("button")[nth] ?? row?.querySelector(".time"))?.focus({ preventScroll: true });
  };
}

/** Make these the children of `list`; those that were there already are not taken out, and keep the focus. */
export function lay(list, elements) {
  const wanted = new Set(elements);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  let at = list.firstElementChild;
  for (const element of elements) {
    if (element === at) at = at.nextElementSibling;
    else list.insertBefore(element, at);
  }
}
