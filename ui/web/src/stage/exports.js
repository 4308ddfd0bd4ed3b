// What can be kept of a lesson, as a dialog: the film of a clip, the portfolio, the report, and texts. Loaded when it is
// first asked for.

import { Handouts, isOpen, orderOf, stateOf } from "./handouts.js";
import { h, icon, set, write } from "./dom.js";
import { length, span } from "./words.js";
import { sign } from "./signs.js";

const TEXTS = [
  ["transcript.txt", "Transcript to read", "Plain text"],
  ["transcript.vtt", "Captions", "WebVTT, for players on the web"],
  ["transcript.srt", "Captions", "SubRip, for video editors"],
  ["turns.csv", "Turns", "A table: who spoke, when, and what was said"],
  ["speakers.rttm", "Who spoke when", "RTTM, for diarization tools"],
  ["measures.csv", "Measures", "A table, with ranges"],
  ["lesson.eaf", "Annotations", "ELAN"],
  ["lesson.json", "Everything", "JSON, for other programs"],
];
const MEASURED = ["measures.csv", "lesson.eaf", "lesson.json"];
const NOTES = [
  ["comments.csv", "Comments", "A table"],
  ["comments.jsonld", "Comments", "W3C Web Annotations"],
];
const CAPTIONS = [
  ["burned", "In the picture", "Everybody sees them, in every player."],
  ["soft", "To switch on and off", "A track of their own; most players show it."],
  ["none", "None", ""],
];

/** @param words the page's toasts; `requests` those of the recording */
export function exportsDialog(root, { lesson, requests, words }) {
  const made = new Handouts(requests);
  const may = (what) => lesson.viewer.may.includes(what);
  const title = h("h2", { id: "exports-h" });
  const body = h("div", { class: "ex-body" });
  const trouble = h("p", { class: "ex-trouble", role: "alert", hidden: true });
  const list = h("ul", { class: "ex-made", role: "list", "aria-label": "Files that are made" });
  const sheet = h(
    "dialog",
    { class: "dlg exports", "aria-labelledby": title.id, onclick: ({ target }) => target === sheet && sheet.close() },
    h(
      "div",
      { class: "dlg-head" },
      title,
      h("button", { class: "ib", type: "button", "aria-label": "Close", onclick: () => sheet.close() }, icon("close")),
    ),
    body,
    trouble,
    list,
  );
  root.append(sheet);
  const rows = new Map();
  let [shown, clips] = [() => true, []];

  async function ask(order, button) {
    if (await done(made.ask(order), button)) list.scrollIntoView({ block: "nearest" });
  }

  /** Whether it was; where it was refused, the sentence stands above the list. */
  async function done(step, button) {
    button.setAttribute("aria-busy", "true");
    const refused = await step;
    button.removeAttribute("aria-busy");
    trouble.hidden = !refused;
    write(trouble, refused ?? "");
    return !refused;
  }

  function row(one) {
    const [state, bar] = [h("p", { class: "sm soft" }), h("progress", { max: 1, "aria-label": `Making ${one.name}` })];
    const acts = h("span", { class: "row" });
    const element = h("li", {}, h("div", { class: "grow" }, h("b", {}, one.name), state, bar), acts);
    let stood = null;
    return {
      element,
      draw(now) {
        write(state, stateOf(now));
        bar.hidden = !isOpen(now);
        bar.value = now.share;
        element.classList.toggle("failed", now.state === "failed");
        if (stood === now.state) return;
        const focused = acts.contains(acts.getRootNode().activeElement);
        stood = now.state;
        acts.replaceChildren(...actsOf(now));
        if (focused) acts.firstChild.focus();
      },
    };
  }

  function actsOf(one) {
    const button = (label, onclick) =>
      h("button", { class: "lk", type: "button", "aria-label": `${label} ${one.name}`, onclick }, label);
    const remove = button(isOpen(one) ? "Cancel" : "Remove", ({ target }) => done(made.remove(one.id), target));
    if (one.state === "ready")
      return [h("a", { class: "btn sm primary", href: one.href, download: "", "aria-label": `Save ${one.name}` }, "Save"), remove];
    const again = { failed: "Try again", old: "Make again" }[one.state];
    return again ? [button(again, ({ target }) => ask(orderOf(one), target)), remove] : [remove];
  }

  function draw() {
    const now = made.list.filter(shown);
    for (const one of now) {
      if (!rows.has(one.id)) rows.set(one.id, row(one));
      rows.get(one.id).draw(one);
    }
    const elements = now.map(({ id }) => rows.get(id).element);
    if (elements.some((one, i) => list.children[i] !== one) || list.children.length !== elements.length)
      list.replaceChildren(...elements);
  }

  function open(head, parts, which) {
    shown = which;
    write(title, head);
    trouble.hidden = true;
    body.replaceChildren(...parts);
    draw();
    made.look();
    if (!sheet.open) sheet.showModal();
  }

  function film(clip) {
    const choices = CAPTIONS.map(([value, label, hint], i) =>
      h(
        "label",
        { class: "ex-choice" },
        h("input", { type: "radio", name: "captions", value, checked: i === 0 }),
        h("span", {}, label, hint && h("small", {}, hint)),
      ),
    );
    const form = h(
      "form",
      {
        onsubmit(event) {
          event.preventDefault();
          const captions = new FormData(form).get("captions");
          ask({ kind: "clip", clip: clip.id, captions }, form.querySelector("[type=submit]"));
        },
      },
      h("p", { class: "soft" }, `“${clip.name}”, ${span(clip.start, clip.stop)}, ${length(clip.stop - clip.start)}`),
      h("fieldset", {}, h("legend", {}, "Captions"), choices),
      h("button", { class: "btn primary", type: "submit" }, "Make the film"),
    );
    open("Save as film", [form], (one) => one.kind === "clip" && one.clips[0] === clip.id);
  }

  function all() {
    const parts = [portfolio()];
    if (may("measure")) {
      const button = h("button", { class: "btn", type: "button", onclick: () => ask({ kind: "report" }, button) }, "Make the report");
      parts.push(part("Report", "All measures of the lesson, on one page that opens without a network.", button));
    }
    const files = TEXTS.filter(([name]) => may("measure") || !MEASURED.includes(name));
    const links = [...files.map(([name, ...rest]) => [`exports/${name}`, ...rest]), ...NOTES];
    parts.push(
      part(
        "Texts",
        "The lesson as it is now, with what was put right.",
        h(
          "ul",
          { class: "ex-links", role: "list" },
          links.map(([path, label, hint]) =>
            h("li", {}, h("a", { href: requests.at(path), download: "" }, h("b", {}, label), h("small", {}, hint))),
          ),
        ),
      ),
    );
    open("Exports", parts, () => true);
  }

  function part(head, hint, ...rest) {
    return h("section", {}, h("h3", {}, head), h("p", { class: "sm soft" }, hint), ...rest);
  }

  function portfolio() {
    const hint = "The clips that you choose on one page, with captions and transcript. It opens anywhere, without a network.";
    if (!clips.length) return part("Portfolio", `${hint} Make a clip first.`);
    const items = h("ol", { class: "ex-clips", role: "list" }, clips.map(choice));
    const [comments, measures] = [
      switched("Comments that you may read", "Also those that only you see."),
      may("measure") ? switched("Measures of the whole lesson", "") : null,
    ];
    const done = h("button", { class: "btn primary", type: "submit" }, "Make the portfolio");
    const form = h(
      "form",
      {
        onchange: ready,
        onsubmit(event) {
          event.preventDefault();
          const on = (one) => one?.querySelector("input").checked ?? false;
          ask({ kind: "portfolio", clips: chosen(), comments: on(comments), measures: on(measures) }, done);
        },
      },
      items,
      comments,
      measures ?? "",
      done,
    );
    function chosen() {
      return [...items.querySelectorAll("input:checked")].map(({ value }) => value);
    }
    function ready() {
      done.disabled = !chosen().length;
    }
    ready();
    return part("Portfolio", hint, form);
  }

  function choice(clip) {
    const move = (by, name, label) =>
      h(
        "button",
        {
          class: "ib s",
          type: "button",
          "aria-label": `Move “${clip.name}” ${label}`,
          onclick({ currentTarget }) {
            const other = by < 0 ? element.previousElementSibling : element.nextElementSibling;
            if (!other) return;
            if (by < 0) other.before(element);
            else other.after(element);
            currentTarget.focus();
            words.say(`“${clip.name}” is number ${[...element.parentElement.children].indexOf(element) + 1}.`);
          },
        },
        sign(name),
      );
    const element = h(
      "li",
      {},
      h(
        "label",
        { class: "ex-choice grow" },
        h("input", { type: "checkbox", value: clip.id, checked: true }),
        h("span", {}, clip.name, h("small", {}, `${span(clip.start, clip.stop)}, ${length(clip.stop - clip.start)}`)),
      ),
      move(-1, "up", "up"),
      move(1, "down", "down"),
    );
    return element;
  }

  function switched(label, hint) {
    return h("label", { class: "ex-choice" }, h("input", { type: "checkbox" }), h("span", {}, label, hint && h("small", {}, hint)));
  }

  const told = ({ type, detail: { made: one } }) => {
    if (sheet.open) return words.say(`${one.name}: ${stateOf(one)}`);
    if (type === "failed") return words.show(`${one.name} was not made. ${one.reason}`);
    words.show(`${one.name} is ready.`, { label: "Save", act: () => location.assign(one.href) });
  };
  made.addEventListener("changed", draw);
  for (const name of ["ready", "failed"]) made.addEventListener(name, told);
  return {
    film,
    /** `now` are the clips as they stand. */
    open(now) {
      clips = now.filter(({ saving }) => !saving);
      all();
    },
    remove() {
      made.stop();
      sheet.remove();
    },
  };
}
