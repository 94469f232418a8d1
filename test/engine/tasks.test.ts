import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { after, beforeEach, test } from "node:test";
import type { ResourceKind } from "../../src/contract/resource-kind.ts";
import { gone } from "../../src/contract/state-table.ts";
import { advancedTo, type Clock, paces, virtualTime, withPace, writeClock } from "../../src/engine/clock.ts";
import { WritableResources } from "../../src/engine/resources.ts";
import { SecretBox } from "../../src/engine/secrets.ts";
import { TaskRunner } from "../../src/engine/tasks.ts";
import { SqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../support/server.ts";

/** A kind whose work fails as often as a test wants. */
let failuresLeft = 0;
const lamp: ResourceKind<{ readonly hue: string }> = {
  name: "lamp",
  idPrefix: "lamp",
  idHasRegionCode: false,
  states: {
    initial: { install: "Warming" },
    states: {
      Warming: { meaning: "warming up", task: { event: "warm", after: "work" }, moves: { warm: "Lit", smash: gone } },
      Lit: { meaning: "lit", moves: {} },
    },
  },
  indexes: { all: () => ["*"] },
  counted: ["all"],
  onEvent: {
    warm: async () => {
      if (failuresLeft-- > 0) throw new Error("no current");
    },
  },
};
const kinds = new Map([[lamp.name, lamp]]);
const folder = temporaryFolder();
const store = new SqliteStore(folder);
const secrets = new SecretBox(randomBytes(32));
const start = Date.UTC(2026, 0, 1);
const stopped: Clock = { pace: "stepped", offset: 0, stoppedAt: start };
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

let failures: string[] = [];
let runner: TaskRunner;
beforeEach(async () => {
  failures = [];
  failuresLeft = 0;
  await store.write(async (rows) => {
    await rows.clear();
    await writeClock(rows, stopped);
  });
  runner = new TaskRunner(store, kinds, secrets, (_task, error) => failures.push(String(error)));
});

async function install(id: string): Promise<void> {
  await store.write(async (rows) => {
    const state = new WritableResources(rows, kinds, secrets, { now: start, pace: "stepped", cause: "test", principal: "test" });
    await state.create(lamp, { id, account: "1", region: "", hue: "warm" }, "install");
  });
}
async function stateOf(id: string): Promise<string | undefined> {
  return store.read(async (rows) => {
    const row = await rows.resource(id);
    return row && (JSON.parse(row.body) as { state: string }).state;
  });
}

test("a task is done when its time has come, and not before", async () => {
  await install("lamp-1");
  await runner.advance(paces.stepped.work - 1);
  assert.equal(await stateOf("lamp-1"), "Warming");
  await runner.advance(1);
  assert.equal(await stateOf("lamp-1"), "Lit");
  assert.deepEqual({ ...(await store.read((rows) => rows.taskTotals())) }, { moving: 0, failed: 0 });
  await runner.stop();
});

test("a failing task changes nothing and is tried again later", async () => {
  await install("lamp-1");
  failuresLeft = 2;
  await runner.advance(paces.stepped.work);
  assert.equal(await stateOf("lamp-1"), "Warming");
  assert.equal(failures.length, 1);
  await runner.advance(60_000);
  assert.equal(await stateOf("lamp-1"), "Lit");
  assert.equal(failures.length, 2);
  await runner.stop();
});

test("a task that fails every time is given up, and shown as failed", async () => {
  await install("lamp-1");
  failuresLeft = Number.POSITIVE_INFINITY;
  await runner.advance(24 * 3_600_000);
  assert.equal(await stateOf("lamp-1"), "Warming");
  assert.equal(failures.length, 5);
  assert.deepEqual({ ...(await store.read((rows) => rows.taskTotals())) }, { moving: 0, failed: 1 });
  await runner.stop();
});

test("a resource that has moved on takes its task with it", async () => {
  await install("lamp-1");
  await store.write(async (rows) => {
    const state = new WritableResources(rows, kinds, secrets, { now: start, pace: "stepped", cause: "test", principal: "test" });
    const found = await state.get(lamp, "lamp-1");
    assert.ok(found);
    await state.move(lamp, found, "smash");
  });
  await runner.advance(3_600_000);
  assert.equal(await stateOf("lamp-1"), undefined);
  assert.deepEqual(failures, []);
  await runner.stop();
});

test("a move that the table does not have, or from a version that is not the stored one, is refused as a fault", async () => {
  await install("lamp-1");
  await assert.rejects(
    store.write(async (rows) => {
      const state = new WritableResources(rows, kinds, secrets, { now: start, pace: "stepped", cause: "test", principal: "test" });
      const found = await state.get(lamp, "lamp-1");
      assert.ok(found);
      await state.move(lamp, found, "paint");
    }),
    /no paint in state Warming/,
  );
  await assert.rejects(
    store.write(async (rows) => {
      const state = new WritableResources(rows, kinds, secrets, { now: start, pace: "stepped", cause: "test", principal: "test" });
      const found = await state.get(lamp, "lamp-1");
      assert.ok(found);
      await state.change(lamp, found, { hue: "cold" });
      await state.change(lamp, found, { hue: "red" });
    }),
    /not the stored one/,
  );
  assert.equal(await stateOf("lamp-1"), "Warming");
});

test("virtual time never jumps when the pace changes, and never runs backwards", () => {
  const wall = Date.UTC(2026, 5, 1);
  let clock: Clock = { pace: "fast", offset: 0, stoppedAt: null };
  clock = advancedTo(clock, wall + 5_000, wall);
  for (const pace of ["stepped", "real", "stepped", "instant", "fast"] as const) {
    const before = virtualTime(clock, wall);
    clock = withPace(clock, pace, wall);
    assert.equal(virtualTime(clock, wall), before, pace);
  }
  assert.equal(virtualTime(withPace(clock, "stepped", wall), wall + 1_000_000), wall + 5_000);
  assert.equal(virtualTime(advancedTo(clock, wall, wall), wall), wall + 5_000);
});
