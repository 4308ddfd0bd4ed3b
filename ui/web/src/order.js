// Which file is which part.

import { fingerprint } from "./digest.js";

/** As a camera counts them: part 2 before part 10. */
export const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });

/** The files in the order of the parts that they are: told by their fingerprints; what is new takes the free places. */
export async function inOrder(files, parts) {
  const prints = await Promise.all(files.map(fingerprint));
  const placed = [];
  const rest = [];
  files.forEach((file, n) => {
    const known = parts.find((part) => part.fingerprint === prints[n] && !placed[part.position]);
    if (known) placed[known.position] = file;
    else rest.push(file);
  });
  rest.sort(byName);
  return files.map((_, n) => placed[n] ?? rest.shift());
}
