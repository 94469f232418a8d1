import type { ResourceRow } from "../engine/store.ts";

/** Rows that are kept in memory at most. */
const rowsMax = 8_192;

/**
 * Resources and named values as they were last committed, as far as they have been asked for. The embedded store is the only one that
 * writes its database, so it knows when one of them changes. A row is the same object as long as it is the same.
 */
export class CommittedRows {
  readonly #resources = new Map<string, ResourceRow>();
  readonly #meta = new Map<string, string | undefined>();

  resource(id: string, load: () => ResourceRow | undefined): ResourceRow | undefined {
    const kept = this.#resources.get(id);
    if (kept !== undefined) return kept;
    const row = load();
    // What is not there may be asked for under any name.
    if (row === undefined) return undefined;
    if (this.#resources.size >= rowsMax) this.#resources.delete(this.#resources.keys().next().value ?? "");
    this.#resources.set(id, Object.freeze(row));
    return row;
  }

  /** There are only as many names as the engine gives. */
  meta(name: string, load: () => string | undefined): string | undefined {
    if (!this.#meta.has(name)) this.#meta.set(name, load());
    return this.#meta.get(name);
  }

  /** After a commit. */
  forget(written: Written): void {
    if (written.everything) this.#resources.clear();
    for (const id of written.resources) this.#resources.delete(id);
    for (const name of written.meta) this.#meta.delete(name);
  }
}

/** What a transaction has written so far, whether or not it stays. */
export class Written {
  readonly resources = new Set<string>();
  readonly meta = new Set<string>();
  everything = false;

  hasResource(id: string): boolean {
    return this.everything || this.resources.has(id);
  }
}
