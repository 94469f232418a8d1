import { parseBlock } from "../../contract/cidr.ts";

/** The block that a destination stands for: IPv4 or IPv6, a plain address counting as a block of its own. `undefined` if it is none. */
export function normalDestination(given: string): string | undefined {
  return parseBlock(given, { version: 4, addresses: true }) ?? parseBlock(given, { version: 6, addresses: true });
}
