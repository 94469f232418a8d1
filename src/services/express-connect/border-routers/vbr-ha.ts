import { sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { borderRouterErrors } from "./errors.ts";

/** A failover group: two virtual border routers of one account, of which each takes over what the other's circuit carries. */
export interface VbrHaBody {
  readonly vbrId: string;
  readonly peerVbrId: string;
  readonly name: string;
  readonly description: string;
}
export type VbrHa = Resource<VbrHaBody>;

export const vbrHa: ResourceKind<VbrHaBody> = {
  name: "vbr-ha",
  idPrefix: "vbrha",
  idHasRegionCode: true,
  states: {
    initial: { CreateVbrHa: "Creating" },
    states: {
      Creating: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "Active" } },
      Active: { meaning: "in effect", moves: { DeleteVbrHa: "Deleting" } },
      Deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<VbrHa>(),
    /** A router is in one group at most. */
    router: ({ vbrId, peerVbrId }) => [vbrId, peerVbrId],
  },
  counted: [],
  dependencies: [
    {
      kind: "virtual-border-router",
      index: "router",
      rule: "the virtual border router is in no failover group",
      error: borderRouterErrors.status,
    },
  ],
};
