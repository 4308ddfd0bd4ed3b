// Reads whole files beside the page, one after the other.

import { whole } from "./digest.js";

let last = Promise.resolve();

self.onmessage = ({ data: { id, file } }) => {
  last = last.then(async () => {
    try {
      self.postMessage({ id, hex: await whole(file) });
    } catch (error) {
      self.postMessage({ id, name: error.name });
    }
  });
};
