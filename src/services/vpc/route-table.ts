import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import { listAll, type Resource, type ResourceKind, type ResourceWriter } from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { vpcErrors } from "./errors.ts";
import { addSystemRoute, routeEntry, servicesBlock, servicesNextHop } from "./route-entry.ts";

export interface RouteTableBody {
  /** The router whose table it is: a VPC's, or a virtual border router. */
  readonly routerType: "VRouter" | "VBR";
  /** The VPC; of a virtual border router's table the id of that router, so that what excludes each other within a VPC does so within it. */
  readonly vpcId: string;
  /** The VPC's router, or the virtual border router. */
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
    initial: { CreateVpc: "Available", CreateDefaultVpc: "Available", CreateVirtualBorderRouter: "Available", CreateRouteTable: "Pending" },
    states: {
      Pending: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "Available" } },
      Available: {
        meaning: "usable",
        moves: { ModifyRouteTableAttributes: "Available", DeleteRouteTable: "Deleting", vpcDeleted: gone, vbrDeleted: gone },
      },
      Deleting: { meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<RouteTable>(),
    vpc: ({ vpcId }) => [vpcId],
    customOfVpc: ({ vpcId, type }) => (type === "Custom" ? [vpcId] : []),
    busyInVpc: ({ vpcId, state }) => (isTransitional(routeTable.states, state) ? [vpcId] : []),
    inVpc: fieldIndex<RouteTable>(shownVpc),
    router: fieldIndex<RouteTable>(({ vRouterId }) => vRouterId),
    name: fieldIndex<RouteTable>(({ name }) => name),
    routerType: fieldIndex<RouteTable>(({ routerType }) => routerType),
    type: fieldIndex<RouteTable>(({ type }) => type),
  },
  counted: ["scope"],
  laterFields: { routerType: "VRouter" },
  dependencies: [{ kind: "vpc", index: "customOfVpc", rule: "no custom route table is left in the VPC", error: vpcErrors.hasRouteTable }],
  onEvent: { deleted: removeEntries, vpcDeleted: removeEntries },
};

/** The VPC of a table as its owner reads it: a virtual border router's table is in none. */
export function shownVpc({ routerType, vpcId }: Pick<RouteTableBody, "routerType" | "vpcId">): string {
  return routerType === "VBR" ? "" : vpcId;
}

/** The system's own entries go with their table; custom ones have kept it from being deleted. */
async function removeEntries(state: ResourceWriter, deleted: RouteTable): Promise<void> {
  for (const entry of await listAll(state, routeEntry, [["table", deleted.id]])) await state.move(routeEntry, entry, "systemRouteRemoved");
}

/** Adds the entry that leads to the cloud's own services: every table of a VPC has it from the start. */
export async function addServicesRoute(state: ResourceWriter, table: RouteTable): Promise<void> {
  await addSystemRoute(state, table, servicesBlock, servicesNextHop);
}
