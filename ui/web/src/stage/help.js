// The list of shortcuts, as a dialog.

import { h, icon, set } from "./dom.js";

/** @returns {{show(), remove()}}; `setting` is `{single(), change(on)}` */
export function helpSheet(parent, keys, setting) {
  const single = h("button", {
    class: "switch", type: "button", role: "switch",
    onclick() {
      setting.change(!setting.single());
      draw();
    },
  }, h("i"), "Single-key shortcuts");
  const sheet = h("dialog", { class: "dlg help", "aria-labelledby": "keys-h" },
    h("div", { class: "dlg-head" },
      h("h2", { id: "keys-h" }, "Keyboard shortcuts"),
      h("button", { class: "ib", type: "button", "aria-label": "Close", onclick: () => sheet.close() }, icon("close"))),
    h("p", { class: "soft" }, "They work on this page while you aren’t typing."),
    h("dl", { class: "keys" }, keys.map(([signs, does]) =>
      h("div", {}, h("dt", {}, signs.map((sign) => h("kbd", { class: "kbd" }, sign))), h("dd", {}, does)))),
    single);
  // A click on what is round the sheet closes it, as people expect.
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  parent.append(sheet);
  const draw = () => {
    set(single, "aria-checked", setting.single());
    single.classList.toggle("on", setting.single());
  };
  draw();
  return {
    show() {
      draw();
      sheet.showModal();
    },
    remove: () => sheet.remove(),
  };
}
