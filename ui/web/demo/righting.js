// What the server makes of corrections, on the made-up lesson, as far as its pages need it.

const LABELS = { teacher: "You", student: "Student", unknown: "Voice" };
const KINDS = {
  open: "Open",
  reason: "Press for reasoning",
  relating: "Relating",
  "wh-fact": "Asks a fact",
  "yes/no": "Yes or no",
  checking: "Checking",
  management: "Managing",
  tag: "Tag",
  echo: "Echo",
};

/** The lesson after corrections, with the sentence of each. */
export function right(heard, corrections) {
  const lesson = structuredClone(heard);
  const said = corrections.map((one) => ({ id: one.id, kind: one.kind, what: DO[one.kind](lesson, one) }));
  lesson.blocks = blocks(lesson.blocks);
  if (lesson.ribbon) {
    for (const role of ["teacher", "student", "unknown"]) {
      lesson.ribbon[role] = lesson.blocks
        .filter(({ speaker }) => voice(lesson, speaker).role === role)
        .map(({ start, end }) => [start, end]);
    }
  }
  return { ...lesson, corrections: said };
}

const voice = (lesson, id) => lesson.speakers.find((one) => one.id === id);
const called = (one) => one.name || LABELS[one.role];
const name = (one) => Object.assign(one, { label: called(one) });
const at = (list, [[from, to]]) => list.filter(({ start, end }) => start === from && end === to);

const DO = {
  role(lesson, { voice: id, role }) {
    if (role === "teacher")
      for (const one of lesson.speakers) if (one.role === "teacher") name(Object.assign(one, { role: "student" }));
    name(Object.assign(voice(lesson, id), { role }));
    return `You said that ${id.replace("speaker_", "Voice ")} is ${role === "teacher" ? "the teacher" : "a student"}.`;
  },
  name(lesson, { voice: id, text }) {
    name(Object.assign(voice(lesson, id), { name: text }));
    return text ? `You named a voice ${text}.` : "You took a name away.";
  },
  merge(lesson, { voice: id, other }) {
    for (const block of lesson.blocks) if (block.speaker === other) block.speaker = id;
    return "You said that two voices are one.";
  },
  voice(lesson, { spans, other }) {
    const id = other ?? `speaker_${lesson.speakers.length + 1}`;
    if (!other) lesson.speakers.push({ id, role: "student", name: "", label: "Student" });
    lesson.blocks = lesson.blocks.flatMap((block) =>
      block.utterances.map((u) => ({
        speaker: spans.some(([start]) => start === u.start) ? id : block.speaker,
        start: u.start,
        end: u.end,
        utterances: [u],
      })),
    );
    return "You said that somebody else said this.";
  },
  text(lesson, { spans, text }) {
    for (const u of at(
      lesson.blocks.flatMap(({ utterances }) => utterances),
      spans,
    ))
      Object.assign(u, { text, words: [], corrected: true });
    return `You wrote: “${text}”`;
  },
  question(lesson, { spans, text }) {
    const [one] = at(lesson.questions, spans);
    if (text)
      Object.assign(one, {
        kind: text,
        label: KINDS[text],
        open: ["open", "reason", "relating"].includes(text),
        corrected: true,
      });
    else lesson.questions = lesson.questions.filter((question) => question !== one);
    return text ? `You said what kind of question “${one.text}” is.` : `You said that “${one.text}” is no question.`;
  },
};

/** Neighbours of one voice with little quiet between them are one turn. */
function blocks(list) {
  const made = [];
  for (const block of list.sort((a, b) => a.start - b.start)) {
    const last = made.at(-1);
    if (last?.speaker === block.speaker && block.start - last.end < 0.35)
      Object.assign(last, { end: block.end, utterances: [...last.utterances, ...block.utterances] });
    else made.push(block);
  }
  return made;
}
