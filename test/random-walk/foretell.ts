import assert from "node:assert/strict";
import type { AnyKind } from "../../src/contract/resource-kind.ts";
import type { Model } from "./model.ts";
import { type Account, type Thing, tagsOf } from "./things.ts";

/** What a call is answered, foretold from the model: plain conditions in the order that the operations document, written apart from theirs. */

export interface Refused {
  readonly code: string;
  readonly http: number;
}
/** What happens to the model when a call succeeds; gives the fields that the answer must have. Ids are taken from the answer. */
export type Happens = (answer: any) => Readonly<Record<string, unknown>>;
export type Foretold = Refused | Happens;
/** By action. Parameters are as they are sent; generated ones are syntactically valid. */
export type Family = Readonly<Record<string, (model: Model, by: Account, parameters: any) => Foretold>>;

export function refused(code: string, http = 400): Refused {
  return { code, http };
}

/** Asserts that an id is well formed and was never given before. */
export function fresh(model: Model, kind: AnyKind, id: unknown): string {
  assert.ok(typeof id === "string", `an id of a ${kind.name}: ${JSON.stringify(id)}`);
  assert.match(id, new RegExp(`^${kind.idPrefix}-[0-9a-z]{${kind.idHasRegionCode ? 21 : 18}}$`));
  assert.ok(!model.things.some((thing) => thing.id === id) && !model.graveyard.includes(id), `${id} was given before`);
  return id;
}

/** The fields that a call gives. */
export function defined(fields: Readonly<Record<string, unknown>> = {}): Record<string, any> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

/** What is wrong with tags that a call puts on something. */
export function tagFault(tags: readonly Tag[] = []): Refused | undefined {
  const isReserved = (text = ""): boolean => /^(aliyun|acs:)/i.test(text) || /https?:\/\//i.test(text);
  if (tags.some(({ Key, Value }) => isReserved(Key) || isReserved(Value))) return refused("Forbidden.TagKeys");
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) return refused("Forbidden.TagKey.Duplicated");
  return undefined;
}
/** The tags of a new resource. */
export function newTags(by: Account, tags: readonly Tag[] = []): Map<string, Map<string, string>> {
  return tags.length === 0 ? new Map() : new Map([[by.id, new Map(tags.map(({ Key, Value = "" }) => [Key, Value]))]]);
}
/** Lays tags over those that an account has set. */
export function addTags(model: Model, thing: Thing, by: Account, tags: readonly Tag[]): void {
  const own = new Map(tagsOf(thing, by.id));
  for (const { Key, Value = "" } of tags) own.set(Key, Value);
  thing.tags.set(by.id, own);
  model.relabel(thing);
}

export function isGroupOf(by: Account, id: string | undefined): boolean {
  return id === undefined || [...by.groupIds.values()].includes(id);
}
/** The group of a new resource: the one named, or the account's default one. */
export function newGroups(by: Account, id: string | undefined): Map<string, string> {
  return new Map([[by.id, id ?? by.groupIds.get("default") ?? ""]]);
}
