import { someCircuit, someVlan } from "./generate-circuits.ts";
import { type Ground, type Made, type Make, type Maker, type Product, vpc } from "./ground.ts";
import type { Model } from "./model.ts";
import type { BorderRouter, Circuit } from "./things.ts";

/** Calls about virtual border routers, by their owners and by those who have the circuits. */

/** A router that fits, mostly; sometimes any. */
export function someRouter(g: Ground, fits: (of: BorderRouter) => boolean): BorderRouter | undefined {
  const enabled = new Set(g.enabled.map(({ id }) => id));
  const own = g.model.borderRouters.filter(({ account }) => enabled.has(account));
  return g.fitting(own, fits) ?? g.maybe(0.3, () => g.some(own));
}
const circuitOwner = ({ circuits }: BorderRouter): string => circuits[0]?.circuitOwner ?? "";

/** Addresses of the two sides, mostly right; IPv6 all or nothing. */
export function someAddresses({ random }: Ground): Record<string, unknown> {
  const third = random.below(4);
  const ipv6 = { LocalIpv6GatewayIp: "2408:4004:cc::1", PeerIpv6GatewayIp: "2408:4004:cc::2", PeeringIpv6SubnetMask: "2408:4004:cc::/64" };
  const hasIpv6 = random.chance(0.25);
  return {
    LocalGatewayIp: `10.99.${third}.1`,
    PeerGatewayIp: random.chance(0.05) ? "10.98.0.2" : `10.99.${third}.2`,
    PeeringSubnetMask: random.pick(["255.255.255.252", "255.255.255.0"]),
    ...(hasIpv6 ? { EnableIpv6: true, ...ipv6 } : {}),
  };
}
const bandwidths = [50, 100, 500, 1000, 10_240];

/** Something that only the owner of a router says. */
function ofOwner({ random }: Ground): Record<string, unknown> {
  return random.pick([
    { LocalGatewayIp: "10.99.0.1" },
    { PeerGatewayIp: "10.99.0.2" },
    { PeeringSubnetMask: "255.255.255.0" },
    { Name: "pier" },
    { Description: "quay" },
  ]);
}
const newRouter: Make = (g) => {
  const { random, model } = g;
  const circuit = someCircuit(g, ({ state }) => state === "Enabled");
  if (circuit === undefined) return undefined;
  const by = g.mostly(circuit.account);
  const isOther = random.chance(circuit.parentId === "" ? 0.35 : 0.05);
  const owner = isOther ? (random.chance(0.97) ? g.someone().id : "1999") : undefined;
  const isOwn = owner === undefined || owner === by.id;
  const taken = model.borderRouters.flatMap(({ circuits }) => circuits).filter(({ circuitId }) => circuitId === circuit.id);
  // What a router that is out of use still has, or has no more.
  const left = model.borderRouters.find(({ state, circuits }) => state === "terminated" && circuits[0]?.circuitId === circuit.id);
  const leftVlan = g.maybe(0.4, () => left?.circuits[0]?.vlan);
  const free = [10, 20, 30, 40, 50, 60, 70, 80].find((vlan) => taken.every((one) => one.vlan !== vlan));
  return {
    by,
    parameters: {
      RegionId: g.region(circuit.region),
      PhysicalConnectionId: g.id(circuit),
      VbrOwnerId: owner ?? g.maybe(0.2, () => by.id),
      VlanId: circuit.parentId !== "" && random.chance(0.9) ? circuit.vlan : (leftVlan ?? (random.chance(0.5) ? free : someVlan(g))),
      CircuitCode: g.name(0.2),
      ...(isOwn ? { ...someAddresses(g), Name: g.name(), Description: g.name(0.2) } : random.chance(0.3) ? ofOwner(g) : {}),
      Bandwidth: g.maybe(0.3, () => random.pick(bandwidths)),
      ResourceGroupId: g.group(by),
      [random.pick(["Tag", "Tags"])]: g.tags(),
    },
  };
};
function onRouter(g: Ground, of: BorderRouter, parameters: Readonly<Record<string, unknown>> = {}, by = of.account): Made {
  return { by: g.mostly(by), parameters: { RegionId: g.region(of.region), VbrId: g.id(of), ...parameters } };
}
const changedRouter: Make = (g) => {
  const { random } = g;
  const unconfirmed = g.maybe(0.6, () => someRouter(g, ({ state }) => state === "unconfirmed"));
  const of = unconfirmed ?? someRouter(g, ({ state }) => ["unconfirmed", "active", "terminated"].includes(state));
  if (of === undefined) return undefined;
  const by = random.chance(0.65) ? of.account : circuitOwner(of);
  const isOwn = by === of.account;
  const isConfirming = of.state === "unconfirmed" && isOwn && random.chance(0.8);
  const addresses = random.chance(0.04) ? { LocalGatewayIp: "10.99.0.1" } : someAddresses(g);
  const isOfCircuit = by === circuitOwner(of) ? 0.4 : 0.03;
  return onRouter(
    g,
    of,
    {
      ...(isConfirming || random.chance(isOwn ? 0.3 : 0) ? addresses : {}),
      ...(isOwn ? { Name: g.name(0.4), Description: g.name(0.2) } : random.chance(0.3) ? ofOwner(g) : {}),
      VlanId: g.maybe(isOfCircuit, () => someVlan(g)),
      CircuitCode: g.name(isOfCircuit),
      Bandwidth: g.maybe(0.2, () => random.pick(bandwidths)),
      MinTxInterval: g.maybe(0.1, () => 300),
      MinRxInterval: g.maybe(0.1, () => 400),
      DetectMultiplier: g.maybe(0.1, () => 5),
      Mtu: g.maybe(0.1, () => random.pick([0, 1500, 8500])),
      SitelinkEnable: g.maybe(0.1, () => random.chance(0.7)),
    },
    by,
  );
};
const inState = ({ model }: Ground, ...states: readonly string[]): number =>
  model.borderRouters.filter(({ state }) => states.includes(state)).length;
const isEnabled = ({ state }: Circuit): boolean => state === "Enabled";

export const borderRouterMakers: readonly Maker[] = [
  vpc(
    "CreateVirtualBorderRouter",
    ({ model }) => (model.circuits.some(isEnabled) ? (model.borderRouters.length < 4 ? 24 : 6) : 0.5),
    newRouter,
  ),
  vpc("ModifyVirtualBorderRouterAttribute", (g) => 2 + 8 * inState(g, "unconfirmed") + inState(g, "active", "terminated"), changedRouter),
  vpc(
    "UpdateVirtualBorderBandwidth",
    (g) => 0.5 + inState(g, "active") / 2,
    (g) => {
      const of = someRouter(g, ({ state }) => state === "active");
      if (of === undefined) return undefined;
      const by = g.mostly(g.random.chance(0.8) ? of.account : circuitOwner(of));
      const Bandwidth = g.random.pick(bandwidths);
      return { by, parameters: { RegionId: g.region(of.region), VirtualBorderRouterId: g.id(of), Bandwidth } };
    },
  ),
  vpc(
    "TerminateVirtualBorderRouter",
    (g) => 0.5 + inState(g, "active"),
    (g) => {
      const of = someRouter(g, ({ state }) => state === "active");
      return of && onRouter(g, of, {}, g.random.chance(0.9) ? circuitOwner(of) : of.account);
    },
  ),
  vpc(
    "RecoverVirtualBorderRouter",
    (g) => 0.5 + 3 * inState(g, "terminated"),
    (g) => {
      const of = someRouter(g, ({ state }) => state === "terminated");
      return of && onRouter(g, of, {}, g.random.chance(0.9) ? circuitOwner(of) : of.account);
    },
  ),
  vpc(
    "DeleteVirtualBorderRouter",
    (g) => 1 + inState(g, "unconfirmed", "terminated"),
    (g) => {
      const of = someRouter(g, ({ state }) => ["unconfirmed", "active", "terminated"].includes(state));
      return of && onRouter(g, of, {}, g.random.chance(0.8) ? of.account : circuitOwner(of));
    },
  ),
];

/** Two routers on the first circuit, one of them for another account, which confirms it. */
export const borderRouterPrologue: readonly (readonly [action: string, make: Make])[] = [0, 1].map((owner) => [
  "CreateVirtualBorderRouter",
  (g) => {
    const { model, random } = g;
    const [circuit] = model.circuits;
    if (circuit === undefined || random.chance(0.2)) return undefined;
    const place = { RegionId: circuit.region, PhysicalConnectionId: circuit.id, VlanId: 10 * (1 + owner) };
    const own = { LocalGatewayIp: "10.99.0.1", PeerGatewayIp: "10.99.0.2", PeeringSubnetMask: "255.255.255.252" };
    const parameters = { ...place, ...(owner === 0 ? own : { VbrOwnerId: model.accounts[owner]?.id }) };
    return { by: model.account(circuit.account), parameters };
  },
]);

export function borderRouterDeletions(
  model: Model,
  add: (account: string, product: Product, action: string, parameters: Readonly<Record<string, unknown>>) => void,
): void {
  for (const { account, region: RegionId, id: VbrId } of model.borderRouters)
    add(account, "vpc", "DeleteVirtualBorderRouter", { RegionId, VbrId });
}
