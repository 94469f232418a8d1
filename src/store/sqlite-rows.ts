import type { SQLInputValue } from "node:sqlite";
import type { Filter, ListOptions } from "../contract/resource-kind.ts";
import type {
  ChangeRow,
  EventFilter,
  EventRow,
  ResourceAndTask,
  ResourceRow,
  Rows,
  TaskRow,
  TaskTotals,
  TokenRow,
} from "../engine/store.ts";
import type { CommittedRows } from "./committed-rows.ts";
import type { Connection } from "./sqlite-connection.ts";

/** What can be read over a connection; resources and named values that are committed come from memory where it has them. */
export class SqliteRows implements Rows {
  protected readonly connection: Connection;
  protected readonly committed: CommittedRows;
  constructor(connection: Connection, committed: CommittedRows) {
    this.connection = connection;
    this.committed = committed;
  }

  async resource(id: string): Promise<ResourceRow | undefined> {
    return this.committed.resource(id, () => this.storedResource(id));
  }
  protected storedResource(id: string): ResourceRow | undefined {
    return this.connection.get("SELECT id, kind, position, version, body FROM resource WHERE id = ?", id);
  }

  async list(kind: string, filter: Filter, options: ListOptions): Promise<ResourceRow[]> {
    const { where, values } = indexRange(kind, filter);
    return this.connection.all(
      // The page is cut from the index alone; only what is on it is looked up.
      `SELECT r.id, r.kind, r.position, r.version, r.body
       FROM (SELECT e.position FROM index_entry e WHERE ${where} AND e.position > ? ORDER BY e.position LIMIT ? OFFSET ?) page
       CROSS JOIN resource r ON r.position = page.position ORDER BY page.position`,
      ...values,
      options.after ?? 0,
      options.limit,
      options.offset ?? 0,
    );
  }

  async count(kind: string, filter: Filter, counted: boolean): Promise<number> {
    const [first] = filter;
    if (counted && first !== undefined) {
      const row = this.connection.get<{ total: number }>(
        "SELECT total FROM counter WHERE kind = ? AND name = ? AND value = ?",
        kind,
        first[0],
        first[1],
      );
      return row?.total ?? 0;
    }
    const { where, values } = indexRange(kind, filter);
    return this.connection.get<{ total: number }>(`SELECT count(*) AS total FROM index_entry e WHERE ${where}`, ...values)?.total ?? 0;
  }

  async meta(name: string): Promise<string | undefined> {
    return this.committed.meta(name, () => this.storedMeta(name));
  }
  protected storedMeta(name: string): string | undefined {
    return this.connection.get<{ value: string }>("SELECT value FROM meta WHERE name = ?", name)?.value;
  }
  async token(scope: string, token: string): Promise<TokenRow | undefined> {
    return this.connection.get("SELECT input, answer FROM token WHERE scope = ? AND token = ?", scope, token);
  }
  async task(resource: string): Promise<TaskRow | undefined> {
    return this.connection.get("SELECT * FROM task WHERE resource = ?", resource);
  }
  async tasks(limit: number, dueBy: number = Number.MAX_SAFE_INTEGER): Promise<TaskRow[]> {
    return this.connection.all("SELECT * FROM task WHERE failure IS NULL AND due <= ? ORDER BY due LIMIT ?", dueBy, limit);
  }
  async taskTotals(): Promise<{ moving: number; failed: number }> {
    return (
      this.connection.get("SELECT count(*) - count(failure) AS moving, count(failure) AS failed FROM task") ?? { moving: 0, failed: 0 }
    );
  }
  async tasksByKind(): Promise<TaskTotals[]> {
    return this.connection.all(
      `SELECT kind, count(*) - count(failure) AS moving, count(failure) AS failed,
         min(CASE WHEN failure IS NULL THEN since END) AS since, min(CASE WHEN failure IS NULL THEN due END) AS due
       FROM task GROUP BY kind`,
    );
  }
  async events(after: number, limit: number): Promise<EventRow[]> {
    return this.connection.all("SELECT * FROM event WHERE id > ? ORDER BY id LIMIT ?", after, limit);
  }
  async changes(after: number, limit: number): Promise<ChangeRow[]> {
    return this.connection.all(`${selectChange} WHERE e.id > ? ORDER BY e.id LIMIT ?`, after, limit);
  }
  async eventRange(): Promise<{ oldest: number; newest: number }> {
    // Each alone is a look at one end of the table; both in one would be a walk through it.
    const sql = "SELECT ifnull((SELECT min(id) FROM event), 0) AS oldest, ifnull((SELECT max(id) FROM event), 0) AS newest";
    return this.connection.get(sql) ?? { oldest: 0, newest: 0 };
  }
  async changesBackwards({ after = 0, upTo, ...named }: EventFilter, limit: number): Promise<ChangeRow[]> {
    const given = Object.entries(named).filter((one): one is [string, string] => one[1] !== undefined);
    const where = ["e.id > ?", "e.id <= ?", ...given.map(([column]) => `e.${column} = ?`)].join(" AND ");
    return this.connection.all(
      `${selectChange} WHERE ${where} ORDER BY e.id DESC LIMIT ?`,
      after,
      upTo,
      ...given.map(([, value]) => value),
      limit,
    );
  }
  async lastEvent(resource: string, upTo: number): Promise<EventRow | undefined> {
    return this.connection.get("SELECT * FROM event WHERE resource = ? AND id <= ? ORDER BY id DESC LIMIT 1", resource, upTo);
  }
  async lastChanges({ after, upTo, last }: { after: number; upTo: number; last: number }): Promise<EventRow[]> {
    return this.connection.all(
      `SELECT * FROM event e WHERE id > ? AND id <= ?
       AND NOT EXISTS (SELECT 1 FROM event later WHERE later.resource = e.resource AND later.id > e.id AND later.id <= ?) ORDER BY id DESC`,
      after,
      upTo,
      last,
    );
  }
  async asOf(event: number, afterResource: string, limit: number): Promise<EventRow[]> {
    return this.connection.all(
      `SELECT e.* FROM (SELECT max(id) AS id FROM event INDEXED BY event_by_resource WHERE resource > ? AND id <= ?
                        GROUP BY resource ORDER BY resource LIMIT ?) last
       CROSS JOIN event e ON e.id = last.id ORDER BY e.resource`,
      afterResource,
      event,
      limit,
    );
  }
  async unitEnd(event: number): Promise<number> {
    // Units begin one behind the other, so their ends are found by halves: one may have as many events as there are resources.
    const upTo = (id: number): { id: number; unit: number } =>
      this.connection.get<{ id: number; unit: number }>("SELECT id, unit FROM event WHERE id <= ? ORDER BY id DESC LIMIT 1", id) ?? {
        id: 0,
        unit: 0,
      };
    let [low, high] = [event, upTo(Number.MAX_SAFE_INTEGER).id];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (upTo(middle).unit <= event) low = middle;
      else high = middle - 1;
    }
    return upTo(low).id;
  }
  async resourceTotal(): Promise<number> {
    return this.connection.get<{ total: number }>("SELECT count(*) AS total FROM resource")?.total ?? 0;
  }
  async resourcesByPosition(after: number, limit: number): Promise<ResourceAndTask[]> {
    return this.connection.all(
      `SELECT r.id, r.kind, r.position, r.version, r.body, CASE WHEN t.stuck IS NULL THEN t.due END AS due FROM resource r LEFT JOIN task t ON t.resource = r.id
       WHERE r.position > ? ORDER BY r.position LIMIT ?`,
      after,
      limit,
    );
  }
}

/** The image before is that of the resource's event before; what is just made has none to look for. */
const selectChange = `SELECT e.*, CASE WHEN e.version > 1 THEN
    (SELECT b.image FROM event b WHERE b.resource = e.resource AND b.id < e.id ORDER BY b.id DESC LIMIT 1) END AS before
  FROM event e`;

/** The first value of the filter is walked in order; every other one is looked up per row. */
function indexRange(kind: string, filter: Filter): { where: string; values: SQLInputValue[] } {
  const [first, ...others] = filter;
  if (first === undefined) throw new Error("a list needs at least one index");
  const values: SQLInputValue[] = [kind, first[0], first[1]];
  let where = "e.kind = ? AND e.name = ? AND e.value = ?";
  for (const [name, value] of others) {
    where += " AND EXISTS (SELECT 1 FROM index_entry x WHERE x.kind = e.kind AND x.name = ? AND x.value = ? AND x.position = e.position)";
    values.push(name, value);
  }
  return { where, values };
}
