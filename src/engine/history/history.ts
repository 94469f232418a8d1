import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import type { AnyKind, ResourceBase } from "../../contract/resource-kind.ts";
import { writableState } from "../administration.ts";
import type { Surroundings } from "../calls.ts";
import type { LongWork, Step } from "../long-work.ts";
import { opened, type Past, sameButVersion, withLaterFields } from "../resources.ts";
import { restoreAll, type Restored } from "./restore.ts";
import { mask } from "../secrets.ts";
import type { ChangeRow, EventRow, Rows, Store, WritableRows } from "../store.ts";
import { changeOf, type EventView } from "./event-view.ts";

/** Events that one look at the log takes up, for a list and for a comparison; resources that one look at a past state does. */
const listWindow = 2_000;
const diffWindow = 300;
const asOfPage = 500;
/** Events whose resources are brought back before others have a turn. */
const rewindWindow = 100;
/** Changes of one resource that a difference names; the newest. */
const namedChangesMax = 20;

/** A resource as it was. */
export interface PastResource {
  readonly id: string;
  readonly kind: string;
  readonly account: string;
  /** The event that made it so. */
  readonly event: number;
  /** All fields, secrets masked. */
  readonly fields: Readonly<Record<string, unknown>>;
}
interface FieldChange {
  readonly name: string;
  /** Left out where there was none; masked where secret. */
  readonly before?: unknown;
  readonly after?: unknown;
}
/** How a resource differs between two points. */
export interface ResourceChange {
  readonly id: string;
  readonly kind: string;
  readonly account: string;
  readonly change: "created" | "changed" | "gone";
  readonly fields: readonly FieldChange[];
  /** What did it, newest first. */
  readonly by: readonly EventView[];
  /** Earlier changes did too, and are left out. */
  readonly byMore: boolean;
}

/** What is asked of the log; all of it has to agree. */
export interface HistoryFilter {
  readonly account?: string | undefined;
  readonly kind?: string | undefined;
  readonly resource?: string | undefined;
}
export interface EventRange {
  readonly oldest: number;
  readonly newest: number;
}

/**
 * The past, read from the event log. A point in it is the end of a unit of work, because a state in the midst of one has never been: an
 * event stands for the unit that it is part of.
 */
export class History {
  readonly #store: Store;
  readonly #around: Surroundings;
  readonly #exposed: boolean;
  readonly #longWork: LongWork;
  readonly #afterwards: () => void;

  constructor(options: {
    readonly store: Store;
    readonly around: Surroundings;
    readonly exposed: boolean;
    readonly longWork: LongWork;
    /** Is called when a rewind has changed something. */
    readonly afterwards: () => void;
  }) {
    this.#store = options.store;
    this.#around = options.around;
    this.#exposed = options.exposed;
    this.#longWork = options.longWork;
    this.#afterwards = options.afterwards;
  }

  /**
   * Events, newest first.
   * @param before only those before this event
   * @returns `next`, by which the rest is asked for; `null` when this is all
   */
  async events(
    filter: HistoryFilter & { readonly cause?: string | undefined },
    before: number | undefined,
    limit: number,
  ): Promise<{ range: EventRange; events: EventView[]; next: number | null }> {
    const range = await this.#store.read((rows) => rows.eventRange());
    const found: ChangeRow[] = [];
    const upTo = Math.min(range.newest, (before ?? Number.MAX_SAFE_INTEGER) - 1);
    // Those of one resource are found by an index.
    const size = filter.resource === undefined ? listWindow : Number.MAX_SAFE_INTEGER;
    for (const window of windowsOf(range.oldest - 1, upTo, size)) {
      found.push(...(await this.#look((rows) => rows.changesBackwards({ ...filter, ...window }, limit + 1 - found.length))));
      if (found.length > limit) break;
    }
    const page = found.slice(0, limit);
    return { range, events: page.map((row) => this.#view(row)), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  /**
   * Resources as they were at a point, in the order of their ids.
   * @param after only those behind this id
   * @throws {Refusal} for an event that is not kept
   */
  async at(
    event: number,
    filter: HistoryFilter,
    after: string,
    limit: number,
  ): Promise<{ event: number; resources: PastResource[]; next: string | null }> {
    const point = await this.#store.read((rows) => pointOf(rows, event));
    const found: EventRow[] = [];
    const passes = (row: EventRow | undefined): row is EventRow => row !== undefined && row.image !== null && matches(filter, row);
    const { resource } = filter;
    if (resource !== undefined) {
      found.push(...[await this.#store.read((rows) => rows.lastEvent(resource, point))].filter(passes));
    } else {
      for (let behind = after; found.length <= limit;) {
        const rows = await this.#look((all) => all.asOf(point, behind, asOfPage));
        found.push(...rows.filter(passes));
        if (rows.length < asOfPage) break;
        behind = rows.at(-1)?.resource ?? "";
      }
    }
    const page = found.slice(0, limit);
    return {
      event: point,
      resources: page.map((row) => this.#pastResource(row)),
      next: found.length > limit ? (page.at(-1)?.resource ?? null) : null,
    };
  }

  /**
   * How resources differ between two points, those that changed last first. What came and went in between, or is again as it was, does not.
   * @param before only resources whose last change is before this event
   * @throws {Refusal} for an event that is not kept, and for an end before its beginning
   */
  async diff(
    from: number,
    to: number,
    filter: HistoryFilter,
    before: number | undefined,
    limit: number,
  ): Promise<{ from: number; to: number; resources: ResourceChange[]; next: number | null }> {
    if (from > to) throw new Refusal(gatewayErrors.parameterInvalid, ["from"], "it has to be an event before the one in `to`, or the same");
    const [after, last] = await this.#store.read(async (rows) => [await pointOf(rows, from), await pointOf(rows, to)] as const);
    const found: { readonly change: ResourceChange; readonly last: number }[] = [];
    for (const window of windowsOf(after, Math.min(last, (before ?? Number.MAX_SAFE_INTEGER) - 1), diffWindow)) {
      await this.#look(async (rows) => {
        for (const row of await rows.lastChanges({ ...window, last })) {
          if (found.length > limit) break;
          const change = matches(filter, row) ? await this.#changeOf(rows, row, after, last) : undefined;
          if (change !== undefined) found.push({ change, last: row.id });
        }
      });
      if (found.length > limit) break;
    }
    const page = found.slice(0, limit);
    return {
      from: after,
      to: last,
      resources: page.map(({ change }) => change),
      next: found.length > limit ? (page.at(-1)?.last ?? null) : null,
    };
  }

  /** One of many looks at the log, before which others have their turn. It only grows, so together they see one state of it. */
  async #look<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
    await setImmediate();
    return this.#store.read(work);
  }

  async #changeOf(rows: Rows, row: EventRow, after: number, last: number): Promise<ResourceChange | undefined> {
    const earlier = await rows.lastEvent(row.resource, after);
    const [was, is] = [earlier?.image == null ? undefined : this.#opened(earlier), row.image === null ? undefined : this.#opened(row)];
    if (was === undefined && is === undefined) return undefined;
    const fields = fieldChanges(this.#kind(row), was, is);
    if (fields.length === 0) return undefined;
    const by = await rows.changesBackwards({ resource: row.resource, after, upTo: last }, namedChangesMax + 1);
    return {
      id: row.resource,
      kind: row.kind,
      account: row.account,
      change: was === undefined ? "created" : is === undefined ? "gone" : "changed",
      fields,
      by: by.slice(0, namedChangesMax).map((one) => this.#view(one)),
      byMore: by.length > namedChangesMax,
    };
  }

  /**
   * Brings all resources to what they were at a point. Clock, settings and the admin token stay; ClientTokens that were stored since are
   * forgotten. It is a change like any other, and can be taken back in the same way.
   * @throws {Refusal} for an event that is not kept, and when this would bring public keys back to a server that others can reach
   */
  rewind(event: number): Promise<{ to: number; from: number; newest: number; changed: Restored[] }> {
    return this.#longWork.run("rewind", String(event), async (step) => {
      const result = await this.#store.write(async (rows) => {
        const to = await pointOf(rows, event);
        const { newest: from } = await rows.eventRange();
        const state = await writableState(rows, this.#around, `rewind to ${to}`);
        const touched = (): AsyncGenerator<Touched> => touchedSince(rows, to, from, step);
        const changed = await restoreAll(state, leavingOf(touched()), this.#pastsOf(touched()), {
          what: "this rewind",
          exposed: this.#exposed,
        });
        await rows.forgetTokensSince(to);
        return { to, from, newest: (await rows.eventRange()).newest, changed };
      });
      this.#afterwards();
      return result;
    });
  }

  async *#pastsOf(touched: AsyncIterable<Touched>): AsyncGenerator<Past> {
    for await (const { once } of touched) {
      if (once === undefined || once.image === null) continue;
      yield { kind: this.#kind(once), resource: this.#opened(once), position: once.position };
    }
  }

  #kind(row: EventRow): AnyKind {
    const kind = this.#around.kinds.get(row.kind);
    if (kind === undefined) throw new Error(`event ${row.id} is of ${row.kind}, a kind that this version does not have`);
    return kind;
  }
  /** The resource of an event that left one, with its secrets in clear. */
  #opened(row: EventRow): ResourceBase {
    return opened<object>(this.#kind(row), row.image ?? "", this.#around.secrets);
  }
  #view(row: ChangeRow): EventView {
    return changeOf(row, this.#around.kinds).view;
  }
  #pastResource(row: EventRow): PastResource {
    const kind = this.#kind(row);
    const fields: Record<string, unknown> = withLaterFields(kind, JSON.parse(row.image ?? "") as object);
    for (const field of kind.secretFields ?? []) fields[field] = mask;
    return { id: row.resource, kind: row.kind, account: row.account, event: row.id, fields };
  }
}

/**
 * The last event of the unit of work that an event is part of.
 * @throws {Refusal} for an event that is not kept
 */
async function pointOf(rows: Rows, event: number): Promise<number> {
  const { oldest, newest } = await rows.eventRange();
  if (event < oldest || event > newest) {
    const before = oldest > 1 ? ": a reset forgot what was before" : "";
    throw new Refusal(adminErrors.outsideHistory, [String(event)], `it reaches from event ${oldest} to event ${newest}${before}`);
  }
  return rows.unitEnd(event);
}

/** Parts of a range of events, the newest first. */
function* windowsOf(after: number, upTo: number, size: number): Generator<{ after: number; upTo: number }> {
  for (let end = upTo; end > after; end -= size) yield { after: Math.max(after, end - size), upTo: end };
}

/** A resource that changed: its last event, and its last one up to the point that is gone back to. */
interface Touched {
  readonly row: EventRow;
  readonly once: EventRow | undefined;
}

/** Every resource that changed behind `to`, up to `from`. */
async function* touchedSince(rows: WritableRows, to: number, from: number, step: Step): AsyncGenerator<Touched> {
  for (const window of windowsOf(to, from, rewindWindow)) {
    for (const row of await rows.lastChanges({ ...window, last: from })) {
      yield { row, once: await rows.lastEvent(row.resource, to) };
    }
    await step(from - window.after, from - to);
  }
}

async function* leavingOf(touched: AsyncIterable<Touched>): AsyncGenerator<string> {
  for await (const { row, once } of touched) {
    if (row.image !== null && (once === undefined || once.image === null || once.position !== row.position)) yield row.resource;
  }
}

/** Whether an event is of what is asked for. */
function matches({ account, kind, resource }: HistoryFilter, row: EventRow): boolean {
  return (account ?? row.account) === row.account && (kind ?? row.kind) === row.kind && (resource ?? row.resource) === row.resource;
}

function fieldChanges(kind: AnyKind, was: ResourceBase | undefined, is: ResourceBase | undefined): FieldChange[] {
  if (was !== undefined && is !== undefined && sameButVersion(was, is)) return [];
  const [before, after] = [was, is] as (Record<string, unknown> | undefined)[];
  const shown = (name: string, value: unknown): unknown => (kind.secretFields?.includes(name) === true ? mask : value);
  const changes: FieldChange[] = [];
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    if (name === "version" || isDeepStrictEqual(before?.[name], after?.[name])) continue;
    changes.push({
      name,
      ...(before !== undefined && name in before ? { before: shown(name, before[name]) } : {}),
      ...(after !== undefined && name in after ? { after: shown(name, after[name]) } : {}),
    });
  }
  return changes;
}
