// The clips beside the video: in and out, a name, played one by one or in a row.

import { clipAround, ends, tenth } from "./moments.js";
import { clipForm, clipRow } from "./cliprow.js";
import { clock } from "./words.js";
import { h, listening, write } from "./dom.js";
import { inRow } from "./inrow.js";
import { pictureAt, read } from "./sprites.js";
import { cutting, readers } from "./threads.js";
import { sign } from "./signs.js";

/** Where `O` was pressed without an `I` before. */
const BACK_S = 20;

/**
 * @param on `deleted(id)`: offer to undo; `select(id)`: this one is looked at; `save(clip)` as a film; `exports(clips)`
 * @returns {{show(marks), mark(which), draw(range), focus(id), remove()}}
 */
export function clips(parent, { player, lesson, store, on = {} }) {
  const { on: hear, off } = listening();
  const who = readers(lesson);
  const { duration } = lesson.recording;
  const may = lesson.viewer.may.includes("comment");
  const cuts = cutting(lesson);
  const keeps = lesson.viewer.may.includes("download");
  const around = h(
    "button",
    { class: "btn sm", type: "button", onclick: () => create(clipAround(player.time, marks.blocks, duration)) },
    sign("cut"),
    h("span"),
  );
  const all = h(
    "button",
    {
      class: "btn sm",
      type: "button",
      hidden: true,
      onclick: () => (row.at === null ? row.play(marks.clips) : row.stop()),
    },
    sign("play"),
    h("span", {}, "Play in a row"),
  );
  const hint = h("p", { class: "sm soft grow" }, "Up to five clips make a good conference.");
  const fresh = h("div", { class: "fresh" });
  const list = h("ol", { class: "clip-list", role: "list", "aria-label": "Clips" });
  const nothing = h(
    "div",
    { class: "nothing" },
    h("h2", {}, "Choose a moment worth talking about"),
    h(
      "p",
      { class: "soft" },
      cuts
        ? "Press I where it begins and O where it ends, or drag along the row under the ribbon."
        : lesson.gone && may
          ? "The film of this lesson was deleted, so no clip can be cut from it."
          : "Clips that are shared with you appear here.",
    ),
  );
  const root = h(
    "div",
    { class: "clipping" },
    h("div", { class: "tools" }, hint, all, cuts && around),
    fresh,
    list,
    nothing,
    may &&
      h(
        "p",
        { class: "muted xs saved" },
        h("a", { class: "lk", href: `/coding?recording=${lesson.recording.id}` }, "Label clips together with somebody"),
      ),
    keeps &&
      h(
        "div",
        { class: "ex-foot" },
        h(
          "button",
          { class: "btn sm", type: "button", "aria-haspopup": "dialog", onclick: () => on.exports?.(marks.clips) },
          "Exports…",
        ),
      ),
  );
  parent.append(root);
  let [marks, form, editing, looked, pictures] = [null, null, null, null, []];
  const row = inRow(player, () => {
    const { at, of } = row;
    all.replaceChildren(
      sign(at === null ? "play" : "stop"),
      h("span", {}, at === null ? "Play in a row" : `Clip ${at + 1} of ${of.length} · Stop`),
    );
    if (at === null) draw();
    else look(of[at].id);
  });

  function play(clip, loops) {
    row.stop();
    look(clip.id);
    if (lesson.gone) on.film?.(clip);
    else if (loops) {
      player.loop({ start: clip.start, stop: clip.stop });
      player.play();
    } else player.playRange({ start: clip.start, stop: clip.stop });
  }

  function look(id) {
    looked = id;
    on.select?.(id);
    draw();
  }

  function close() {
    form?.element.remove();
    form = editing = null;
    draw();
  }

  /** A form for a new clip; where one is open already, it takes the ends. */
  function create(range) {
    if (!cuts) return;
    if (form && !editing) {
      form.end("start", range.start);
      form.end("stop", range.stop);
    } else {
      close();
      form = clipForm(
        { ...range, name: "", note: "", audience: "author" },
        {
          player,
          who,
          duration,
          leave: close,
          save(clip) {
            const id = store.clip(clip);
            close();
            look(id);
          },
        },
      );
      fresh.append(form.element);
    }
    form.focus();
    form.element.scrollIntoView({ block: "nearest" });
  }

  function edit(clip) {
    close();
    editing = clip.id;
    const { start, stop, name, note, audience } = clip;
    form = clipForm(clip, {
      player,
      who,
      duration,
      cuts,
      leave: () => back(clip.id),
      save(now) {
        const before = { start, stop, name, note, audience };
        const patch = Object.fromEntries(Object.entries(now).filter(([what, value]) => value !== before[what]));
        if (Object.keys(patch).length) store.changeClip(clip.id, patch);
        back(clip.id);
      },
    });
    look(clip.id);
    form.focus();
  }

  function back(id) {
    close();
    list.querySelector(`[data-clip="${id}"] [data-act=edit]`)?.focus();
  }

  function remove(clip) {
    const at = [...list.children].findIndex(({ dataset }) => dataset.clip === clip.id);
    store.changeClip(clip.id, { deleted: true });
    (list.children[at] ?? list.lastElementChild)?.focus();
    on.deleted?.(clip.id);
  }

  /** Which clip has the focus, and on which of its buttons; null: none, or a form that keeps it by itself. */
  function focusOf() {
    const { activeElement: at } = document;
    if (!list.contains(at) || form?.element.contains(at)) return null;
    return [at.closest("li").dataset.clip, at.dataset.act];
  }

  function draw() {
    if (!marks) return;
    const focused = list.firstChild && focusOf();
    nothing.hidden = marks.clips.length > 0 || Boolean(form);
    all.hidden = marks.clips.length < 2 || Boolean(lesson.gone);
    hint.hidden = !all.hidden;
    const made = marks.clips.map((clip) => {
      // The form that somebody writes in stays the element that it is.
      if (editing === clip.id)
        return form.element.closest("li") ?? h("li", { class: "cliprow here", "data-clip": clip.id }, form.element);
      return clipRow(
        clip,
        pictureAt(pictures, clip.start),
        {
          go: () => (player.seek(clip.start), look(clip.id)),
          play: () => play(clip, false),
          loop: () => play(clip, true),
          save: () => on.save?.(clip),
          edit: () => edit(clip),
          remove: () => remove(clip),
          retry: () => store.retry(),
        },
        {
          who,
          gone: Boolean(lesson.gone),
          may: {
            save: keeps && !clip.saving && Boolean(!lesson.gone || clip.film),
            change: may && clip.mine && !clip.saving,
            remove: clip.mine,
          },
          playing: looked === clip.id,
        },
      );
    });
    const same =
      made.length === list.children.length &&
      made.every(
        (one, i) =>
          one === list.children[i] || (one.outerHTML === list.children[i].outerHTML && !one.contains(form?.element)),
      );
    // Redrawing under a pointer or a reader's focus is only worth it where something changed.
    if (!same)
      made.forEach(
        (one, i) =>
          one !== list.children[i] && (list.children[i] ? list.children[i].replaceWith(one) : list.append(one)),
      );
    while (list.children.length > made.length) list.lastElementChild.remove();
    if (focused && !same) {
      const item = list.querySelector(`[data-clip="${focused[0]}"]`);
      (item?.querySelector(`[data-act="${focused[1]}"]`) ?? item)?.focus({ preventScroll: true });
    }
  }

  async function load() {
    if (!lesson.media.thumbnails) return;
    try {
      const base = new URL(lesson.media.thumbnails, location.href);
      pictures = read(await (await fetch(base)).text(), base);
      draw();
    } catch {
      // Without pictures the list is as useful.
    }
  }

  let second = -1;
  hear(player, "time", ({ detail: { now } }) => {
    if (Math.floor(now) === second) return;
    second = Math.floor(now);
    write(around.lastChild, `Clip around ${clock(now)}`);
  });
  write(around.lastChild, `Clip around ${clock(player.time)}`);
  load();
  return {
    show(given) {
      marks = given;
      if (editing && !marks.clips.some(({ id }) => id === editing)) close();
      else draw();
    },
    /** `start` or `stop` of a clip is now; a form that is open takes it. */
    mark(which) {
      const t = tenth(player.time);
      if (form) form.end(which, t);
      else if (which === "start") create(ends({ start: t, stop: t + BACK_S }, "stop", duration));
      else create({ start: Math.max(0, tenth(t - BACK_S)), stop: t });
    },
    draw: create,
    focus(id) {
      looked = id;
      draw();
      const item = list.querySelector(`[data-clip="${id}"]`);
      item?.focus({ preventScroll: true });
      item?.scrollIntoView({ block: "nearest" });
    },
    remove() {
      row.remove();
      off();
      root.remove();
    },
  };
}
