import { isIPv4, isIPv6 } from "node:net";
import { containsCidr, normalizeCidr, overlapCidr } from "cidr-tools";

/** Address blocks as the API writes them: `address/length`, no host bits set. */

/**
 * The normal form of a block whose prefix length lies within `min` and `max` and whose host bits are zero;
 * `undefined` for anything else. A plain address counts as a block of its own when `addresses` is allowed.
 */
export function parseBlock(
  value: string,
  limits: { readonly version: 4 | 6; readonly min?: number; readonly max?: number; readonly addresses?: boolean },
): string | undefined {
  const full = limits.version === 4 ? 32 : 128;
  const [address = "", prefix, ...rest] = value.split("/");
  // The arithmetic below trusts its input, so what is no address is turned away first.
  const isAddress = limits.version === 4 ? isIPv4(address) : isIPv6(address) && !address.includes("%");
  const length =
    prefix === undefined && limits.addresses === true ? full : /^(0|[1-9]\d{0,2})$/.test(prefix ?? "") ? Number(prefix) : Number.NaN;
  if (!isAddress || rest.length > 0 || !(length >= (limits.min ?? 0) && length <= (limits.max ?? full))) return undefined;
  const normal = normalizeCidr(`${address}/${length}`);
  const hasHostBits = normalizeCidr(`${address}/${full}`) !== normalizeCidr(`${normal.split("/")[0]}/${full}`);
  return hasHostBits ? undefined : normal;
}

/** The block of a prefix length that an address lies in. */
export function blockAround(address: string, length: number): string {
  return normalizeCidr(`${address}/${length}`);
}

export function blocksOverlap(a: string, b: string): boolean {
  return versionOf(a) === versionOf(b) && overlapCidr(a, b);
}
/** Whether every address of `inner` is in `outer`. */
export function blockContains(outer: string, inner: string): boolean {
  return versionOf(outer) === versionOf(inner) && containsCidr(outer, inner);
}
export function versionOf(block: string): 4 | 6 {
  return block.includes(":") ? 6 : 4;
}
export function prefixLength(block: string): number {
  return Number(block.split("/")[1]);
}
/** Addresses of an IPv4 block. */
export function addressCount(block: string): number {
  return 2 ** (32 - prefixLength(block));
}
/** The address of an IPv4 block that stands `offset` behind its first. */
export function addressAt(block: string, offset: number): string {
  const [first = ""] = block.split("/");
  const number = first.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
