import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { test } from "node:test";
import { fill } from "../history/fill.ts";
import { newestEvent, pictured } from "../history/pictures.ts";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { Random } from "../support/random.ts";
import { type SpawnedServer, spawnServer, startServer, temporaryFolder } from "../support/server.ts";

const filled = 4_000;
const rounds = 12;
const environment = { LINKSPAN_PACE: "fast" };

/** Everything that there is, in short: resources with their places and secrets, clock, settings, and tasks. */
function stateOf(folder: string): string {
  return readStore(folder, (all) => {
    const rows = all("SELECT id, kind, position, body AS image FROM resource ORDER BY position");
    const meta = all("SELECT * FROM meta WHERE name IN ('clock', 'settings') ORDER BY name");
    const tasks = all("SELECT resource, event, due FROM task ORDER BY resource");
    // In what order a body has its fields means nothing.
    const pictures = pictured({ folder }, rows).map(({ id, position, fields }) => [id, position, Object.entries(fields).sort()]);
    return hash("sha256", JSON.stringify([pictures, meta, tasks]));
  });
}

test(`killed ${rounds} times while it saves and loads, the server has the old state or the new one whole, and every snapshot intact`, async (t) => {
  const random = new Random(process.env["LINKSPAN_CRASH_SEED"] === undefined ? undefined : Number(process.env["LINKSPAN_CRASH_SEED"]));
  t.diagnostic(`random seed ${random.seed}; LINKSPAN_CRASH_SEED repeats it`);
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const snapshots = join(folder, "snapshots");
  const bytesOf = (name: string): Buffer => readFileSync(join(snapshots, `${name}.jsonl`));

  // Two states, one with half of what the other has.
  const first = await startServer({ folder, record: false, pace: "fast" });
  await fill(first, filled / 2);
  const half = await newestEvent(first);
  await fill(first, filled / 2);
  assert.equal((await first.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 50 }] })).status, 200);
  /** What a state is in short, by the name of its snapshot. */
  const states = new Map<string, string>();
  assert.equal((await first.admin("POST", "snapshots/full", {})).status, 201);
  states.set("full", stateOf(folder));
  assert.equal((await first.admin("POST", "history/rewind", { to: half })).status, 200);
  assert.equal((await first.admin("PUT", "settings", {})).status, 200);
  const begun = Date.now();
  assert.equal((await first.admin("POST", "snapshots/half", {})).status, 201);
  const saveTime = Date.now() - begun;
  states.set("half", stateOf(folder));
  const loading = Date.now();
  assert.equal((await first.admin("POST", "snapshots/full/load", {})).status, 200);
  const loadTime = Date.now() - loading;
  await first.stop();
  assert.equal(stateOf(folder), states.get("full"));
  const files = new Map(["full", "half"].map((name) => [name, bytesOf(name)]));

  let current = "full";
  const met = { saved: 0, "not saved": 0, loaded: 0, "not loaded": 0 };
  const start = async (): Promise<SpawnedServer> => {
    const server = await spawnServer({ folder, environment });
    t.after(() => server.kill("SIGKILL"));
    return server;
  };
  for (let round = 0; round < rounds; round++) {
    const server = await start();
    const isSave = round % 2 === 0;
    const target = isSave ? "again" : current === "full" ? "half" : "full";
    let isAcknowledged = false;
    const call = server
      .admin("POST", `snapshots/${target}${isSave ? "" : "/load"}`, isSave ? { replace: true } : {})
      .then(({ status }) => (isAcknowledged = status < 300))
      .catch(() => undefined);
    // Early on its way, somewhere on its way, or after its answer. A server that has just started takes longer than the one that was measured.
    const patience = [0.4, 2, Infinity][Math.floor(round / 2) % 3] as number;
    const time = random.next() * patience * (isSave ? saveTime : loadTime);
    await (patience === Infinity ? call : Promise.race([setTimeout(time), call]));
    await server.kill("SIGKILL");
    await call;

    const again = await start();
    const state = stateOf(folder);
    const { body } = await again.admin("GET", "snapshots");
    assert.deepEqual(
      body.snapshots.map(({ fault }: any) => fault),
      body.snapshots.map(() => undefined),
    );
    assert.ok(
      readdirSync(snapshots).every((name) => name.endsWith(".jsonl") && !name.startsWith(".")),
      "nothing unfinished is left",
    );
    for (const [name, bytes] of files) assert.ok(name === target || bytesOf(name).equals(bytes), `${name} is as it was`);
    if (isSave) {
      assert.equal(state, states.get(current), "to save changes nothing");
      const isThere = body.snapshots.some(({ name }: any) => name === target);
      const isNew = isThere && files.get(target)?.equals(bytesOf(target)) !== true;
      assert.ok(isNew || !isAcknowledged, "what was acknowledged is there");
      met[isNew ? "saved" : "not saved"] += 1;
      if (isNew) {
        files.set(target, bytesOf(target));
        states.set(target, state);
      }
    } else {
      const isNew = state === states.get(target);
      assert.ok(isNew || state === states.get(current), "the one or the other, whole");
      assert.ok(isNew || !isAcknowledged, "what was acknowledged is so");
      met[isNew ? "loaded" : "not loaded"] += 1;
      if (isNew) current = target;
    }
    succeeded(await again.requester.vpc("DescribeCustomerGateways", { RegionId: hangzhou, PageSize: 50 }));
    assert.doesNotMatch(again.output(), /"level":[56]0/);
    await again.kill("SIGTERM");
    assertReplayGivesRows(folder);
  }
  const last = await start();
  for (const name of ["again", "half", "full"]) {
    assert.equal((await last.admin("POST", `snapshots/${name}/load`, {})).status, 200);
    assert.equal(stateOf(folder), states.get(name), `${name} holds what was saved`);
  }
  await last.kill("SIGTERM");
  assertReplayGivesRows(folder);
  t.diagnostic(JSON.stringify(met));
  assert.ok(
    Object.values(met).every((count) => count > 0),
    "killed before and after",
  );
});
