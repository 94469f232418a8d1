import assert from "node:assert/strict";
import { test } from "node:test";
import { succeeded } from "../support/networks.ts";
import { spawnServer } from "../support/server.ts";
import { destroyAll, RawConnection } from "./raw.ts";

/** Browsers open connections ahead of their requests, and clients break down in the middle of one. */
for (const [what, sent] of [
  ["says nothing", ""],
  ["never finishes its request", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\na"],
] as const) {
  test(`a server that is told to stop ends without complaint though a client holds a connection and ${what}`, async () => {
    const server = await spawnServer();
    try {
      const connection = new RawConnection(server.endpoint);
      connection.write(sent);
      // On a connection opened later, so that the first one has been accepted when this is answered.
      succeeded(await server.requester.vpc("DescribeRegions"));
    } finally {
      await server.stop();
      destroyAll();
    }
    assert.equal(server.process.exitCode, 0);
  });
}

/** Less than an idle connection stays open. */
const soon = { timeout: 30_000 };
test("a server that is told to stop answers what it is at, and waits for no other request on that connection", soon, async () => {
  const server = await spawnServer();
  const rule = { kind: "delay", operation: "DescribeRegions", milliseconds: 500 };
  assert.equal((await server.admin("POST", "faults", rule)).status, 201);
  const answer = server.requester.vpc("DescribeRegions");
  let arrived = false;
  while (!arrived) arrived = (await server.admin("GET", "faults")).body.rules[0].matched === 1;
  const stopped = server.stop();
  succeeded(await answer);
  await stopped;
  assert.equal(server.process.exitCode, 0);
});
