import { isIPv4, isIPv6 } from "node:net";
import { parseBlock } from "../../../contract/cidr.ts";
import { integer, string } from "../../../contract/parameters.ts";
import type { ErrorDefinition } from "../../../contract/errors.ts";
import { vlanMax } from "../physical-connections/vlans.ts";
import { borderRouterErrors } from "./errors.ts";

/** Parameters that the operations on virtual border routers share. */

/** Bandwidths that a router on a dedicated circuit can have, in Mbit/s. */
export const bandwidths = [50, 100, 200, 300, 400, 500, 1000, 2048, 5120, 8192, 10240, 20480, 40960, 50120, 61440, 102400];

export const vlanIdOptions = { min: 0, max: vlanMax, invalid: borderRouterErrors.vlanMalformed } as const;
export const vlanId = integer({ ...vlanIdOptions, required: true });
export const circuitCode = string({ lengthMax: 128, invalid: borderRouterErrors.circuitCodeMalformed });

/** 2 to 128 letters, digits, underscores and hyphens, the first a letter. */
export function routerName(invalid: ErrorDefinition) {
  return string({
    lengthMax: 128,
    pattern: /^\p{L}[\p{L}\p{N}_-]+$/u,
    invalid,
    description: "2 to 128 letters, digits, underscores and hyphens, the first a letter",
  });
}
/** 2 to 256 characters, the first a letter, not beginning with http:// or https://. */
export function routerDescription(invalid: ErrorDefinition) {
  return string({
    lengthMax: 256,
    pattern: /^(?!https?:\/\/)\p{L}.+$/u,
    invalid,
    description: "2 to 256 characters, the first a letter, not beginning with http:// or https://",
  });
}

const masks = [24, 25, 26, 27, 28, 29, 30].map((length) => [`255.255.255.${256 - 2 ** (32 - length)}`, length] as const);
/** The addresses of a router on one circuit, with the answers of one operation to those that are none. */
export function addressParameters(errors: Readonly<Record<"localIp" | "peerIp" | "mask" | "ipv6" | "ipv6Block", ErrorDefinition>>) {
  const address = (valid: (value: string) => boolean, invalid: ErrorDefinition, description: string) =>
    string({ lengthMax: 64, valid, invalid, description });
  const ipv6 = address((value) => isIPv6(value) && !value.includes("%"), errors.ipv6, "an IPv6 address");
  return {
    LocalGatewayIp: address(isIPv4, errors.localIp, "an IPv4 address"),
    PeerGatewayIp: address(isIPv4, errors.peerIp, "an IPv4 address"),
    PeeringSubnetMask: address((value) => maskLength(value) !== undefined, errors.mask, masks.map(([mask]) => mask).join(", ")),
    LocalIpv6GatewayIp: ipv6,
    PeerIpv6GatewayIp: ipv6,
    PeeringIpv6SubnetMask: address((value) => parseBlock(value, { version: 6 }) !== undefined, errors.ipv6Block, "an IPv6 block"),
  };
}

/** Prefix length of a dotted mask from /24 to /30; `undefined` for anything else. */
export function maskLength(mask: string): number | undefined {
  return masks.find(([one]) => one === mask)?.[1];
}
