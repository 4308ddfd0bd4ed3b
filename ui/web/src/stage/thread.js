// One thread: a comment with its answers, and what may be done with them.

import { ago, part, rights } from "./threads.js";
import { colourOf, dot, labelChoice } from "./labels.js";
import { h } from "./dom.js";
import { sign } from "./signs.js";
import { clock, span } from "./words.js";
import { writing } from "./writing.js";

const nameOf = ({ mine, called }) => (mine ? "You" : called);

export const whenOf = ({ start, stop }) => (stop === null ? clock(start) : span(start, stop));

export function audiencePill(audience, who) {
  const shared = audience === "lesson";
  return h(
    "span",
    { class: `pill${shared ? " ok" : ""}`, title: who[audience].long },
    sign(shared ? "people" : "lock"),
    shared ? "Shared" : "Only you",
  );
}

/**
 * One comment's element, that is drawn anew where the comment changed and keeps a form that is open in it.
 * @param act `seek`, `edit(comment, patch)`, `retry`, `hold`, `half(comment, what, words?)` for what is half written;
 *   `context` {lesson, who}
 */
function commentView(act, { lesson, who }) {
  const head = h("div", { class: "head" });
  const slot = h("div", { class: "slot" });
  const element = h("div", { class: "one" }, head, slot);
  let [drawn, comment] = ["", null];
  const close = () => {
    slot.replaceChildren();
    head.hidden = false;
    act.hold.done();
    const own = ":scope > .acts [data-act=edit], :scope > .full > .acts [data-act=edit]";
    element.closest("li").querySelector(own)?.focus();
  };
  const edit = () => {
    const tags = comment.parent ? null : labelChoice(lesson.codebooks, comment.labels, comment.colours);
    const form = writing({
      label: "Write it anew",
      text: act.half(comment, "edit") || comment.body,
      verb: "Save",
      more: tags ? [tags.element] : [],
      typing(text) {
        act.hold.typed();
        act.half(comment, "edit", text);
      },
      save: (body) => {
        act.half(comment, "edit", "");
        act.edit(comment, { body, ...(tags && { labels: tags.chosen() }) });
        close();
      },
      leave() {
        act.half(comment, "edit", "");
        close();
      },
    });
    slot.replaceChildren(form.element);
    head.hidden = true;
    form.focus();
  };
  return {
    element,
    edit,
    draw(given) {
      comment = given;
      const now = JSON.stringify(comment);
      if (now === drawn) return;
      drawn = now;
      head.replaceChildren(...parts(comment, who, act, lesson));
      element.classList.toggle("saving", Boolean(comment.saving));
    },
  };
}

function parts(comment, who, act, { codebooks }) {
  if (comment.deleted) return [h("p", { class: "muted gone" }, timeChip(comment, act), "This comment was deleted.")];
  const seen = [
    part(comment),
    comment.saving ? "Saving…" : comment.failed ? "" : ago(comment.made),
    comment.edited && "edited",
  ]
    .filter(Boolean)
    .join(" · ");
  return [
    h(
      "header",
      {},
      h("span", { class: `av s${comment.mine ? "" : " b"}`, "aria-hidden": "true" }, comment.initials),
      h("b", {}, nameOf(comment)),
      h("span", { class: "muted grow" }, seen),
      !comment.parent && audiencePill(comment.audience, who),
    ),
    h("p", { class: "words" }, !comment.parent && timeChip(comment, act), h("span", {}, comment.body)),
    comment.labels.length > 0 &&
      h(
        "ul",
        { class: "tags", "aria-label": "Labels" },
        comment.labels.map((label) =>
          h("li", { class: "tag" }, dot(comment.colours?.[label] ?? colourOf(codebooks, label)), label),
        ),
      ),
    comment.failed && unsaved(comment, act),
  ].filter(Boolean);
}

const timeChip = (comment, act) =>
  h(
    "button",
    { class: "time", type: "button", "aria-label": `Play from ${whenOf(comment)}`, onclick: () => act.seek(comment) },
    whenOf(comment),
  );

function unsaved({ error }, act) {
  return h(
    "div",
    { class: "unsaved" },
    sign(error ? "warn" : "away"),
    h(
      "span",
      { class: "grow" },
      error ? `Not saved: ${error}` : "Not saved yet. Your words are kept here and sent when the connection is back.",
    ),
    h("button", { class: "lk", type: "button", onclick: act.retry }, "Try again"),
  );
}

/** A whole thread. `act` has besides `reply(root, body)`, `resolve(root, is)`, `remove(comment)`, `share(root, audience)`. */
export function threadView(act, context) {
  const { lesson } = context;
  const root = commentView(act, context);
  const answers = h("ol", { class: "sub", role: "list", "aria-label": "Answers", hidden: true });
  const slot = h("div", { class: "slot" });
  const acts = h("div", { class: "acts" });
  const full = h("div", { class: "full" }, root.element, answers, slot, acts);
  const short = h("button", {
    class: "closed",
    type: "button",
    "aria-expanded": "false",
    onclick: () => open(!opened),
  });
  const element = h("li", { class: "thread", tabIndex: -1 }, short, full);
  const views = new Map();
  let [thread, opened, drawn] = [null, false, ""];

  function open(to) {
    opened = to;
    draw();
  }

  function reply() {
    if (slot.firstChild) return slot.querySelector("textarea").focus();
    const close = () => {
      slot.replaceChildren();
      act.hold.done();
      acts.querySelector("[data-act=reply]")?.focus();
    };
    const form = writing({
      label: `Answer ${thread.root.mine ? "here" : thread.root.called}`,
      text: act.half(thread.root, "reply"),
      verb: "Reply",
      typing(text) {
        act.hold.typed();
        act.half(thread.root, "reply", text);
      },
      save(body) {
        act.half(thread.root, "reply", "");
        close();
        act.reply(thread.root, body);
      },
      leave: close,
    });
    slot.replaceChildren(form.element);
    form.focus();
  }

  function draw() {
    const { root: first, answers: others } = thread;
    const closed = Boolean(first.resolved) && !opened;
    element.classList.toggle("res", Boolean(first.resolved));
    short.hidden = !first.resolved;
    short.setAttribute("aria-expanded", String(!closed));
    short.replaceChildren(
      sign("tick"),
      h("span", { class: "grow" }, closed ? `${nameOf(first)}, ${whenOf(first)}: “${first.body}”` : "Resolved"),
      h("span", {}, closed ? "Resolved" : "Hide"),
    );
    full.hidden = closed;
    root.draw(first);
    drawAnswers(others);
    const shown = buttons(first);
    // Whoever has the focus on a button keeps it where the button is still there.
    const focused = acts.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    acts.replaceChildren(...shown);
    if (focused) (acts.querySelector(`[data-act="${focused}"]`) ?? acts.firstChild)?.focus();
  }

  function drawAnswers(others) {
    answers.hidden = !others.length;
    const ids = new Set(others.map(({ id }) => id));
    for (const [id, { item }] of views) {
      if (ids.has(id)) continue;
      item.remove();
      views.delete(id);
    }
    others.forEach((answer, i) => {
      if (!views.has(answer.id)) {
        const view = commentView(act, context);
        const own = h("div", { class: "acts" });
        views.set(answer.id, { view, own, item: h("li", {}, view.element, own) });
      }
      const { view, own, item } = views.get(answer.id);
      view.draw(answer);
      const may = rights(answer, lesson);
      own.replaceChildren(
        ...[
          may.change && button("edit", "Edit", view.edit),
          may.remove && button("delete", "Delete", () => act.remove(answer)),
        ].filter(Boolean),
      );
      if (answers.children[i] !== item) answers.insertBefore(item, answers.children[i] ?? null);
    });
  }

  function buttons(first) {
    const may = rights(first, lesson);
    const shared = first.audience === "lesson";
    return [
      may.answer && button("reply", "Reply", reply),
      may.resolve &&
        button("resolve", first.resolved ? "Open again" : "Resolve", () => act.resolve(first, !first.resolved)),
      may.change && button("edit", "Edit", root.edit),
      may.change &&
        button("share", shared ? "Only for me" : "Share", () => act.share(first, shared ? "author" : "lesson")),
      may.remove && button("delete", "Delete", () => act.remove(first)),
    ].filter(Boolean);
  }

  return {
    element,
    get busy() {
      return element.contains(document.activeElement) || Boolean(element.querySelector("form"));
    },
    draw(given) {
      const now = JSON.stringify(given);
      if (now === drawn) return;
      drawn = now;
      thread = given;
      draw();
    },
    /** Show it whole and put the focus on it. */
    focus() {
      opened = true;
      draw();
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "center", behavior: "instant" });
    },
  };
}

const button = (act, label, onclick) => h("button", { class: "lk", type: "button", "data-act": act, onclick }, label);
