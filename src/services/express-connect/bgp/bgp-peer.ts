import { parseBlock } from "../../../contract/cidr.ts";
import { fieldIndex, sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind, ResourceReader } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { type BgpGroup, bgpGroup } from "./bgp-group.ts";
import { bgpPeerErrors } from "./errors.ts";

/** A device of the owner's site with which the virtual border router speaks BGP. Numbers, key and route limit are those of its group. */
export interface BgpPeerBody {
  readonly bgpGroupId: string;
  /** The group's virtual border router. */
  readonly routerId: string;
  readonly peerIpAddress: string;
  /** `IPv4` or `IPv6`, in the letter case in which it was asked for: clients compare it. */
  readonly ipVersion: string;
  readonly enableBfd: boolean;
  /** Devices between the two, at most; 0 without BFD. */
  readonly bfdMultiHop: number;
}
export type BgpPeer = Resource<BgpPeerBody>;

export const bgpPeer: ResourceKind<BgpPeerBody> = {
  name: "bgp-peer",
  idPrefix: "bgp",
  idHasRegionCode: true,
  states: {
    initial: { CreateBgpPeer: "Pending" },
    states: {
      Pending: { meaning: "being created", task: { event: "configured", after: "work" }, moves: { configured: "Available" } },
      Available: {
        meaning: "configured; whether there is a session with it is another matter",
        moves: { ModifyBgpPeerAttribute: "Modifying", DeleteBgpPeer: "Deleting" },
      },
      Modifying: { meaning: "being changed", task: { event: "configured", after: "work" }, moves: { configured: "Available" } },
      Deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<BgpPeer>(),
    router: fieldIndex<BgpPeer>(({ routerId }) => routerId),
    group: fieldIndex<BgpPeer>(({ bgpGroupId }) => bgpGroupId),
    ofRouter: ({ routerId }) => [routerId],
    ofGroup: ({ bgpGroupId }) => [bgpGroupId],
    address: ({ routerId, peerIpAddress }) => [peerAt(routerId, peerIpAddress)],
  },
  counted: ["scope"],
  dependencies: [{ kind: "bgp-group", index: "ofGroup", rule: "no BGP peer of the group is left", error: bgpPeerErrors.holdsGroup }],
};

/** The peer of a router with this address, however the address is written. */
export async function findPeer(state: ResourceReader, routerId: string, address: string): Promise<BgpPeer | undefined> {
  const [found] = await state.list(bgpPeer, [["address", peerAt(routerId, address)]], { limit: 1 });
  return found?.resource;
}
function peerAt(routerId: string, address: string): string {
  return `${routerId}\n${parseBlock(address, { version: address.includes(":") ? 6 : 4, addresses: true }) ?? address}`;
}

/** The group of a peer, which cannot be deleted before it. */
export async function groupOf(state: ResourceReader, { id, bgpGroupId }: BgpPeer): Promise<BgpGroup> {
  const group = await state.get(bgpGroup, bgpGroupId);
  if (group === undefined) throw new Error(`${id} belongs to ${bgpGroupId}, which is not there`);
  return group;
}
