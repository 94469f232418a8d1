import {
  type IndexEntry,
  type NewEvent,
  type ResourceRow,
  StoreUnavailable,
  type TaskRow,
  type TokenRow,
  type WritableRows,
} from "../engine/store.ts";
import { Written } from "./committed-rows.ts";
import { SqliteRows } from "./sqlite-rows.ts";

/** What a transaction can write besides. */
export class SqliteWritableRows extends SqliteRows implements WritableRows {
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
    this.connection.run("DELETE FROM resource WHERE position = ?", row.position);
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
        `INSERT OR FAIL INTO index_entry (value, kind, name, position) VALUES ${listed.map(() => "(?, ?, ?, ?)").join(", ")}`,
        ...listed.flatMap(({ name, value }) => [value, row.kind, name, row.position]),
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
      "INSERT OR REPLACE INTO task (resource, kind, event, since, due, attempts, failure, stuck) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      task.resource,
      task.kind,
      task.event,
      task.since,
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
