import { blockContains, parseBlock, versionOf } from "../../../contract/cidr.ts";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import type { Rule } from "../../../contract/operation.ts";
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

/** Rules of addresses that come to stand on one circuit. */
export function addressRules(ipv6Missing: ErrorDefinition): Rule<GatewayAddresses>[] {
  return [
    {
      rule: "the two IPv4 addresses are different ones of one subnet of the mask",
      error: borderRouterErrors.notSameSubnet,
      holds: ({ localGatewayIp, peerGatewayIp, peeringSubnetMask }) =>
        localGatewayIp === "" || areNeighbours(localGatewayIp, peerGatewayIp, `${localGatewayIp}/${maskLength(peeringSubnetMask)}`),
    },
    {
      rule: "EnableIpv6 comes with both IPv6 addresses and their block",
      error: ipv6Missing,
      source: "sdk-metadata",
      holds: ({ enableIpv6, ...given }) => !enableIpv6 || ipv6Of(given).every((value) => value !== ""),
      fill: () => ["EnableIpv6 needs LocalIpv6GatewayIp, PeerIpv6GatewayIp and PeeringIpv6SubnetMask"],
    },
    {
      rule: "the two IPv6 addresses are different ones of their block",
      error: borderRouterErrors.notSameSubnet,
      holds: (given) => {
        const { localIpv6GatewayIp: local, peerIpv6GatewayIp: peer, peeringIpv6SubnetMask: block } = given;
        return ipv6Of(given).includes("") || areNeighbours(local, peer, block);
      },
    },
  ];
}

function ipv6Of(given: Omit<GatewayAddresses, "enableIpv6">): string[] {
  return [given.localIpv6GatewayIp, given.peerIpv6GatewayIp, given.peeringIpv6SubnetMask];
}
/** Whether two addresses differ and lie in one block. */
function areNeighbours(one: string, other: string, block: string): boolean {
  const [a, b] = [one, other].map((address) => parseBlock(address, { version: versionOf(address), addresses: true }) ?? "");
  return a !== b && [a, b].every((address) => address !== undefined && blockContains(block, address));
}
