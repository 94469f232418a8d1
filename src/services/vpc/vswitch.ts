import { addressCount } from "../../contract/cidr.ts";
import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import { listAll, type Resource, type ResourceKind, type ResourceReader, type ResourceWriter } from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { routeTableErrors, vpcErrors } from "./errors.ts";
import { addSystemRoute, entryFor, localNextHop, routeEntry } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";

export interface VSwitchBody {
  readonly vpcId: string;
  readonly zoneId: string;
  readonly cidrBlock: string;
  /** The empty string when IPv6 is off. */
  readonly ipv6CidrBlock: string;
  readonly name: string;
  readonly description: string;
  readonly isDefault: boolean;
  /** The route table that rules it: the VPC's system table unless another is associated. */
  readonly routeTableId: string;
  readonly routeTableType: "System" | "Custom";
}
export type VSwitch = Resource<VSwitchBody>;

export const vSwitch: ResourceKind<VSwitchBody> = {
  name: "vswitch",
  idPrefix: "vsw",
  idHasRegionCode: true,
  tagType: "VSWITCH",
  states: {
    initial: { CreateVSwitch: "Pending", CreateDefaultVSwitch: "Pending" },
    states: {
      Pending: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "Available" } },
      Available: {
        meaning: "usable",
        moves: {
          ModifyVSwitchAttribute: "Modifying",
          AssociateRouteTable: "Modifying",
          UnassociateRouteTable: "Modifying",
          DeleteVSwitch: "Deleting",
        },
      },
      Modifying: {
        shownAs: "Pending",
        meaning: "its attributes or its route table are being changed",
        task: { event: "modified", after: "work" },
        moves: { modified: "Available" },
      },
      Deleting: { shownAs: "Pending", meaning: "being deleted", task: { event: "deleted", after: "work" }, moves: { deleted: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<VSwitch>(),
    vpc: ({ vpcId }) => [vpcId],
    busyInVpc: ({ vpcId, state }) => (isTransitional(vSwitch.states, state) ? [vpcId] : []),
    routeTable: ({ routeTableId }) => [routeTableId],
    inVpc: fieldIndex<VSwitch>(({ vpcId }) => vpcId),
    inZone: fieldIndex<VSwitch>(({ zoneId }) => zoneId),
    inRouteTable: fieldIndex<VSwitch>(({ routeTableId }) => routeTableId),
    name: fieldIndex<VSwitch>(({ name }) => name),
    isDefault: fieldIndex<VSwitch>(({ isDefault }) => String(isDefault)),
    enabledIpv6: fieldIndex<VSwitch>(({ ipv6CidrBlock }) => String(ipv6CidrBlock !== "")),
  },
  counted: ["scope"],
  dependencies: [
    { kind: "vpc", index: "vpc", rule: "no vSwitch is left in the VPC", error: vpcErrors.hasVSwitch },
    {
      kind: "route-table",
      index: "routeTable",
      rule: "no vSwitch is under the route table",
      error: routeTableErrors.status,
    },
  ],
  onEvent: { created: addSystemRoutes, deleted: removeSystemRoutes },
};

/** Every route table of a VPC has one system entry for each block of each vSwitch. */
async function addSystemRoutes(state: ResourceWriter, created: VSwitch): Promise<void> {
  for (const destination of blocksOf(created)) await addLocalRoute(state, created.vpcId, destination);
}
async function removeSystemRoutes(state: ResourceWriter, deleted: VSwitch): Promise<void> {
  for (const destination of blocksOf(deleted)) await removeLocalRoute(state, deleted.vpcId, destination);
}

/** Adds the system entry for a vSwitch's block to every table of the VPC. */
export async function addLocalRoute(state: ResourceWriter, vpcId: string, destination: string): Promise<void> {
  for (const table of await listAll(state, routeTable, [["vpc", vpcId]])) await addSystemRoute(state, table, destination, localNextHop);
}
/** Removes it from every table. */
export async function removeLocalRoute(state: ResourceWriter, vpcId: string, destination: string): Promise<void> {
  for (const table of await listAll(state, routeTable, [["vpc", vpcId]])) {
    const entry = await entryFor(state, table.id, destination);
    if (entry?.type === "System") await state.move(routeEntry, entry, "systemRouteRemoved");
  }
}

/** Every vSwitch of a VPC. */
export function vSwitchesOf(state: ResourceReader, vpcId: string): Promise<VSwitch[]> {
  return listAll(state, vSwitch, [["vpc", vpcId]]);
}

/** Its IPv4 block, and its IPv6 block if it has one. */
export function blocksOf(vSwitch: VSwitch): string[] {
  return vSwitch.ipv6CidrBlock === "" ? [vSwitch.cidrBlock] : [vSwitch.cidrBlock, vSwitch.ipv6CidrBlock];
}

/** Addresses at the start and end of a vSwitch's block that no client may use: the first and the last three. */
const reservedAddresses = 4;
/** Free addresses of a vSwitch. */
export function availableAddresses(vSwitch: VSwitch): number {
  return addressCount(vSwitch.cidrBlock) - reservedAddresses;
}
