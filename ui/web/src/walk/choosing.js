// Whom one visits and what one saw, without the page. Pure.

export const MOST_NAMES = 30;

/** The teachers whose name has each of the words somewhere, in every room: `{room, id, name}`. */
export function found(rooms, words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const all = rooms.flatMap((room) => room.teachers.map(({ id, name }) => ({ room, id, name })));
  return all.filter(({ name }) => wanted.every((word) => plain(name).includes(word)));
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The labels of a book by category, in order: `[[category, [name, …]], …]`. */
export function byCategory({ labels }) {
  const groups = new Map();
  for (const [category, name] of labels) groups.set(category, [...(groups.get(category) ?? []), name]);
  return [...groups];
}

/** What was seen, with this look-for in it or no more; what was written of it stays with it. */
export function turned(seen, name) {
  const there = seen.some((one) => same(one.name, name));
  return there ? seen.filter((one) => !same(one.name, name)) : [...seen, { name, evidence: "" }];
}

export const same = (a, b) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

/** Why it cannot be sent yet, or an empty string. */
export function missing(seen, most) {
  if (!seen.length) return "Choose at least one look-for that you see.";
  if (seen.length > most) return `Choose up to ${most} look-fors: a visit lasts minutes.`;
  const bare = seen.find((one) => !one.evidence.trim());
  return bare ? `Say in a few words what you saw or heard of “${bare.name}”.` : "";
}
