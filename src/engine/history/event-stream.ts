import { Refusal } from "../../contract/errors.ts";
import { adminErrors } from "../../contract/gateway-errors.ts";
import { globMatcher } from "../../policy/glob.ts";
import type { Kinds } from "../resources.ts";
import type { ChangeRow, Store } from "../store.ts";
import { changeOf, type EventView } from "./event-view.ts";

/** Watchers that may follow at once. */
export const watchersMax = 100;
/** Events that one look at the log takes up. */
const pageSize = 200;
/** How long a watcher hears nothing at most, in milliseconds of wall time. */
const heartbeatInterval = 15_000;

/** Which events a watcher wants; all of them unless it says. */
export interface EventFilter {
  /** Of what this account owns or has a part in. */
  readonly account?: string | undefined;
  /** Id of a resource; `*` and `?` are wildcards. */
  readonly resource?: string | undefined;
  readonly kind?: string | undefined;
}

/** What a watcher is told at once. */
export interface Told {
  /** The place from which it went on is not in the log any more: what it knows is void, and the whole log follows from its beginning. */
  readonly lost?: number;
  readonly events: readonly EventView[];
  /** All events up to this id have been told that the watcher wants: it may go on from here later. */
  readonly reached: number;
}

interface Event {
  readonly view: EventView;
  /** Everyone who has a part in the resource, before the change or after it. */
  readonly accounts: readonly string[];
}
interface Page {
  readonly lost: boolean;
  readonly events: readonly Event[];
}
interface Watcher {
  /** Ends its waiting. */
  wake: () => void;
}

/**
 * The event log as something to follow. Each watcher goes through the log at its own pace, page by page; when it has reached the end,
 * it waits for the next commit. Watchers at the same place share what is read.
 */
export class EventStream {
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #heartbeat: number;
  readonly #watchers = new Set<Watcher>();
  #commits = 0;
  #ended = false;
  /** Pages that are being read since the last commit, by where they begin. */
  readonly #reading = new Map<number, Promise<Page>>();

  /** @param heartbeat how long a watcher hears nothing at most, in milliseconds */
  constructor(store: Store, kinds: Kinds, heartbeat: number = heartbeatInterval) {
    this.#store = store;
    this.#kinds = kinds;
    this.#heartbeat = heartbeat;
    store.onCommit(() => {
      this.#commits += 1;
      // What was begun before may lack what was committed now.
      this.#reading.clear();
      this.#wakeAll();
    });
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /**
   * Follows the log until `signal` says otherwise or the server stops. The first thing told says where it begins.
   * @param after goes on behind this event, 0 for the beginning; behind the newest one unless said
   * @param signal must end some day, or the watcher counts for ever
   * @throws {Refusal} when there are too many watchers already
   */
  follow(after: number | undefined, filter: EventFilter, signal: AbortSignal): AsyncIterable<Told> {
    if (this.#watchers.size >= watchersMax) throw new Refusal(adminErrors.tooManyWatchers, [String(watchersMax)], "end one of them first");
    const watcher: Watcher = { wake: () => undefined };
    if (!signal.aborted) {
      this.#watchers.add(watcher);
      signal.addEventListener("abort", () => {
        this.#watchers.delete(watcher);
        watcher.wake();
      });
    }
    return this.#tell(watcher, after, matcher(filter), signal);
  }

  /** Ends all that is followed; nothing can be followed any more. */
  end(): void {
    this.#ended = true;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const { wake } of this.#watchers) wake();
  }

  async *#tell(watcher: Watcher, after: number | undefined, matches: (event: Event) => boolean, signal: AbortSignal): AsyncGenerator<Told> {
    let reached = after ?? (await this.#store.read((rows) => rows.eventRange())).newest;
    yield { events: [], reached };
    let toldUpTo = reached;
    let catchingUp = true;
    for (let toldAt = performance.now(); !this.#ended && !signal.aborted;) {
      const commits = this.#commits;
      const page = await this.#page(reached);
      const lost = page.lost ? { lost: reached } : {};
      const events = page.events.filter(matches).map(({ view }) => view);
      reached = page.events.at(-1)?.view.id ?? (page.lost ? 0 : reached);
      const isAtEnd = page.events.length < pageSize;
      // It is told once that it is up to date, and not for each commit that brings nothing for it.
      const arrives = catchingUp && isAtEnd && reached !== toldUpTo;
      if (page.lost || events.length > 0 || arrives || performance.now() - toldAt >= this.#heartbeat) {
        yield { ...lost, events, reached };
        toldUpTo = reached;
        toldAt = performance.now();
      }
      if (isAtEnd) catchingUp = false;
      // While it was told of a page, more may have been committed.
      if (isAtEnd && commits === this.#commits) await this.#pause(watcher, signal, toldAt + this.#heartbeat);
    }
  }

  /** Waits for a commit, for the end, or until `time` on the clock of `performance`. */
  async #pause(watcher: Watcher, signal: AbortSignal, time: number): Promise<void> {
    if (this.#ended || signal.aborted) return;
    const woken = Promise.withResolvers<void>();
    watcher.wake = woken.resolve;
    const timer = setTimeout(woken.resolve, time - performance.now());
    await woken.promise;
    clearTimeout(timer);
  }

  #page(after: number): Promise<Page> {
    const underway = this.#reading.get(after);
    if (underway !== undefined) return underway;
    const page = this.#read(after).finally(() => {
      if (this.#reading.get(after) === page) this.#reading.delete(after);
    });
    this.#reading.set(after, page);
    return page;
  }

  /** The events behind `after`, or all of them when that one is gone: after a reset, or in another store. */
  #read(after: number): Promise<Page> {
    return this.#store.read(async (rows) => {
      const lost = after > 0 && (await rows.events(after - 1, 1))[0]?.id !== after;
      const changes = await rows.changes(lost ? 0 : after, pageSize);
      return { lost, events: changes.map((row) => eventOf(row, this.#kinds)) };
    });
  }
}

function eventOf(row: ChangeRow, kinds: Kinds): Event {
  const { view, before, after } = changeOf(row, kinds);
  const sharedWith = kinds.get(row.kind)?.sharedWith;
  const accounts = [before, after].flatMap((image) => (image === undefined ? [] : [image.account].concat(sharedWith?.(image) ?? [])));
  return { view, accounts };
}

function matcher({ account, resource, kind }: EventFilter): (event: Event) => boolean {
  const isOf = resource === undefined ? undefined : globMatcher(resource);
  return ({ view, accounts }) =>
    (account === undefined || accounts.includes(account)) &&
    (kind === undefined || view.kind === kind) &&
    (isOf === undefined || isOf(view.resource));
}
