// What the recording shows: on a page of its own (`mount`), and beside the film (`panel`).

import { card } from "../ear/card.js";
import { h } from "../stage/dom.js";
import { live } from "../stage/live.js";
import { toasts } from "../stage/toast.js";
import { film } from "./film.js";
import { source } from "./source.js";
import { view } from "./view.js";

/** The page, in `parent`; returns what takes it away. */
export function mount(parent, { recording }) {
  const root = h("div", { class: "rv in-page" });
  parent.append(root);
  let [playing, news] = [null, null];
  const shown = showing(root, recording, {
    head: true,
    play: (range) => playing?.play(range),
    over() {
      playing?.remove();
      news?.remove();
      [playing, news] = [null, null];
    },
    first(data) {
      playing?.remove();
      news?.remove();
      playing = film(root, data);
      const again = () => shown.again();
      // Whoever was given the numbers may lose them alone, of which the lesson does not tell.
      const heard = data.viewer.owner ? () => {} : again;
      news = live(`/recordings/${encodeURIComponent(recording)}/events`, {
        heard,
        lost: again,
        lesson: again,
        gone: again,
      });
    },
  });
  return () => {
    news?.remove();
    shown.remove();
    playing?.remove();
    root.remove();
  };
}

/** The same parts in a panel beside the film; `store` tells when the lesson is another. */
export function panel(parent, { player, store, recording }) {
  const shown = showing(parent, recording, { head: false, play: (range) => player.playRange(range), first() {} });
  const other = () => shown.again();
  store.addEventListener("lesson", other);
  return {
    remove() {
      store.removeEventListener("lesson", other);
      shown.remove();
    },
  };
}

function showing(parent, recording, { head, play, first, over = () => {} }) {
  const words = toasts(parent);
  const waiting = h(
    "div",
    { class: "skel pulse", "aria-busy": "true" },
    h("span", { class: "sr", role: "status" }, "The measures are being fetched."),
    Array.from({ length: 8 }, () => h("i")),
  );
  const body = h("div", {}, waiting);
  parent.append(body);
  let drawn = null;
  const from = source(recording, {
    insights(data, focus) {
      if (!drawn) {
        body.replaceChildren();
        drawn = view(body, { act: { ...from.act, play }, head });
        first(data);
      }
      drawn.show(data, focus);
    },
    checked(found) {
      if (!drawn) return;
      drawn.calibration.replaceChildren();
      card(drawn.calibration, { recording, state: found });
    },
    trend: (found) => drawn?.trend(found),
    instead(title, more) {
      over();
      drawn = null;
      body.replaceChildren(
        h(
          "div",
          { class: "instead", role: "alert" },
          h("h2", {}, title),
          h("p", { class: "soft" }, more),
          h("a", { class: "btn", href: "/" }, "Your lessons"),
        ),
      );
    },
    trouble: (sentence) => words.show(sentence),
  });
  return {
    again: from.again,
    remove() {
      from.remove();
      drawn?.remove();
      words.remove();
      body.remove();
    },
  };
}
