import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** A resource as it is stored: its whole image. */
export interface Stored {
  readonly kind: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly state: string;
  readonly [field: string]: any;
}

/** What a refused call may leave behind: its nonce, so that it cannot be sent a second time. */
const unwatched = ["nonce"];
const log = "event";

/** Rows of each table as text, one JSON array a line, in the order of the table's key. */
type Content = ReadonlyMap<string, Buffer>;

/**
 * The store of a running server, read past the server through a connection of its own: every row of every table but the nonces.
 * The event log only grows, so a look reads what is new in it, and `assertLogStands` all of it.
 */
export class StoreWatch {
  readonly #database: DatabaseSync;
  readonly #dataVersion: StatementSync;
  readonly #tables: ReadonlyMap<string, StatementSync>;
  #seenVersion: unknown;
  #content: Content = new Map();
  #lastEvent = 0;
  #events: Buffer[] = [];
  /** As of the last look, in the order of their creation. */
  resources: readonly Stored[] = [];

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, "linkspan.db"), { readOnly: true });
    this.#dataVersion = this.#database.prepare("PRAGMA data_version");
    const names = this.#database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name));
    this.#tables = new Map(names.filter((name) => !unwatched.includes(name)).map((name) => [name, this.#rowsOf(name)]));
    this.restart();
  }

  #rowsOf(table: string): StatementSync {
    const columns = this.#database.prepare(`SELECT name FROM pragma_table_info('${table}') ORDER BY pk = 0, pk, cid`).all();
    const row = `json_array(${columns.map(({ name }) => `"${name as string}"`).join(", ")})`;
    // Rows lie in the order of the key, so none has to be asked for. Bytes, because text would have to be decoded to be compared.
    return this.#database.prepare(
      `SELECT CAST(group_concat(${row}, char(10)) AS BLOB) AS rows FROM ${table} WHERE ${table === log ? "id > ?" : "? >= 0"}`,
    );
  }

  /** What has changed since the last look, told as lines `+ table row` and `- table row` when it is asked for; `undefined` when nothing has. */
  look(): (() => string[]) | undefined {
    const version = this.#dataVersion.get()?.["data_version"];
    // SQLite counts what others have committed: after a read, or a call that was refused before the store, nothing is to be compared.
    if (version === this.#seenVersion) return undefined;
    this.#seenVersion = version;
    const before = this.#content;
    const after = this.#read(this.#lastEvent);
    const changed = [...after.keys()].filter((name) => !contentOf(after, name).equals(contentOf(before, name)));
    const events = contentOf(after, log);
    if (events.length > 0) {
      this.#events.push(events);
      this.#lastEvent = Math.max(...linesOf(events).map((line) => (JSON.parse(line) as [number])[0]));
    }
    this.#content = new Map([...after, [log, Buffer.alloc(0)]]);
    if (changed.includes("resource")) this.resources = this.#stored();
    return changed.length === 0
      ? undefined
      : () => changed.flatMap((name) => differences(name, contentOf(before, name), contentOf(after, name)));
  }

  /** Asserts that no event has changed or gone since it was first seen. */
  assertLogStands(): void {
    const seen = this.#events.flatMap(linesOf);
    assert.ok(
      seen.join("\n") === linesOf(contentOf(this.#read(0), log)).join("\n"),
      "the events that were seen are the events that are stored",
    );
  }

  /** Starts anew, after a reset. */
  restart(): void {
    this.#lastEvent = 0;
    this.#events = [];
    this.#seenVersion = undefined;
    this.#content = new Map();
    this.look();
  }

  close(): void {
    this.#database.close();
  }

  #read(lastEvent: number): Content {
    this.#database.exec("BEGIN");
    try {
      return new Map([...this.#tables].map(([name, rows]) => [name, Buffer.from((rows.get(lastEvent)?.["rows"] ?? []) as Uint8Array)]));
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  #stored(): Stored[] {
    return this.#database
      .prepare("SELECT kind, body FROM resource ORDER BY position")
      .all()
      .map(({ kind, body }) => Object.assign(JSON.parse(String(body)) as Stored, { kind: String(kind) }));
  }
}

function contentOf(content: Content, table: string): Buffer {
  return content.get(table) ?? Buffer.alloc(0);
}
function linesOf(rows: Buffer): string[] {
  return rows.length === 0 ? [] : rows.toString("utf8").split("\n");
}
function differences(table: string, before: Buffer, after: Buffer): string[] {
  const [old, current] = [new Set(linesOf(before)), new Set(linesOf(after))];
  return [
    ...[...old.difference(current)].map((line) => `- ${table} ${line}`),
    ...[...current.difference(old)].map((line) => `+ ${table} ${line}`),
  ];
}
