import type { AnyOperation } from "../../src/contract/operation.ts";
import type { AnyKind } from "../../src/contract/resource-kind.ts";
import { allows, isTransitional } from "../../src/contract/state-table.ts";
import { targetsOf } from "../../src/engine/operation-rules.ts";
import { kinds } from "../../src/services/index.ts";
import type { Parameters } from "../support/caller.ts";
import type { Random } from "../support/random.ts";
import type { Stored } from "./store-watch.ts";

/** What a call in the making is about: its operation, who calls where, and the resources that it may name. */

/** Regions that calls are about, the most frequent first. */
export const regionsInUse = ["cn-hangzhou", "cn-beijing", "cn-hongkong", "cn-qingdao"] as const;

/** Whether an operation is likely to accept a resource. */
export type Preference = (one: Stored, scene: Scene) => boolean;

/** One call in the making. */
export interface Scene {
  readonly random: Random;
  readonly operation: AnyOperation;
  readonly resources: readonly Stored[];
  /** Unique to the call within its round. */
  readonly serial: number;
  /** Which resources the operation is about, where its target's state does not say it all. */
  readonly prefers: Preference;
  /** Resources that the call names, by parameter. */
  readonly named: Map<string, Stored>;
  account: string;
  region: string;
}

/** The scene of a call that is about these; what it names is chosen. */
export function sceneOf(given: Pick<Scene, "random" | "operation" | "resources" | "serial" | "prefers">): Scene {
  const { random, operation, resources } = given;
  const account = random.pick(resources.filter(({ kind }) => kind === "account")).id;
  // Half of all calls are about the first region, half of the rest about the second, and so on.
  const region = regionsInUse.find(() => random.chance(0.5)) ?? regionsInUse[0];
  const scene: Scene = { ...given, named: new Map(), account, region };
  for (const [, { kind, parameter }] of targetsOf(operation)) {
    const found = suitable(scene, kind);
    if (found === undefined) continue;
    if (scene.named.size === 0) Object.assign(scene, random.pick(partiesOf(found, operation)));
    scene.named.set(parameter, found);
  }
  return scene;
}

/** Who may name a resource, and where: its owner, and whoever else it names as an account with a region. */
export function partiesOf(resource: Stored, { name }: AnyOperation): { account: string; region: string }[] {
  const others = Object.keys(resource).flatMap((field) => {
    const prefix = /^(.+)Account$/.exec(field)?.[1];
    return prefix === undefined
      ? []
      : [{ account: String(resource[field]), region: String(resource[`${prefix}Region`] ?? resource.region) }];
  });
  // Who answers a request is not who made it.
  return /^(Accept|Reject)/.test(name) && others.length > 0 ? others : [{ account: resource.account, region: resource.region }, ...others];
}

/** The VPC that a resource belongs to, itself included; its own id where there is none. */
export function homeOf(resource: Stored): string {
  return resource["vpcId"] ?? resource.id;
}

/** A resource that the operation is likely to accept: of all that there are, each wish narrows the choice unless nothing would be left. */
export function suitable(scene: Scene, kind: AnyKind, wish: (one: Stored) => boolean = () => true): Stored | undefined {
  const { random, operation, resources, named } = scene;
  const taken = new Set([...named.values()].map(({ id }) => id));
  const first = [...named.values()][0];
  const asksState = Object.values(kind.states.states).some(({ moves }) => operation.name in moves);
  const busy = new Set(resources.filter((one) => isBusy(one)).map(homeOf));
  let candidates = resources.filter((one) => one.kind === kind.name && !taken.has(one.id));
  const wishes: ((one: Stored) => boolean)[] = [
    wish,
    (one) => (asksState ? allows(kind.states, one.state, operation.name) : !isBusy(one)),
    (one) => scene.prefers(one, scene),
    (one) => first === undefined || homeOf(one) === homeOf(first),
    (one) => !busy.has(homeOf(one)),
  ];
  for (const holds of wishes) {
    const left = candidates.filter(holds);
    if (left.length > 0) candidates = left;
  }
  if (operation.name.startsWith("Delete")) candidates = leastMentioned(candidates, resources);
  return candidates.length === 0 ? undefined : random.pick(candidates);
}

function isBusy({ kind, state }: Stored): boolean {
  const table = kinds.find(({ name }) => name === kind)?.states;
  return table !== undefined && isTransitional(table, state);
}

/** The few of them that the fewest others mention: what nothing depends on can be deleted. */
function leastMentioned(candidates: readonly Stored[], resources: readonly Stored[]): Stored[] {
  const images = resources.map((one) => JSON.stringify(one));
  const mentions = (one: Stored): number => images.filter((image) => image.includes(one.id)).length;
  return candidates
    .map((one) => [mentions(one), one] as const)
    .sort(([a], [b]) => a - b)
    .slice(0, 3)
    .map(([, one]) => one);
}

/** Whether a resource is the caller's, and where the call goes. */
export function near({ account, region }: Scene): (one: Stored) => boolean {
  return (one) => one.account === account && (one.region === region || one.region === "");
}

/** Takes the side of a resource: its owner calls, in its region. */
export function onSideOf(scene: Scene, { account, region }: Stored): void {
  Object.assign(scene, { account, region });
}
export const kindNamed = (name: string): AnyKind => kinds.find((kind) => kind.name === name) as AnyKind;

/** An account that is not the caller. */
export function otherAccount({ random, resources, account }: Scene): string {
  return random.pick(resources.filter(({ kind, id }) => kind === "account" && id !== account)).id;
}
/** A list of what has one of these values, asked by the owner of a resource that has them. */
export function filterBy(scene: Scene, resource: Stored, values: readonly (readonly [key: string, value: string])[]): Parameters {
  onSideOf(scene, resource);
  const [Key, value] = scene.random.pick(values);
  return { RegionId: resource.region, Filter: [{ Key, Value: [value, "nowhere"] }] };
}
