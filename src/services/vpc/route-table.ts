import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import { listAll, type Resource, type ResourceKind, type ResourceWriter } from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { vpcErrors } from "./errors.ts";
import { addSystemRoute, routeEntry, servicesBlock, servicesNextHop } from "./route-entry.ts";

export interface RouteTableBody {
  readonly vpcId: string;
  readonly vRouterId: string;
  readonly name: string;
  readonly description: string;
  readonly type: "System" | "Custom";
  /** What the table can rule: vSwitches, or a gateway, of which there is none here. */
  readonly associateType: "VSwitch" | "Gateway";
  readonly routePropagationEnable: boolean;
}
export type RouteTable = Resource<RouteTableBody>;

export const routeTable: ResourceKind<RouteTableBody> = {
  name: "route-table",
  idPrefix: "vtb",
  idHasRegionCode: true,
  tagType: "ROUTETABLE",
  states: {
    initial: { CreateVpc: "Available", CreateDefaultVpc: "Available", CreateRouteTable: "Pending" },
    states: {
      Pending: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "Available" } },
      Available: {
        meaning: "usable",
        moves: { ModifyRouteTableAttributes: "Available", DeleteRouteTable: "Deleting", vpcDeleted: gone },
      },
      Deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<RouteTable>(),
    vpc: ({ vpcId }) => [vpcId],
    customOfVpc: ({ vpcId, type }) => (type === "Custom" ? [vpcId] : []),
    busyInVpc: ({ vpcId, state }) => (isTransitional(routeTable.states, state) ? [vpcId] : []),
    inVpc: fieldIndex<RouteTable>(({ vpcId }) => vpcId),
    router: fieldIndex<RouteTable>(({ vRouterId }) => vRouterId),
    name: fieldIndex<RouteTable>(({ name }) => name),
    routerType: fieldIndex<RouteTable>(() => "VRouter"),
    type: fieldIndex<RouteTable>(({ type }) => type),
  },
  counted: ["scope"],
  dependencies: [{ kind: "vpc", index: "customOfVpc", rule: "no custom route table is left in the VPC", error: vpcErrors.hasRouteTable }],
  onEvent: { deleted: removeEntries, vpcDeleted: removeEntries },
};

/** The system's own entries go with their table; custom ones have kept it from being deleted. */
async function removeEntries(state: ResourceWriter, deleted: RouteTable): Promise<void> {
  for (const entry of await listAll(state, routeEntry, [["table", deleted.id]])) await state.move(routeEntry, entry, "systemRouteRemoved");
}

/** Adds the entry that leads to the cloud's own services: every table has it from the start. */
export async function addServicesRoute(state: ResourceWriter, table: RouteTable): Promise<void> {
  await addSystemRoute(state, table, servicesBlock, servicesNextHop);
}
