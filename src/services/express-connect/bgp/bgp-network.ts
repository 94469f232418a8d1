import { parseBlock } from "../../../contract/cidr.ts";
import { fieldIndex, sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind, ResourceReader } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { bgpNetworkErrors } from "./errors.ts";

export interface BgpNetworkBody {
  readonly routerId: string;
  /** A block, or a plain address, as it was asked for: clients compare it. */
  readonly dstCidrBlock: string;
  /** Where the block lies; the empty string where it was not said. */
  readonly vpcId: string;
}
export type BgpNetwork = Resource<BgpNetworkBody>;

/** A block that a virtual border router tells its BGP peers. Clients name it by router and block; its id is this server's own. */
export const bgpNetwork: ResourceKind<BgpNetworkBody> = {
  name: "bgp-network",
  idPrefix: "bgpn",
  idHasRegionCode: true,
  states: {
    initial: { AddBgpNetwork: "Pending" },
    states: {
      Pending: { meaning: "being added", task: { event: "added", after: "work" }, moves: { added: "Available" } },
      Available: { meaning: "told to the peers that there is a session with", moves: { DeleteBgpNetwork: "Deleting" } },
      Deleting: { meaning: "being withdrawn", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<BgpNetwork>(),
    router: fieldIndex<BgpNetwork>(({ routerId }) => routerId),
    ofRouter: ({ routerId }) => [routerId],
    block: ({ routerId, dstCidrBlock }) => [blockAt(routerId, dstCidrBlock)],
  },
  counted: ["scope"],
  dependencies: [
    {
      kind: "virtual-border-router",
      index: "ofRouter",
      rule: "no BGP network of the virtual border router is left",
      error: bgpNetworkErrors.holdsRouter,
    },
  ],
};

/** The normal form of the block of a network; `undefined` for what is none. */
export function networkBlock(given: string): string | undefined {
  return parseBlock(given, { version: 4, addresses: true });
}
function blockAt(routerId: string, block: string): string {
  return `${routerId}\n${networkBlock(block) ?? block}`;
}
/** The network of a router with this block, however the block is written. */
export async function findNetwork(state: ResourceReader, routerId: string, block: string): Promise<BgpNetwork | undefined> {
  const [found] = await state.list(bgpNetwork, [["block", blockAt(routerId, block)]], { limit: 1 });
  return found?.resource;
}
