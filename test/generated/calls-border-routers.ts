import type { Random } from "../support/random.ts";
import type { Parameters } from "../support/caller.ts";
import { circuitsIn, isSharedCircuit, isUsed, someVlan } from "./calls-circuits.ts";
import { filterBy, kindNamed, onSideOf, otherAccount, type Preference, regionsInUse, type Scene, suitable } from "./scene.ts";
import type { Stored } from "./store-watch.ts";

/** How calls about virtual border routers get past their rules, with their failover groups and the networks that are granted to them. */

const borderRouter = kindNamed("virtual-border-router");
/** Bandwidths that each circuit carries, in Mbit/s. */
const bandwidths = [50, 100];

/** The owner of the circuit that a router was created on takes the call. */
function onSideOfCircuit(scene: Scene, router: Stored | undefined): Parameters {
  if (router !== undefined) onSideOf(scene, { ...router, account: router["circuits"][0].circuitOwner });
  return {};
}
/** Whether a router was created on a shared circuit. */
function isOnShared(router: Stored, scene: Scene): boolean {
  const [{ physicalConnectionId }] = router["circuits"];
  return circuitsIn(scene).some((circuit) => circuit.id === physicalConnectionId && isSharedCircuit(circuit));
}
function isOn(router: Stored, circuitId: string): boolean {
  return router["circuits"].some((one: Stored) => one["physicalConnectionId"] === circuitId);
}

/** The two ends of a circuit, in a subnet that no other is likely to have. */
function addresses(random: Random): Parameters {
  const subnet = `10.${random.below(256)}.${random.below(256)}`;
  const block = `2408:4004:${random.between(1, 0xffff).toString(16)}:${random.between(1, 255).toString(16)}00::`;
  const with6 = random.chance(0.4);
  return {
    LocalGatewayIp: `${subnet}.1`,
    PeerGatewayIp: `${subnet}.2`,
    PeeringSubnetMask: random.pick(["255.255.255.252", "255.255.255.0"]),
    EnableIpv6: with6 || undefined,
    LocalIpv6GatewayIp: with6 ? `${block}1` : undefined,
    PeerIpv6GatewayIp: with6 ? `${block}2` : undefined,
    PeeringIpv6SubnetMask: with6 ? `${block}/56` : undefined,
  };
}
const noAddresses = Object.fromEntries(
  [
    "LocalGatewayIp",
    "PeerGatewayIp",
    "PeeringSubnetMask",
    "EnableIpv6",
    "LocalIpv6GatewayIp",
    "PeerIpv6GatewayIp",
    "PeeringIpv6SubnetMask",
  ].map((name) => [name, undefined]),
);

/** Circuits that a router can be put on beside its own. */
function circuitsBeside(router: Stored, scene: Scene): Stored[] {
  return circuitsIn(scene).filter(
    (one) =>
      one.account === router.account &&
      one.state === "Enabled" &&
      one["accessPointId"] === router["accessPointId"] &&
      !isSharedCircuit(one) &&
      !isOn(router, one.id),
  );
}
/** Routers that can form a failover group with another. */
function partnersOf(router: Stored, { resources }: Scene): Stored[] {
  const isFree = ({ id, state }: Stored): boolean =>
    state === "active" && !resources.some((one) => one.kind === "vbr-ha" && [one["vbrId"], one["peerVbrId"]].includes(id));
  const others = resources.filter(
    (one) =>
      one.kind === borderRouter.name &&
      one.id !== router.id &&
      one.account === router.account &&
      one.region === router.region &&
      isFree(one),
  );
  const isApart = (one: Stored): boolean =>
    one["circuits"].every(({ physicalConnectionId }: Stored) => !isOn(router, physicalConnectionId));
  return isFree(router) ? others.filter(isApart) : [];
}
/** Whom a grant is for. */
function granteeOf(grant: Stored): Parameters {
  return {
    RegionId: grant.region,
    InstanceId: grant["vpcId"],
    VbrOwnerUid: grant["vbrOwner"],
    VbrRegionNo: grant["vbrRegion"],
    GrantType: grant["vbrId"] === "" ? "All" : "Specify",
    VbrInstanceIds: grant["vbrId"] === "" ? undefined : [grant["vbrId"]],
  };
}

export const borderRouterPreferences: Readonly<Record<string, Preference>> = {
  // Two routers of a failover group have no circuit in common.
  CreateVirtualBorderRouter: (one, scene) => one.state === "Enabled" && (!isUsed(one, scene) || scene.random.chance(0.3)),
  AssociatePhysicalConnectionToVirtualBorderRouter: (one, scene) =>
    one.kind === borderRouter.name && !isOnShared(one, scene) && circuitsBeside(one, scene).length > 0,
  UnassociatePhysicalConnectionFromVirtualBorderRouter: (one) => one["circuits"]?.length > 1,
  UpdateVirtualBorderBandwidth: (one, scene) => one["circuits"]?.length === 1 && !isOnShared(one, scene),
  CreateVbrHa: (one, scene) => one.kind === borderRouter.name && partnersOf(one, scene).length > 0,
  DescribeVirtualBorderRoutersForPhysicalConnection: (one, { resources }) =>
    resources.some((router) => router.kind === borderRouter.name && isOn(router, one.id)),
};

export const borderRouterRecipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  CreateVirtualBorderRouter: (scene) => {
    const { random } = scene;
    const circuit = scene.named.get("PhysicalConnectionId");
    const ownAndShared = { VlanId: circuit?.["vlanId"], Bandwidth: undefined, VbrOwnerId: undefined, ...addresses(random) };
    if (circuit !== undefined && isSharedCircuit(circuit)) return { ResourceGroupId: undefined, ...ownAndShared };
    const plain = { ResourceGroupId: undefined, VlanId: someVlan(random), Bandwidth: random.pick([undefined, ...bandwidths]) };
    const unnamed = { Name: undefined, Description: undefined, VbrOwnerId: otherAccount(scene) };
    return random.chance(0.25)
      ? { ...plain, ...noAddresses, ...unnamed }
      : { ...plain, ...addresses(random), VbrOwnerId: random.pick([undefined, scene.account]) };
  },
  ModifyVirtualBorderRouterAttribute: (scene) => {
    const { random } = scene;
    const router = scene.named.get("VbrId");
    const [first, second] = router?.["circuits"] ?? [];
    const isCircuits = first?.circuitOwner === scene.account;
    const getsAddresses = router?.state === "unconfirmed" || random.chance(0.3);
    const ofSecond = { PhysicalConnectionId: second?.physicalConnectionId, CircuitCode: `code-${random.below(100)}` };
    return {
      ...(getsAddresses ? addresses(random) : noAddresses),
      VlanId: isCircuits && router !== undefined && !isOnShared(router, scene) && random.chance(0.2) ? someVlan(random) : undefined,
      CircuitCode: isCircuits ? random.pick([undefined, "code"]) : undefined,
      AssociatedPhysicalConnections: second?.circuitOwner === scene.account && random.chance(0.5) ? [ofSecond] : undefined,
      Bandwidth: router !== undefined && !isOnShared(router, scene) ? random.pick([undefined, ...bandwidths]) : undefined,
      Mtu: random.pick([undefined, 1500, 8500]),
    };
  },
  TerminateVirtualBorderRouter: (scene) => onSideOfCircuit(scene, scene.named.get("VbrId")),
  RecoverVirtualBorderRouter: (scene) => onSideOfCircuit(scene, scene.named.get("VbrId")),
  UpdateVirtualBorderBandwidth: ({ random }) => ({ Bandwidth: random.pick(bandwidths) }),
  AssociatePhysicalConnectionToVirtualBorderRouter: (scene) => {
    const router = scene.named.get("VbrId");
    const beside = router === undefined ? [] : circuitsBeside(router, scene);
    if (router === undefined || beside.length === 0) return {};
    onSideOf(scene, router);
    return { PhysicalConnectionId: scene.random.pick(beside).id, VlanId: someVlan(scene.random), ...addresses(scene.random) };
  },
  UnassociatePhysicalConnectionFromVirtualBorderRouter: ({ named }) => {
    const last = named.get("VbrId")?.["circuits"].at(-1);
    return last === undefined ? {} : { PhysicalConnectionId: last.physicalConnectionId };
  },
  CreateVbrHa: (scene) => {
    const router = scene.named.get("VbrId");
    const partners = router === undefined ? [] : partnersOf(router, scene);
    return partners.length === 0 ? {} : { PeerVbrId: scene.random.pick(partners).id };
  },
  DescribeVbrHa: (scene) => {
    const group = suitable(scene, kindNamed("vbr-ha"));
    if (group === undefined) return { VbrId: suitable(scene, borderRouter)?.id };
    onSideOf(scene, group);
    return { RegionId: group.region, ...scene.random.pick([{ VbrHaId: group.id }, { VbrId: group["peerVbrId"] }]) };
  },
  DescribeVirtualBorderRouters: (scene) => {
    const router = suitable(scene, borderRouter);
    if (router === undefined || scene.random.chance(0.3)) return { Filter: undefined };
    return filterBy(scene, router, [
      ["VbrId", router.id],
      ["PhysicalConnectionId", router["circuits"][0].physicalConnectionId],
      ["Status", router.state],
    ]);
  },
  DescribeVirtualBorderRoutersForPhysicalConnection: () => ({ Filter: undefined }),

  GrantInstanceToVbr: (scene) => {
    const { random } = scene;
    const router = suitable(scene, borderRouter, ({ account }) => account !== scene.account);
    const isForOne = router !== undefined && router.account !== scene.account && random.chance(0.5);
    return {
      VbrOwnerUid: isForOne ? router.account : otherAccount(scene),
      VbrRegionNo: isForOne ? router.region : random.pick(regionsInUse),
      GrantType: random.pick(isForOne ? ["Specify", "specify"] : ["All", "ALL"]),
      VbrInstanceIds: isForOne ? [router.id] : undefined,
    };
  },
  RevokeInstanceFromVbr: (scene) => {
    const grant = suitable(scene, kindNamed("vbr-grant"));
    if (grant === undefined) return {};
    onSideOf(scene, grant);
    return granteeOf(grant);
  },
  DescribeEcGrantRelation: (scene) => {
    const kind = scene.random.pick(["vpc", "virtual-border-router"]);
    const one = suitable(scene, kindNamed(kind));
    if (one === undefined) return {};
    onSideOf(scene, one);
    return { InstanceType: kind === "vpc" ? "VPC" : "vbr", InstanceId: one.id, VbrRegionNo: one.region };
  },
};
