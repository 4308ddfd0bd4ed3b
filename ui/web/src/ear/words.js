// What the page and the card say of how the checking by ear stands.

import { answered } from "./round.js";

export const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

/** "12 of 40". */
export const progress = ({ clips, said }) => `${answered(said)} of ${clips.length}`;

/** What stands on the button that leads on. */
export function invitation({ said }) {
  const done = answered(said);
  if (done === said.length) return "See your answers";
  return done ? "Carry on labelling" : "Start labelling";
}

/** What is known so far, or how much is still missing. */
export function known({ so_far, said, fewest, guess_first: first }) {
  if (so_far) return so_far;
  const told = said.filter((one) => one !== null && one !== "cannot tell").length;
  if (first && told >= fewest)
    return "Your numbers are corrected by what you heard. Guess them first, under Insights, and you see them.";
  return told < fewest
    ? `Your numbers are corrected from ${fewest} clips on in which you could tell who spoke. So far: ${told}.`
    : "";
}

/** Of answers that do not count now; empty where there are none. */
export function asleep({ asleep: count }) {
  if (!count) return "";
  const [they, were, count_] = count === 1 ? ["It is", "was", "counts"] : ["They are", "were", "count"];
  return (
    `${many(count, "earlier answer")} ${were} given when the lesson’s voices were others. ` +
    `${they} kept, and ${count_} again if those voices come back.`
  );
}
