// What is covered, drawn over the clip as it plays: press one to choose it; drag to draw, to move and to size.

import { h, listening, set } from "../stage/dom.js";
import { between, covered, nearest, within } from "./tracks.js";

const STEP = 0.01;
const GROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param over an element that lies on the video and is as large
 * @param on `choose(id)`; `drawn(box)`; `moved(id, box, merge)`: where a face that was drawn by hand now is
 * @returns {{show(faces, second, shape, chosen), drawing(yes), remove()}} a face has `removed` and `hand`
 */
export function picture(over, { on }) {
  const { on: hear, off } = listening();
  const shown = new Map(); // by id: the button
  const rubber = h("div", { class: "fc-rubber", hidden: true });
  over.append(rubber);
  let [draws, drag, at] = [false, null, { faces: [], second: 0 }];

  function point(event) {
    const { left, top, width, height } = over.getBoundingClientRect();
    const share = (a, from, long) => Math.min(1, Math.max(0, (a - from) / long));
    return [share(event.clientX, left, width), share(event.clientY, top, height)];
  }

  function put(element, [x, y, width, height]) {
    Object.assign(element.style, {
      left: `${100 * x}%`,
      top: `${100 * y}%`,
      width: `${100 * width}%`,
      height: `${100 * height}%`,
    });
  }

  function button(face) {
    const size = h("i", { class: "fc-size" });
    const made = h("button", { type: "button", class: "fc-face", onclick: () => draws || on.choose(face.id) }, size);
    over.append(made);
    shown.set(face.id, made);
    made.addEventListener("keydown", (event) => arrows(event, face.id));
    return made;
  }

  function arrows(event, id) {
    const [way, face] = [GROWS[event.key], at.faces.find((one) => one.id === id)];
    if (!way || !face?.hand) return;
    event.preventDefault();
    const [x, y, width, height] = nearest(face, at.second);
    const [across, down] = way.map((one) => one * STEP);
    on.moved(id, within(event.shiftKey ? [x, y, width + across, height + down] : [x + across, y + down, width, height]));
  }

  hear(over, "pointerdown", (event) => {
    if (event.button) return;
    const id = [...shown].find(([, one]) => one.contains(event.target))?.[0];
    const face = at.faces.find((one) => one.id === id);
    if (!draws && !face?.hand) return;
    event.preventDefault();
    over.setPointerCapture(event.pointerId);
    const sizes = event.target.classList.contains("fc-size");
    drag = { from: point(event), face: draws ? null : face, sizes, box: face && nearest(face, at.second), moved: false };
    if (face && !draws) on.choose(id);
  });
  hear(over, "pointermove", (event) => {
    if (!drag) return;
    const to = point(event);
    if (!drag.face) {
      rubber.hidden = false;
      return put(rubber, between(drag.from, to));
    }
    const [across, down] = [to[0] - drag.from[0], to[1] - drag.from[1]];
    if (!drag.moved && Math.hypot(across, down) < 0.006) return;
    const [x, y, width, height] = drag.box;
    const box = drag.sizes ? [x, y, width + across, height + down] : [x + across, y + down, width, height];
    on.moved(drag.face.id, within(box), drag.moved);
    drag.moved = true;
  });
  hear(over, "pointerup pointercancel", (event) => {
    const was = drag;
    drag = null;
    rubber.hidden = true;
    if (was && !was.face && event.type === "pointerup") on.drawn(between(was.from, point(event)));
  });

  return {
    show(faces, second, shape, chosen) {
      at = { faces, second };
      const gone = new Set(shown.keys());
      for (const face of faces) {
        const box = covered(face, second, shape);
        if (!box) continue;
        gone.delete(face.id);
        const one = shown.get(face.id) ?? button(face);
        put(one, box);
        one.classList.toggle("removed", !!face.removed);
        one.classList.toggle("hand", !!face.hand);
        set(one, "aria-pressed", face.id === chosen);
        set(one, "aria-label", `${face.called}${face.removed ? ", not covered" : ""}`);
      }
      for (const id of gone) {
        shown.get(id).remove();
        shown.delete(id);
      }
    },
    drawing(yes) {
      draws = yes;
      over.classList.toggle("draws", yes);
    },
    focus: (id) => shown.get(id)?.focus(),
    remove: off,
  };
}
