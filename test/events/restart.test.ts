import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { readStore } from "../store/replay.ts";
import { hangzhou } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { closeAll, Watcher } from "./watcher.ts";

/** Rounds, each of which ends with a kill. */
const kills = 6;
const writers = 4;
/** Calls that a round waits for before its server is killed. */
const acknowledgedInRound = 25;

test(`killed ${kills} times under ${writers} writers, the server tells one who comes back every event once`, async (t) => {
  const folder = temporaryFolder();
  const environment = { LINKSPAN_PACE: "fast" };
  let server = await spawnServer({ folder, environment });
  t.after(async () => {
    closeAll();
    await server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  assert.equal((await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 100_000 }] })).status, 200);
  const acknowledged: string[] = [];
  const told: any[] = [];
  let place = "0";

  for (let round = 0; round <= kills; round++) {
    if (round > 0) server = await spawnServer({ folder, environment });
    const watcher = await Watcher.follow(server, {}, { "last-event-id": place });
    const begun = acknowledged.length;
    const enough = Promise.withResolvers<void>();
    const over = new AbortController();
    /** Writes until the server is gone, or the last round is over. */
    const write = async ({ requester }: SpawnedServer): Promise<void> => {
      while (!over.signal.aborted) {
        const answer = await requester.vpc("CreateVpc", { RegionId: hangzhou }).catch(() => undefined);
        if (answer?.status !== 200) return;
        acknowledged.push(answer.body.RequestId);
        if (acknowledged.length - begun >= acknowledgedInRound) enough.resolve();
      }
    };
    const writing = Array.from({ length: writers }, () => write(server));
    await enough.promise;
    if (round < kills) await server.kill("SIGKILL");
    over.abort();
    await Promise.all(writing);
    if (round === kills) {
      // All tasks are done when nothing is moving, and then nothing more happens.
      while ((await server.admin("GET", "ready")).body.tasks.moving > 0);
      const newest = readStore(folder, (all) => all("SELECT max(id) AS id FROM event")[0].id as number);
      await watcher.reached(newest);
      watcher.close();
    }
    await watcher.closed();
    told.push(...watcher.events);
    place = watcher.lastEventId;
    assert.equal(watcher.messages.length, watcher.events.length, "no gap");
  }

  const log = readStore(folder, (all) => all("SELECT id, resource, version, cause FROM event ORDER BY id"));
  assert.deepEqual(
    told.map(({ id, resource, version, cause }) => [id, resource, version, cause]),
    log.map(({ id, resource, version, cause }) => [id, resource, version, cause]),
  );
  const causes = new Set(told.map(({ cause }) => cause));
  assert.ok(acknowledged.length >= kills * acknowledgedInRound);
  for (const requestId of acknowledged) assert.ok(causes.has(requestId), `${requestId} was acknowledged, and told`);
});
