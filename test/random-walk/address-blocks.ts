import { containsCidr, overlapCidr } from "cidr-tools";
import type { Vpc, VSwitch } from "./things.ts";

/** Address blocks, in normal form. */

/** Where the cloud's own services live. */
export const servicesBlock = "100.64.0.0/10";

export function isIpv6(block: string): boolean {
  return block.includes(":");
}
export function contains(outer: string, inner: string): boolean {
  return isIpv6(outer) === isIpv6(inner) && containsCidr(outer, inner);
}
export function overlap(one: string, other: string): boolean {
  return isIpv6(one) === isIpv6(other) && overlapCidr(one, other);
}
/** A plain address counts as a block of its own. */
export function asBlock(destination: string): string {
  return destination.includes("/") ? destination : `${destination}/${isIpv6(destination) ? 128 : 32}`;
}
export function blocksOf({ cidr, ipv6 }: VSwitch): string[] {
  return ipv6 === "" ? [cidr] : [cidr, ipv6];
}
export function ipv4Of({ cidr, secondary }: Vpc): string[] {
  return [cidr, ...secondary];
}
/** The part with this number, of 256, of a VPC's IPv6 block `…00::/56`. */
export function ipv6Part(block: string, number: number): string {
  return block.replace(/00::\/56$/, `${number.toString(16).padStart(2, "0")}::/64`);
}
