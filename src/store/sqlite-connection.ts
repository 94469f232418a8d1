import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** One connection with its statements, each prepared once and kept. */
export class Connection {
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

/** A full or failing disk, by SQLite's primary result codes. */
export function isDiskError(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === "number" && [8, 10, 13, 14].includes(code & 0xff);
}
