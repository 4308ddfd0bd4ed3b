// A made-up lesson for the demo pages: fourth grade, which of two fractions is bigger. `?turns=900&comments=500` makes a
// long one, `?plain` one without measures, `?video=URL` (and `&thumbnails=URL`) gives it a picture, `?empty` has no media.

const asked = new URLSearchParams(globalThis.location?.search ?? "");

/** Who, the quiet before it, the words, and the kind of question they are. T teacher, S student, G several at once. */
const TALK = [
  ["T", 1.0, "Good morning, everybody. Pencils down, eyes up here please."],
  ["T", 0.8, "Yesterday we cut a ribbon into five equal parts. Who remembers what we call one of those parts?", "closed"],
  ["S", 1.4, "One fifth."],
  ["T", 0.4, "One fifth. And three of them?", "closed"],
  ["S", 0.7, "Three fifths!"],
  ["T", 0.5, "Right. Now look at these two, three fifths and three eighths. Which one is bigger, and how do you know?", "open"],
  ["S", 3.4, "Three fifths, because the pieces are, like, bigger? If you cut it in five they’re bigger than if you cut it in eight."],
  ["T", 0.6, "Bigger pieces. Say more about why fewer cuts gives you bigger pieces.", "press"],
  ["S", 2.2, "’Cause it’s the same whole. So if you only share it with five people, everyone gets more than if it’s eight people."],
  ["G", 0.2, "Oh, wait."],
  ["T", 0.5, "Is that always true? Turn to your neighbour: is it always true?", "open"],
  ["G", 0.4, ""],
  ["T", 1.0, "Bring it back in three, two, one. What did your partner say?", "open"],
  ["S", 1.1, "She said it’s not true if the holes are different sizes."],
  ["T", 0.5, "If the wholes are different sizes. Who can give us an example of that?", "press"],
  ["S", 4.0, "Like a big pizza and a small pizza."],
  ["S", 0.3, "Or my brother’s sandwich."],
  ["T", 0.6, "So what do we have to be sure of before we compare?", "press"],
  ["S", 3.1, "That it’s the same whole."],
  ["T", 0.5, "Write that down in your own words. You have one minute."],
  ["T", 9.0, "Who wants to read theirs?", "closed"],
  ["S", 1.9, "You can only say which one is more when both come from the same thing."],
  ["T", 0.4, "Mm. Does anybody want to add to that?", "open"],
  ["S", 0.3, "The same size of thing."],
  ["T", 0.5, "Let’s try another one. Four sixths and four tenths. Thumbs up when you have an idea."],
  ["T", 6.5, "What do you think?", "open"],
  ["S", 0.9, "Four sixths is more. I drew it."],
  ["T", 0.5, "Can you show us your drawing and tell us what you did first?", "press"],
  ["S", 2.8, "I made two bars the same. Then I cut one in six and the other in ten. And I coloured four."],
  ["T", 0.5, "Do we agree?", "closed"],
];

const KINDS = { open: "Open", press: "Press for reasoning", closed: "Closed" };
const SPEAKERS = { T: "speaker_1", S: "speaker_2", G: "speaker_3" };

function told(turns) {
  const made = { blocks: [], teacher: [], student: [], several: [], questions: [], waits: [] };
  let t = 0;
  let question = null;
  for (let i = 0; i < turns; i++) {
    const [who, gap, text, kind] = TALK[i % TALK.length];
    const words = text.split(" ").filter(Boolean);
    const start = t + gap;
    const end = start + (words.length ? 0.36 * words.length + 0.3 : 24);
    if (question && who !== "T") made.waits.push({ start: question, end: start });
    question = kind ? end : null;
    made[{ T: "teacher", S: "student", G: "several" }[who]].push([start, end]);
    if (words.length) {
      made.blocks.push({
        speaker: SPEAKERS[who], start, end,
        utterances: [{ start, end, text, words: words.map((word, n) => [word, start + 0.36 * n, start + 0.36 * (n + 1), /^(eight\.?|holes|wait\.)$/.test(word) ? 0.41 : 0.96]) }],
      });
    }
    if (kind) made.questions.push({ start: Math.max(start, end - 3), end, text: text.split(/(?<=[.?])\s/).at(-1), kind, label: KINDS[kind], open: kind !== "closed", why: `rule: “${words[0]}”` });
    t = end;
  }
  return { ...made, duration: t + 2 };
}

const turns = Number(asked.get("turns") ?? 60);
const { blocks, teacher, student, several, questions, waits, duration } = told(turns);
const plain = asked.has("plain");
const long = waits.filter(({ start, end }) => end - start >= 3);
const moments = [
  ...long.map((wait) => ({ ...wait, kind: "long_wait", why: `${(wait.end - wait.start).toFixed(1)} s of waiting after a question.` })),
  ...questions.filter(({ open }) => open).map(({ start, end, text }) => ({ start, end, kind: "open_question", why: `“${text}” asks for ideas or reasons.` })),
].sort((a, b) => a.start - b.start);
const label = (name, colour, scale = []) => ({ name, meaning: "", colour, scale });

/** Tenths of a second in which somebody speaks. */
const talks = new Uint8Array(Math.ceil(duration * 10));
for (const [start, end] of [...teacher, ...student, ...several]) talks.fill(1, start * 10, end * 10);

export const lesson = {
  recording: { id: "demo", name: "Comparing fractions", duration, owner: { id: "1", called: "Maya Okafor" }, class: "Grade 4, Period 2", taught: "2026-11-19" },
  shared: ["Daniel Reyes"],
  viewer: { id: "1", called: "Maya Okafor", owner: true, may: ["see", "measure", "comment", "correct", "share"] },
  media: {
    web: asked.get("video"), audio: asked.has("empty") || asked.has("video") ? null : sound(duration), poster: asked.get("poster"), captions: null,
    thumbnails: asked.get("thumbnails"), peaks: asked.has("empty") ? null : peaks(duration), overview: null,
  },
  speakers: [
    { id: "speaker_1", role: "teacher", name: "", label: "You" },
    { id: "speaker_2", role: "student", name: "", label: "Student" },
    { id: "speaker_3", role: "unknown", name: "", label: "Several voices" },
  ],
  blocks,
  ribbon: plain ? null : { teacher, student, several, unknown: [] },
  questions: plain ? null : questions,
  waits: plain ? null : waits,
  moments: plain ? null : moments,
  moments_to_guess: asked.has("guess"),
  codebooks: [
    {
      name: "Starting set",
      categories: [
        { name: "Student agency", labels: ["Voice", "Choice", "Path", "Pace", "Place"].map((name) => label(name, "violet", ["some", "most", "all"])) },
        { name: "Questioning", labels: ["Open question", "Press for reasoning", "Student question"].map((name) => label(name, "blue")) },
        { name: "Wait time", labels: [label("Wait time", "amber", ["hardly any", "some", "3 seconds or more"])] },
      ],
    },
  ],
  place: Number(asked.get("t") ?? 0),
  limits: ["Student speech is probably undercounted: the microphone was far from students."],
};

const note = (id, start, body, more = {}) => ({
  id: `c${id}`, author: "1", called: "Maya Okafor", initials: "MO", owner: true, mine: true, start, stop: null, body, audience: "lesson",
  made: "2026-11-20T08:00:00Z", edited: null, resolved: null, deleted: false, parent: null, labels: [], ...more,
});
const DANIEL = { author: "2", called: "Daniel Reyes", initials: "DR", owner: false, mine: false };

const few = [
  note(1, 12, "I answered my own question here. I want to try counting to three.", { audience: "author", labels: ["Wait time: hardly any"] }),
  note(2, 33, "3.4 seconds here, then a full sentence from a student. What do you think made the difference?", { ...DANIEL, labels: ["Wait time: 3 seconds or more", "Voice: some"] }),
  note(3, 35, "They look at each other before they speak.", { ...DANIEL }),
  note(4, 62, "You turned the idea back to the class instead of confirming it. What did you notice happening next?", { ...DANIEL, stop: 70 }),
  note(5, 62, "Three hands I don’t usually see went up. I want more of that.", { parent: "c4" }),
  note(6, 131, "Lovely choice of example.", { ...DANIEL, resolved: "2026-11-21T08:00:00Z" }),
  note(7, 172, "Is this the right place to release them earlier?", { labels: ["Pace", "Choice"] }),
];
const many = Array.from({ length: Number(asked.get("comments") ?? 0) }, (_, n) => note(100 + n, (duration * ((n * 0.618034) % 1)), `Note ${n + 1}`, n % 3 ? DANIEL : {}));

export const notes = {
  comments: [...few, ...many],
  clips: [
    { id: "k1", author: "1", called: "Maya Okafor", initials: "MO", mine: true, start: 22, stop: 47, name: "Same whole, fewer cuts", note: "", audience: "lesson", made: "2026-11-20T08:00:00Z" },
    { id: "k2", author: "2", called: "Daniel Reyes", initials: "DR", mine: false, start: 105, stop: 128, name: "Turning it back to the class", note: "", audience: "lesson", made: "2026-11-20T08:00:00Z" },
  ],
};

/** How loud it is at `t`, 0 to 1: speech where somebody speaks. */
function loudness(t) {
  return talks[Math.floor(t * 10)] ? 0.25 + 0.6 * Math.abs(Math.sin(7 * t) * Math.sin(2.3 * t)) : 0.02;
}

/** A hum in the rhythm of the talk, 8 bits at 4 kHz. */
function sound(seconds) {
  if (!globalThis.document || seconds > 1200) return null;
  const rate = 4000;
  const bytes = new Uint8Array(44 + Math.round(seconds * rate));
  const head = new DataView(bytes.buffer);
  [[0, 0x52494646], [8, 0x57415645], [12, 0x666d7420], [36, 0x64617461]].forEach(([at, word]) => head.setUint32(at, word));
  [[4, bytes.length - 8], [16, 16], [20, 0x10001], [24, rate], [28, rate], [32, 0x80001], [40, bytes.length - 44]].forEach(([at, n]) => head.setUint32(at, n, true));
  let loud = 0;
  for (let i = 44; i < bytes.length; i++) {
    if (i % 100 === 44) loud = loudness((i - 44) / rate);
    bytes[i] = 128 + 30 * loud * Math.sin(i / 3);
  }
  return URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
}

function peaks(seconds) {
  if (!globalThis.document) return null;
  const count = Math.round(seconds * 50);
  const buffer = new ArrayBuffer(20 + 2 * count);
  const head = new DataView(buffer);
  [1, 1, 16000, 320, count].forEach((value, n) => head.setInt32(4 * n, value, true));
  const points = new Int8Array(buffer, 20);
  for (let i = 0; i < count; i++) {
    const high = Math.round(90 * loudness(i / 50) * (0.6 + 0.4 * Math.sin(i * 1.7)));
    points[2 * i] = -high;
    points[2 * i + 1] = high;
  }
  return URL.createObjectURL(new Blob([buffer]));
}
