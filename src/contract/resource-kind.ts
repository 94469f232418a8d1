import type { ErrorDefinition } from "./errors.ts";
import type { StateTable } from "./state-table.ts";

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What every stored resource has, whatever its kind. Times are virtual, in milliseconds since 1970. */
export interface ResourceBase {
  readonly id: string;
  /** The owning account's id, a decimal number as text. */
  readonly account: string;
  /** Region id, or the empty string for what belongs to no region. */
  readonly region: string;
  /** A state of the kind's state table. */
  readonly state: string;
  /** Counts the writes of this resource, from 1. */
  readonly version: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Tags by the account that set them: both sides of a peering connection have their own. */
  readonly tags: Readonly<Record<string, readonly Tag[]>>;
  /** Resource group by account, likewise. */
  readonly resourceGroups: Readonly<Record<string, string>>;
}
export type Resource<B extends object> = ResourceBase & Readonly<B>;

/** What a new resource is given; the rest of `ResourceBase` is filled in by the engine. */
export type NewResource<B extends object> = Readonly<B> &
  Pick<ResourceBase, "id" | "account" | "region"> &
  Partial<Pick<ResourceBase, "tags" | "resourceGroups">>;
/** What a write may change. State moves through the state table only. */
export type Changes<B extends object> = Partial<Readonly<B> & Pick<ResourceBase, "tags" | "resourceGroups">>;

/** A field that `PATCH /_linkspan/resources/{id}` may set, because no API call can. */
export interface PatchableField {
  readonly description: string;
  /** Allowed values; any text of up to 256 characters unless said. */
  readonly values?: readonly string[];
}

/** A resource of one kind that keeps a resource of another from being deleted. */
export interface Dependency {
  /** Name of the kind that is kept in being. */
  readonly kind: string;
  /** Index of this kind whose value is the id of the kept resource. */
  readonly index: string;
  /** What must be true before the other can go, as a sentence. */
  readonly rule: string;
  readonly error: ErrorDefinition;
  /** What to do about it, where the resource that is in the way has no name that a caller knows. */
  readonly advice?: string;
}

/** A resource of one kind that goes together with a resource of another. */
export interface PartOf {
  /** Name of the kind whose going takes this one along. */
  readonly kind: string;
  /** Index of this kind whose value is the id of the other resource. */
  readonly index: string;
  /** What happens to this one in the transaction in which the other goes, before it; every state that it can be in then has this move. */
  readonly event: string;
}

/** A resource in the state in which a rule found it. */
export interface Subject {
  readonly kind: AnyKind;
  readonly resource: Pick<ResourceBase, "id" | "state">;
}

/** Why a next hop cannot be used. */
export interface Objection {
  readonly error: ErrorDefinition;
  readonly fill: readonly string[];
  /** For an objection to its state: the next hop itself, which the account can see. */
  readonly subject?: Subject;
}
/** A kind that route entries can point at. */
export interface NextHopType {
  /** Value of `NextHopType`. */
  readonly type: string;
  /** Every error that an objection can have, in the order in which they are judged. */
  readonly errors: readonly ErrorDefinition[];
  /**
   * The objection to `id` as next hop in a table of `vpcId`, asked for by `account`; `undefined` when there is none.
   * It shares the traffic with other next hops if it is `oneOfSeveral`.
   */
  readonly objection: (
    state: ResourceReader,
    candidate: { readonly id: string; readonly vpcId: string; readonly account: string; readonly oneOfSeveral: boolean },
  ) => Promise<Objection | undefined>;
}

/**
 * A kind of resource. Everything that the store, the engine, the console and the documentation know of a kind stands here:
 * a new kind changes none of them.
 */
export interface ResourceKind<B extends object> {
  /** Kebab case, unique: `vpc-peering-connection`. */
  readonly name: string;
  /** Heads every id of the kind: `pcc`. */
  readonly idPrefix: string;
  /** Ids of regional resources carry the region's three-character code. */
  readonly idHasRegionCode: boolean;
  readonly states: StateTable<Resource<B>>;
  /**
   * The lists that a resource stands in, by index name. A list query names one value per index;
   * its cost grows with the page, not with the table.
   */
  readonly indexes: Readonly<Record<string, (resource: Resource<B>) => readonly string[]>>;
  /** Indexes whose totals are kept as counters instead of counted when asked. */
  readonly counted: readonly string[];
  /** Fields that stores of earlier versions lack, with the value that their resources have. */
  readonly laterFields?: Readonly<Partial<B>>;
  /** Fields that are encrypted in the store and masked wherever they are shown. */
  readonly secretFields?: readonly (keyof B & string)[];
  /** Wire names of the fields that only `PATCH` can set. They are fields of `B` in the same spelling. */
  readonly patchable?: Readonly<Record<string, PatchableField>>;
  /** What else happens when an event ends a state; runs in the transaction of the move, before it. */
  readonly onEvent?: Readonly<Record<string, (state: ResourceWriter, resource: Resource<B>) => Promise<void>>>;
  /** Which other resources cannot be deleted while one of this kind depends on them. */
  readonly dependencies?: readonly Dependency[];
  /** Which other resources take this one along when they go. */
  readonly partOf?: readonly PartOf[];
  readonly nextHop?: NextHopType;
  /** Accounts besides the owner's that have a part in a resource, whatever its state: the other side of a peering connection. */
  readonly sharedWith?: (resource: Resource<B>) => readonly string[];
  /** What principals of the account may do follows from its resources: a change of one makes what is remembered of them void. */
  readonly decidesPermissions?: boolean;
  /** Value of `ResourceType` in tag and resource-group calls, where the kind has one. */
  readonly tagType?: string;
}
// The kinds of a mixed list differ in `B`, in which a kind is invariant; readers of such a list treat bodies as opaque.
export type AnyKind = ResourceKind<any>;
export type BodyOf<K> = K extends ResourceKind<infer B> ? B : never;

/** A page of a list. */
export interface ListOptions {
  /** Skips this many; bounded by the gateway. */
  readonly offset?: number;
  /** Continues behind this position, see `Listed.position`. */
  readonly after?: number;
  readonly limit: number;
}
export interface Listed<B extends object> {
  readonly resource: Resource<B>;
  /** Place in creation order, never reused. */
  readonly position: number;
}
/** Index name and value; several are joined by AND. The first is walked, so the most selective comes first. */
export type Filter = readonly (readonly [index: string, value: string])[];

/** What rules and reads see of the store: one consistent snapshot. */
export interface ResourceReader {
  get<B extends object>(kind: ResourceKind<B>, id: string): Promise<Resource<B> | undefined>;
  /** Resources in creation order. */
  list<B extends object>(kind: ResourceKind<B>, filter: Filter, options: ListOptions): Promise<Listed<B>[]>;
  count(kind: AnyKind, filter: Filter): Promise<number>;
  /** A continuation token for a position in a list. It is sealed, because positions count what happens in all accounts. */
  pageToken(position: number): string;
  /** The position that a continuation token stands for; 0 for no token, NaN for one that this server did not make. */
  positionOf(token: string | undefined): number;
  /** The resource of whatever kind that has this id. */
  find(id: string): Promise<{ readonly kind: AnyKind; readonly resource: ResourceBase } | undefined>;
}

/** What `apply` and tasks may do. Everything lands in one transaction, with its events and tasks. */
export interface ResourceWriter extends ResourceReader {
  /** Virtual time of this transaction in milliseconds since 1970. */
  readonly now: number;
  /** A fresh id in the form that the cloud gives this kind. */
  newId(kind: Pick<AnyKind, "idPrefix" | "idHasRegionCode">, region?: string): string;
  /** Lower-case hexadecimal digits of random bytes. */
  randomHex(bytes: number): string;
  create<B extends object>(kind: ResourceKind<B>, resource: NewResource<B>, event: string): Promise<Resource<B>>;
  /** Moves a resource by an event of its state table. A move that the table does not have is a fault of ours and throws. */
  move<B extends object>(kind: ResourceKind<B>, resource: Resource<B>, event: string, changes?: Changes<B>): Promise<void>;
  /** Changes fields and leaves the state. Tags and resource groups alone are no modification: `modifiedAt` stays. */
  change<B extends object>(kind: ResourceKind<B>, resource: Resource<B>, changes: Changes<B>): Promise<void>;
}

/** Every resource of a list, read page by page. For lists that a quota bounds. */
export async function listAll<B extends object>(state: ResourceReader, kind: ResourceKind<B>, filter: Filter): Promise<Resource<B>[]> {
  const all: Resource<B>[] = [];
  for (let after = 0; ;) {
    const page = await state.list(kind, filter, { after, limit: listAllPage });
    all.push(...page.map(({ resource }) => resource));
    const last = page.at(-1);
    if (last === undefined || page.length < listAllPage) return all;
    after = last.position;
  }
}
const listAllPage = 200;
