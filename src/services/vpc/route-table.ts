import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";

export interface RouteTableBody {
  readonly vpcId: string;
  readonly vRouterId: string;
  readonly name: string;
  readonly description: string;
  readonly type: "System" | "Custom";
  readonly associateType: "VSwitch";
  readonly routePropagationEnable: boolean;
}
export type RouteTable = Resource<RouteTableBody>;

export const routeTable: ResourceKind<RouteTableBody> = {
  name: "route-table",
  idPrefix: "vtb",
  idHasRegionCode: true,
  tagType: "ROUTETABLE",
  states: {
    initial: { CreateVpc: "Available" },
    states: { Available: { meaning: "usable", moves: { vpcDeleted: gone } } },
  },
  indexes: {
    ...sharedIndexes<RouteTable>(),
    vpc: ({ vpcId }) => [vpcId],
    inVpc: fieldIndex<RouteTable>(({ vpcId }) => vpcId),
    router: fieldIndex<RouteTable>(({ vRouterId }) => vRouterId),
    name: fieldIndex<RouteTable>(({ name }) => name),
    routerType: fieldIndex<RouteTable>(() => "VRouter"),
    type: fieldIndex<RouteTable>(({ type }) => type),
  },
  counted: ["scope"],
};
