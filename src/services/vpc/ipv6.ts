import { blockContains, parseBlock } from "../../contract/cidr.ts";
import { string } from "../../contract/parameters.ts";
import { vpcErrors } from "./errors.ts";

/** Who routes the IPv6 addresses of a VPC. */
export const ipv6IspParameter = string({
  pattern: /^(BGP|ChinaMobile|ChinaUnicom|ChinaTelecom)$/,
  invalid: vpcErrors.ipv6IspUnsupported,
  description: "BGP, ChinaMobile, ChinaUnicom or ChinaTelecom",
});

/** A VPC's IPv6 block has 56 bits of prefix, a vSwitch's is one of its 256 parts with 64. */
export const vpcPrefix = 56;
/** vSwitch blocks of a VPC's block are numbered by one byte. */
export const ipv6SubnetMax = 255;

/** A block of the range from which the cloud gives IPv6 addresses, chosen by ten random hexadecimal digits. */
export function newIpv6Block(hex: string): string {
  return `2408:4${hex.slice(0, 3)}:${hex.slice(3, 7)}:${hex.slice(7, 9)}00::/56`;
}

/** Globally routable unicast addresses; private, link-local and multicast ones lie outside. */
const globalUnicast = "2000::/3";

/** The normal form of an IPv6 block of a VPC's size; `undefined` for anything else. */
export function ipv6Block(given: string): string | undefined {
  return parseBlock(given, { version: 6, min: vpcPrefix, max: vpcPrefix });
}
/** The normal form of an IPv6 block that a VPC can have; `undefined` for anything else. */
export function vpcIpv6Block(given: string): string | undefined {
  const block = ipv6Block(given);
  return block !== undefined && blockContains(globalUnicast, block) ? block : undefined;
}

/** The /64 block with this number in a VPC's /56 block. */
export function ipv6Subnet(block: string, number: number): string {
  const [address = ""] = block.split("/");
  const groups = address.replace(/::$/, "").split(":");
  const fourth = (Number.parseInt(groups[3] ?? "0", 16) & 0xff00) | number;
  const prefix = [...groups.slice(0, 3), ...Array<string>(3).fill("0")].slice(0, 3);
  return parseBlock(`${prefix.join(":")}:${fourth.toString(16)}::/64`, { version: 6 }) ?? "";
}
