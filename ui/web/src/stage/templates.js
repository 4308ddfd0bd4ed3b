// Texts of one's own in a menu of the composer: put where the caret is, kept, removed. Loaded when it is opened first.

import { h, icon, write } from "./dom.js";
import { Gone, Refused } from "./requests.js";

const AWAY = "The server can’t be reached. Try again in a moment.";

/** The text with `words` in the place of what is chosen in it, apart from what stands beside them, and the caret. */
export function withWords(text, from, to, words) {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const upTo = before + (/\S$/.test(before) ? " " : "") + words;
  return { text: upTo + (/^\S/.test(after) ? " " : "") + after, caret: upTo.length };
}

/** Why these words can't be kept, in a sentence; empty where they can. */
export function obstacle(body, templates, longest) {
  if (!body) return "Write it in the comment first.";
  if (body.length > longest) return `A template has up to ${longest} characters.`;
  return templates.some((one) => one.body === body) ? "You keep this text already." : "";
}

/**
 * The menu of `button`, over the composer's `form`; it writes into `area`, of which `said()` is the text to keep.
 * @param menus what menu.js has: imported here too, it would be one more file for the stage to fetch
 * @returns {{toggle(), remove()}}; `toggle` rejects as Requests do where the texts can't be had
 */
export function templates(form, button, { requests, area, said, menus: { item, menu, view } }) {
  const status = h("p", { class: "muted xs", role: "status" });
  let [all, longest, open] = [null, 0, null];

  async function toggle() {
    if (open) return open.close();
    if (!all) ({ templates: all, longest } = await requests.templates());
    open ??= menu(form, button, "Your templates", () => (open = null));
    show();
  }

  function show(done = "") {
    open?.go(
      view("Your templates", [
        all.map(row),
        !all.length && h("p", { class: "muted xs" }, "Texts that you write often. They are yours alone."),
        item("Keep this text as a template", keep, { hint: obstacle(said(), all, longest) }),
        status,
      ]),
    );
    write(status, done);
  }

  const row = (one) =>
    h(
      "div",
      { class: "mv" },
      item(one.body, () => use(one)),
      h(
        "button",
        {
          class: "ib s",
          type: "button",
          title: "Remove",
          "aria-label": `Remove the template “${one.body.slice(0, 60)}”`,
          onclick: () => remove(one),
        },
        icon("close"),
      ),
    );

  function use({ body }) {
    const { text, caret } = withWords(area.value, area.selectionStart, area.selectionEnd, body);
    if (text.length > area.maxLength) return write(status, `A comment has up to ${area.maxLength} characters.`);
    open.close();
    area.value = text;
    area.dispatchEvent(new Event("input"));
    area.focus();
    area.setSelectionRange(caret, caret);
  }

  async function keep() {
    const body = said();
    const why = obstacle(body, all, longest);
    if (why) return write(status, why);
    await asked(async () => {
      const kept = await requests.keepTemplate(body);
      all = [...all.filter(({ id }) => id !== kept.id), kept];
      show("Kept.");
    });
  }

  async function remove(one) {
    await asked(async () => {
      await requests.removeTemplate(one.id).catch((error) => {
        if (!(error instanceof Gone)) throw error; // it went elsewhere
      });
      all = all.filter(({ id }) => id !== one.id);
      show("Removed.");
    });
  }

  async function asked(step) {
    try {
      await step();
    } catch (error) {
      write(status, error instanceof Refused ? error.message : AWAY);
    }
  }

  return { toggle, remove: () => open?.close() };
}
