// SHA-256, also where a page is no secure context and the browser has none to give.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

const PIECE = 4 * 1024 * 1024;
const EDGE = 1024 * 1024;

/** Of a whole file, read piece by piece; hex. */
export async function whole(file) {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PIECE) hash.update(await bytes(file.slice(at, at + PIECE)));
  return bytesToHex(hash.digest());
}

/** What a file is known by before it is read: its size, its first and last MiB; hex. */
export async function fingerprint(file) {
  const hash = sha256.create().update(utf8ToBytes(`${file.size}\n`));
  hash.update(await bytes(file.slice(0, EDGE)));
  hash.update(await bytes(file.slice(Math.max(0, file.size - EDGE))));
  return bytesToHex(hash.digest());
}

/** Of the bytes of one request, as `Upload-Checksum` has it: base64. */
export async function checksum(body) {
  const native = globalThis.crypto?.subtle;
  const sum = native ? new Uint8Array(await native.digest("SHA-256", body)) : sha256(body);
  return btoa(String.fromCharCode(...sum));
}

export async function bytes(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}
