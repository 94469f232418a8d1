import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { indexEntries } from "../../src/engine/resources.ts";
import { kinds } from "../../src/services/index.ts";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { Random } from "../support/random.ts";
import { spawnServer, temporaryFolder } from "../support/server.ts";
import { look, partOf, RamWriter } from "./ram-writer.ts";

/** Users, keys, groups, roles and policies on a server that is killed while they are changed. */

const kills = 20;
const writers = 4;
/** Seconds that pass between two kills: sessions see some of them, and then end. */
const secondsPerRound = 200;
const ackTimeout = 10_000;
const environment = { LINKSPAN_PACE: "stepped" };

/** Asserts that every resource stands in the lists that its kind says, and in no other. */
function assertIndexesFollow(folder: string): void {
  readStore(folder, (all) => {
    const stored = all("SELECT * FROM resource").flatMap(({ id, kind: name, body }) => {
      const kind = kinds.find((one) => one.name === name);
      assert.ok(kind !== undefined, name);
      const resource = { ...kind.laterFields, ...JSON.parse(body) };
      // What is only counted stands in no list.
      const entries = indexEntries(kind, resource).filter(({ onlyCounted }) => onlyCounted !== true);
      return entries.map((entry) => `${name} ${entry.name} ${entry.value} ${id}`);
    });
    const listed = all("SELECT e.*, r.id FROM index_entry e JOIN resource r ON r.position = e.position").map(
      ({ kind, name, value, id }) => `${kind} ${name} ${value} ${id}`,
    );
    assert.deepEqual(listed.sort(), stored.sort());
  });
}

test(`killed ${kills} times while ${writers} clients administer RAM, the server keeps what it acknowledged, and it counts at once`, async (t) => {
  const random = new Random(process.env["LINKSPAN_CRASH_SEED"] === undefined ? undefined : Number(process.env["LINKSPAN_CRASH_SEED"]));
  t.diagnostic(`random seed ${random.seed}; LINKSPAN_CRASH_SEED repeats it`);
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let server = await spawnServer({ folder, environment });
  t.after(() => server.kill("SIGKILL"));
  const all = Array.from({ length: writers }, (_, index) => new RamWriter(`w${index}`));
  for (const writer of all) await writer.prepare(server.requester);
  const total = (): number => all.reduce((sum, { acknowledged }) => sum + acknowledged, 0);

  for (let round = 0; round < kills; round++) {
    const before = total();
    const working = Promise.all(all.map((writer) => writer.work(server.requester, random)));
    const wanted = before + 1 + random.below(120);
    const deadline = Date.now() + ackTimeout;
    while (total() < wanted) {
      assert.ok(Date.now() < deadline, `round ${round}: ${wanted - before} steps are acknowledged`);
      // A writer that failed tells why.
      await Promise.race([working, new Promise((resolve) => setTimeout(resolve, 1))]);
    }
    await server.kill("SIGKILL");
    await working;

    server = await spawnServer({ folder, environment });
    const { now } = (await server.admin("GET", "clock")).body;
    const seen = await look(server.requester);
    for (const writer of all) writer.check(seen);
    for (const writer of all) await writer.tryAll(server.url, Date.parse(now));
    const owned = all.map((writer) => partOf(seen, writer.name));
    for (const field of ["users", "groups", "roles", "policies"] as const) {
      const known = owned.flatMap((world) => Object.keys(world[field]));
      assert.deepEqual(known.sort(), Object.keys(seen[field]).sort(), `all ${field} were asked for`);
    }
    if (round % 6 === 5) {
      assertReplayGivesRows(folder);
      assertIndexesFollow(folder);
    }
    await server.advance(secondsPerRound);
  }

  const tried = new Map<string, number>();
  for (const writer of all) for (const [code, count] of writer.tried) tried.set(code, (tried.get(code) ?? 0) + count);
  const happened = all.reduce((sum, writer) => sum + writer.happened, 0);
  t.diagnostic(`${total()} acknowledged steps; ${happened} that had lost their answer had happened`);
  t.diagnostic(`keys and sessions after restarts: ${[...tried].map(([code, count]) => `${code} ${count}`).join(", ")}`);
  const met = ["OK", "Forbidden.RAM", "InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.NotFound", "InvalidSecurityToken.Expired"];
  for (const code of met) assert.ok((tried.get(code) ?? 0) > 0, `${code} was met`);
  assert.doesNotMatch(server.output(), /"level":[56]0/);
  await server.kill("SIGTERM");
  assertReplayGivesRows(folder);
  assertIndexesFollow(folder);
});
