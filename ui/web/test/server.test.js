import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { Server } from "../src/server.js";
import { Away, Refused } from "../src/trouble.js";

const there = createServer((request, response) => {
  if (request.url.endsWith("/silent")) return;
  const status = Number(request.url.split("/").at(-1));
  response.writeHead(status).end(status === 204 ? "" : JSON.stringify({ error: "So it is." }));
});
await new Promise((resolve) => there.listen(0, "127.0.0.1", resolve));
after(() => (there.closeAllConnections(), there.close()));
const base = `http://127.0.0.1:${there.address().port}`;

test("whoever says nothing for too long is away", async () => {
  await assert.rejects(new Server(base, {}, 0.1).upload("silent"), Away);
});

test("nobody waits for an answer that is not wanted any more", async () => {
  const server = new Server(base);
  const pausing = new AbortController();
  await assert.rejects(server.upload("silent", AbortSignal.abort()), Away);
  const waiting = server.upload("silent", pausing.signal);
  pausing.abort();
  await assert.rejects(waiting, Away);
});

test("what is gone is removed, whoever removed it", async () => {
  const server = new Server(base);
  for (const status of ["204", "404", "410"]) assert.equal(await server.remove(status), undefined);
  await assert.rejects(server.remove("409"), (error) => error instanceof Refused && error.sentence === "So it is.");
});
