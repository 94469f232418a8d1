import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Reads a store's tables past all of Linkspan's own code. */
export function readStore<T>(folder: string, work: (all: (sql: string) => any[]) => T): T {
  const database = new DatabaseSync(join(folder, "linkspan.db"), { readOnly: true });
  try {
    return work((sql) => database.prepare(sql).all());
  } finally {
    database.close();
  }
}

/** Asserts that the events of a store, replayed in their order, give its resources, and that its lists and totals say the same. */
export function assertReplayGivesRows(folder: string): { events: number; resources: number } {
  return readStore(folder, (all) => {
    const events = all("SELECT * FROM event ORDER BY id");
    const replayed = new Map<string, { kind: string; position: number; version: number; body: string }>();
    let unit = 0;
    for (const { id, kind, resource, account, position, version, event, unit: unitOf, image } of events) {
      const before = replayed.get(resource);
      const what = `event ${id}: ${event} of ${kind} ${resource}`;
      assert.ok(unitOf === unit || unitOf === id, `${what}: a unit of work begins with its own id, and its events follow each other`);
      unit = unitOf;
      if (before !== undefined) assert.equal(position, before.position, `${what}: a resource keeps its place`);
      else assert.ok(position === id || event === "restored", `${what}: what is new stands last`);
      assert.equal(version, (before?.version ?? 0) + 1, `${what}: versions count the changes without a gap`);
      if (image === null) {
        assert.ok(before !== undefined, `${what}: what was not there cannot go`);
        replayed.delete(resource);
        continue;
      }
      const parsed = JSON.parse(image);
      assert.deepEqual([parsed.id, parsed.version, parsed.account], [resource, version, account], `${what}: the image is of this resource`);
      replayed.set(resource, { kind, position, version, body: image });
    }
    const stored = all("SELECT * FROM resource").map(({ id, kind, position, version, body }) => [id, { kind, position, version, body }]);
    assert.deepEqual(Object.fromEntries(stored), Object.fromEntries(replayed));
    assert.deepEqual(
      all("SELECT * FROM index_entry e WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.position = e.position AND r.kind = e.kind)"),
      [],
    );
    const miscounted = `SELECT c.*, (SELECT count(*) FROM index_entry e WHERE e.kind = c.kind AND e.name = c.name AND e.value = c.value) AS listed
      FROM counter c WHERE name <> '' AND total <> listed`;
    assert.deepEqual(all(miscounted), [], "totals are those of the lists");
    const ofKinds = all("SELECT kind, total FROM counter WHERE name = '' AND total <> 0 ORDER BY kind");
    assert.deepEqual(ofKinds, all("SELECT kind, count(*) AS total FROM resource GROUP BY kind ORDER BY kind"), "and each kind has its own");
    assert.deepEqual(all("SELECT * FROM task t WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = t.resource)"), []);
    return { events: events.length, resources: stored.length };
  });
}
