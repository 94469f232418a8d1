import type { ErrorDefinition } from "../../../contract/errors.ts";
import { type Call, type Rule, target } from "../../../contract/operation.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { type PhysicalConnection, physicalConnection } from "../physical-connections/physical-connection.ts";
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

/** Rule: the circuit that the call names is in use. */
export const circuitIsEnabled: Rule<{ readonly targets: { readonly circuit: PhysicalConnection } }> = {
  rule: "the physical connection is Enabled",
  error: borderRouterErrors.circuitNotEnabled,
  holds: ({ targets }) => targets.circuit.state === "Enabled",
  subject: ({ targets }) => ({ kind: physicalConnection, resource: targets.circuit }),
};

/** Rule: the circuit that the call names has room for another router. */
export const circuitHasRoom: Rule<Pick<Call, "state" | "settings"> & { readonly targets: { readonly circuit: PhysicalConnection } }> = {
  rule: "the physical connection has room for another virtual border router (quota vbrPerpConn)",
  error: borderRouterErrors.circuitQuota,
  advice: quotaAdvice("vbrPerpConn"),
  holds: async ({ state, settings, targets: { circuit } }) =>
    (await state.count(virtualBorderRouter, [["onCircuit", circuit.id]])) < settings.quota("vbrPerpConn", circuit.account, circuit.region),
};

/** What only the owner of a router says. */
export interface OwnerOnly extends GivenAddresses {
  readonly Name?: string | undefined;
  readonly Description?: string | undefined;
}
/** Rules: whoever does not own the router says nothing of its addresses, name and description. */
export function onlyItsOwnerSays<C extends { readonly input: OwnerOnly }>(ownsIt: (call: C) => boolean): Rule<C>[] {
  const rule = (error: ErrorDefinition, ...names: readonly (keyof OwnerOnly)[]): Rule<C> => ({
    rule: `only the owner of the virtual border router says ${names.join(" and ")}`,
    error,
    holds: (call) => ownsIt(call) || names.every((name) => call.input[name] === undefined),
  });
  return [
    rule(borderRouterErrors.localIpNotAllowed, "LocalGatewayIp", "LocalIpv6GatewayIp"),
    rule(borderRouterErrors.peerIpNotAllowed, "PeerGatewayIp", "PeerIpv6GatewayIp"),
    rule(borderRouterErrors.maskNotAllowed, "PeeringSubnetMask", "PeeringIpv6SubnetMask"),
    rule(borderRouterErrors.nameNotAllowed, "Name"),
    rule(borderRouterErrors.descriptionNotAllowed, "Description"),
  ];
}

/** Rules: a router that is to be usable gets its IPv4 addresses. */
export function addressesAreGiven<C extends { readonly input: OwnerOnly }>(
  isNeeded: (call: C) => boolean,
  peerMissing: ErrorDefinition,
): Rule<C>[] {
  const rule = (name: "LocalGatewayIp" | "PeerGatewayIp" | "PeeringSubnetMask", error: ErrorDefinition): Rule<C> => ({
    rule: `the owner of the virtual border router gives ${name}`,
    error,
    source: "sdk-metadata",
    holds: (call) => !isNeeded(call) || call.input[name] !== undefined,
    fill: () => [`${name} is mandatory`],
  });
  return [
    rule("LocalGatewayIp", borderRouterErrors.localIpMalformed),
    rule("PeerGatewayIp", peerMissing),
    rule("PeeringSubnetMask", borderRouterErrors.maskMalformed),
  ];
}

type OnCircuit = Pick<Call, "state" | "now"> & { readonly targets: { readonly circuit: PhysicalConnection } };
/** Rules: a router can have this VLAN on the circuit that the call names. */
export function vlanRules<C extends OnCircuit>(vlanOf: (call: C) => number): Rule<C>[] {
  const taken = ({ state, now, targets: { circuit } }: C): Promise<TakenVlan[]> => takenVlans(state, circuit.id, now);
  return [
    {
      rule: "no other router or shared circuit has the VLAN on this circuit",
      error: borderRouterErrors.vlanTaken,
      holds: async (call) => vlanIsFree(await taken(call), vlanOf(call)),
    },
    {
      rule: `VLAN ${untagged} is for a router that has the circuit alone`,
      error: borderRouterErrors.untaggedNotAlone,
      holds: async (call) => vlanOf(call) !== untagged || portCanBeShared(await taken(call), untagged),
    },
    {
      rule: `no router has VLAN ${untagged} of this circuit`,
      error: borderRouterErrors.untaggedTaken,
      holds: async (call) => vlanOf(call) === untagged || portCanBeShared(await taken(call), vlanOf(call)),
    },
  ];
}
