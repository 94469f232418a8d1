import type { AnyOperation } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import { likelyCall } from "../generated/calls.ts";
import type { Stored } from "../generated/store-watch.ts";
import { flat, type Parameters } from "../support/caller.ts";
import type { Random } from "../support/random.ts";
import { drawnIn } from "./names.ts";
import { ramParameters } from "./ram-calls.ts";
import type { Call, Principal } from "./world.ts";

/** Calls at random, of those who look and of those who are not to be seen. */

/** What calls are made from. */
export interface Material {
  readonly random: Random;
  readonly resources: readonly Stored[];
  /** Unique to the call. */
  readonly serial: number;
  /** Tokens that lists gave to go on with. */
  readonly continuations: readonly string[];
}
const goesOn = (name: string): boolean => name === "NextToken" || name === "Marker";

/** Every operation once, those that create something twice, in another order each time. */
export function* deck(random: Random, wanted: (operation: AnyOperation) => boolean = () => true): Generator<AnyOperation, never> {
  const all = [...operations, ...operations.filter(({ name }) => name.startsWith("Create"))].filter(wanted);
  for (;;) yield* random.shuffled(all);
}
export function isWrite(operation: AnyOperation): boolean {
  return "apply" in operation;
}

/** A call that an account is likely to be let through with. New names begin with `mark`. */
export function likely(
  { random, resources, serial }: Material,
  operation: AnyOperation,
  mark: string,
): { readonly account: string; readonly parameters: Parameters } {
  const call = likelyCall(random, operation, resources, serial);
  const isRam = ["Ram", "Sts"].includes(operation.product.name);
  const account = isRam ? random.pick(resources.filter(({ kind }) => kind === "account")).id : call.account;
  const newName = (): string => `${mark}${serial}`;
  const ofRam = ramParameters(operation, call.parameters, { random, account, resources, newName });
  return { account, parameters: { ...call.parameters, ...ofRam, ...common(random, operation, call.parameters, resources) } };
}

/** Tokens that all accounts use, and in lists the tags that there are, whoever set them. */
function common(random: Random, operation: AnyOperation, given: Parameters, resources: readonly Stored[]): Parameters {
  const parameters: Record<string, unknown> = {};
  for (const name of ["ClientToken", "Token"]) {
    if (name in given && random.chance(sameTokenShare)) parameters[name] = `token-${random.below(sameTokens)}`;
  }
  const list = ["Tag", "Tags"].find((name) => name in operation.parameters);
  const tags = resources.flatMap((one) => Object.values(one["tags"] as Record<string, { Key: string; Value: string }[]>).flat());
  if (list !== undefined && !isWrite(operation) && tags.length > 0 && random.chance(listedTagShare)) {
    const { Key, Value } = random.pick(tags);
    parameters[list] = [random.chance(0.5) ? { Key } : { Key, Value }];
  }
  return parameters;
}
const sameTokens = 6;
const sameTokenShare = 0.4;
const listedTagShare = 0.3;

const freeText = /(Name|Description|Comments|CircuitCode|PeerLocation|AuthKey|Psk)$/;
/** The parameters with a marker in every free text and most tags, where the declaration lets it stand. */
export function marked(
  parameters: Parameters,
  { parameters: declared }: AnyOperation,
  { random, serial }: Material,
  mark: string,
): Parameters {
  const markIn = (value: unknown, name: string): unknown => {
    if (typeof value === "string") return freeText.test(name) && /^[A-Za-z]+-\d+$/.test(value) ? `${mark}${serial}` : value;
    if (Array.isArray(value)) {
      if (!/^Tags?$/.test(name)) return value.map((member) => markIn(member, name));
      const text = `${mark}${serial}`;
      return value.map((tag) => random.pick([tag, { Key: text, Value: "" }, { ...tag, Value: text }]));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, markIn(inner, field)]));
  };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const after = markIn(value, name);
      const { pattern, valid } = declared[name]?.options ?? {};
      return [name, typeof after === "string" && (pattern?.test(after) === false || valid?.(after) === false) ? value : after];
    }),
  );
}

export function optionsOf(random: Random): Call["options"] {
  return {
    signature: random.pick(["V1", "V3"]),
    method: random.pick(["GET", "POST"]),
    place: random.pick(["query", "form"]),
    format: random.pick(["JSON", "JSON", "XML"]),
  };
}

/** Who looks. */
export interface Observers {
  /** Accounts themselves, whose names end with `:root`, their users, and sessions of their roles. */
  readonly principals: readonly Principal[];
  /** Names and ids, in small letters, of what the principals consist of: calls leave it alone, so that they can go on. */
  readonly kept: ReadonlySet<string>;
  /** Ids of what others share with them. */
  readonly shown: ReadonlySet<string>;
}

/** How many calls name only what is the callers' own, and how many only what is shared; the rest may name anything. */
const ownShare = 0.35;
const sharedShare = 0.25;
const rootShare = 0.4;

/** A call of somebody who looks, at what is theirs or at what is not; `undefined` for one that may not be made. */
export function look(material: Material, operation: AnyOperation, { principals, kept, shown }: Observers): Call | undefined {
  const { random, continuations } = material;
  const accounts = new Set(principals.map(({ key }) => key.account));
  const isKept = (one: Stored): boolean => kept.has(one.id.toLowerCase()) || kept.has(String(one["name"]).toLowerCase());
  const resources = isWrite(operation) ? material.resources.filter((one) => !isKept(one)) : material.resources;
  const among = near(material, { accounts, shown }, resources);
  const { account, parameters } = likely({ ...material, resources: among }, operation, "own");
  const pairs = flat(parameters).map(([name, value]): [string, string] => [
    name,
    goesOn(name) ? random.pick([...continuations, "no-token"]) : otherId(random, value, resources),
  ]);
  if (asksAbout({ operation, pairs }, accounts, resources)) return undefined;
  if (isWrite(operation) && pairs.some(([, value]) => kept.has(value.toLowerCase()))) return undefined;
  const able = principals.filter(({ key }) => key.account === account);
  const callers = able.length > 0 ? able : principals;
  // Accounts themselves take no roles.
  const isAccounts = operation.name !== "AssumeRole" && random.chance(rootShare);
  const by = random.pick(isAccounts ? callers.filter(({ name }) => name.endsWith(":root")) : callers);
  return { by, operation, pairs, options: optionsOf(random) };
}

/** What a call may name: what is the callers' own, or what is shared and what of their own it is shared with, or anything. */
function near(
  { random }: Material,
  { accounts, shown }: { readonly accounts: ReadonlySet<string>; readonly shown: ReadonlySet<string> },
  resources: readonly Stored[],
): readonly Stored[] {
  const kind = random.next();
  if (kind < ownShare) return resources.filter(({ account }) => accounts.has(account));
  if (kind > ownShare + sharedShare || shown.size === 0) return resources;
  return resources.filter((one) => {
    if (["account", "resource-group"].includes(one.kind) || shown.has(one.id)) return true;
    const image = JSON.stringify(one);
    return accounts.has(one.account) && [...shown].some((id) => image.includes(id));
  });
}

/**
 * The only questions about another account's resource that are answered without a share, and only to those who name both the account and the
 * resource: these calls are about both, and have documented errors for a resource that is not there.
 */
const asking: Readonly<Record<string, readonly [account: string, resource: RegExp]>> = {
  CreateVpcPeerConnection: ["AcceptingAliUid", /^AcceptingVpcId$/],
  GrantInstanceToVbr: ["VbrOwnerUid", /^VbrInstanceIds\b/],
};
function asksAbout(call: Pick<Call, "operation" | "pairs">, accounts: ReadonlySet<string>, resources: readonly Stored[]): boolean {
  const [account, resource] = asking[call.operation.name] ?? [];
  const owner = call.pairs.find(([name]) => name === account)?.[1];
  if (owner === undefined || accounts.has(owner)) return false;
  const named = new Set(call.pairs.flatMap(([name, value]) => (resource?.test(name) === true ? [value] : [])));
  return resources.some((one) => one.account === owner && named.has(one.id));
}

const otherIdShare = 0.04;
const noIdShare = 0.03;
/** Now and then another id in the place of one: that of something else, or of nothing. */
function otherId(random: Random, value: string, resources: readonly Stored[]): string {
  const [id] = drawnIn(value);
  if (id === undefined) return value;
  if (random.chance(otherIdShare)) return value.replace(id, random.pick(resources).id);
  return random.chance(noIdShare) ? value.replace(id, `${id.slice(0, -4)}0000`) : value;
}
