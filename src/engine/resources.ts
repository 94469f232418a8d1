import { randomBytes, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { regionCode } from "../contract/regions.ts";
import {
  type AnyKind,
  type Changes,
  type Filter,
  listAll,
  type Listed,
  type ListOptions,
  type NewResource,
  type Resource,
  type ResourceBase,
  type ResourceKind,
  type ResourceReader,
  type ResourceWriter,
} from "../contract/resource-kind.ts";
import { isPassing, gone } from "../contract/state-table.ts";
import { paces, type Pace } from "./clock.ts";
import { permissionsName } from "./permissions.ts";
import type { SecretBox } from "./secrets.ts";
import type { IndexEntry, ResourceRow, Rows, WritableRows } from "./store.ts";

export type Kinds = ReadonlyMap<string, AnyKind>;

/**
 * Asked of each state that ends by itself: `undefined` lets it, otherwise the fault rule that puts its task off, and until when.
 * @param due when the task would be due, in virtual milliseconds
 */
export type HoldTask = (kind: AnyKind, resource: ResourceBase, due: number) => { readonly rule: number; readonly due: number } | undefined;

/** Random characters of an id behind its prefix and region code. */
const idRandomLength = 18;
const pageTokenPurpose = "page-token";
const idAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Resources as rules and reads see them, over one snapshot of the store. */
export class StoredResources implements ResourceReader {
  protected readonly rows: Rows;
  protected readonly kinds: Kinds;
  protected readonly secrets: SecretBox;
  /** Ids of those seen so far whose state ends by itself. */
  readonly underWay = new Set<string>();

  constructor(rows: Rows, kinds: Kinds, secrets: SecretBox) {
    this.rows = rows;
    this.kinds = kinds;
    this.secrets = secrets;
  }

  async get<B extends object>(kind: ResourceKind<B>, id: string): Promise<Resource<B> | undefined> {
    const row = await this.rows.resource(id);
    return row?.kind === kind.name ? this.#openedOnce(kind, row) : undefined;
  }

  async list<B extends object>(kind: ResourceKind<B>, filter: Filter, options: ListOptions): Promise<Listed<B>[]> {
    mustBeDeclared(kind, filter);
    const rows = await this.rows.list(kind.name, filter, options);
    return rows.map((row) => ({ resource: this.#seen(kind, this.opened(kind, row)), position: row.position }));
  }

  async count(kind: AnyKind, filter: Filter): Promise<number> {
    mustBeDeclared(kind, filter);
    return this.rows.count(kind.name, filter, filter.length === 1 && kind.counted.includes(filter[0]?.[0] ?? ""));
  }

  async find(id: string): Promise<{ kind: AnyKind; resource: ResourceBase } | undefined> {
    const row = await this.rows.resource(id);
    const kind = row && this.kinds.get(row.kind);
    return row && kind ? { kind, resource: this.#openedOnce<object>(kind, row) } : undefined;
  }

  pageToken(position: number): string {
    return this.secrets.sealToken(String(position), pageTokenPurpose);
  }
  positionOf(token: string | undefined): number {
    return token === undefined ? 0 : Number(this.secrets.openToken(token, pageTokenPurpose) ?? Number.NaN);
  }

  /** The same for a row that may be asked for again: a store may give the same one as long as nothing changes it. */
  #openedOnce<B extends object>(kind: ResourceKind<B>, row: ResourceRow): Resource<B> {
    let resource = openedRows.get(row) as Resource<B> | undefined;
    if (resource === undefined) {
      resource = deeplyFrozen(this.opened(kind, row));
      openedRows.set(row, resource);
    }
    return this.#seen(kind, resource);
  }
  #seen<B extends object>({ states }: ResourceKind<B>, resource: Resource<B>): Resource<B> {
    if (isPassing(states, resource.state)) this.underWay.add(resource.id);
    return resource;
  }

  /** The resource of a row, with its secret fields in clear. */
  opened<B extends object>(kind: ResourceKind<B>, row: ResourceRow): Resource<B> {
    return opened(kind, row.body, this.secrets);
  }
}

const openedRows = new WeakMap<ResourceRow, ResourceBase>();

/** What several calls see, none may change. */
function deeplyFrozen<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === "object" && member !== null) deeplyFrozen(member as object);
  return Object.freeze(value);
}

/** The fields of a resource as they were stored, with those that its kind did not have then. */
export function withLaterFields(kind: Pick<AnyKind, "laterFields"> | undefined, stored: object): Record<string, unknown> {
  return { ...kind?.laterFields, ...stored };
}

/** The resource of an image in a row or an event, with its secret fields in clear. */
export function opened<B extends object>(kind: ResourceKind<B>, image: string, secrets: SecretBox): Resource<B> {
  const body: Record<string, unknown> = withLaterFields(kind, JSON.parse(image) as object);
  for (const field of kind.secretFields ?? []) body[field] = secrets.open(body[field] as string);
  return body as unknown as Resource<B>;
}

/** A list by an index that the kind does not have would look empty; it is a fault of ours instead. */
function mustBeDeclared(kind: AnyKind, filter: Filter): void {
  for (const [index] of filter) if (kind.indexes[index] === undefined) throw new Error(`${kind.name} has no index ${index}`);
}

/** A resource as it was once, to be brought back. */
export interface Past {
  readonly kind: AnyKind;
  /** As it was, with its secrets in clear. */
  readonly resource: ResourceBase;
  /** Its place in lists; behind all that are there unless said. */
  readonly position?: number | undefined;
  /** Virtual time in milliseconds at which its task is due; anew from now unless said. */
  readonly due?: number | undefined;
}

/** One change that a transaction made, for the story of the request that caused it. */
export interface StateChange {
  readonly eventId: number;
  readonly kind: string;
  readonly resource: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
}

/** Resources as `apply` and tasks change them: rows, indexes, events and tasks move together. */
export class WritableResources extends StoredResources implements ResourceWriter {
  readonly now: number;
  /** Every change made so far, in order. */
  readonly changes: StateChange[] = [];
  readonly #rows: WritableRows;
  readonly #pace: Pace;
  readonly #cause: string;
  readonly #principal: string;
  readonly #hold: HoldTask | undefined;
  #unit: number | undefined;

  constructor(
    rows: WritableRows,
    kinds: Kinds,
    secrets: SecretBox,
    context: {
      readonly now: number;
      readonly pace: Pace;
      readonly cause: string;
      readonly principal: string;
      readonly hold?: HoldTask | undefined;
    },
  ) {
    super(rows, kinds, secrets);
    this.#rows = rows;
    this.now = context.now;
    this.#pace = context.pace;
    this.#cause = context.cause;
    this.#principal = context.principal;
    this.#hold = context.hold;
  }

  newId(kind: Pick<AnyKind, "idPrefix" | "idHasRegionCode">, region?: string): string {
    let random = "";
    while (random.length < idRandomLength) {
      for (const byte of randomBytes(idRandomLength)) {
        // 252 is the largest multiple of 36 in a byte: beyond it characters would not be equally likely.
        if (byte < 252 && random.length < idRandomLength) random += idAlphabet[byte % 36];
      }
    }
    return `${kind.idPrefix}-${kind.idHasRegionCode && region !== undefined ? regionCode(region) : ""}${random}`;
  }

  randomHex(bytes: number): string {
    return randomBytes(bytes).toString("hex");
  }

  async create<B extends object>(kind: ResourceKind<B>, resource: NewResource<B>, event: string): Promise<Resource<B>> {
    const state = kind.states.initial[event];
    if (state === undefined) throw new Error(`${kind.name}: ${event} does not create this kind`);
    const created = {
      tags: {},
      resourceGroups: {},
      ...resource,
      state,
      version: 1,
      createdAt: this.now,
      modifiedAt: this.now,
    } as unknown as Resource<B>;
    await this.#write(kind, undefined, created, event);
    return created;
  }

  async move<B extends object>(kind: ResourceKind<B>, resource: Resource<B>, event: string, changes: Changes<B> = {}): Promise<void> {
    const target = kind.states.states[resource.state]?.moves[event];
    if (target === undefined) throw new Error(`${kind.name} ${resource.id}: no ${event} in state ${resource.state}`);
    await kind.onEvent?.[event]?.(this, resource);
    const changed = { ...resource, ...changes };
    const state = typeof target === "string" ? target : target.choose(changed);
    const next = state === gone ? undefined : { ...changed, state, version: resource.version + 1, modifiedAt: this.now };
    if (next === undefined) await this.#takeParts(kind, resource.id);
    await this.#write(kind, resource, next, event);
  }

  /** Lets what is part of a resource that goes go with it. */
  async #takeParts(whole: AnyKind, id: string): Promise<void> {
    for (const kind of this.kinds.values()) {
      for (const { index, event } of kind.partOf?.filter((one) => one.kind === whole.name) ?? []) {
        for (const part of await listAll<object>(this, kind, [[index, id]])) await this.move(kind, part, event);
      }
    }
  }

  async change<B extends object>(kind: ResourceKind<B>, resource: Resource<B>, changes: Changes<B>): Promise<void> {
    // Tags and resource groups are each account's own: another that reads the resource does not read when they were changed.
    const isLabelling = Object.keys(changes).every((field) => field === "tags" || field === "resourceGroups");
    const modifiedAt = isLabelling ? resource.modifiedAt : this.now;
    const next = { ...resource, ...changes, version: resource.version + 1, modifiedAt };
    await this.#write(kind, resource, next, "change");
  }

  /** Takes a resource away as if it had never been: nothing that a deletion causes happens. */
  async remove(id: string): Promise<void> {
    const found = await this.find(id);
    if (found === undefined) throw new Error(`${id} is not there, or of a kind that this version does not have`);
    await this.#write(found.kind, found.resource, undefined, "removed");
  }

  /**
   * Brings a resource back as it was, and leaves it alone if it is so already; nothing that its states or events cause happens. Its versions
   * go on. One that is there and stands elsewhere in lists has to be removed first.
   */
  async restore({ kind, resource: past, position, due }: Past): Promise<void> {
    const found = await this.find(past.id);
    if (found !== undefined && found.kind !== kind) await this.remove(past.id);
    const before = found?.kind === kind ? found.resource : undefined;
    if (before === undefined || !sameButVersion(before, past)) {
      await this.#write(kind, before, { ...past, version: (before?.version ?? 0) + 1 }, "restored", position);
      await this.#planTask(kind, past.id, past);
    }
    const task = due === undefined ? undefined : await this.#rows.task(past.id);
    if (task !== undefined && due !== undefined) await this.#rows.putTask({ ...task, due, attempts: 0, failure: null });
  }

  async #write<B extends object>(
    kind: ResourceKind<B>,
    before: Resource<B> | undefined,
    after: Resource<B> | undefined,
    event: string,
    place?: number,
  ): Promise<void> {
    const resource = (after ?? before) as Resource<B>;
    const stored = before && (await this.#rows.resource(before.id));
    if (stored?.version !== before?.version)
      throw new Error(`${kind.name} ${resource.id}: changed from a version that is not the stored one`);
    const image = after === undefined ? null : this.#sealed(kind, after);
    const eventId = await this.#rows.appendEvent({
      at: this.now,
      kind: kind.name,
      resource: resource.id,
      account: resource.account,
      position: stored?.position ?? place,
      version: after?.version ?? resource.version + 1,
      event,
      unit: this.#unit,
      cause: this.#cause,
      principal: this.#principal,
      image,
    });
    this.#unit ??= eventId;
    const position = stored?.position ?? place ?? eventId;
    const row: ResourceRow = { id: resource.id, kind: kind.name, position, version: resource.version, body: image ?? "" };
    const entriesBefore = before === undefined ? [] : indexEntries(kind, before);
    if (after === undefined) await this.#rows.deleteResource(row, entriesBefore);
    else await this.#rows.putResource(row, entriesBefore, indexEntries(kind, after));
    if (before?.state !== after?.state) await this.#planTask(kind, resource.id, after);
    // Not the event's id, which a commit that failed would leave to another change.
    if (kind.decidesPermissions === true) await this.#rows.putMeta(permissionsName(resource.account), randomUUID());
    this.changes.push({ eventId, kind: kind.name, resource: resource.id, event, from: before?.state ?? "", to: after?.state ?? "" });
  }

  /** A state that ends by itself has a task; entering any other state drops the task of the state before. */
  async #planTask<B extends object>(kind: ResourceKind<B>, id: string, resource: Resource<B> | undefined): Promise<void> {
    const task = resource && kind.states.states[resource.state]?.task;
    if (resource === undefined || task === undefined) return this.#rows.deleteTask(id);
    const due = typeof task.after === "function" ? task.after(resource) : this.now + paces[this.#pace][task.after];
    const held = this.#hold?.(kind, resource, due);
    const row = { resource: id, kind: kind.name, event: task.event, since: this.now, attempts: 0, failure: null };
    await this.#rows.putTask({ ...row, due: held?.due ?? due, stuck: held?.rule ?? null });
  }

  #sealed<B extends object>(kind: ResourceKind<B>, resource: Resource<B>): string {
    const body: Record<string, unknown> = { ...resource };
    for (const field of kind.secretFields ?? []) body[field] = this.secrets.seal(body[field] as string);
    return JSON.stringify(body);
  }
}

/** Whether two images differ in nothing but how often the resource was written. */
export function sameButVersion({ version: _one, ...one }: ResourceBase, { version: _other, ...other }: ResourceBase): boolean {
  return isDeepStrictEqual(one, other);
}

/** Counts every resource of a kind, of whatever account: no index of a kind has an empty name. */
const whole: IndexEntry = { name: "", value: "", counted: true, onlyCounted: true };
/** How many resources of a kind there are in all. */
export function totalOf(rows: Rows, kind: AnyKind): Promise<number> {
  return rows.count(kind.name, [[whole.name, whole.value]], true);
}

/** The lists that a resource stands in, each once, and the total of its kind. */
export function indexEntries<B extends object>(kind: ResourceKind<B>, resource: Resource<B>): IndexEntry[] {
  const lists = Object.entries(kind.indexes).flatMap(([name, valuesOf]) =>
    [...new Set(valuesOf(resource))].map((value) => ({ name, value, counted: kind.counted.includes(name) })),
  );
  return [...lists, whole];
}
