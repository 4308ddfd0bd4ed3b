import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import test from "node:test";
import { checksum, fingerprint, whole } from "../src/digest.js";

const MiB = 1024 * 1024;
const sha256 = (bytes, form) => createHash("sha256").update(bytes).digest(form);

test("a file read in pieces has the hash of the whole", async () => {
  for (const size of [0, 1, 4 * MiB, 9 * MiB + 7]) {
    const bytes = randomBytes(size);
    assert.equal(await whole(new Blob([bytes])), sha256(bytes, "hex"));
  }
});

test("a file is known by its size and its ends", async () => {
  const film = randomBytes(5 * MiB);
  const known = await fingerprint(new Blob([film]));
  assert.match(known, /^[0-9a-f]{64}$/);
  assert.equal(await fingerprint(new Blob([Buffer.from(film)])), known);
  for (const at of [0, film.length - 1]) {
    const other = Buffer.from(film);
    other[at] ^= 1;
    assert.notEqual(await fingerprint(new Blob([other])), known);
  }
  assert.notEqual(await fingerprint(new Blob([film, film])), known);
  assert.notEqual(await fingerprint(new Blob(["a"])), await fingerprint(new Blob(["b"])));
});

test("a checksum is the same where the page is no secure context", async () => {
  const bytes = new Uint8Array(randomBytes(100_000));
  const native = await checksum(bytes);
  const kept = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
  try {
    assert.equal(await checksum(bytes), native);
  } finally {
    Object.defineProperty(globalThis, "crypto", kept);
  }
  assert.equal(native, sha256(bytes, "base64"));
});
