// Putting right in the transcript: the menus of voices and questions, the words of a turn, and what comes of it.

import { rewritten, troubleOf } from "./righting.js";
import { menu } from "./menu.js";
import { pausing } from "./writing.js";
import { questionView, voiceView } from "./voicemenu.js";
import { wordsForm } from "./fixing.js";

/**
 * @param parent where menus stand; `words` the toasts; `rests(is)`: somebody is at it, the list stays as it is till then
 * @returns {{pressed(button, row, element), back(ids), busy, remove()}}
 */
export function correcting(parent, { player, lesson, store, words, rests }) {
  const hold = pausing(player);
  let [open, form, before] = [null, null, null];
  /** Words that were left unsaved, by their utterance's start and what it said then. */
  const kept = new Map();
  const keyOf = ({ start, text }) => `${start} ${text}`;

  /** Send these, one after the other, but those in `made`; whether all were taken. `again` is what "Try again" does. */
  async function put(corrections, made = new Map(), again = () => put(corrections, made)) {
    try {
      for (const correction of corrections) {
        const key = JSON.stringify(correction);
        if (!made.has(key)) made.set(key, (await store.correct(correction)).id);
      }
    } catch (error) {
      return trouble(error, again);
    }
    words.show("Put right.", { label: "Undo", act: () => back([...made.values()]) });
    return true;
  }

  async function back(ids) {
    try {
      for (const id of ids.toReversed()) await store.uncorrect(id);
    } catch (error) {
      return trouble(error, () => back(ids));
    }
    words.show("Taken back.");
    return true;
  }

  function trouble(error, act) {
    const { sentence, again } = troubleOf(error);
    words.show(sentence, again ? { label: "Try again", act } : null);
    return false;
  }

  function show(button, label, viewOf) {
    open?.close();
    if (!button.isConnected) return;
    open = menu(parent, button, label, () => {
      open = null;
      restored();
      settle();
    });
    settle();
    const say = (correction) => {
      open.close();
      put([correction]);
    };
    const act = { go: (view) => open?.go(view), leave: () => open.close(), say, hear };
    act.go(viewOf(act));
  }

  /** A voice is heard where it speaks; afterwards the player is where it was. */
  function hear(sample) {
    before ??= { time: player.time, played: !player.paused };
    player.playRange(sample);
  }

  function restored() {
    if (!before) return;
    player.pause();
    player.seek(before.time);
    if (before.played) player.play();
    before = null;
  }

  function fix(row, element) {
    if (form) return form.focus(player.time);
    if (!element.isConnected) return;
    const said = element.querySelector("p");
    const { utterances } = row.block;
    const given = new Map(utterances.map((utterance) => [utterance, kept.get(keyOf(utterance))]));
    const close = () => {
      const own = mine.element.contains(mine.element.getRootNode().activeElement);
      mine.element.remove();
      form = null;
      said.hidden = false;
      if (own) element.querySelector(".voice").focus({ preventScroll: true });
      hold.done();
      settle();
    };
    const keep = (fields) => {
      for (const { utterance, text } of fields) {
        if (text === utterance.text) kept.delete(keyOf(utterance));
        else kept.set(keyOf(utterance), text);
      }
    };
    const made = new Map();
    const mine = wordsForm(row.block, given, {
      typing: hold.typed,
      async save(fields) {
        keep(fields);
        const wanted = rewritten(fields);
        const again = () => (form === mine ? mine.element.requestSubmit() : put(wanted, made));
        if (wanted.length && !(await put(wanted, made, again))) return false;
        for (const utterance of utterances) kept.delete(keyOf(utterance));
        // They stand there at once; the lesson that says so is on its way.
        if (wanted.length) said.textContent = fields.map(({ text }) => text.trim()).join(" ");
        // Whoever left meanwhile is somewhere else.
        if (form === mine) close();
        return true;
      },
      leave(fields) {
        keep(fields);
        close();
      },
    });
    form = mine;
    said.hidden = true;
    said.after(form.element);
    settle();
    form.focus(player.time);
  }

  const settle = () => rests(Boolean(open || form));

  return {
    get busy() {
      return Boolean(open || form);
    },
    back,
    /** Whether this button of a row is one of these, and was acted on. */
    pressed(button, row, element) {
      if (!button.matches(".voice, .q")) return false;
      if (open?.button === button) open.close();
      else if (button.matches(".voice")) {
        show(button, "Who speaks", (act) =>
          voiceView(row.block, lesson, { ...act, fix: () => (open.close(), fix(row, element)) }),
        );
      } else {
        const question = lesson.questions.find(({ start, end }) => `${start} ${end}` === button.dataset.question);
        if (question) show(button, "Kind of question", (act) => questionView(question, act));
      }
      return true;
    },
    remove() {
      open?.close();
      form = null;
    },
  };
}
