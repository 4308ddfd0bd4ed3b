// The worker that reads whole files, as a function.

import { Away, Unreadable } from "./trouble.js";

let worker;
const asked = new Map();

/** SHA-256 of the file, hex. Rejects with Unreadable, or with Away where the worker did not come. */
export function wholeHash(file) {
  worker ??= started();
  return new Promise((resolve, reject) => {
    asked.set(asked.size + 1, { resolve, reject });
    worker.postMessage({ id: asked.size, file });
  });
}

function started() {
  const made = new Worker(new URL("./hash.worker.js", import.meta.url), { type: "module" });
  made.onmessage = ({ data: { id, hex } }) => {
    const { resolve, reject } = asked.get(id);
    hex ? resolve(hex) : reject(new Unreadable());
  };
  made.onerror = () => {
    // Its script did not come: it is asked for again with the next try.
    for (const { reject } of asked.values()) reject(new Away());
    asked.clear();
    worker = undefined;
  };
  return made;
}
