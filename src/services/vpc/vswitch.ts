import { addressCount } from "../../contract/cidr.ts";
import { fieldIndex, sharedIndexes } from "../../contract/indexes.ts";
import type { Resource, ResourceKind, ResourceWriter } from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { vpcErrors } from "./errors.ts";
import { addSystemRoute, localNextHop, routeEntry } from "./route-entry.ts";
import { vpc } from "./vpc.ts";

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
    initial: { CreateVSwitch: "Pending" },
    states: {
      Pending: { meaning: "being created", task: { event: "created", after: "work" }, moves: { created: "Available" } },
      Available: { meaning: "usable", moves: { DeleteVSwitch: "Deleting" } },
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
  dependencies: [{ kind: "vpc", index: "vpc", rule: "no vSwitch is left in the VPC", error: vpcErrors.hasVSwitch }],
  onEvent: { created: addSystemRoutes, deleted: removeSystemRoutes },
};

/** The system route table of a VPC has one entry for each block of each vSwitch. */
async function addSystemRoutes(state: ResourceWriter, created: VSwitch): Promise<void> {
  const owner = await state.get(vpc, created.vpcId);
  if (owner === undefined) return;
  for (const destination of blocksOf(created)) await addSystemRoute(state, owner, destination, localNextHop);
}

async function removeSystemRoutes(state: ResourceWriter, deleted: VSwitch): Promise<void> {
  const systemTable = (await state.get(vpc, deleted.vpcId))?.routeTableId ?? deleted.routeTableId;
  for (const destination of blocksOf(deleted)) {
    const [entry] = await state.list(routeEntry, [["destination", `${systemTable}\n${destination}`]], { limit: 1 });
    if (entry !== undefined) await state.move(routeEntry, entry.resource, "systemRouteRemoved");
  }
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
