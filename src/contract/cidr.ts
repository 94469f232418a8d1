import { containsCidr, normalizeCidr, overlapCidr, parseCidr } from "cidr-tools";

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
  if (!(limits.addresses === true && !value.includes("/") ? true : /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(value))) return undefined;
  if (limits.version === 4 && !/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value)) return undefined;
  try {
    const parsed = parseCidr(value);
    const length = Number(parsed.prefix);
    if (parsed.version !== limits.version || length < (limits.min ?? 0) || length > (limits.max ?? full)) return undefined;
    const normal = normalizeCidr(value.includes("/") ? value : `${value}/${full}`);
    const [address] = normal.split("/");
    const [given] = value.split("/");
    return normalizeCidr(`${given}/${full}`) === normalizeCidr(`${address}/${full}`) ? normal : undefined;
  } catch {
    return undefined;
  }
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
