// Which file is which part.

import { fingerprint } from "./digest.js";

/** As a camera counts them: part 2 before part 10. */
export const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });

/**
 * The files in the order of the parts that they are: told by their fingerprints, or by the size that was announced;
 * what is new takes the free places.
 */
export async function inOrder(files, parts, sizes = []) {
  const prints = await Promise.all(files.map(fingerprint));
  const placed = [];
  const place = (file, n) => n >= 0 && (placed[n] = file);
  files.forEach((file, n) => {
    place(file, parts.find((part) => part.fingerprint === prints[n] && !placed[part.position])?.position ?? -1);
  });
  const rest = () => files.filter((file) => !placed.includes(file)).sort(byName);
  for (const file of rest()) place(file, sizes.findIndex((size, n) => size === file.size && !placed[n]));
  const others = rest();
  return files.map((_, n) => placed[n] ?? others.shift());
}
