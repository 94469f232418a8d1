import { type Ground, type Made, type Make, type Maker, type Product, vpc } from "./ground.ts";
import type { Model } from "./model.ts";
import type { Random } from "../support/random.ts";
import type { RouterInterface, Thing, Vpc } from "./things.ts";

/** Calls about router interfaces: how two ends come to name each other, and all that becomes of a link. */

const specs = ["Mini.2", "Small.1", "Small.1", "Middle.2", "Large.1", "Xlarge.1"];

// What calls are about

function ownEnds(g: Ground): RouterInterface[] {
  const enabled = new Set(g.enabled.map(({ id }) => id));
  return g.model.interfaces.filter(({ account }) => enabled.has(account));
}
/** An end that fits, mostly; sometimes any. */
function someEnd(g: Ground, fits: (of: RouterInterface) => boolean): RouterInterface | undefined {
  const own = ownEnds(g);
  const atWork = own.filter((of) => g.model.atWork(of));
  if (atWork.length > 0 && g.random.chance(0.1)) return g.random.pick(atWork);
  return g.fitting(own, (of) => of.businessStatus === "Normal" && of.lock === "" && fits(of)) ?? g.maybe(0.3, () => g.some(own));
}
function onEnd(g: Ground, of: RouterInterface, parameters: Readonly<Record<string, unknown>> = {}): Made {
  return { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), RouterInterfaceId: g.id(of), ...parameters } };
}
/** Whether two ends could be those of one link. */
function areComplementary(one: RouterInterface, other: RouterInterface): boolean {
  const knowRegions = one.oppositeRegion === other.region && other.oppositeRegion === one.region;
  return one.isInitiating !== other.isInitiating && one.routerId !== other.routerId && knowRegions;
}
/** Whether an end says of another all that it must, and truly. */
function names(one: RouterInterface, other: RouterInterface): boolean {
  const isMeant = one.oppositeId === other.id && one.oppositeRouterId === other.routerId;
  return isMeant && one.oppositeOwner === other.account && one.oppositeRouterType === other.routerType;
}
/** Idle ends that name each other, whatever else they say, the initiating one first. */
export function pairsIn(model: Model): [RouterInterface, RouterInterface][] {
  return model.interfaces.flatMap((one): [RouterInterface, RouterInterface][] => {
    const other = model.oppositeOf(one);
    return one.state === "Idle" && one.isInitiating && other?.state === "Idle" ? [[one, other]] : [];
  });
}
/** An initiating end that can connect, as far as the two ends are concerned. */
function isReady(model: Model, of: RouterInterface): boolean {
  const pair = pairsIn(model).find(([one]) => one === of);
  return pair !== undefined && areComplementary(...pair) && names(...pair) && names(pair[1], of);
}
/** Whether an end cannot simply go: a route entry leads over it, or its VPC is at work. */
function isHeld(model: Model, of: RouterInterface | undefined): boolean {
  return (
    of !== undefined &&
    (model.entriesTo("RouterInterface", of.id).length > 0 || (model.vpc(of.vpcId) !== undefined && model.atWork(model.vpc(of.vpcId))))
  );
}

/** What an end is told of another, mostly the truth; each part is there with this probability. */
function told(g: Ground, other: RouterInterface, probability: number): Record<string, unknown> {
  const { random, model } = g;
  const isUntrue = random.chance(0.25);
  const untrue = isUntrue ? random.below(4) : -1;
  return {
    OppositeInterfaceId: g.maybe(probability, () => (untrue === 0 ? random.pick(model.interfaces).id : other.id)),
    OppositeRouterId: g.maybe(probability, () => (untrue === 1 ? random.pick(model.routers).id : other.routerId)),
    OppositeRouterType: g.maybe(probability, () => ((untrue === 2) === (other.routerType === "VRouter") ? "VBR" : "VRouter")),
    OppositeInterfaceOwnerId: g.maybe(probability, () => (untrue === 3 ? g.someone().id : other.account)),
  };
}
const healthCheck = { HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.8.0.1" };

/** A VPC for the other end of what an end that waits for it names. */
function homeFor(g: Ground, waiting: RouterInterface): Vpc | undefined {
  const others = g.ready(g.model.vpcs).filter(({ id, region }) => id !== waiting.vpcId && region === waiting.oppositeRegion);
  return g.fitting(others, ({ routerId }) => waiting.oppositeRouterId === "" || waiting.oppositeRouterId === routerId);
}
const newEnd: Make = (g) => {
  const { model, random } = g;
  const waiting = g.some(
    ownEnds(g).filter(
      (one) =>
        one.state === "Idle" &&
        one.routerType === "VRouter" &&
        !model.interfaces.some((other) => other.state === "Idle" && areComplementary(one, other)),
    ),
  );
  const home = waiting && random.chance(0.8) ? homeFor(g, waiting) : undefined;
  const fresh = g.maybe(0.5, () => g.some(model.vpcs.filter((one) => model.atWork(one))));
  const from = home ?? fresh ?? g.some(g.ready(model.vpcs));
  const others = model.vpcs.filter((one) => one !== from);
  const to =
    waiting !== undefined && home !== undefined
      ? model.vpc(waiting.vpcId)
      : g.fitting(others, (one) => !model.areLinked(one.routerId, from?.routerId ?? ""));
  if (from === undefined || to === undefined) return undefined;
  const by = g.mostly(from.account);
  const isInitiating = home === undefined ? random.chance(0.65) : waiting?.isInitiating === false;
  const OppositeRouterId = g.maybe(0.4, () => to.routerId);
  const names = waiting !== undefined && home !== undefined ? told(g, waiting, 0.6) : { OppositeRouterId };
  // No border router is there: ends that wait for one stay Idle.
  const isToBorder = !isInitiating && random.chance(0.08);
  return {
    by,
    parameters: {
      RegionId: g.region(from.region),
      Role: isInitiating ? "InitiatingSide" : "AcceptingSide",
      RouterType: "VRouter",
      RouterId: random.chance(0.97) ? from.routerId : random.pick([...model.routers.map(({ id }) => id), "vrt-nowhere"]),
      Spec: isInitiating ? random.pick(specs) : "Negative",
      OppositeRegionId: g.region(to.region),
      ...names,
      ...(isToBorder ? { OppositeRouterType: "VBR" } : isInitiating ? { OppositeRouterType: undefined } : {}),
      ...(random.chance(isToBorder ? 0.7 : 0.015) ? healthCheck : {}),
      InstanceChargeType: g.maybe(0.15, () =>
        random.chance(0.1) ? "Monthly" : random.chance(isInitiating ? 0.5 : 0.2) ? "PrePaid" : "PostPaid",
      ),
      PricingCycle: g.maybe(0.2, () => random.pick(["Month", "Year"])),
      Period: g.maybe(0.2, () => random.pick([1, 2, 3])),
      Name: g.name(),
      Description: g.name(0.2),
      ResourceGroupId: g.group(by),
      [random.pick(["Tag", "Tags"])]: g.tags(),
    },
  };
};
/** Two ends are made known to each other, or something else of an end is changed. */
const changedEnd: Make = (g) => {
  const { model, random } = g;
  const pairs = ownEnds(g).flatMap((one) =>
    model.interfaces
      .filter((other) => one.state === "Idle" && other.state === "Idle" && one.vpcId !== other.vpcId)
      .map((other) => [one, other] as const),
  );
  const pair = g.fitting(
    pairs,
    ([one, other]) =>
      (areComplementary(one, other) || random.chance(0.03)) &&
      !names(one, other) &&
      (one.oppositeId === "" || model.oppositeOf(one) === undefined),
  );
  if (pair !== undefined && random.chance(0.75)) return onEnd(g, pair[0], told(g, pair[1], random.chance(0.9) ? 1 : 0.7));
  const of = someEnd(g, ({ state }) => ["Idle", "Active", "Inactive"].includes(state));
  if (of === undefined) return undefined;
  return onEnd(g, of, {
    Name: g.name(),
    Description: g.name(0.3),
    ...(random.chance(0.2) ? told(g, random.pick(model.interfaces), 0.6) : {}),
    ...(random.chance(of.oppositeRouterType === "VBR" ? 0.6 : 0.04) ? healthCheck : {}),
    DeleteHealthCheckIp: g.maybe(0.2, () => random.chance(0.7)),
    HcRate: g.maybe(0.2, () => random.pick([0, 2_000])),
    HcThreshold: g.maybe(0.2, () => random.pick([3, 8])),
  });
};

const inState = ({ model }: Ground, ...states: readonly string[]): number =>
  model.interfaces.filter(({ state }) => states.includes(state)).length;

export const interfaceMakers: readonly Maker[] = [
  vpc("CreateRouterInterface", ({ model }) => (model.interfaces.length < 4 ? 24 : 4), newEnd),
  vpc("ModifyRouterInterfaceAttribute", (g) => 4 + 8 * Math.min(2, inState(g, "Idle")), changedEnd),
  vpc(
    "ConnectRouterInterface",
    (g) => 3 + 12 * pairsIn(g.model).length + inState(g, "Idle"),
    (g) => {
      const { model, random } = g;
      const pairs = pairsIn(model).map(([one]) => one);
      const named = someEnd(g, (one) => one.state === "Idle" && one.isInitiating && one.oppositeId !== "");
      const of = random.chance(0.75) ? (g.fitting(pairs, (one) => isReady(model, one)) ?? named) : random.chance(0.7) ? named : undefined;
      const chosen = of ?? g.some(model.interfaces);
      return chosen && onEnd(g, chosen);
    },
  ),
  vpc(
    "DeactivateRouterInterface",
    (g) => 2 + 2 * inState(g, "Active"),
    (g) => {
      const of = someEnd(g, ({ state }) => state === "Active");
      return of && onEnd(g, of);
    },
  ),
  vpc(
    "ActivateRouterInterface",
    (g) => 2 + 4 * inState(g, "Inactive"),
    (g) => {
      const of = someEnd(g, ({ state }) => state === "Inactive");
      return of && onEnd(g, of);
    },
  ),
  vpc(
    "ModifyRouterInterfaceSpec",
    (g) => 2 + 2 * inState(g, "Active", "Inactive"),
    (g) => {
      const of = someEnd(g, ({ state, isInitiating }) => isInitiating && ["Idle", "Active", "Inactive"].includes(state));
      return of && onEnd(g, of, { Spec: g.random.pick(specs) });
    },
  ),
  vpc(
    "DeleteRouterInterface",
    (g) => 1 + inState(g, "Idle") / 4 + 2 * inState(g, "Inactive"),
    (g) => {
      const of = someEnd(g, ({ state }) => ["Idle", "Inactive"].includes(state));
      return of && onEnd(g, of);
    },
  ),
  vpc(
    "DeleteExpressConnect",
    ({ model }) => 1 + (model.interfaces.some((one) => isHeld(model, one)) ? 7 : 0),
    (g) => {
      const of = someEnd(g, (one) => isHeld(g.model, one) || isHeld(g.model, g.model.oppositeOf(one)));
      return of && onEnd(g, of, { Force: g.maybe(0.6, () => g.random.chance(0.9)) });
    },
  ),
  vpc("ChangeResourceGroup", 1, (g) => {
    const of = g.some(g.model.interfaces);
    if (of === undefined) return undefined;
    const NewResourceGroupId = g.group(g.model.account(of.account), 1);
    const ResourceType = g.random.chance(0.95) ? of.kind.tagType : "PIER";
    return {
      by: g.mostly(of.account),
      parameters: { RegionId: g.region(of.region), ResourceId: g.id(of), ResourceType, NewResourceGroupId },
    };
  }),
];

/** What several next hops share: two or more interfaces of a VPC, mostly Active ones. */
export function sharedHops(g: Ground, of: Vpc): Record<string, unknown>[] | undefined {
  const { random } = g;
  const ends = g.model.interfaces.filter(({ vpcId, state }) => vpcId === of.id && (state === "Active" || random.chance(0.1)));
  if (ends.length === 0 || (ends.length === 1 && random.chance(0.9))) return undefined;
  const [first, second] = random.shuffled([...ends, ...ends]);
  return [first, second].map((end) => ({
    NextHopType: random.chance(0.97) ? g.maybe(0.8, () => "RouterInterface") : random.pick(["Instance", "Nowhere"]),
    NextHopId: g.id(end as RouterInterface),
    Weight: g.maybe(0.4, () => random.pick([0, 50, 255])),
  }));
}

/** The other end of the first interface of a router. */
const waitingAt = ({ model }: Ground, at: Vpc): RouterInterface | undefined =>
  model.interfaces.find(({ vpcId, oppositeId }) => vpcId === at.id && oppositeId === "");

/**
 * What walks about links begin with: a VPC that is linked with one of the other account and, mostly, with another one of its own.
 * What chance leaves out, the walk makes up for.
 */
export const interfacePrologue: readonly (readonly [action: string, make: Make])[] = [
  ...[0, 1, 0].map((owner, number): readonly [string, Make] => [
    "CreateVpc",
    (g) => {
      const by = g.model.accounts[owner];
      const RegionId = g.regions[number === 2 ? g.random.below(2) : number];
      return by && { by, parameters: { RegionId, CidrBlock: `10.${number}.0.0/16` } };
    },
  ]),
  ...[1, 2].flatMap((number): (readonly [string, Make])[] => {
    const ends = ({ model }: Ground): [Vpc, Vpc] | undefined => {
      const [hub, spoke] = [model.vpcs[0], model.vpcs[number]];
      return hub && spoke && [hub, spoke];
    };
    const created =
      (isInitiating: boolean): Make =>
      (g) => {
        const [hub, spoke] = ends(g) ?? [];
        if (hub === undefined || spoke === undefined || g.random.chance(0.15)) return undefined;
        const [at, to] = isInitiating ? [hub, spoke] : [spoke, hub];
        const role = isInitiating ? { Role: "InitiatingSide", Spec: "Small.1" } : { Role: "AcceptingSide", Spec: "Negative" };
        const waiting = isInitiating ? undefined : waitingAt(g, hub);
        const names = waiting && { OppositeInterfaceId: waiting.id, OppositeRouterId: hub.routerId, OppositeInterfaceOwnerId: hub.account };
        const router = { RouterType: "VRouter", RouterId: at.routerId };
        const parameters = { RegionId: at.region, OppositeRegionId: to.region, ...role, ...router, ...names };
        return { by: g.model.account(at.account), parameters };
      };
    return [
      ["CreateRouterInterface", created(true)],
      ["CreateRouterInterface", created(false)],
      [
        "ModifyRouterInterfaceAttribute",
        (g) => {
          const [hub] = ends(g) ?? [];
          const own = hub && waitingAt(g, hub);
          const other = own && g.model.interfaces.find(({ oppositeId }) => oppositeId === own.id);
          if (own === undefined || other === undefined) return undefined;
          const names = { OppositeInterfaceId: other.id, OppositeRouterId: other.routerId, OppositeInterfaceOwnerId: other.account };
          return { by: g.model.account(own.account), parameters: { RegionId: own.region, RouterInterfaceId: own.id, ...names } };
        },
      ],
      [
        "ConnectRouterInterface",
        (g) => {
          const own = g.model.interfaces.find((one) => isReady(g.model, one));
          if (own === undefined || g.random.chance(0.2)) return undefined;
          return { by: g.model.account(own.account), parameters: { RegionId: own.region, RouterInterfaceId: own.id } };
        },
      ],
    ];
  }),
];

/** What an administrator changes of an interface: it is locked, or the lock is taken off again. */
export function interfacePatch(g: Ground): { thing: Thing; fields: Record<string, string> } | undefined {
  const of = g.some(g.model.interfaces);
  if (of === undefined) return undefined;
  const changes: readonly Record<string, string>[] = [
    { BusinessStatus: of.businessStatus === "Normal" ? "FinancialLocked" : "Normal" },
    { ChargeType: of.chargeType === "AfterPay" ? "Prepaid" : "AfterPay" },
    { OperationLock: of.lock === "" ? "security" : "" },
  ];
  const unlocking = [of.businessStatus !== "Normal", of.chargeType !== "AfterPay", of.lock !== ""].indexOf(true);
  const unlocked = g.maybe(0.7, () => changes[unlocking]);
  return { thing: of, fields: unlocked ?? g.random.pick(changes) };
}

/** Deletions of what is there: mostly pairs with what leads over them, some ends alone. */
export function interfaceDeletions(
  model: Model,
  random: Random,
  add: (account: string, product: Product, action: string, parameters: Readonly<Record<string, unknown>>) => void,
): void {
  for (const one of model.interfaces) {
    const { account, region: RegionId, id: RouterInterfaceId } = one;
    if (model.may(one, "DeleteRouterInterface") && random.chance(0.3))
      add(account, "vpc", "DeleteRouterInterface", { RegionId, RouterInterfaceId });
    else add(account, "vpc", "DeleteExpressConnect", { RegionId, RouterInterfaceId, Force: true });
  }
}
