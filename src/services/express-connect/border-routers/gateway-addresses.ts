import { blockContains, parseBlock, versionOf } from "../../../contract/cidr.ts";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import type { Rule } from "../../../contract/operation.ts";
import type { ResourceWriter } from "../../../contract/resource-kind.ts";
import type { PhysicalConnection } from "../physical-connections/physical-connection.ts";
import { borderRouterErrors } from "./errors.ts";
import { maskLength } from "./parameters.ts";
import type { VbrCircuit } from "./virtual-border-router.ts";

/** The two ends of a circuit, in IPv4 and IPv6. What is not known is the empty string. */
export type GatewayAddresses = Pick<
  VbrCircuit,
  | "localGatewayIp"
  | "peerGatewayIp"
  | "peeringSubnetMask"
  | "enableIpv6"
  | "localIpv6GatewayIp"
  | "peerIpv6GatewayIp"
  | "peeringIpv6SubnetMask"
>;

/** Addresses as parameters give them. */
export interface GivenAddresses {
  readonly LocalGatewayIp?: string | undefined;
  readonly PeerGatewayIp?: string | undefined;
  readonly PeeringSubnetMask?: string | undefined;
  readonly EnableIpv6?: boolean | undefined;
  readonly LocalIpv6GatewayIp?: string | undefined;
  readonly PeerIpv6GatewayIp?: string | undefined;
  readonly PeeringIpv6SubnetMask?: string | undefined;
}
/** What is given, over what was there. They are kept as they were written: clients compare them with what they sent. */
export function mergedAddresses(given: GivenAddresses, before?: GatewayAddresses): GatewayAddresses {
  return {
    localGatewayIp: given.LocalGatewayIp ?? before?.localGatewayIp ?? "",
    peerGatewayIp: given.PeerGatewayIp ?? before?.peerGatewayIp ?? "",
    peeringSubnetMask: given.PeeringSubnetMask ?? before?.peeringSubnetMask ?? "",
    enableIpv6: given.EnableIpv6 ?? before?.enableIpv6 ?? false,
    localIpv6GatewayIp: given.LocalIpv6GatewayIp ?? before?.localIpv6GatewayIp ?? "",
    peerIpv6GatewayIp: given.PeerIpv6GatewayIp ?? before?.peerIpv6GatewayIp ?? "",
    peeringIpv6SubnetMask: given.PeeringIpv6SubnetMask ?? before?.peeringIpv6SubnetMask ?? "",
  };
}

/** How a router that comes to a circuit meets it. */
export function newVbrCircuit(
  state: ResourceWriter,
  { id, account, region }: PhysicalConnection,
  given: GivenAddresses & { readonly VlanId: number; readonly CircuitCode: string | undefined },
): VbrCircuit {
  return {
    ...mergedAddresses(given),
    physicalConnectionId: id,
    circuitOwner: account,
    vlanId: given.VlanId,
    // Next hop of route entries like a router interface, whose ids its own look like; but no resource: it goes with the circuit.
    vlanInterfaceId: state.newId({ idPrefix: "ri", idHasRegionCode: true }, region),
    circuitCode: given.CircuitCode ?? "",
  };
}

/** Rules of addresses that come to stand, each on its circuit. */
export function addressRules(ipv6Missing: ErrorDefinition): Rule<readonly GatewayAddresses[]>[] {
  const rule = (
    sentence: string,
    error: ErrorDefinition,
    holds: (addresses: GatewayAddresses) => boolean,
  ): Rule<readonly GatewayAddresses[]> => ({
    rule: sentence,
    error,
    source: "sdk-metadata",
    holds: (all) => all.every(holds),
    fill: () => ["EnableIpv6 needs LocalIpv6GatewayIp, PeerIpv6GatewayIp and PeeringIpv6SubnetMask"],
  });
  return [
    rule(
      "the two IPv4 addresses are different ones of one subnet of the mask",
      borderRouterErrors.notSameSubnet,
      ({ localGatewayIp, peerGatewayIp, peeringSubnetMask }) =>
        localGatewayIp === "" || areNeighbours(localGatewayIp, peerGatewayIp, `${localGatewayIp}/${maskLength(peeringSubnetMask)}`),
    ),
    rule(
      "EnableIpv6 comes with both IPv6 addresses and their block",
      ipv6Missing,
      (addresses) => !addresses.enableIpv6 || !ipv6Of(addresses).includes(""),
    ),
    rule(
      "the two IPv6 addresses are different ones of their block",
      borderRouterErrors.notSameSubnet,
      (addresses) =>
        ipv6Of(addresses).includes("") ||
        areNeighbours(addresses.localIpv6GatewayIp, addresses.peerIpv6GatewayIp, addresses.peeringIpv6SubnetMask),
    ),
  ];
}

/** Whether no two circuits of a router have the same address in a field. Addresses that are not given count for nothing. */
export function differ(circuits: readonly GatewayAddresses[], field: keyof Omit<GatewayAddresses, "enableIpv6">): boolean {
  const given = circuits
    .map((circuit) => circuit[field])
    .filter((address) => address !== "")
    .map(normalAddress);
  return new Set(given).size === given.length;
}

function ipv6Of({ localIpv6GatewayIp, peerIpv6GatewayIp, peeringIpv6SubnetMask }: GatewayAddresses): string[] {
  return [localIpv6GatewayIp, peerIpv6GatewayIp, peeringIpv6SubnetMask];
}
/** An address in the form that compares. */
function normalAddress(address: string): string {
  return parseBlock(address, { version: versionOf(address), addresses: true }) ?? address;
}
/** Whether two addresses differ and lie in one block. */
function areNeighbours(one: string, other: string, block: string): boolean {
  const [a, b] = [normalAddress(one), normalAddress(other)];
  return a !== b && blockContains(block, a) && blockContains(block, b);
}
