import { addressAt, addressCount } from "../../contract/cidr.ts";
import type { ResourceReader, ResourceWriter } from "../../contract/resource-kind.ts";
import { addressKey } from "./connection-body.ts";
import { vpnAttachment } from "./vpn-attachment.ts";
import { vpnGateway } from "./vpn-gateway.ts";

/** Where gateways have addresses that no two of them share. */
export interface AddressSpace {
  /** The VPC within which addresses differ; the empty string for the internet. */
  readonly vpcId: string;
  readonly block: string;
}
/** Where the public ends of gateways get their addresses: a range that no network uses for itself (RFC 2544). */
export const internet: AddressSpace = { vpcId: "", block: "198.18.0.0/15" };

/** Whether a block has an address for one more gateway. */
export async function hasFreeAddress(state: ResourceReader, space: AddressSpace): Promise<boolean> {
  return (await firstFree(state, space, 0)) !== undefined;
}

/** An address that no gateway has, and that is not `other`; chosen at random. The rules have seen that there is one. */
export async function freeAddress(state: ResourceWriter, space: AddressSpace, other?: string): Promise<string> {
  const address = await firstFree(state, space, Number.parseInt(state.randomHex(4), 16), other);
  if (address === undefined) throw new Error(`${space.block} has no free address`);
  return address;
}

/** The first free address behind `start`, counted round the block. */
async function firstFree(state: ResourceReader, { vpcId, block }: AddressSpace, start: number, other = ""): Promise<string | undefined> {
  // Neither the first nor the last three addresses of a block are anybody's.
  const count = addressCount(block) - 4;
  for (let step = 0; step < count; step += 1) {
    const address = addressAt(block, 1 + ((start + step) % count));
    if (address !== other && !(await isTaken(state, addressKey(vpcId, address)))) return address;
  }
  return undefined;
}

async function isTaken(state: ResourceReader, key: string): Promise<boolean> {
  const gateways = await state.list(vpnGateway, [["address", key]], { limit: 1 });
  return gateways.length > 0 || (await state.list(vpnAttachment, [["address", key]], { limit: 1 })).length > 0;
}

/** Tunnels of an attachment with the addresses that its network type gives them; those that have one keep it. */
export async function placedTunnels<T extends { readonly internetIp: string }>(
  state: ResourceWriter,
  networkType: "public" | "private",
  tunnels: readonly T[],
): Promise<T[]> {
  const placed: T[] = [];
  for (const tunnel of tunnels) {
    // No transit router is there to give a private address.
    if (networkType === "private") placed.push({ ...tunnel, internetIp: "" });
    else if (tunnel.internetIp !== "") placed.push(tunnel);
    else placed.push({ ...tunnel, internetIp: await freeAddress(state, internet, placed.at(-1)?.internetIp) });
  }
  return placed;
}
