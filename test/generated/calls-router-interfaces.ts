import { specs } from "../../src/services/express-connect/router-interfaces/specs.ts";
import type { Parameters } from "../support/caller.ts";
import type { Random } from "../support/random.ts";
import { filterBy, kindNamed, onSideOf, type Preference, type Scene, suitable } from "./scene.ts";
import type { Stored } from "./store-watch.ts";

/** How calls about router interfaces get past their rules: two ends that come to name each other, and links of them. */

function interfacesIn({ resources }: Scene): Stored[] {
  return resources.filter(({ kind }) => kind === "router-interface");
}
/** Whether two ends could be those of one link. */
function areComplementary(one: Stored, other: Stored): boolean {
  const [initiator, acceptor] = one["role"] === "InitiatingSide" ? [one, other] : [other, one];
  if (initiator["routerType"] !== acceptor["oppositeRouterType"]) return false;
  const knowRegions = one["oppositeRegionId"] === other.region && other["oppositeRegionId"] === one.region;
  return one["role"] !== other["role"] && one["routerId"] !== other["routerId"] && knowRegions;
}
/** What an end must say of another. */
function namesOf(other: Stored): Parameters {
  return {
    OppositeInterfaceId: other.id,
    OppositeRouterId: other["routerId"],
    OppositeRouterType: other["routerType"],
    OppositeInterfaceOwnerId: other.account,
  };
}
function names(one: Stored, other: Stored): boolean {
  const isMeant = one["oppositeInterfaceId"] === other.id && one["oppositeRouterId"] === other["routerId"];
  return isMeant && one["oppositeRouterType"] === other["routerType"] && one["oppositeInterfaceOwnerId"] === other.account;
}
/** An Idle end that fits another: one that names it already, if there is one, or one that names none. */
function partnerOf(one: Stored, scene: Scene): Stored | undefined {
  const fitting = interfacesIn(scene).filter((other) => other.state === "Idle" && areComplementary(one, other));
  return fitting.find((other) => names(other, one)) ?? fitting.find((other) => other["oppositeInterfaceId"] === "");
}
function oppositeOf(one: Stored, scene: Scene): Stored | undefined {
  return interfacesIn(scene).find((other) => other.id === one["oppositeInterfaceId"] && other["oppositeInterfaceId"] === one.id);
}
/** What is about to be a link is rather left alone. */
function mayConnect(one: Stored, scene: Scene): boolean {
  return one.state === "Idle" && partnerOf(one, scene) !== undefined;
}
const hasOpposite: Preference = (one, scene) => oppositeOf(one, scene) !== undefined;

function isNextHop(end: string | undefined, { resources }: Scene): boolean {
  return resources.some((one) => one.kind === "route-entry" && one["nextHops"].some(({ id }: { id: string }) => id === end));
}
/** Interfaces over which routes of a table can lead. */
export function linksFrom(scene: Scene, table: Stored | undefined): Stored[] {
  // The table of a border router names that router where others name their VPC.
  return interfacesIn(scene).filter((one) => one.state === "Active" && (one["vpcId"] || one["routerId"]) === table?.["vpcId"]);
}

function healthCheck({ random }: Scene, probability: number): Parameters {
  const isGiven = random.chance(probability);
  return { HealthCheckSourceIp: isGiven ? "10.0.0.1" : undefined, HealthCheckTargetIp: isGiven ? "10.8.0.1" : undefined };
}

function payment(random: Random, isInitiating: boolean): Parameters {
  return {
    InstanceChargeType: isInitiating ? random.pick([undefined, "PostPaid", "postpaid", "PrePaid", "prepaid"]) : undefined,
    PricingCycle: random.pick([undefined, "Month", "Year"]),
    Period: random.pick([undefined, 1, 3]),
  };
}
/** The initiating end of a link at a border router, of a fast one with its other end. */
function atBorderRouter(scene: Scene, border: Stored): Parameters {
  const { random, resources } = scene;
  onSideOf(scene, border);
  const mayUse = (router: Stored): boolean =>
    router.account === border.account || resources.some((one) => one.kind === "vbr-grant" && one["vpcId"] === router["vpcId"]);
  const isLinked = (router: Stored): boolean =>
    interfacesIn(scene).some((one) => one["routerId"] === border.id && one["oppositeRouterId"] === router.id);
  const isFast = random.chance(0.5);
  const router = suitable(scene, kindNamed("vrouter"), (one) => mayUse(one) && !isLinked(one));
  const known = isFast && router !== undefined;
  return {
    RegionId: border.region,
    RouterType: "VBR",
    RouterId: border.id,
    AccessPointId: border["accessPointId"],
    Role: "InitiatingSide",
    Spec: random.pick(Object.keys(specs)),
    FastLinkMode: isFast,
    OppositeRegionId: router?.region ?? border.region,
    OppositeInterfaceId: undefined,
    OppositeRouterId: known ? router.id : undefined,
    OppositeRouterType: known ? "VRouter" : undefined,
    OppositeInterfaceOwnerId: known ? router.account : undefined,
    OppositeAccessPointId: undefined,
    ...healthCheck(scene, 0),
    ...payment(random, true),
    ResourceGroupId: undefined,
  };
}

export const interfacePreferences: Readonly<Record<string, Preference>> = {
  // The second of two ends that is told of the other makes them a pair.
  ModifyRouterInterfaceAttribute: (one, scene) => {
    const partner = one.state === "Idle" ? partnerOf(one, scene) : undefined;
    return partner !== undefined && names(partner, one) && !names(one, partner);
  },
  ModifyRouterInterfaceSpec: (one, scene) => one["role"] === "InitiatingSide" && (one.state === "Idle" || hasOpposite(one, scene)),
  ConnectRouterInterface: (one, scene) => {
    const other = oppositeOf(one, scene);
    const isReady = other?.state === "Idle" && one["role"] === "InitiatingSide" && areComplementary(one, other);
    return isReady && names(one, other) && names(other, one);
  },
  ActivateRouterInterface: hasOpposite,
  RefundInstance: (one, scene) => one["ChargeType"] === "Prepaid" && !isNextHop(one.id, scene) && !mayConnect(one, scene),
  DeleteRouterInterface: (one, scene) => one["ChargeType"] !== "Prepaid" && !mayConnect(one, scene),
  // Links are rare: of those that are there, such as have been through something.
  DeleteExpressConnect: (one, scene) => {
    const ends = [one, oppositeOf(one, scene)];
    const lasts = ends.every((end) => end !== undefined && ["Active", "Inactive"].includes(end.state) && end["ChargeType"] !== "Prepaid");
    return lasts && (one.state === "Inactive" || ends.some((end) => isNextHop(end?.id, scene)));
  },
};

export const interfaceRecipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  CreateRouterInterface: (scene) => {
    const { random } = scene;
    const border = random.chance(0.3) ? suitable(scene, kindNamed("virtual-border-router"), ({ state }) => state === "active") : undefined;
    if (border !== undefined) return atBorderRouter(scene, border);
    const waiting = interfacesIn(scene).filter(
      (one) => one.state === "Idle" && one["oppositeRouterType"] === "VRouter" && partnerOf(one, scene) === undefined,
    );
    const first = waiting.length > 0 && random.chance(0.7) ? random.pick(waiting) : undefined;
    const isFar = (one: Stored): boolean => one.id !== first?.["routerId"] && one.region === (first?.["oppositeRegionId"] ?? one.region);
    const router = suitable(scene, kindNamed("vrouter"), isFar);
    if (router === undefined) return {};
    onSideOf(scene, router);
    const to = first?.region ?? suitable(scene, kindNamed("vrouter"), ({ id }) => id !== router.id)?.region ?? router.region;
    const isInitiating = first === undefined ? random.chance(0.6) : first["role"] === "AcceptingSide";
    const nobody = { OppositeInterfaceId: undefined, OppositeRouterId: undefined, OppositeRouterType: undefined };
    return {
      RegionId: router.region,
      RouterType: "VRouter",
      RouterId: router.id,
      Role: isInitiating ? "InitiatingSide" : "AcceptingSide",
      Spec: isInitiating ? random.pick(Object.keys(specs)) : "Negative",
      OppositeRegionId: to,
      ...(first === undefined ? { ...nobody, OppositeInterfaceOwnerId: undefined } : namesOf(first)),
      ...healthCheck(scene, 0),
      AccessPointId: undefined,
      OppositeAccessPointId: undefined,
      FastLinkMode: undefined,
      ...payment(random, isInitiating),
      ResourceGroupId: undefined,
    };
  },
  ModifyRouterInterfaceAttribute: (scene) => {
    const own = scene.named.get("RouterInterfaceId");
    const other = own?.state === "Idle" ? partnerOf(own, scene) : undefined;
    const nobody = { OppositeInterfaceId: undefined, OppositeRouterId: undefined, OppositeRouterType: undefined };
    const opposite = other === undefined ? { ...nobody, OppositeInterfaceOwnerId: undefined } : namesOf(other);
    const type = opposite.OppositeRouterType ?? own?.["oppositeRouterType"];
    const mayProbe = own?.["routerType"] === "VRouter" && type === "VBR";
    return { ...opposite, ...healthCheck(scene, mayProbe ? 0.6 : 0.05) };
  },
  ModifyRouterInterfaceSpec: ({ random }) => ({ Spec: random.pick(Object.keys(specs)) }),
  RefundInstance: ({ random, named }) => ({
    InstanceId: named.get("InstanceId")?.id,
    ProductCode: random.pick(["ri", "ri_pre_intl"]),
    ProductType: undefined,
    ImmediatelyRelease: random.pick([undefined, "1"]),
  }),
  DeleteExpressConnect: ({ random }) => ({ Force: random.pick([undefined, false, true, true]) }),
  DescribeRouterInterfaces: (scene) => {
    const one = suitable(scene, kindNamed("router-interface"));
    if (one === undefined || scene.random.chance(0.3)) return { Filter: undefined };
    return filterBy(scene, one, [
      ["RouterInterfaceId", one.id],
      ["RouterId", one["routerId"]],
      ["OppositeInterfaceId", one["oppositeInterfaceId"]],
      ["Status", one.state],
    ]);
  },
};
