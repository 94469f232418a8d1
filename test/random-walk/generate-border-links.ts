import { someRouter } from "./generate-border-routers.ts";
import { type Ground, type Make, type Maker, vpc } from "./ground.ts";
import type { BorderRouter, RouterInterface, Vpc } from "./things.ts";

/** Calls about what joins virtual border routers and VPCs: grants, both ways to make a link, and routes in a border router's table. */

const isActive = ({ state }: BorderRouter): boolean => state === "active";
const specs = ["Mini.2", "Small.1", "Middle.2"];

/** A border router that may be joined with a VPC, and the VPC, mostly. */
function pair(g: Ground): [BorderRouter, Vpc] | undefined {
  const router = someRouter(g, isActive);
  const to =
    router && g.fitting(g.ready(g.model.vpcs), (one) => g.model.mayUse(router, one) && !g.model.areLinked(router.id, one.routerId));
  return router && to && [router, to];
}
function isWaiting(model: Ground["model"], { state, routerType, oppositeId }: RouterInterface): boolean {
  return state === "Idle" && routerType === "VBR" && !model.interfaces.some(({ id }) => id === oppositeId);
}
/** A border router's end of a link, or with FastLinkMode all of a link. */
const borderEnd: Make = (g) => {
  const [router, to] = pair(g) ?? [];
  if (router === undefined || to === undefined) return undefined;
  const { random } = g;
  const by = g.mostly(router.account);
  const FastLinkMode = g.maybe(0.6, () => random.chance(0.9));
  const isFast = FastLinkMode === true;
  const other = { OppositeRouterType: "VRouter", OppositeRouterId: g.id(to), OppositeInterfaceOwnerId: g.mostly(to.account).id };
  return {
    by,
    parameters: {
      RegionId: g.region(router.region),
      Role: "InitiatingSide",
      RouterType: "VBR",
      RouterId: g.id(router),
      AccessPointId: random.chance(0.97) ? router.accessPoint : (g.model.circuits[0]?.accessPoint ?? router.accessPoint),
      Spec: random.pick(specs),
      OppositeRegionId: g.region(to.region),
      ...(isFast || random.chance(0.4) ? { ...other, OppositeRouterId: random.chance(0.97) ? to.routerId : "vrt-nowhere" } : {}),
      FastLinkMode,
      InstanceChargeType: g.maybe(0.05, () => "PrePaid"),
      Name: g.name(),
      ResourceGroupId: g.group(by),
      [random.pick(["Tag", "Tags"])]: g.tags(),
    },
  };
};
/** A VPC's end of a link to a border router that waits for it. */
const vpcEnd: Make = (g) => {
  const { model, random } = g;
  const waiting = g.some(model.interfaces.filter((one) => isWaiting(model, one)));
  const to = waiting && g.fitting(g.ready(model.vpcs), ({ region }) => region === waiting.oppositeRegion);
  if (waiting === undefined || to === undefined) return undefined;
  const names = { OppositeInterfaceId: waiting.id, OppositeRouterId: waiting.routerId, OppositeInterfaceOwnerId: waiting.account };
  return {
    by: g.mostly(to.account),
    parameters: {
      RegionId: g.region(to.region),
      Role: "AcceptingSide",
      RouterType: "VRouter",
      RouterId: to.routerId,
      Spec: "Negative",
      OppositeRegionId: waiting.region,
      OppositeRouterType: g.maybe(0.9, () => "VBR"),
      OppositeAccessPointId: undefined,
      ...(random.chance(0.8) ? names : {}),
      ...(random.chance(0.2) ? { HealthCheckSourceIp: "10.0.0.1", HealthCheckTargetIp: "10.8.0.1" } : {}),
    },
  };
};
const grantCall =
  (revokes: boolean): Make =>
  (g) => {
    const { model, random } = g;
    const known = g.maybe(revokes ? 0.85 : 0.05, () => g.some(model.grants));
    const router = g.fitting(model.borderRouters, ({ account }) => account !== known?.account);
    const of = known === undefined ? g.fitting(g.ready(model.vpcs), ({ account }) => account !== router?.account) : model.vpc(known.vpcId);
    const VbrOwnerUid = known?.vbrOwner ?? router?.account;
    if (of === undefined || router === undefined || VbrOwnerUid === undefined) return undefined;
    const GrantType = (known === undefined ? random.chance(0.3) : known.routerId === "") ? "All" : "Specify";
    const second = g.maybe(0.2, () => g.some(model.borderRouters));
    const routerIds = [known?.routerId || g.id(router), ...(second === undefined ? [] : [second.id])];
    return {
      by: g.mostly(of.account),
      parameters: {
        RegionId: g.region(of.region),
        InstanceId: g.id(of),
        VbrOwnerUid: random.chance(0.97) ? VbrOwnerUid : random.pick([of.account, "1999"]),
        VbrRegionNo: known?.vbrRegion ?? g.region(router.region),
        GrantType,
        VbrInstanceIds: GrantType === "All" || random.chance(0.03) ? undefined : routerIds,
      },
    };
  };
/** Destinations behind the circuit and behind the VPCs. */
const destinations = ["10.20.0.0/16", "10.21.0.0/16", "172.16.0.0/16", "10.20.0.0/16", "2408:4009::/32", "100.64.1.0/24"];
const borderRoute: Make = (g) => {
  const { model, random } = g;
  const router = someRouter(g, (one) => isActive(one) && one.tableId !== "");
  if (router === undefined || router.tableId === "") return undefined;
  const ends = model.interfaces.filter(({ routerId }) => routerId === router.id);
  const end = random.chance(0.6) ? g.fitting(ends, ({ state }) => state === "Active")?.id : undefined;
  const hop = end ?? g.some(router.circuits)?.interfaceId;
  const list = [hop, end ?? "ri-nowhere"].map((NextHopId) => ({
    NextHopType: "RouterInterface",
    NextHopId,
  }));
  const isList = random.chance(0.06);
  return {
    by: g.mostly(router.account),
    parameters: {
      RegionId: g.region(router.region),
      RouteTableId: router.tableId,
      DestinationCidrBlock: random.pick(destinations),
      ...(isList
        ? { NextHopList: list }
        : { NextHopType: random.chance(0.97) ? "RouterInterface" : "Instance", NextHopId: hop || "ri-nowhere" }),
      RouteEntryName: g.name(0.3),
    },
  };
};

export const borderLinkMakers: readonly Maker[] = [
  vpc("CreateRouterInterface", ({ model }) => (model.borderRouters.some(isActive) ? 14 : 0.2), borderEnd),
  vpc("CreateRouterInterface", ({ model }) => (model.interfaces.some((one) => isWaiting(model, one)) ? 10 : 0.1), vpcEnd),
  vpc("GrantInstanceToVbr", ({ model }) => (model.borderRouters.length > 0 ? 5 : 0.1), grantCall(false)),
  vpc("RevokeInstanceFromVbr", ({ model }) => (model.grants.length > 0 ? 2 : 0.2), grantCall(true)),
  vpc("CreateRouteEntry", ({ model }) => (model.borderRouters.some(isActive) ? 6 : 0.5), borderRoute),
];

/** A VPC of each of two accounts, in one region. */
export const borderVpcPrologue: readonly (readonly [action: string, make: Make])[] = [0, 1].map((owner) => [
  "CreateVpc",
  (g) => {
    const by = g.model.accounts[owner];
    return by && { by, parameters: { RegionId: g.regions[0], CidrBlock: `10.${owner}.0.0/16` } };
  },
]);
