// Comments as threads: which are shown, in which order, and who may read and do what. Pure.

/** Each comment with its answers in the order of writing. */
export function threadsOf(comments) {
  const answers = new Map();
  for (const one of comments) if (one.parent) answers.set(one.parent, [...(answers.get(one.parent) ?? []), one]);
  return comments
    .filter(({ parent }) => !parent)
    .sort((a, b) => a.start - b.start || (a.made < b.made ? -1 : 1))
    .map((root) => ({
      root,
      answers: (answers.get(root.id) ?? [])
        .filter(({ deleted }) => !deleted)
        .sort((a, b) => (a.made < b.made ? -1 : 1)),
    }));
}

/**
 * Whether whoever looks may cut clips out of a lesson: of a film that was deleted, none is new and none gets other ends.
 */
export const cutting = ({ viewer, gone }) => viewer.may.includes("comment") && !gone;

export const FILTERS = {
  all: () => true,
  own: ({ root }) => root.audience === "author",
  open: ({ root }) => !root.resolved && !root.deleted,
};

/** How far a comment is from a moment: nothing while it lasts. */
export function distance({ root: { start, stop } }, t) {
  if (t < start) return start - t;
  return Math.max(0, t - (stop ?? start));
}

/** The threads to show, nearest to `t` first, or, where `t` is null, in the lesson's order. */
export function ordered(threads, filter, t = null) {
  const shown = threads.filter(FILTERS[filter]);
  return t === null ? shown : [...shown].sort((a, b) => distance(a, t) - distance(b, t));
}

/** The thread that the player is at: the last that began within `within` seconds before, or that goes on. */
export function current(threads, t, within = 8) {
  const near = ({ root: { start, stop, deleted } }) =>
    !deleted && start <= t + 0.3 && t <= Math.max(stop ?? start, start + within);
  return threads.filter(near).at(-1) ?? null;
}

/** What a viewer may do with a comment of a thread, as the server decides it too. */
export function rights(comment, { viewer }) {
  const write = viewer.may.includes("comment");
  const there = !comment.deleted && !comment.saving;
  return {
    answer: write && there && !comment.failed && !comment.parent,
    change: write && there && comment.mine,
    remove: !comment.deleted && comment.mine,
    resolve: write && there && !comment.failed && !comment.parent && (comment.mine || viewer.owner),
  };
}

/** Who reads what is written: `{short, long}` for each audience, as the lesson is shared at the moment. */
export function readers(lesson) {
  const all = "All who see the lesson";
  return {
    author: { short: "Only you", long: "Only you can read this." },
    lesson: {
      get short() {
        const { viewer, shared } = lesson;
        if (!viewer.owner || !shared.length) return all;
        return shared.length > 1 ? `You and ${shared.length} others` : `You and ${shared[0]}`;
      },
      get long() {
        const { viewer, recording, shared } = lesson;
        if (!viewer.owner) return `${recording.owner.called} and everyone this lesson is shared with can read this.`;
        if (!shared.length) return "Nobody else sees this lesson yet. Whoever you share it with can read this.";
        return `${["You", ...shared.slice(0, -1)].join(", ")} and ${shared.at(-1)} can read this.`;
      },
    },
  };
}

/** What is written beside a name: who they are to the lesson. */
export function part({ owner, mine }) {
  return owner && !mine ? "Teacher of this lesson" : "";
}

// Made once: making one for every comment is what takes long.
const [WEEKDAY, MONTH] = [{ weekday: "short" }, { month: "short" }].map(
  (part) => new Intl.DateTimeFormat("en-GB", part),
);

/** `just now`, `5 min ago`, `Yesterday`, `Thu 19 Nov`. */
export function ago(iso, now = new Date()) {
  const then = new Date(iso);
  const minutes = Math.floor((now - then) / 60e3);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now) - midnight(then)) / 864e5);
  if (days === 0) return `${then.getHours()}:${String(then.getMinutes()).padStart(2, "0")}`;
  if (days === 1) return "Yesterday";
  return `${WEEKDAY.format(then)} ${then.getDate()} ${MONTH.format(then)}${then.getFullYear() === now.getFullYear() ? "" : ` ${then.getFullYear()}`}`;
}
