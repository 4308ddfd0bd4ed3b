import assert from "node:assert/strict";
import test from "node:test";
import { fingerprint } from "../src/digest.js";
import { inOrder } from "../src/order.js";

test("files find the parts that they are, and what is new takes the places that are free", async () => {
  const [a, b, c, d] = ["film 2.mp4", "film 10.mp4", "film 1.mp4", "film 3.mp4"].map((name) => new File([name], name));
  const parts = [
    { position: 0, fingerprint: await fingerprint(b) },
    { position: 2, fingerprint: await fingerprint(a) },
  ];
  assert.deepEqual(await inOrder([a, d, c, b], parts), [b, c, a, d]);
  assert.deepEqual(await inOrder([b, a, c], []), [c, a, b]);
});

test("parts that had not begun are told by the size that was announced", async () => {
  const files = [new File(["4444"], "a.mp4"), new File(["22"], "b.mp4"), new File(["333"], "c.mp4")];
  const names = async (sizes) => (await inOrder(files, [], sizes)).map(({ name }) => name);
  assert.deepEqual(await names([3, 4, 2]), ["c.mp4", "a.mp4", "b.mp4"]);
  assert.deepEqual(await names([9, 4, 2]), ["c.mp4", "a.mp4", "b.mp4"]);
  assert.deepEqual(await names([3, 9, 9]), ["c.mp4", "a.mp4", "b.mp4"]);
});
