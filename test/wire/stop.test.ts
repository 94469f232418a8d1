import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { succeeded } from "../support/networks.ts";
import { requesterKey, spawnServer, startServer, trust } from "../support/server.ts";
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

/** Node adds a second of its own to how long an idle connection is kept. */
for (const secure of [false, true]) {
  test(`a server that stops answers what it is at, and keeps no connection${secure ? " with TLS" : ""} for another request`, async () => {
    const server = await startServer({ tls: secure });
    const forget = secure ? trust(join(server.folder, "ca.pem")) : undefined;
    const listener = server.tls ?? server.app.server;
    try {
      const { port } = listener.address() as AddressInfo;
      const send = async (bytes: string): Promise<RawConnection> => {
        const connection = new RawConnection(`127.0.0.1:${port}`, { secure });
        const arrived = once(listener, "request");
        connection.write(bytes);
        await arrived;
        return connection;
      };
      const reads = Promise.withResolvers<void>();
      const reading = server.store.read(() => reads.promise);
      const whole = await send(`GET ${signedTarget(requesterKey, "2016-04-28", "DescribeRegions")} HTTP/1.1\r\nhost: x\r\n\r\n`);
      const half = await send("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\na");
      const stopped = server.stop();
      reads.resolve();
      await reading;
      assert.equal((await whole.response())?.status, 200);
      await whole.closed();
      // It was closed for itself, and not with everything.
      half.write("b");
      assert.equal((await half.response())?.status, 400);
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
