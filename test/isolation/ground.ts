import { cpSync } from "node:fs";
import { join } from "node:path";
import { quotaDefaults } from "../../src/contract/settings.ts";
import { mayAssume, roleWith, sessionOf, userWith } from "../support/principals.ts";
import type { Random } from "../support/random.ts";
import type { AnyOperation } from "../../src/contract/operation.ts";
import type { Stored } from "../generated/store-watch.ts";
import { Caller, flat, type Key } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import type { Beginning } from "./pair.ts";
import { randomStatement } from "./ram-calls.ts";
import { share } from "./shares.ts";
import { deck, isWrite, likely, marked, type Material, type Observers, optionsOf } from "./steps.ts";
import { type Call, type Principal, rootOf, World } from "./world.ts";

/** What there is before anybody looks. */

/** Who is who in a run: two accounts look, two are not to be seen. */
interface Cast {
  readonly looking: readonly Key[];
  readonly unseen: readonly Key[];
}
const keys: readonly Key[] = [1, 2, 3, 4].map((number) => ({
  account: `100000000000000${number}`,
  id: `LTAIisolationAccount000${number}`,
  secret: `isolation-secret-${number}`,
}));
function castOf(random: Random): Cast {
  const all = random.shuffled(keys);
  return { looking: all.slice(0, 2), unseen: all.slice(2) };
}

/** Quotas of whole accounts. Those who look come close to them, the others go far beyond: if one counts for the other, it shows. */
const tight: Partial<Record<keyof typeof quotaDefaults, number>> = {
  Vpc: 12,
  VpcPeerCountPerUserPerRegion: 12,
  VpnGateway: 14,
  CustomerGateway: 10,
  freevbr: 12,
  freePconnPerAP: 8,
  pConnPerAP: 16,
  UsersQuota: 30,
  GroupsQuota: 12,
  RolesQuota: 20,
  PoliciesQuota: 30,
};

/** A seed with nothing but the accounts. */
function seedOf({ looking, unseen }: Cast): unknown {
  const unlimited = Object.keys(quotaDefaults).flatMap((name) => (name === "VpcPeerExpiryDays" ? [] : [{ name, value: 10_000 }]));
  const limited = looking.flatMap(({ account }) => Object.entries(tight).map(([name, value]) => ({ name, account, value })));
  return {
    accounts: [...looking, ...unseen]
      .toSorted((a, b) => (a.account < b.account ? -1 : 1))
      .map(({ account, id, secret }) => ({
        name: `account-${account.at(-1)}`,
        uid: account,
        keys: [{ id, secret }],
        resourceGroups: ["team"],
      })),
    settings: { quotas: [...unlimited, ...limited] },
  };
}

/** Lets accounts build something, at random, among themselves. Their names begin with `mark`. */
async function grow(
  random: Random,
  world: World,
  accounts: readonly Key[],
  calls: number,
  mark: string,
  isUnseen: boolean,
  isTheirs: (resource: Stored) => boolean = () => true,
): Promise<void> {
  const roots = new Map(accounts.map((key) => [key.account, rootOf(key)]));
  for (const key of accounts) await circuits(new Caller(world.server.url, key));
  const cards = deck(
    random,
    (operation) => isWrite(operation) && !/^(Delete|Terminate|Unassociate|Detach|Remove|Revoke|Refund)/.test(operation.name),
  );
  for (let serial = 1; serial <= calls; serial++) {
    const operation = cards.next().value;
    const resources = [...world.resources.values()].filter((one) => roots.has(one.account) && isTheirs(one));
    const call = growth({ random, resources, serial, continuations: [] }, operation, roots, mark, isUnseen);
    if (call !== undefined) await world.call(call, "");
  }
}
/** A call that is likely to make something; `undefined` for one that could take keys away. */
function growth(
  material: Material,
  operation: AnyOperation,
  roots: ReadonlyMap<string, Principal>,
  mark: string,
  isUnseen: boolean,
): Call | undefined {
  const { account, parameters } = likely(material, operation, mark);
  const by = roots.get(account);
  if (by === undefined || "UserAccessKeyId" in parameters) return undefined;
  const all = isUnseen ? marked(parameters, operation, material, mark) : parameters;
  return { by, operation, pairs: flat(all), options: optionsOf(material.random) };
}

/** Circuits take several calls each before anything can be done with them. */
async function circuits(owner: Caller): Promise<void> {
  for (const AccessPointId of ["ap-cn-hangzhou-yh-B", "ap-cn-hangzhou-yh-B", "ap-cn-beijing-cy-A"]) {
    const RegionId = /^ap-(cn-[a-z]+)/.exec(AccessPointId)?.[1];
    const made = succeeded(await owner.vpc("CreatePhysicalConnection", { RegionId, AccessPointId, LineOperator: "CT" })).body;
    for (const action of ["ConfirmPhysicalConnection", "EnablePhysicalConnection"])
      succeeded(await owner.vpc(action, { RegionId, PhysicalConnectionId: made.PhysicalConnectionId }));
  }
}

/** Sessions outlive the run: it is shorter, in virtual time. */
const sessionSeconds = 43_200;

/** The account itself, users and sessions with random permissions, of every account that looks. */
async function observersOf(
  random: Random,
  world: World,
  { looking, unseen }: Cast,
  mark: string,
): Promise<Omit<Observers, "shown"> & { readonly able: string }> {
  const before = new Set(world.resources.keys());
  const principals: Principal[] = [];
  const accounts = [...looking, ...unseen].map(({ account }) => account);
  const some = (): ReturnType<typeof randomStatement>[] =>
    Array.from({ length: random.between(1, 4) }, () => randomStatement(random, accounts, mark));
  const everything = { Effect: "Allow", Action: "*", Resource: "*" } as const;
  for (const [index, key] of looking.entries()) {
    const root = new Caller(world.server.url, rootOf(key).key);
    principals.push(rootOf(key));
    for (const statements of [[], [everything], [everything, ...some()], some(), some()]) {
      const { name, caller } = await userWith(root, ...statements);
      principals.push({ name: `${key.account}:${name}`, key: caller.key });
    }
    const { caller: taker } = await userWith(root, mayAssume);
    const { caller: otherTaker } = await userWith(new Caller(world.server.url, looking[1 - index] as Key), mayAssume);
    for (const [by, trusted, statements, Policy] of [
      [taker, key.account, [everything], undefined],
      [taker, key.account, [everything], JSON.stringify({ Version: "1", Statement: some().slice(0, 2) })],
      [taker, key.account, some(), undefined],
      [otherTaker, otherTaker.key.account, [everything, ...some()], undefined],
    ] as const) {
      const role = await roleWith(root, statements, [trusted]);
      succeeded(await root.ram("UpdateRole", { RoleName: role.name, NewMaxSessionDuration: sessionSeconds }));
      const session = await sessionOf(by, role.arn, { DurationSeconds: sessionSeconds, Policy });
      principals.push({ name: `${key.account}:${role.name} by ${by.key.account}`, key: session.key });
    }
  }
  await world.look();
  const made = [...world.resources.values()].filter(({ id }) => !before.has(id));
  const kept = made.flatMap((one) => [one.id, String(one["name"] ?? one.id)]);
  // The second user of the first account may do everything.
  const able = principals[2]?.name ?? "";
  const rootKeys = looking.map(({ id }) => id);
  return { able, principals, kept: new Set([...kept, ...rootKeys].map((text) => text.toLowerCase())) };
}

/** Where a run begins. */
export interface Ground {
  readonly observers: Observers;
  readonly beginning: Beginning;
  /** A call of an account that is not to be seen, on the server where it has something, about what nobody else has any part in. */
  readonly unseenCall: (material: Material) => Call | undefined;
  /** Calls of one who looks that together read all that is shared. */
  readonly reads: readonly Call[];
}

const grownByObservers = 350;
const grownUnseen = 700;

/** Accounts that have nothing in common: on one server the unseen ones have a lot, on the other nothing. */
export async function apart(random: Random, folder: string): Promise<Ground> {
  const cast = castOf(random);
  const mark = markOf(random);
  const [bare, full] = [join(folder, "bare"), join(folder, "full")];
  const base = await World.open(bare, seedOf(cast));
  const observers = await instantly(base, async () => {
    await grow(random, base, cast.looking, grownByObservers, "own", false);
    return observersOf(random, base, cast, mark);
  });
  await base.server.stop();
  await fill(bare, full, (world) => grow(random, world, cast.unseen, grownUnseen, mark, true));

  const roots = new Map(cast.unseen.map((key) => [key.account, rootOf(key)]));
  const cards = deck(random, isWrite);
  const unseenCall = (material: Material): Call | undefined => {
    return growth(material, cards.next().value, roots, mark, true);
  };
  const shown = new Set<string>();
  return {
    observers: { ...observers, shown },
    beginning: { full, bare, unseen: new Set(roots.keys()), mark, shown },
    unseenCall,
    reads: [],
  };
}

/** What every text of the unseen accounts begins with. */
function markOf(random: Random): string {
  return `zq${random.below(36 ** 6).toString(36)}x`;
}
async function instantly<T>(world: World, work: () => Promise<T>): Promise<T> {
  await world.server.engine.setPace("instant");
  const done = await work();
  await world.server.engine.setPace("stepped");
  return done;
}
/** Copies a store, does something in the copy alone, and brings both to the same time. */
async function fill(bare: string, full: string, work: (world: World) => Promise<void>): Promise<void> {
  cpSync(bare, full, { recursive: true });
  const world = await World.open(full);
  await instantly(world, () => work(world));
  const now = await world.now();
  await world.server.stop();
  const other = await World.open(bare);
  await other.server.engine.advance(now - (await other.now()));
  await other.server.stop();
}

const grownTogether = 150;
const grownApart = 300;

/**
 * Accounts that have a lot in common: peerings, links of router interfaces, circuits, border routers on each other's circuits, networks granted to
 * border routers, a role that trusts the other. On one server the unseen ones have put texts on all of it, and have more besides.
 */
export async function sharing(random: Random, folder: string): Promise<Ground> {
  const cast = castOf(random);
  const mark = markOf(random);
  const [bare, full] = [join(folder, "bare"), join(folder, "full")];
  const base = await World.open(bare, seedOf(cast));
  const observers = await instantly(base, async () => {
    await grow(random, base, cast.looking, grownTogether, "own", false);
    await grow(random, base, cast.unseen, grownTogether, "other", false);
    return observersOf(random, base, cast, mark);
  });
  const able = observers.principals.find(({ name }) => name === observers.able) as Principal;
  const { shown, reads, decorations } = await share(base, `${mark}0`, able, cast.looking[0] as Key, cast.unseen[0] as Key);
  await base.look();
  const before = new Set(
    [...base.resources.values()].flatMap(({ id, kind }) => (["account", "resource-group"].includes(kind) ? [] : [id])),
  );
  await base.server.stop();
  const isTheirs = ({ id }: Stored): boolean => !before.has(id);
  await fill(bare, full, async (world) => {
    for (const call of decorations(`${mark}0`)) {
      const came = await world.call(call, "");
      if (came.status !== 200) throw new Error(`${call.operation.name} ${JSON.stringify(call.pairs)}: ${came.raw}`);
    }
    await grow(random, world, cast.unseen, grownApart, mark, true, isTheirs);
  });

  const roots = new Map(cast.unseen.map((key) => [key.account, rootOf(key)]));
  const cards = deck(random, isWrite);
  const unseenCall = (material: Material): Call | undefined => {
    if (random.chance(0.5)) return random.pick(decorations(`${mark}${material.serial}`));
    return growth(material, cards.next().value, roots, mark, true);
  };
  const beginning = { full, bare, unseen: new Set(roots.keys()), mark, shown };
  return { observers: { ...observers, shown }, beginning, unseenCall, reads };
}
