// Tabs as the platform's guide has them: one in the tab order, arrows go from one to the next.

import { h, set, write } from "./dom.js";

let made = 0;

/**
 * @param panels `[{id, label}]`; `opened(id)` when another one is shown
 * @returns {{panel(id), show(id, focus), count(id, n), shown, remove()}}
 */
export function tabs(parent, panels, { opened = () => {} } = {}) {
  const name = `stage-tabs-${++made}`;
  const all = panels.map(({ id, label }) => {
    const count = h("b", { hidden: true });
    const tab = h(
      "button",
      {
        class: "tab",
        type: "button",
        role: "tab",
        id: `${name}-${id}`,
        "aria-controls": `${name}-${id}-panel`,
        onclick: () => show(id),
      },
      h("span", {}, label),
      count,
    );
    const panel = h("div", {
      class: `panel of-${id}`,
      role: "tabpanel",
      id: `${name}-${id}-panel`,
      "aria-labelledby": tab.id,
      tabIndex: -1,
      hidden: true,
    });
    return { id, label, tab, panel, count };
  });
  const list = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "Beside the video", onkeydown: keys },
    all.map(({ tab }) => tab),
  );
  const body = h(
    "div",
    { class: "panels" },
    all.map(({ panel }) => panel),
  );
  parent.append(list, body);
  let shown = null;

  function show(id, focus = false) {
    const other = shown !== null && shown !== id;
    shown = id;
    for (const one of all) {
      set(one.tab, "aria-selected", one.id === id);
      one.tab.tabIndex = one.id === id ? 0 : -1;
      one.panel.hidden = one.id !== id;
      if (focus && one.id === id) one.tab.focus();
    }
    if (other) opened(id);
  }

  function keys(event) {
    const at = all.findIndex(({ id }) => id === shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    show(all[(to + all.length) % all.length].id, true);
  }

  const of = (id) => all.find((one) => one.id === id);
  show(panels[0].id);
  return {
    panel: (id) => of(id).panel,
    show,
    get shown() {
      return shown;
    },
    count(id, n) {
      const { count, tab, label } = of(id);
      count.hidden = !n;
      write(count, String(n));
      set(tab, "aria-label", n ? `${label}, ${n}` : label);
    },
    remove() {
      list.remove();
      body.remove();
    },
  };
}
