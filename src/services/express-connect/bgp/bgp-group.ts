import { fieldIndex, sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { bgpGroupErrors } from "./errors.ts";

/** What the BGP peers of one virtual border router that stand in the group have in common. */
export interface BgpGroupBody {
  readonly routerId: string;
  readonly name: string;
  readonly description: string;
  /** `IPv4` or `IPv6`, in the letter case in which it was asked for: clients compare it. */
  readonly ipVersion: string;
  /** The cloud's number. */
  readonly localAsn: number;
  /** The number of the peers. */
  readonly peerAsn: number;
  /** The number is not the peers' own, but one that they pretend while theirs is replaced. */
  readonly isFakeAsn: boolean;
  /** Key of the sessions; the empty string where none was given. */
  readonly authKey: string;
  /** Routes that one peer can tell. */
  readonly routeLimit: number;
}
export type BgpGroup = Resource<BgpGroupBody>;

export const bgpGroup: ResourceKind<BgpGroupBody> = {
  name: "bgp-group",
  idPrefix: "bgpg",
  idHasRegionCode: true,
  states: {
    initial: { CreateBgpGroup: "Pending" },
    states: {
      // A change is Pending too: the documented words for groups have no other.
      Pending: { meaning: "being created or changed", task: { event: "configured", after: "work" }, moves: { configured: "Available" } },
      Available: { meaning: "usable", moves: { ModifyBgpGroupAttribute: "Pending", DeleteBgpGroup: "Deleting" } },
      Deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<BgpGroup>(),
    router: fieldIndex<BgpGroup>(({ routerId }) => routerId),
    ofRouter: ({ routerId }) => [routerId],
  },
  counted: ["scope"],
  secretFields: ["authKey"],
  dependencies: [
    {
      kind: "virtual-border-router",
      index: "ofRouter",
      rule: "no BGP group of the virtual border router is left",
      error: bgpGroupErrors.holdsRouter,
    },
  ],
};
