import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Filter, ListOptions } from "../contract/resource-kind.ts";
import {
  type ChangeRow,
  type CommitListener,
  type EventFilter,
  type EventRow,
  type IndexEntry,
  type NewEvent,
  type ResourceAndTask,
  type ResourceRow,
  type Rows,
  type Store,
  type TaskRow,
  type TaskTotals,
  type TokenRow,
  type WritableRows,
  StoreUnavailable,
} from "../engine/store.ts";
import { CommittedRows, Written } from "./committed-rows.ts";
import { migrations } from "./sqlite-schema.ts";

/** Writes that may share one commit. */
const batchMax = 256;

/** One connection with its statements, each prepared once and kept. */
class Connection {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, readOnly: boolean) {
    this.database = new DatabaseSync(path, { readOnly });
    this.database.exec("PRAGMA busy_timeout=5000; PRAGMA cache_size=-65536");
  }

  get<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }
  all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }
  run(sql: string, ...values: SQLInputValue[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#prepare(sql).run(...values);
  }
  exec(sql: string): void {
    this.database.exec(sql);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

class SqliteRows implements Rows {
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
       FROM (SELECT e.id, e.position FROM index_entry e WHERE ${where} AND e.position > ? ORDER BY e.position LIMIT ? OFFSET ?) page
       CROSS JOIN resource r ON r.id = page.id ORDER BY page.position`,
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
      `SELECT kind, count(*) - count(failure) AS moving, count(failure) AS failed, min(CASE WHEN failure IS NULL THEN due END) AS due
       FROM task GROUP BY kind`,
    );
  }
  async events(after: number, limit: number): Promise<EventRow[]> {
    return this.connection.all("SELECT * FROM event WHERE id > ? ORDER BY id LIMIT ?", after, limit);
  }
  async changes(after: number, limit: number): Promise<ChangeRow[]> {
    return this.connection.all(
      // The image before is that of the resource's event before; what is just made has none to look for.
      `SELECT e.*, CASE WHEN e.version > 1 THEN
         (SELECT b.image FROM event b WHERE b.resource = e.resource AND b.id < e.id ORDER BY b.id DESC LIMIT 1) END AS before
       FROM event e WHERE e.id > ? ORDER BY e.id LIMIT ?`,
      after,
      limit,
    );
  }
  async eventRange(): Promise<{ oldest: number; newest: number }> {
    // Each alone is a look at one end of the table; both in one would be a walk through it.
    const sql = "SELECT ifnull((SELECT min(id) FROM event), 0) AS oldest, ifnull((SELECT max(id) FROM event), 0) AS newest";
    return this.connection.get(sql) ?? { oldest: 0, newest: 0 };
  }
  async eventsBackwards({ after = 0, upTo, ...named }: EventFilter, limit: number): Promise<EventRow[]> {
    const given = Object.entries(named).filter((one): one is [string, string] => one[1] !== undefined);
    const where = ["id > ?", "id <= ?", ...given.map(([column]) => `${column} = ?`)].join(" AND ");
    return this.connection.all(
      `SELECT * FROM event WHERE ${where} ORDER BY id DESC LIMIT ?`,
      after,
      upTo,
      ...given.map(([, value]) => value),
      limit,
    );
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
    return this.connection.get<{ total: number }>("SELECT count(*) AS total FROM resource INDEXED BY resource_by_position")?.total ?? 0;
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

class SqliteWritableRows extends SqliteRows implements WritableRows {
  #depth = 0;
  /** By the transaction that runs: what it has written is not as it was committed. */
  #written = new Written();

  /** What was written since the last call, by a transaction that has ended. */
  takeWritten(): Written {
    const written = this.#written;
    this.#written = new Written();
    return written;
  }

  override async resource(id: string): Promise<ResourceRow | undefined> {
    return this.#written.hasResource(id) ? this.storedResource(id) : super.resource(id);
  }
  override async meta(name: string): Promise<string | undefined> {
    return this.#written.meta.has(name) ? this.storedMeta(name) : super.meta(name);
  }

  async attempt<T>(work: () => Promise<T>): Promise<T> {
    // Outside a transaction a savepoint would begin one of its own, whose release commits it.
    if (!this.connection.database.isTransaction) throw new StoreUnavailable(new Error("a full disk has ended the transaction"));
    const name = `attempt${this.#depth++}`;
    this.connection.run(`SAVEPOINT ${name}`);
    try {
      const result = await work();
      this.connection.run(`RELEASE ${name}`);
      return result;
    } catch (error) {
      // A full disk may have ended the whole transaction already; then there is nothing left to undo.
      if (this.connection.database.isTransaction) this.connection.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  async appendEvent(event: NewEvent): Promise<number> {
    // Asked for and not left to the database, because the event may have to hold its own id. Ids of events that are gone are not used again.
    const id =
      this.connection.get<{ id: number }>("SELECT ifnull(max(seq), 0) + 1 AS id FROM sqlite_sequence WHERE name = 'event'")?.id ?? 1;
    this.connection.run(
      `INSERT INTO event (id, at, kind, resource, account, position, version, event, unit, cause, principal, image)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      event.at,
      event.kind,
      event.resource,
      event.account,
      event.position ?? id,
      event.version,
      event.event,
      event.unit ?? id,
      event.cause,
      event.principal,
      event.image,
    );
    return id;
  }

  async putResource(row: ResourceRow, before: readonly IndexEntry[], after: readonly IndexEntry[]): Promise<void> {
    this.#written.resources.add(row.id);
    this.connection.run(
      `INSERT INTO resource (id, kind, position, version, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body`,
      row.id,
      row.kind,
      row.position,
      row.version,
      row.body,
    );
    this.#replaceEntries(row, before, after);
  }
  async deleteResource(row: ResourceRow, before: readonly IndexEntry[]): Promise<void> {
    this.#written.resources.add(row.id);
    this.connection.run("DELETE FROM resource WHERE id = ?", row.id);
    this.#replaceEntries(row, before, []);
  }

  #replaceEntries(row: ResourceRow, before: readonly IndexEntry[], after: readonly IndexEntry[]): void {
    const key = (entry: IndexEntry): string => `${entry.name}\n${entry.value}`;
    const kept = new Set(after.map(key));
    const known = new Set(before.map(key));
    for (const entry of before) {
      if (kept.has(key(entry))) continue;
      this.connection.run(
        "DELETE FROM index_entry WHERE kind = ? AND name = ? AND value = ? AND position = ?",
        row.kind,
        entry.name,
        entry.value,
        row.position,
      );
      if (entry.counted) this.#count(row.kind, entry, -1);
    }
    const added = after.filter((entry) => !known.has(key(entry)));
    const listed = added.filter(({ onlyCounted }) => onlyCounted !== true);
    if (listed.length > 0) {
      this.connection.run(
        // One statement for all of them: each costs more to begin than a row costs to insert. What fails ends the unit of work, so there is
        // no need to keep a journal of every page for undoing this statement alone, which is what OR FAIL says.
        `INSERT OR FAIL INTO index_entry (kind, name, value, position, id) VALUES ${listed.map(() => "(?, ?, ?, ?, ?)").join(", ")}`,
        ...listed.flatMap(({ name, value }) => [row.kind, name, value, row.position, row.id]),
      );
    }
    for (const entry of added) if (entry.counted) this.#count(row.kind, entry, 1);
  }
  #count(kind: string, entry: IndexEntry, by: number): void {
    this.connection.run(
      `INSERT INTO counter (kind, name, value, total) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, name, value) DO UPDATE SET total = total + excluded.total`,
      kind,
      entry.name,
      entry.value,
      by,
    );
  }

  async putTask(task: TaskRow): Promise<void> {
    this.connection.run(
      "INSERT OR REPLACE INTO task (resource, kind, event, due, attempts, failure, stuck) VALUES (?, ?, ?, ?, ?, ?, ?)",
      task.resource,
      task.kind,
      task.event,
      task.due,
      task.attempts,
      task.failure,
      task.stuck ?? null,
    );
  }
  async deleteTask(resource: string): Promise<void> {
    this.connection.run("DELETE FROM task WHERE resource = ?", resource);
  }
  async releaseTasks(due: number, rule?: number): Promise<void> {
    if (rule === undefined) this.connection.run("UPDATE task SET due = ?, stuck = NULL WHERE stuck IS NOT NULL", due);
    else this.connection.run("UPDATE task SET due = ?, stuck = NULL WHERE stuck = ?", due, rule);
  }
  async putMeta(name: string, value: string): Promise<void> {
    this.#written.meta.add(name);
    this.connection.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value);
  }
  async putToken(scope: string, token: string, row: TokenRow, at: number): Promise<void> {
    this.connection.run(
      "INSERT INTO token (scope, token, input, answer, at, event) VALUES (?, ?, ?, ?, ?, (SELECT ifnull(max(id), 0) FROM event))",
      scope,
      token,
      row.input,
      row.answer,
      at,
    );
  }
  async claimNonce(accessKeyId: string, nonce: string, expiresAt: number): Promise<boolean> {
    const { changes } = this.connection.run(
      "INSERT INTO nonce (access_key, nonce, expires) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      accessKeyId,
      nonce,
      expiresAt,
    );
    return Number(changes) === 1;
  }
  async forgetNonces(before: number): Promise<void> {
    this.connection.run("DELETE FROM nonce WHERE expires < ?", before);
  }
  async forgetTokens(before: number): Promise<void> {
    this.connection.run("DELETE FROM token WHERE at < ?", before);
  }
  async forgetTokensSince(event: number): Promise<void> {
    this.connection.run("DELETE FROM token WHERE event > ?", event);
  }
  async allResources(after: string, limit: number): Promise<ResourceRow[]> {
    return this.connection.all("SELECT id, kind, position, version, body FROM resource WHERE id > ? ORDER BY id LIMIT ?", after, limit);
  }
  async clearIndexes(): Promise<void> {
    for (const table of ["index_entry", "counter"]) this.connection.run(`DELETE FROM ${table}`);
  }
  async clear(): Promise<void> {
    this.#written.everything = true;
    await this.clearIndexes();
    for (const table of ["resource", "event", "task", "token"]) this.connection.run(`DELETE FROM ${table}`);
  }
}

interface Unit {
  readonly work: (rows: WritableRows) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/**
 * The embedded store: one SQLite database in write-ahead mode with `synchronous=FULL`, one connection that writes and one that reads.
 * Writes that arrive while a commit runs share the next one.
 */
export class SqliteStore implements Store {
  readonly schema: number = migrations.length;
  readonly #path: string;
  readonly #lock: DatabaseSync;
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #rows: SqliteWritableRows;
  readonly #commitListeners: CommitListener[] = [];
  readonly #waiting: Unit[] = [];
  readonly #committed = new CommittedRows();
  readonly #readableRows: SqliteRows;
  #committing = false;
  #lastTurn: Promise<unknown> = Promise.resolve();
  readonly #longReading = new Set<Promise<unknown>>();

  /**
   * Opens the store of a data folder, which is made if missing.
   * @throws when another server has the folder, or a newer Linkspan wrote it
   */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#lock = lockFolder(folder);
    this.#path = join(folder, "linkspan.db");
    try {
      this.#writer = new Connection(this.#path, false);
      this.#writer.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=16000; PRAGMA temp_store=MEMORY");
      migrate(this.#writer, this.#path);
      this.#reader = new Connection(this.#path, true);
      this.#readableRows = new SqliteRows(this.#reader, this.#committed);
      this.#rows = new SqliteWritableRows(this.#writer, this.#committed);
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  read<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
    return this.#takeTurn(() => readOn(this.#readableRows, work));
  }

  /**
   * Reads and the ends of commits take turns, so that what is committed never changes under a read: each sees one snapshot without a
   * transaction of its own. Turns are short, because none of them waits for anything but the database.
   */
  #takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async longRead<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
    const connection = new Connection(this.#path, true);
    // It passes everything once, and would fill the usual space with what nobody asks for again.
    connection.exec("PRAGMA cache_size=-4096");
    connection.run("BEGIN");
    // What is kept in memory is as it was committed last, and this stays with what was committed when it began.
    const reading = readOn(new SqliteRows(connection, new CommittedRows()), work).finally(() => connection.database.close());
    const settled = reading.catch(() => undefined);
    this.#longReading.add(settled);
    void settled.then(() => this.#longReading.delete(settled));
    return reading;
  }

  write<T>(work: (rows: WritableRows) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (!this.#committing) {
        this.#committing = true;
        setImmediate(() => void this.#commitAll());
      }
    });
  }

  async #commitAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, batchMax));
    } finally {
      this.#committing = false;
    }
  }

  async #commit(batch: readonly Unit[]): Promise<void> {
    const outcomes: Outcome[] = [];
    const begun = performance.now();
    let worked = begun;
    const tell = (succeeded: boolean): void => {
      const ended = performance.now();
      const commit = { writes: batch.length, duration: ended - begun, syncDuration: ended - worked, succeeded };
      for (const listener of this.#commitListeners) listener(commit);
    };
    try {
      this.#writer.exec("BEGIN IMMEDIATE");
      for (const unit of batch) {
        try {
          outcomes.push({ value: await this.#rows.attempt(() => unit.work(this.#rows)) });
        } catch (error) {
          if (!this.#writer.database.isTransaction) throw error;
          outcomes.push({ error: isDiskError(error) ? new StoreUnavailable(error) : error });
        }
      }
      await this.#takeTurn(async () => {
        worked = performance.now();
        this.#writer.run("COMMIT");
        this.#committed.forget(this.#rows.takeWritten());
      });
    } catch (error) {
      for (const unit of batch) unit.reject(new StoreUnavailable(error));
      if (this.#writer.database.isOpen && this.#writer.database.isTransaction) this.#writer.exec("ROLLBACK");
      this.#rows.takeWritten();
      tell(false);
      return;
    }
    for (const [index, unit] of batch.entries()) {
      const outcome = outcomes[index] as Outcome;
      if ("error" in outcome) unit.reject(outcome.error);
      else unit.resolve(outcome.value);
    }
    tell(true);
  }

  onCommit(listener: CommitListener): void {
    this.#commitListeners.push(listener);
  }

  sizes(): { database: number; writeAheadLog: number } {
    const bytes = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { database: bytes(this.#path), writeAheadLog: bytes(`${this.#path}-wal`) };
  }

  describe(): { database: string; journalMode: string; synchronous: string } {
    const journal = this.#writer.get<{ journal_mode: string }>("PRAGMA journal_mode")?.journal_mode ?? "unknown";
    const synchronous = this.#writer.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous ?? -1;
    return { database: "sqlite", journalMode: journal, synchronous: ["off", "normal", "full", "extra"][synchronous] ?? "unknown" };
  }

  async probe(): Promise<void> {
    await this.write((rows) => rows.putMeta("probe", String(process.pid)));
  }

  async close(): Promise<void> {
    await this.write(async () => undefined).catch(() => undefined);
    await this.#lastTurn;
    await Promise.all(this.#longReading);
    this.#reader.database.close();
    this.#writer.database.close();
    this.#lock.close();
  }
}

/** A read, whose failures of the disk are told as such. */
async function readOn<T>(rows: Rows, work: (rows: Rows) => Promise<T>): Promise<T> {
  try {
    return await work(rows);
  } catch (error) {
    throw isDiskError(error) ? new StoreUnavailable(error) : error;
  }
}

/** SQLite's result code for a database that another connection has locked. */
const busyCode = 5;

/** A full or failing disk, by SQLite's primary result codes. */
function isDiskError(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === "number" && [8, 10, 13, 14].includes(code & 0xff);
}

function migrate(connection: Connection, path: string): void {
  const version = connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  if (version > migrations.length) {
    throw new Error(
      `${path} was written by a newer Linkspan (store version ${version}, this one reads up to ${migrations.length}). ` +
        "Start the newer version, or point LINKSPAN_DATA at another folder.",
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index >= version) connection.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/**
 * Takes the folder's lock for the life of this process. The lock is the operating system's, held through a database file,
 * so a killed server leaves none behind; the pid in it only names the holder.
 */
function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, "lock"));
  try {
    lock.exec("PRAGMA journal_mode=DELETE; BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER); DELETE FROM holder");
    lock.prepare("INSERT INTO holder (pid) VALUES (?)").run(process.pid);
    // Holding the write lock from here on keeps other servers out and still lets them read who holds it.
    lock.exec("COMMIT; BEGIN IMMEDIATE");
    return lock;
  } catch (error) {
    const holder = lockHolder(lock);
    lock.close();
    if ((error as { errcode?: number }).errcode !== busyCode)
      throw new Error(`${folder} cannot be locked: ${String(error)}`, { cause: error });
    throw new Error(
      `${folder} is in use by another Linkspan server${holder === undefined ? "" : ` (process ${holder})`}. ` +
        "Stop it, or give this one a folder of its own with LINKSPAN_DATA.",
      { cause: error },
    );
  }
}

function lockHolder(lock: DatabaseSync): number | undefined {
  try {
    return (lock.prepare("SELECT pid FROM holder").get() as { pid: number } | undefined)?.pid;
  } catch {
    return undefined;
  }
}
