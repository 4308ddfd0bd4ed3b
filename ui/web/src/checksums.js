// tus-js-client's way to the network, with a checksum on every PATCH: what a bad line damages is not kept.

import { bytes, checksum } from "./digest.js";

export class Checksummed {
  #inner;

  constructor(inner) {
    this.#inner = inner;
  }

  getName() {
    return "Checksummed";
  }

  createRequest(method, url) {
    return new Request(this.#inner.createRequest(method, url));
  }
}

class Request {
  #inner;
  #aborted = false;

  constructor(inner) {
    this.#inner = inner;
  }

  getMethod = () => this.#inner.getMethod();
  getURL = () => this.#inner.getURL();
  getHeader = (name) => this.#inner.getHeader(name);
  setHeader = (name, value) => this.#inner.setHeader(name, value);
  setProgressHandler = (handler) => this.#inner.setProgressHandler(handler);
  getUnderlyingObject = () => this.#inner.getUnderlyingObject();

  /** What is sent are the bytes that were summed up, not the file read a second time. */
  async send(body = null) {
    if (body === null) return this.#inner.send(null);
    const sent = await bytes(body);
    this.setHeader("Upload-Checksum", `sha256 ${await checksum(sent)}`);
    return this.#aborted ? new Promise(() => {}) : this.#inner.send(sent);
  }

  abort() {
    this.#aborted = true;
    return this.#inner.abort();
  }
}

/** Files and blobs by slices, in a browser or outside. */
export const slices = {
  async openFile(file) {
    return {
      size: file.size,
      slice: async (start, end) => ({ value: file.slice(start, end), done: end >= file.size }),
      close() {},
    };
  },
};
