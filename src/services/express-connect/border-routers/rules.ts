import type { ErrorDefinition } from "../../../contract/errors.ts";
import { type Call, type Rule, target } from "../../../contract/operation.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { isShared, type PhysicalConnection, physicalConnection } from "../physical-connections/physical-connection.ts";
import { portCanBeShared, type TakenVlan, takenVlans, untagged, vlanIsFree } from "../physical-connections/vlans.ts";
import { borderRouterErrors } from "./errors.ts";
import type { GivenAddresses } from "./gateway-addresses.ts";
import { isParty, type VirtualBorderRouter, virtualBorderRouter } from "./virtual-border-router.ts";

/** Targets and rules that the operations on virtual border routers share. */

/** A router that the caller owns, or that is on a circuit of the caller. */
export function routerTarget(missing: ErrorDefinition, parameter = "VbrId") {
  return target({
    kind: virtualBorderRouter,
    parameter,
    missing,
    visible: (router, { caller, input }) => isParty(router, { account: caller.account, region: input.RegionId }),
  });
}
export type OnRouter = Pick<Call, "caller" | "state"> & { readonly targets: { readonly router: VirtualBorderRouter } };

export function ownsRouter({ caller, targets }: Pick<OnRouter, "caller" | "targets">): boolean {
  return targets.router.account === caller.account;
}

export function ownsFirstCircuit({ caller, targets }: Pick<OnRouter, "caller" | "targets">): boolean {
  return targets.router.circuits[0].circuitOwner === caller.account;
}

/** Rule: the dedicated circuit that the call names is in use. It stays so as long as a router is on it. */
export const circuitIsEnabled: Rule<{ readonly targets: { readonly circuit: PhysicalConnection } }> = {
  rule: "the physical connection is Enabled",
  error: borderRouterErrors.circuitNotEnabled,
  holds: ({ targets }) => isShared(targets.circuit) || targets.circuit.state === "Enabled",
  subject: ({ targets }) => ({ kind: physicalConnection, resource: targets.circuit }),
};

/** Rule: a router is not wider than the circuit that it is on. */
export function fitsCircuit<C>(
  bandwidthOf: (call: C) => number | undefined,
  circuitOf: (call: C) => PhysicalConnection | undefined | Promise<PhysicalConnection | undefined>,
  error: ErrorDefinition,
): Rule<C> {
  return {
    rule: "Bandwidth is not more than that of the circuit",
    error,
    source: "inferred",
    holds: async (call) => (bandwidthOf(call) ?? 0) <= ((await circuitOf(call))?.bandwidth ?? 0),
    fill: () => ["Bandwidth: the circuit has less"],
  };
}
/** The circuit that a router was created on. */
export function firstCircuit({ state, targets }: Pick<OnRouter, "state" | "targets">): Promise<PhysicalConnection | undefined> {
  return state.get(physicalConnection, targets.router.circuits[0].physicalConnectionId);
}

/** Rule: the circuit that the call names has room for another router. */
export const circuitHasRoom: Rule<Pick<Call, "state" | "settings"> & { readonly targets: { readonly circuit: PhysicalConnection } }> = {
  rule: "the physical connection has room for another virtual border router (quota vbrPerpConn)",
  error: borderRouterErrors.circuitQuota,
  advice: quotaAdvice("vbrPerpConn"),
  holds: async ({ state, settings, targets: { circuit } }) =>
    (await state.count(virtualBorderRouter, [["onCircuit", circuit.id]])) < settings.quota("vbrPerpConn", circuit.account, circuit.region),
};

function onlyItsOwnerSays<C, G>(
  ownsIt: (call: C) => boolean,
  said: (call: C) => readonly G[],
  words: readonly (readonly [ErrorDefinition, ...(keyof G & string)[]])[],
): Rule<C>[] {
  return words.map(([error, ...names]) => ({
    rule: `only the owner of the virtual border router says ${names.join(" and ")}`,
    error,
    holds: (call) => ownsIt(call) || said(call).every((given) => names.every((name) => given[name] === undefined)),
  }));
}
/** Rules: whoever does not own the router says nothing of its addresses. */
export function onlyItsOwnerSaysAddresses<C>(ownsIt: (call: C) => boolean, said: (call: C) => readonly GivenAddresses[]): Rule<C>[] {
  return onlyItsOwnerSays(ownsIt, said, [
    [borderRouterErrors.localIpNotAllowed, "LocalGatewayIp", "LocalIpv6GatewayIp"],
    [borderRouterErrors.peerIpNotAllowed, "PeerGatewayIp", "PeerIpv6GatewayIp"],
    [borderRouterErrors.maskNotAllowed, "PeeringSubnetMask", "PeeringIpv6SubnetMask"],
  ]);
}
/** What a call names a router. */
export interface GivenNames {
  readonly Name?: string | undefined;
  readonly Description?: string | undefined;
}
/** Rules: whoever does not own the router does not name it. */
export function onlyItsOwnerNamesIt<C>(ownsIt: (call: C) => boolean, said: (call: C) => GivenNames): Rule<C>[] {
  return onlyItsOwnerSays(ownsIt, (call) => [said(call)], [
    [borderRouterErrors.nameNotAllowed, "Name"],
    [borderRouterErrors.descriptionNotAllowed, "Description"],
  ]);
}

/** Rules: a router that is to be usable gets its IPv4 addresses. */
export function addressesAreGiven<C>(
  isNeeded: (call: C) => boolean,
  said: (call: C) => GivenAddresses,
  peerMissing: ErrorDefinition,
): Rule<C>[] {
  const rule = (name: "LocalGatewayIp" | "PeerGatewayIp" | "PeeringSubnetMask", error: ErrorDefinition): Rule<C> => ({
    rule: `the owner of the virtual border router gives ${name}`,
    error,
    source: "sdk-metadata",
    holds: (call) => !isNeeded(call) || said(call)[name] !== undefined,
    fill: () => [`${name} is mandatory`],
  });
  return [
    rule("LocalGatewayIp", borderRouterErrors.localIpMalformed),
    rule("PeerGatewayIp", peerMissing),
    rule("PeeringSubnetMask", borderRouterErrors.maskMalformed),
  ];
}

type OnCircuit = Pick<Call, "state" | "now"> & { readonly targets: { readonly circuit: PhysicalConnection } };
/** Rules: a router that comes to the circuit of the call can have this VLAN there. */
export function vlanRules<C extends OnCircuit>(
  vlanOf: (call: C) => number,
  errors: Readonly<Record<"untaggedNotAlone" | "untaggedTaken", ErrorDefinition>>,
): Rule<C>[] {
  const taken = ({ state, now, targets: { circuit } }: C): Promise<TakenVlan[]> => takenVlans(state, circuit.id, now);
  return [
    {
      rule: "no other router and no shared circuit has the VLAN on this circuit",
      error: borderRouterErrors.vlanTaken,
      holds: async (call) => vlanIsFree(await taken(call), vlanOf(call)),
    },
    {
      rule: `VLAN ${untagged} is for a router that has the circuit alone`,
      error: errors.untaggedNotAlone,
      holds: async (call) => vlanOf(call) !== untagged || portCanBeShared(await taken(call), untagged),
    },
    {
      rule: `nobody has VLAN ${untagged} of this circuit`,
      error: errors.untaggedTaken,
      holds: async (call) => vlanOf(call) === untagged || portCanBeShared(await taken(call), vlanOf(call)),
    },
  ];
}
