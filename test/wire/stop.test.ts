import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { succeeded } from "../support/networks.ts";
import { accepterKey, requesterKey, spawnServer, startServer, trust } from "../support/server.ts";
import { destroyAll, RawConnection, signedTarget } from "./raw.ts";

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

/** Node adds a second of its own to how long an idle connection is kept; the longer of the two answers takes less. */
for (const secure of [false, true]) {
  test(`a server that stops answers what it is at, and keeps no connection${secure ? " with TLS" : ""} for another request`, async () => {
    const server = await startServer({ tls: secure });
    const forget = secure ? trust(join(server.folder, "ca.pem")) : undefined;
    try {
      for (const [account, milliseconds] of [
        ["requester", 100],
        ["accepter", 900],
      ] as const) {
        const rule = { kind: "delay", operation: "DescribeRegions", account, milliseconds };
        assert.equal((await server.admin("POST", "faults", rule)).status, 201);
      }
      const { port } = (server.tls ?? server.app.server).address() as AddressInfo;
      const [short, long] = [requesterKey, accepterKey].map((key) => {
        const connection = new RawConnection(`127.0.0.1:${port}`, { secure });
        connection.write(`GET ${signedTarget(key, "2016-04-28", "DescribeRegions")} HTTP/1.1\r\nhost: x\r\n\r\n`);
        return connection;
      }) as [RawConnection, RawConnection];
      let isAnswered = false;
      const answer = long.response().finally(() => (isAnswered = true));
      for (let matched = 0; matched < 2;) {
        const { rules } = (await server.admin("GET", "faults")).body;
        matched = rules.reduce((sum: number, rule: any) => sum + rule.matched, 0);
      }
      const stopped = server.stop();
      assert.equal((await short.response())?.status, 200);
      await short.closed();
      assert.equal(isAnswered, false, "it is closed at once");
      assert.equal((await answer)?.status, 200);
      await stopped;
    } finally {
      destroyAll();
      forget?.();
    }
  });
}

test("a server whose log nobody reads any more goes on", async () => {
  const server = await spawnServer({ environment: { LINKSPAN_LOG: "info" } });
  server.process.stdout?.destroy();
  // More than the log lets wait.
  for (let told = 0; told < 200_000; told += 200) assert.equal((await server.admin("GET", `recording?${"x".repeat(250)}`)).status, 400);
  await server.stop();
  assert.equal(server.process.exitCode, 0);
});
