import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type CommitListener, type Rows, type Store, StoreUnavailable, type WritableRows } from "../engine/store.ts";
import { CommittedRows } from "./committed-rows.ts";
import { lockFolder } from "./folder-lock.ts";
import { Connection, isDiskError } from "./sqlite-connection.ts";
import { SqliteRows } from "./sqlite-rows.ts";
import { migrations } from "./sqlite-schema.ts";
import { SqliteWritableRows } from "./sqlite-writable-rows.ts";

/** Writes that may share one commit. */
const batchMax = 256;

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
    return this.#takeTurn(() => inStore(() => work(this.#readableRows)));
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

  longRead<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
    const reading = inStore(async () => {
      const connection = new Connection(this.#path, true);
      try {
        // It passes everything once, and would fill the usual space with what nobody asks for again.
        connection.exec("PRAGMA cache_size=-4096; BEGIN");
        // What is kept in memory is as it was committed last, and this stays with what was committed when it began.
        return await work(new SqliteRows(connection, new CommittedRows()));
      } finally {
        connection.database.close();
      }
    });
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

/** A failure of the disk is told as such. */
async function inStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDiskError(error) ? new StoreUnavailable(error) : error;
  }
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
