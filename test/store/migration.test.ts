import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { migrations } from "../../src/store/sqlite-schema.ts";
import { Drift } from "../history/drift.ts";
import { picture, pictureOf } from "../history/pictures.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { Random } from "../support/random.ts";
import { type InProcessServer, memoryFolder, startServer } from "../support/server.ts";
import { assertReplayGivesRows, readStore } from "./replay.ts";

/** A store file of the first schema, with a history, taken up by this version. */

const folder = memoryFolder();
let server: InProcessServer;
/** Rows as this version wrote them, from which the older file was made. */
let written: Record<string, any[]>;
const tables = ["meta", "resource", "index_entry", "counter", "event", "task", "token", "nonce"];
const rowsOf = (): Record<string, any[]> =>
  readStore(folder, (all) => Object.fromEntries(tables.map((table) => [table, all(`SELECT * FROM ${table}`)])));
/** What a column of the first schema held that later ones have no use for. */
const dropped = (row: any): any => ({ ...row, id: row.id ?? written["resource"]?.find(({ position }) => position === row.position)?.id });

/** Writes the rows to a file that only the first migrations have made, without what the schema got later. */
function writeOlderFile(version: number): void {
  for (const file of ["linkspan.db", "linkspan.db-wal", "linkspan.db-shm"]) rmSync(join(folder, file), { force: true });
  const database = new DatabaseSync(join(folder, "linkspan.db"));
  for (const migration of migrations.slice(0, version)) database.exec(migration);
  for (const table of tables) {
    const columns = database
      .prepare(`SELECT name FROM pragma_table_info(?)`)
      .all(table)
      .map(({ name }) => String(name));
    const insert = database.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);
    for (const row of written[table] ?? []) insert.run(...columns.map((column) => (table === "index_entry" ? dropped(row) : row)[column]));
  }
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}

before(async () => {
  server = await startServer({ folder, record: false });
  const drift = new Drift(server, new Random());
  await drift.prepare();
  for (let step = 0; step < 200; step++) await drift.step();
  succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "older" }));
  await server.stop();
  written = rowsOf();
  writeOlderFile(1);
  server = await startServer({ folder, record: false });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test("nothing of what the file held is another", () => {
  const now = rowsOf();
  for (const table of ["resource", "index_entry", "counter", "task"]) assert.deepEqual(now[table], written[table], table);
  const first = (row: any): unknown => ({ ...row, unit: 0 });
  assert.deepEqual(now["event"]?.map(first), written["event"]?.map(first), "every event has its account and place");
  assertReplayGivesRows(folder);
});

test("of units of work those are told apart that differ in cause or time, and none is torn", () => {
  const [now, then] = [rowsOf()["event"] as any[], written["event"] as any[]];
  const lastOf = (events: any[], unit: number): number => events.findLast((event) => event.unit === unit).id;
  let met = 0;
  for (const { id, unit } of now) {
    // Where a unit ends now, one has ended then.
    const end = lastOf(now, unit);
    const was = then.find((event) => event.id === end);
    assert.equal(lastOf(then, was.unit), end, `event ${id}`);
    if (id === unit) met += 1;
  }
  assert.ok(met > 50, `${met} units`);
});

test("its ClientTokens answer again, and go with the first rewind, because nobody knows when they came", async () => {
  const create = async (): Promise<string> =>
    succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken: "older" })).body.VpcId;
  const first = await create();
  assert.equal(await create(), first);
  const newest = (written["event"] as any[]).at(-1).id;
  const [point] = (written["event"] as any[]).filter((event) => event.id === event.unit && event.id < newest).slice(-1);
  assert.equal((await server.admin("POST", "history/rewind", { to: point.id - 1 })).status, 200);
  assert.notEqual(await create(), first);
});

test("its history can be gone back to, event by event", async () => {
  const ends = (rowsOf()["event"] as any[]).filter(({ unit }, index, all) => all[index + 1]?.unit !== unit).map(({ id }) => id);
  const random = new Random();
  for (let round = 0; round < 8; round++) {
    const to = random.pick(ends);
    assert.equal((await server.admin("POST", "history/rewind", { to })).body.to, to);
    assert.deepEqual(await picture(server), await pictureOf(server, to));
    assertReplayGivesRows(folder);
  }
});

// Schema 1 is without what a rewind leaves behind.
for (let version = 2; version < migrations.length; version++) {
  test(`a file of schema ${version} becomes what this version would have written`, async () => {
    await server.stop();
    written = rowsOf();
    writeOlderFile(version);
    server = await startServer({ folder, record: false });
    const now = rowsOf();
    for (const table of ["resource", "index_entry", "counter"]) assert.deepEqual(now[table], written[table], table);
    assertReplayGivesRows(folder);
  });
}
