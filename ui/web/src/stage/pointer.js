// A finger or mouse from down to up, as one gesture. Without hover, and leaving up-and-down to the page's scrolling.

/** So far a press may slip and still be a press, in pixels. */
const SLIP = 4;

/**
 * Calls `begin(event)` at each press; it gives `{move(event, element), end(event, moved), cancel()}`, or null to leave
 * it be. Moves come once a picture at most, however fast the pointer is.
 * @returns a function that takes the listeners off
 */
export function gestures(element, begin) {
  let now = null;
  const down = (event) => {
    if (now || event.button !== 0 || !event.isPrimary) return;
    const steps = begin(event);
    if (!steps) return;
    now = { steps, id: event.pointerId, x: event.clientX, moved: false, last: null };
    element.setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    if (event.pointerId !== now?.id) return;
    now.moved ||= Math.abs(event.clientX - now.x) > SLIP;
    if (!now.moved) return;
    if (!now.last) requestAnimationFrame(step);
    now.last = event;
  };
  const step = () => {
    const { last, steps } = now ?? {};
    if (!last) return;
    now.last = null;
    steps.move(last, element);
  };
  const finish = (event) => {
    if (event.pointerId !== now?.id) return;
    step();
    const { steps, moved } = now;
    now = null;
    if (event.type === "pointerup") steps.end(event, moved);
    else steps.cancel?.();
  };
  const heard = { pointerdown: down, pointermove: move, pointerup: finish, pointercancel: finish };
  for (const [name, act] of Object.entries(heard)) element.addEventListener(name, act);
  return () => {
    for (const [name, act] of Object.entries(heard)) element.removeEventListener(name, act);
  };
}

/** Seconds under a pointer on an element that shows `from` to `to`. */
export function timeUnder(element, { clientX }, from, to) {
  const { left, width } = element.getBoundingClientRect();
  return from + Math.min(1, Math.max(0, (clientX - left) / (width || 1))) * (to - from);
}
