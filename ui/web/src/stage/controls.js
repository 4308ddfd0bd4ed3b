// The bar under the video: play, speed, silence, captions, volume, the full screen.

import { h, icon, listening, set, write } from "./dom.js";
import { RATES } from "./media.js";
import { popover } from "./popover.js";
import { clock, rateName } from "./words.js";

/** Rates with a button of their own where there is room; the menu has all. */
const USUAL = [0.75, 1, 1.25, 1.5, 2];

export function controls(parent, { player, lesson, full, quiet }) {
  const { on, off } = listening();
  const has = Boolean(lesson.media.web ?? lesson.media.audio);
  const button = (look, label, act, more = {}) =>
    h("button", {
      class: `ib ${look}`, type: "button", "aria-label": label, title: label, disabled: !has, onclick: act, ...more,
    });

  const play = button("play", "Play", () => player.toggle());
  const passed = h("b");
  const rateButton = (rate) =>
    h("button", { type: "button", disabled: !has, onclick: () => player.setRate(rate) }, rateName(rate));
  const rates = USUAL.map(rateButton);
  const shows = () => player.setCaptions(!player.captions);
  const captions = button("captions", "Captions", shows, { title: "Captions (C)" });
  const volume = button("volume hide-s", "Volume", null);
  const whole = button("full", "Full screen", full, { title: "Full screen" });
  const pip = player.canPip && lesson.media.web && button("pip hide-s", "Picture in picture", () => player.pip());
  captions.append(icon("captions"));
  if (pip) pip.append(icon("pip"));
  const skips = [silence("in-bar"), silence("in-menu")];
  const more = h("button", { class: "more", type: "button", disabled: !has });
  const menu = speedMenu(skips[1]);
  const loud = h("input", {
    type: "range", min: 0, max: 100, "aria-label": "Volume", oninput: () => player.setVolume(loud.value / 100),
  });

  const bar = h("div", { class: "ctl", role: "group", "aria-label": "Player" },
    play,
    button("", "Back 5 seconds", () => player.seek(player.time - 5), { title: "Back 5 s (←)" }),
    button("", "Forward 5 seconds", () => player.seek(player.time + 5), { title: "Forward 5 s (→)" }),
    h("span", { class: "clock" }, passed, h("span", {}, ` / ${clock(lesson.recording.duration)}`)),
    h("span", { class: "grow" }),
    skips[0],
    h("span", { class: "seg", role: "group", "aria-label": "Speed" }, rates, more),
    captions, volume, pip, whole);
  bar.children[1].append(icon("back"));
  bar.children[2].append(icon("forward"));
  parent.append(bar);
  const menus = [
    popover(bar, more, menu.element, "Speed and more"),
    popover(bar, volume, h("div", { class: "loud" }, button("", "Sound", () => player.mute()), loud), "Volume"),
  ];
  const mute = menus[1].element.querySelector("button");

  function silence(where) {
    return h("button", {
      class: `switch ${where}`, type: "button", role: "switch", disabled: !has, title: "Skip silence (S)",
      onclick: () => player.setSkip(!player.skip, quiet()),
    }, h("i"), "Skip silence");
  }

  function speedMenu(skip) {
    const every = RATES.map(rateButton);
    const element = h("div", { class: "speeds" },
      h("div", { class: "rates", role: "group", "aria-label": "Speed" }, every),
      skip,
      h("div", { class: "frames" }, h("span", {}, "One frame"),
        button("", "One frame back", () => player.step(-1), { title: "Back (,)" }),
        button("", "One frame forward", () => player.step(1), { title: "Forward (.)" })));
    element.querySelectorAll(".frames button").forEach((one, n) => one.append(icon(n ? "right" : "left")));
    return { element, every };
  }

  const drawTime = () => write(passed, clock(player.time));
  const drawState = () => {
    const { paused, rate, volume: heard, skip, captions: shown } = player;
    face(play, paused ? "play" : "pause", paused ? "Play" : "Pause", " (Space)");
    rates.forEach((one, n) => set(one, "aria-pressed", USUAL[n] === rate));
    menu.every.forEach((one, n) => set(one, "aria-pressed", RATES[n] === rate));
    write(more, rateName(rate));
    more.classList.toggle("other", !USUAL.includes(rate));
    set(more, "aria-label", `Speed ${rate} times${skip ? ", silence is skipped" : ""}. More`);
    skips.forEach((one) => { set(one, "aria-checked", skip); one.classList.toggle("on", skip); });
    set(captions, "aria-pressed", shown);
    captions.classList.toggle("on", shown);
    const sound = heard ? "volume" : "muted";
    face(volume, sound, "Volume", "");
    face(mute, sound, heard ? "Mute" : "Sound on", " (M)");
    loud.value = Math.round(heard * 100);
    drawTime();
  };
  const drawFull = () => {
    const on = Boolean(document.fullscreenElement);
    face(whole, on ? "small" : "full", on ? "Leave the full screen" : "Full screen", "");
  };
  on(player, "time", drawTime);
  on(player, "state", drawState);
  on(document, "fullscreenchange", drawFull);
  drawState();
  drawFull();
  return {
    remove() {
      off();
      menus.forEach((one) => one.remove());
      bar.remove();
    },
  };
}

/** A button's icon and name, changed only where they differ: nobody is told twice. */
function face(button, look, label, key) {
  if (button.dataset.face === look) return;
  button.dataset.face = look;
  button.replaceChildren(icon(look));
  button.setAttribute("aria-label", label);
  button.title = label + key;
}
