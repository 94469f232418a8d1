import type { Filter, ListOptions } from "../contract/resource-kind.ts";

/** One stored resource: `body` is its whole JSON image with secrets sealed. */
export interface ResourceRow {
  readonly id: string;
  readonly kind: string;
  /** Its place in every list, the same from its creation to its end: id of the event that created it. */
  readonly position: number;
  readonly version: number;
  readonly body: string;
}
/** A resource with the time at which its task is due, in virtual milliseconds; `null` without a task. */
export interface ResourceAndTask extends ResourceRow {
  readonly due: number | null;
}
export interface IndexEntry {
  readonly name: string;
  readonly value: string;
  /** Whether a counter keeps the total of this value. */
  readonly counted: boolean;
  /** Nothing is ever listed by this value: there is only its counter. */
  readonly onlyCounted?: true;
}
/** One change of one resource. `image` is the row's body after it, or `null` when the resource went. */
export interface EventRow {
  readonly id: number;
  /** Virtual time in milliseconds. */
  readonly at: number;
  readonly kind: string;
  readonly resource: string;
  /** The owning account's id. */
  readonly account: string;
  /** The resource's place in lists. */
  readonly position: number;
  readonly version: number;
  readonly event: string;
  /** Id of the first event of the unit of work: its events follow each other, and a state in the midst of them has never been. */
  readonly unit: number;
  /** RequestId of the call, `task`, `administration`, or what brought an earlier state back. */
  readonly cause: string;
  /** ARN of the caller, or `system`. */
  readonly principal: string;
  readonly image: string | null;
}
/** An event with the image before it; that is `null` for what was not there. */
export interface ChangeRow extends EventRow {
  readonly before: string | null;
}
/** The event that ends the state a resource is in. A resource has at most one. */
export interface TaskRow {
  readonly resource: string;
  readonly kind: string;
  readonly event: string;
  /** When the state began that it ends, and when it is due. Virtual time in milliseconds. */
  readonly since: number;
  readonly due: number;
  readonly attempts: number;
  /** Why it failed for good; such a task is not run again. */
  readonly failure: string | null;
  /** The fault rule that put it off; none unless said. */
  readonly stuck?: number | null;
}
export interface TokenRow {
  readonly input: string;
  readonly answer: string;
}

/** An event to be appended; the first of a unit of work, and of a resource at its place, is known by its own id. */
export type NewEvent = Omit<EventRow, "id" | "position" | "unit"> & Partial<Pick<EventRow, "position" | "unit">>;

/** Which events are asked for: those behind `after`, up to and with `upTo`, of all that is named. */
export interface EventFilter {
  readonly after?: number;
  readonly upTo: number;
  readonly account?: string | undefined;
  readonly kind?: string | undefined;
  readonly resource?: string | undefined;
  readonly cause?: string | undefined;
}

/** What a transaction can read: one consistent snapshot. */
export interface Rows {
  resource(id: string): Promise<ResourceRow | undefined>;
  list(kind: string, filter: Filter, options: ListOptions): Promise<ResourceRow[]>;
  count(kind: string, filter: Filter, counted: boolean): Promise<number>;
  meta(name: string): Promise<string | undefined>;
  token(scope: string, token: string): Promise<TokenRow | undefined>;
  task(resource: string): Promise<TaskRow | undefined>;
  /** Tasks that have not failed and are due by `dueBy` (virtual milliseconds; all unless said), earliest first. */
  tasks(limit: number, dueBy?: number): Promise<TaskRow[]>;
  taskTotals(): Promise<{ readonly moving: number; readonly failed: number }>;
  /** How many tasks of each kind wait and have failed. Kinds without tasks are left out. */
  tasksByKind(): Promise<TaskTotals[]>;
  events(after: number, limit: number): Promise<EventRow[]>;
  /** As `events`, each with what it changed. Ids follow the order of the commits: nothing appears later before an event that was read. */
  changes(after: number, limit: number): Promise<ChangeRow[]>;
  /** Ids of the first event that is kept and of the newest; both 0 while there is none. */
  eventRange(): Promise<{ readonly oldest: number; readonly newest: number }>;
  /** As `changes`, newest first. Costs as much as there are events in the range, or of the resource where one is named. */
  changesBackwards(filter: EventFilter, limit: number): Promise<ChangeRow[]>;
  /** The last event of a resource up to one; `undefined` when it was not made yet. */
  lastEvent(resource: string, upTo: number): Promise<EventRow | undefined>;
  /** Of the events behind `after`, up to `upTo`, those that are the last of their resource up to `last`; newest first. */
  lastChanges(range: { readonly after: number; readonly upTo: number; readonly last: number }): Promise<EventRow[]>;
  /** The last event up to `event` of each resource, of `limit` resources behind an id, in the order of their ids. */
  asOf(event: number, afterResource: string, limit: number): Promise<EventRow[]>;
  /** Id of the last event of the unit of work that an event is part of. */
  unitEnd(event: number): Promise<number>;
  /** How many resources there are, of all kinds. */
  resourceTotal(): Promise<number>;
  /** Resources of all kinds behind a place in lists, in the order of lists. */
  resourcesByPosition(after: number, limit: number): Promise<ResourceAndTask[]>;
}
export interface TaskTotals {
  readonly kind: string;
  readonly moving: number;
  readonly failed: number;
  /** Of those that wait: when the first one began, and when the first is due. Virtual time in milliseconds. */
  readonly since: number | null;
  readonly due: number | null;
}
/** What a writing transaction can do besides. */
export interface WritableRows extends Rows {
  /** Runs `work` so that an error undoes what it wrote, and only that. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** Answers the event's id. */
  appendEvent(event: NewEvent): Promise<number>;
  putResource(row: ResourceRow, before: readonly IndexEntry[], after: readonly IndexEntry[]): Promise<void>;
  deleteResource(row: ResourceRow, before: readonly IndexEntry[]): Promise<void>;
  putTask(task: TaskRow): Promise<void>;
  deleteTask(resource: string): Promise<void>;
  /** Makes tasks that fault rules have put off due at `due` (virtual milliseconds): those of one rule, or of all. */
  releaseTasks(due: number, rule?: number): Promise<void>;
  putMeta(name: string, value: string): Promise<void>;
  putToken(scope: string, token: string, row: TokenRow, at: number): Promise<void>;
  /** Remembers a nonce; `false` when it is known already. */
  claimNonce(accessKeyId: string, nonce: string, expiresAt: number): Promise<boolean>;
  forgetNonces(before: number): Promise<void>;
  forgetTokens(before: number): Promise<void>;
  /** Forgets the tokens that were stored after an event. */
  forgetTokensSince(event: number): Promise<void>;
  /** Resources of all kinds behind an id, in the order of their ids. */
  allResources(after: string, limit: number): Promise<ResourceRow[]>;
  /** Drops all index entries and counters. */
  clearIndexes(): Promise<void>;
  /** Empties everything but `meta` and nonces. Event ids go on. */
  clear(): Promise<void>;
}

/** One commit that was tried, with all writes that shared it. Durations are milliseconds of wall time. */
export interface Commit {
  readonly writes: number;
  /** From the beginning of the transaction to its end. */
  readonly duration: number;
  /** Of these, how long the disk took. */
  readonly syncDuration: number;
  /** The writes are on disk; otherwise none of them happened. */
  readonly succeeded: boolean;
}
export type CommitListener = (commit: Commit) => void;

/** Where state lives. The engine knows nothing of the database behind it. */
export interface Store {
  /** Grows with each change of what is stored and how; a store of a higher one is not read. */
  readonly schema: number;
  /** Runs on a snapshot of what is committed. Reads and commits take turns, so none may take long, and none may wait for a write. */
  read<T>(work: (rows: Rows) => Promise<T>): Promise<T>;
  /** The same for what takes long and lets others have their turn meanwhile, by waiting for anything now and then. */
  longRead<T>(work: (rows: Rows) => Promise<T>): Promise<T>;
  /**
   * Runs alone among writers and resolves when the write is on disk. Many writes share one sync; each fails alone.
   * `work` may be run again.
   */
  write<T>(work: (rows: WritableRows) => Promise<T>): Promise<T>;
  /** For `ready`: how writes reach the disk. */
  describe(): { readonly database: string; readonly journalMode: string; readonly synchronous: string };
  /** Calls `listener` after each commit from now on; what was committed can be read then. */
  onCommit(listener: CommitListener): void;
  /** Bytes on disk now. */
  sizes(): { readonly database: number; readonly writeAheadLog: number };
  /** Rejects when the store cannot take a write now. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** A write that could not reach the disk: nothing of it happened. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the store cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "StoreUnavailable";
  }
}
