// The clips that somebody was given, by lesson: what comes appears, and what is taken back goes, while they look.

import { h, write } from "../stage/dom.js";
import { toasts } from "../stage/toast.js";
import { clipView } from "./clip.js";
import { source } from "./source.js";

/** The page, in `parent`; returns what takes it away. */
export function mount(parent) {
  const trouble = h("p", { class: "sl-note", role: "alert", hidden: true });
  const list = h("div", { class: "gc-lessons" });
  const root = h("div", { class: "rv gc" }, trouble, list);
  parent.append(root);
  const words = toasts(root);
  const clips = new Map(); // by id: the view, and its name
  const lessons = new Map(); // by key: the section

  function goes(id) {
    const { view, name } = clips.get(id);
    if (view.root.contains(document.activeElement)) parent.closest("body").querySelector("h1")?.focus();
    view.remove();
    clips.delete(id);
    words.show(`“${name}” is not shared with you any more.`);
  }

  function section(lesson) {
    const known = lessons.get(lesson.key);
    const found = known ?? h("section", {}, h("div", { class: "gc-head" }, h("h2"), h("p", { class: "soft" })));
    lessons.set(lesson.key, found);
    write(found.querySelector("h2"), lesson.name);
    write(found.querySelector(".gc-head p"), `From ${lesson.from}, who can take each clip back at any time.`);
    const views = lesson.clips.map((clip) => {
      const view = clips.get(clip.id)?.view ?? clipView();
      view.show(clip);
      clips.set(clip.id, { view, name: clip.name });
      return view.root;
    });
    inOrder(found, [found.firstElementChild, ...views]);
    return found;
  }

  function show(found) {
    const [ids, keys] = [found.flatMap((one) => one.clips.map(({ id }) => id)), found.map(({ key }) => key)];
    for (const id of clips.keys()) if (!ids.includes(id)) goes(id);
    for (const [key, old] of lessons) {
      if (keys.includes(key)) continue;
      old.remove();
      lessons.delete(key);
    }
    list.querySelector(".sl-empty")?.remove();
    inOrder(list, found.length ? found.map(section) : [nothing()]);
  }

  function instead(...inside) {
    for (const { view } of clips.values()) view.remove();
    clips.clear();
    lessons.clear();
    list.replaceChildren(h("div", { class: "sl-empty", role: "alert" }, ...inside));
  }

  const asks = source({
    clips: show,
    out() {
      const way = h("a", { class: "btn primary", href: "/signin" }, "Sign in");
      instead(h("h2", {}, "You are signed out"), h("p", {}, "Sign in again to see these clips."), way);
    },
    trouble(sentence) {
      trouble.hidden = !sentence;
      write(trouble, sentence ?? "");
    },
  });
  return () => {
    asks.remove();
    for (const { view } of clips.values()) view.remove();
    words.remove();
    root.remove();
  };
}

/** Put these in order, and leave alone what is where it shall be: a film that is moved stops. */
function inOrder(parent, wanted) {
  let at = parent.firstElementChild;
  for (const one of wanted) {
    if (one === at) at = at.nextElementSibling;
    else parent.insertBefore(one, at);
  }
}

const nothing = () =>
  h(
    "div",
    { class: "sl-empty" },
    h("h2", {}, "No clips are shared with you now"),
    h("p", {}, "When a teacher shares clips of a lesson with you, they stand here."),
    h("a", { class: "btn", href: "/" }, "Your lessons"),
  );
