// The teacher's last lessons: a small chart a measure, each dot a lesson that it opens.

import { h, svg } from "../stage/dom.js";
import { section } from "./parts.js";
import { trendShape } from "./shapes.js";

const [WIDE, HIGH, TOP] = [360, 96, 22];
const FIRST = ["teacher_talk", "wait_time_1", "open_share"];
const NUMBERS = { 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight" };

const dayOf = (day) => new Date(`${day}T12:00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short" });

/** @param found as the server says, or null while it is on its way, or a sentence where it did not come */
export function trend(found, here) {
  if (typeof found === "string") return section("Your last lessons", h("p", { class: "soft" }, found));
  if (!found)
    return section(
      "Your last lessons",
      h(
        "div",
        { class: "skel pulse", role: "status" },
        h("span", { class: "sr" }, "Your lessons are being measured."),
        h("i"),
        h("i"),
        h("i"),
      ),
    );
  const { lessons, measures, notes, fewest } = found;
  if (!measures.length) {
    const count = lessons.length === 1 ? "This is your first." : `You have ${lessons.length}.`;
    return section(
      "Your last lessons",
      h(
        "div",
        { class: "nothing" },
        h("h3", {}, `Trends start at ${NUMBERS[fewest]} lessons`),
        h("p", { class: "soft" }, count),
      ),
    );
  }
  const chosen = FIRST.map((name) => measures.find((one) => one.name === name)).filter(Boolean);
  const rest = measures.filter((one) => !FIRST.includes(one.name));
  const cards = (some) =>
    h(
      "div",
      { class: "g3" },
      some.map((one) => card(one, lessons, here)),
    );
  return section(
    `Your last ${NUMBERS[lessons.length]} lessons`,
    h(
      "p",
      { class: "soft" },
      "The shaded band is the plausible range. If bands overlap, the lessons may not really differ. Each dot opens its lesson.",
    ),
    cards(chosen),
    h("details", { class: "in-more" }, h("summary", {}, "More measures over your lessons"), cards(rest)),
    h(
      "details",
      { class: "in-more" },
      h("summary", {}, "What to know of a comparison"),
      notes.map((note) => h("p", { class: "sm soft" }, note)),
    ),
  );
}

function card({ name, title, said, without, points, unit }, lessons, here) {
  const shape = trendShape(points, { wide: WIDE, high: HIGH });
  const colour = ["teacher_talk", "student_talk"].includes(name) ? name.split("_")[0] : "other";
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDE} ${HIGH + TOP + 26}`,
    class: colour,
    role: "group",
    "aria-label": `${title}, lesson by lesson`,
  });
  const drawn = svg("g", { transform: `translate(0 ${TOP})` });
  drawn.append(
    svg("path", { class: "base", d: `M0 ${HIGH}h${WIDE}` }),
    ...shape.bands.map((d) => svg("path", { class: "band", d })),
    ...shape.lines.map((d) => svg("path", { class: "ln", d })),
  );
  for (const { index, x, y } of shape.dots) drawn.append(dot(name, lessons[index], points[index], x, y, here));
  for (const { index, x, y } of [shape.dots[0], shape.dots.at(-1)].filter(Boolean)) {
    drawn.append(text(points[index].short, x, y - 11, "v"));
  }
  const every = Math.ceil(lessons.length / 6);
  lessons.forEach(
    (one, i) =>
      (lessons.length - 1 - i) % every === 0 && drawn.append(text(dayOf(one.day), shape.xs[i], HIGH + 18, "")),
  );
  picture.append(drawn);
  return h(
    "div",
    { class: "card trend" },
    h("h3", {}, title),
    h("p", { class: "sm soft" }, said.at(-1)),
    shape.dots.length > 0 && picture,
    without.map((line) => h("p", { class: "xs muted" }, line)),
  );
}

function text(words, x, y, look) {
  const made = svg("text", {
    x: Math.min(WIDE - 20, Math.max(20, x)).toFixed(1),
    y: y.toFixed(1),
    class: look,
    "text-anchor": "middle",
  });
  made.textContent = words;
  return made;
}

function dot(measure, { id, name, day }, { said }, x, y, here) {
  const mine = id === here;
  const label = `${dayOf(day)}, ${name}: ${said}${mine ? ", this lesson" : ""}`;
  const title = svg("title");
  title.textContent = label;
  return svg(
    "a",
    {
      href: `/insights?recording=${encodeURIComponent(id)}`,
      "aria-label": label,
      "data-at": `${measure} ${id}`,
      ...(mine && { "aria-current": "true" }),
    },
    title,
    svg("circle", { class: "hit", cx: x.toFixed(1), cy: y.toFixed(1), r: 12 }),
    svg("circle", { class: "dot", cx: x.toFixed(1), cy: y.toFixed(1), r: mine ? 5.5 : 4 }),
  );
}
