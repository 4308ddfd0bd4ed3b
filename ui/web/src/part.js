// One part of a lesson, by tus, from wherever the server has it to its end.

import { DefaultHttpStack, Upload } from "tus-js-client";
import { Checksummed, slices } from "./checksums.js";
import { FIRST_CHUNK, nextChunk } from "./pace.js";
import { Away } from "./trouble.js";

const STALLED_S = 60; // the server waits as long for a client that says nothing

const stack = new Checksummed(new DefaultHttpStack());

/**
 * Send `file` until all of it is on the server. Rejects with tus' error, with Away where the line went dead without a
 * word, or with the signal's reason.
 *
 * @param {object} part `url` of what is there already or null, `metadata` for a new one, `most` bytes a request
 * @param {object} told `sent(bytes)` on their way, `safe(bytes)` on the server
 */
export function sendPart(server, file, { url, metadata, most }, told, signal) {
  return new Promise((resolve, reject) => {
    let heard = performance.now();
    let began = heard;
    const hear = () => (heard = performance.now());

    const upload = new Upload(file, {
      ...(url ? { uploadUrl: new URL(url, server.base).href } : { endpoint: `${server.base}/upload/files` }),
      metadata,
      headers: server.headers,
      httpStack: stack,
      fileReader: slices,
      fingerprint: async () => null,
      storeFingerprintForResuming: false,
      retryDelays: null, // when to try again is the lesson's to say
      chunkSize: Math.min(FIRST_CHUNK, most),
      onProgress: (sent) => told.sent(sent, hear()),
      onBeforeRequest: () => void (began = hear()),
      onChunkComplete: (bytes, safe) => {
        upload.options.chunkSize = nextChunk(bytes, (hear() - began) / 1000, most);
        told.safe(safe);
      },
      onSuccess: () => end(() => (told.safe(file.size), resolve())),
      onError: (error) => end(() => reject(error)),
    });

    const watch = setInterval(() => {
      if (performance.now() - heard > STALLED_S * 1000) end(() => reject(new Away()));
    }, 1000);
    const cut = () => end(() => reject(signal.reason));
    signal.addEventListener("abort", cut);

    function end(then) {
      clearInterval(watch);
      signal.removeEventListener("abort", cut);
      upload.abort();
      then();
    }

    signal.aborted ? cut() : upload.start();
  });
}
