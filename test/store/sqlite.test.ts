import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Rows, WritableRows } from "../../src/engine/store.ts";
import { StoreUnavailable } from "../../src/engine/store.ts";
import { SqliteStore } from "../../src/store/sqlite.ts";
import { spawnServer, temporaryFolder } from "../support/server.ts";

/** A store of its own for one test, and its folder. */
function freshStore(t: TestContext): { store: SqliteStore; folder: string } {
  const folder = temporaryFolder();
  const store = new SqliteStore(folder);
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, folder };
}

const put =
  (name: string, value = "1") =>
  (rows: WritableRows) =>
    rows.putMeta(name, value);
const value = (store: SqliteStore, name: string): Promise<string | undefined> => store.read((rows) => rows.meta(name));

/** Counts the transactions that the writer begins while `work` runs. */
async function transactions(t: TestContext, work: () => Promise<unknown>): Promise<number> {
  const exec = t.mock.method(DatabaseSync.prototype, "exec");
  await work();
  const begun = exec.mock.calls.filter((call) => call.arguments[0] === "BEGIN IMMEDIATE").length;
  exec.mock.restore();
  return begun;
}

test("writes that arrive together share one commit", async (t) => {
  const { store, folder } = freshStore(t);
  const names = Array.from({ length: 200 }, (_, index) => `name${index}`);
  const alone = await transactions(t, () => store.write(put("alone")));
  assert.equal(alone, 1);
  const shared = await transactions(t, () => Promise.all(names.map((name) => store.write(put(name)))));
  assert.ok(shared >= 1 && shared <= 2, `200 writes took ${shared} commits`);

  // Seen by a connection that the store knows nothing of: all of them reached the database.
  const other = new DatabaseSync(join(folder, "linkspan.db"), { readOnly: true });
  const { total } = other.prepare("SELECT count(*) AS total FROM meta WHERE name LIKE 'name%'").get() as { total: number };
  other.close();
  assert.equal(total, names.length);
});

test("a long queue is cut into batches, so that no answer waits for all of it", async (t) => {
  const { store } = freshStore(t);
  const begun = await transactions(t, () => Promise.all(Array.from({ length: 1000 }, (_, index) => store.write(put(`name${index}`)))));
  assert.ok(begun >= 4 && begun <= 10, `1000 writes took ${begun} commits`);
});

test("a write that fails rolls back alone; those that share its commit stay", async (t) => {
  const { store } = freshStore(t);
  const failure = new Error("of its own making");
  const writes = Array.from({ length: 30 }, (_, index) =>
    store.write(async (rows) => {
      await rows.putMeta(`unit${index}`, "before");
      const event = {
        at: 1,
        kind: "k",
        resource: `r${index}`,
        account: "a",
        version: 1,
        event: "e",
        cause: "c",
        principal: "p",
        image: "{}",
      };
      await rows.appendEvent(event);
      if (index % 3 === 0) throw failure;
      return index;
    }),
  );
  const begun = await transactions(t, async () => {
    const outcomes = await Promise.allSettled(writes);
    for (const [index, outcome] of outcomes.entries()) {
      const expected = index % 3 === 0 ? { status: "rejected", reason: failure } : { status: "fulfilled", value: index };
      assert.deepEqual(outcome, expected, `write ${index}`);
    }
  });
  assert.equal(begun, 1, "they shared one commit");
  const { kept, events } = await store.read(async (rows) => ({
    kept: await Promise.all(writes.map((_, index) => rows.meta(`unit${index}`))),
    events: await rows.events(0, 100),
  }));
  for (const [index, found] of kept.entries()) assert.equal(found, index % 3 === 0 ? undefined : "before", `write ${index}`);
  assert.deepEqual(
    events.map(({ resource }) => resource),
    writes.map((_, index) => `r${index}`).filter((_, index) => index % 3 !== 0),
  );
});

test("an attempt inside a write undoes what it wrote, and only that", async (t) => {
  const { store } = freshStore(t);
  await store.write(async (rows) => {
    await rows.putMeta("outer", "kept");
    await assert.rejects(
      rows.attempt(async () => {
        await rows.putMeta("outer", "overwritten");
        await rows.attempt(() => rows.putMeta("inner", "undone with the outer attempt"));
        throw new Error("back");
      }),
      /back/,
    );
    await rows.attempt(() => rows.putMeta("later", "kept"));
  });
  assert.deepEqual([await value(store, "outer"), await value(store, "inner"), await value(store, "later")], ["kept", undefined, "kept"]);
});

test("what a transaction that the disk has ended goes on to write is not committed", async (t) => {
  const { store } = freshStore(t);
  const rejected = store.write(async (rows) => {
    await rows.putMeta("before", "x");
    // As SQLite does it when there is no room.
    (rows as unknown as { connection: { exec(sql: string): void } }).connection.exec("ROLLBACK");
    await rows.attempt(async () => rows.putMeta("after", "x"));
  });
  await assert.rejects(rejected, StoreUnavailable);
  assert.deepEqual([await value(store, "before"), await value(store, "after")], [undefined, undefined]);
  await store.write(put("later"));
  assert.notEqual(await value(store, "later"), undefined);
});

test("readers see what is committed and nothing of a write that is at work", async (t) => {
  const { store } = freshStore(t);
  await store.write(put("seen", "old"));
  await store.write(async (rows) => {
    await rows.putMeta("seen", "new");
    assert.equal(await rows.meta("seen"), "new", "a write sees its own changes");
    assert.equal(await value(store, "seen"), "old", "a reader does not");
  });
  assert.equal(await value(store, "seen"), "new");
  await assert.rejects(
    store.write(async (rows) => {
      await rows.putMeta("seen", "never");
      throw new Error("no");
    }),
    /no/,
  );
  assert.equal(await value(store, "seen"), "new");
});

test("a read is one snapshot: a commit that is due meanwhile waits for it", async (t) => {
  const { store } = freshStore(t);
  await store.write(put("count", "1"));
  let written: Promise<void> | undefined;
  const seen = await store.read(async (rows: Rows) => {
    const first = [await rows.meta("count"), await rows.meta("other")];
    let isCommitted = false;
    written = store.write(put("count", "2")).then(() => store.write(put("other")));
    void store.write(put("last")).then(() => (isCommitted = true));
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    assert.equal(isCommitted, false);
    return [...first, await rows.meta("count"), await rows.meta("other"), await rows.meta("last")];
  });
  assert.deepEqual(seen, ["1", undefined, "1", undefined, undefined]);
  await written;
  assert.equal(await value(store, "count"), "2");
});

test("a long read stays with what was committed when it began, and keeps no write waiting", async (t) => {
  const { store } = freshStore(t);
  await store.write(put("count", "1"));
  const seen = await store.longRead(async (rows: Rows) => {
    const first = await rows.meta("count");
    await store.write(put("count", "2"));
    await store.write(put("other"));
    assert.equal(await value(store, "count"), "2");
    return [first, await rows.meta("count"), await rows.meta("other")];
  });
  assert.deepEqual(seen, ["1", "1", undefined]);
});

test("a write resolves only after its commit", async (t) => {
  const { store, folder } = freshStore(t);
  const other = new DatabaseSync(join(folder, "linkspan.db"), { readOnly: true });
  t.after(() => other.close());
  const read = other.prepare("SELECT value FROM meta WHERE name = ?");
  for (let index = 0; index < 50; index++) {
    await store.write(put("last", String(index)));
    assert.deepEqual({ ...read.get("last") }, { value: String(index) });
  }
});

test("a store that is closed takes the writes along that were on their way", async (t) => {
  const { folder } = freshStore(t);
  const mine = join(folder, "inner");
  const store = new SqliteStore(mine);
  const pending = [store.write(put("a")), store.write(put("b"))];
  await store.close();
  await Promise.all(pending);
  await assert.rejects(store.write(put("c")), StoreUnavailable);
  const again = new SqliteStore(mine);
  t.after(() => again.close());
  assert.deepEqual([await value(again, "a"), await value(again, "b")], ["1", "1"]);
});

test("one folder serves one store: a second is refused with the holder's process id until the holder is gone", async (t) => {
  const server = await spawnServer();
  t.after(() => rmSync(server.folder, { recursive: true, force: true }));
  assert.throws(
    () => new SqliteStore(server.folder),
    ({ message }: Error) => {
      assert.match(message, new RegExp(`process ${server.process.pid}\\b`));
      assert.match(message, /LINKSPAN_DATA/, "says what to do");
      return true;
    },
  );
  assert.equal((await server.admin("GET", "ready")).body.writable, true, "the holder is not disturbed");
  await server.kill("SIGKILL");
  const store = new SqliteStore(server.folder);
  assert.throws(() => new SqliteStore(server.folder), new RegExp(`process ${process.pid}\\b`));
  await store.close();
  await new SqliteStore(server.folder).close();
});

test("of servers that start at once on one folder exactly one runs", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const starts = await Promise.allSettled(Array.from({ length: 4 }, () => spawnServer({ folder })));
  const running = starts.filter((start) => start.status === "fulfilled");
  for (const { value: server } of running) await server.kill("SIGKILL");
  const refusals = starts.filter((start) => start.status === "rejected").map(({ reason }) => String(reason));
  assert.equal(running.length, 1, refusals.join("\n"));
  for (const refusal of refusals) assert.match(refusal, /in use by another Linkspan server/);
});

test("a store that a newer version wrote is refused, left as it is, and free again", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "linkspan.db");
  const store = new SqliteStore(folder);
  await store.write(put("kept", "yes"));
  await store.close();
  /** Sets the version that the store says it has; answers the one before. */
  const setVersion = (version: number): number => {
    const database = new DatabaseSync(path);
    const before = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    return before;
  };
  const own = setVersion(999);
  assert.throws(
    () => new SqliteStore(folder),
    ({ message }: Error) => {
      assert.match(message, /newer Linkspan/);
      assert.match(message, /999/);
      assert.ok(message.includes(path), "names the file");
      return true;
    },
  );
  const database = new DatabaseSync(path, { readOnly: true });
  assert.deepEqual({ ...database.prepare("PRAGMA user_version").get() }, { user_version: 999 });
  database.close();
  setVersion(own);
  const again = new SqliteStore(folder);
  assert.equal(await value(again, "kept"), "yes");
  await again.close();
});

test("a folder that cannot be locked for another reason is not said to be in use", (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "lock"), "this is no lock of ours, but a file that somebody left here".repeat(20));
  assert.throws(
    () => new SqliteStore(folder),
    ({ message }: Error) => {
      assert.doesNotMatch(message, /in use/);
      assert.ok(message.includes(folder), message);
      return true;
    },
  );
});

test("a nonce is claimed once, and may be claimed again when it was forgotten", async (t) => {
  const { store } = freshStore(t);
  const claim = (nonce: string, expires = 1000): Promise<boolean> => store.write((rows) => rows.claimNonce("key", nonce, expires));
  const claims = await Promise.all(Array.from({ length: 10 }, () => claim("n")));
  assert.deepEqual(claims.filter(Boolean), [true]);
  assert.equal(await claim("later", 2000), true);
  await store.write((rows) => rows.forgetNonces(1500));
  assert.equal(await claim("n"), true);
  assert.equal(await claim("later"), false);
});
