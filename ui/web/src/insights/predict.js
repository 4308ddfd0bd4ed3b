// Predict before you look: one number at a time.

import { h } from "../stage/dom.js";
import { amount } from "./shapes.js";

/** @param predict `(measure, value|null)` tells whether it was kept */
export function predictCard({ measure, question, highest, step, unit, left }, { predict }) {
  const shown = h("output", {});
  const slider = h("input", {
    type: "range",
    min: 0,
    max: highest,
    step,
    value: highest / 2,
    id: "in-guess",
    oninput: say,
  });
  const show = h("button", { class: "btn primary", type: "submit" }, "Show what was heard");
  const skip = h("button", { class: "btn quiet", type: "button", onclick: () => send(null) }, "Skip");

  function say() {
    shown.value = amount(Number(slider.value), unit);
    shown.style.left = `${(100 * slider.value) / highest}%`;
    slider.setAttribute("aria-valuetext", shown.value);
    slider.style.setProperty("--at", `${(100 * slider.value) / highest}%`);
  }

  async function send(value) {
    show.disabled = skip.disabled = true;
    if (!(await predict(measure, value))) show.disabled = skip.disabled = false;
  }

  say();
  return h(
    "form",
    {
      class: "card in-predict",
      onsubmit(event) {
        event.preventDefault();
        send(Number(slider.value));
      },
    },
    h("p", { class: "eyebrow" }, "Predict before you look"),
    h("h3", {}, h("label", { htmlFor: "in-guess" }, question)),
    h("p", { class: "soft sm" }, "Guessing first makes the number more useful. Your guess stays with you."),
    h("div", { class: "in-slider" }, shown, slider),
    h(
      "div",
      { class: "scale", "aria-hidden": "true" },
      h("span", {}, amount(0, unit)),
      h("span", {}, `${amount(highest, unit)}${unit.startsWith("in") ? ` ${unit}` : ""}`),
    ),
    h("div", { class: "row" }, show, skip, left > 1 && h("span", { class: "muted xs" }, `${left - 1} more after this`)),
  );
}
