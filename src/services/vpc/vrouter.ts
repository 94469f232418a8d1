import { sharedIndexes } from "../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";

/** The router of a VPC: made and removed with it. */
export interface VRouterBody {
  readonly vpcId: string;
}
export type VRouter = Resource<VRouterBody>;

export const vRouter: ResourceKind<VRouterBody> = {
  name: "vrouter",
  idPrefix: "vrt",
  idHasRegionCode: true,
  states: {
    initial: { CreateVpc: "Available", CreateDefaultVpc: "Available" },
    states: { Available: { meaning: "usable", moves: { vpcDeleted: gone } } },
  },
  indexes: { ...sharedIndexes<VRouter>(), vpc: ({ vpcId }) => [vpcId] },
  counted: ["scope"],
  partOf: [{ kind: "vpc", index: "vpc", event: "vpcDeleted" }],
};
