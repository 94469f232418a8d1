import { versionOf } from "../../contract/cidr.ts";
import {
  listAll,
  type Resource,
  type ResourceBase,
  type ResourceKind,
  type ResourceReader,
  type ResourceWriter,
} from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { routeErrors, routeTableErrors, vpcErrors } from "./errors.ts";

export interface NextHop {
  readonly type: string;
  readonly id: string;
  readonly weight: number;
}
/** Next hops of an entry that has several. */
export const nextHopsMin = 2;
export const nextHopsMax = 16;

export interface RouteEntryBody {
  readonly routeTableId: string;
  /** As in its table: the VPC, or the virtual border router. */
  readonly vpcId: string;
  readonly destination: string;
  readonly nextHops: readonly NextHop[];
  readonly name: string;
  readonly description: string;
  readonly type: "System" | "Custom";
  /** Id of the gateway that put it there and will take it away; the empty string for an entry of its account's own. */
  readonly managedBy: string;
}
export type RouteEntry = Resource<RouteEntryBody>;

export const routeEntry: ResourceKind<RouteEntryBody> = {
  name: "route-entry",
  idPrefix: "rte",
  idHasRegionCode: true,
  states: {
    initial: { CreateRouteEntry: "Pending", CreateRouteEntries: "Pending", systemRouteAdded: "Available", vpnRoutePublished: "Available" },
    states: {
      Pending: {
        meaning: "being created",
        task: { event: "created", after: "work" },
        moves: { created: "Available", nextHopDeleted: "Deleting" },
      },
      Available: {
        meaning: "in effect",
        moves: {
          ModifyRouteEntry: "Modifying",
          DeleteRouteEntry: "Deleting",
          DeleteRouteEntries: "Deleting",
          nextHopDeleted: "Deleting",
          // At once: clients go on to delete the networks of the pair without a wait.
          DeleteExpressConnect: gone,
          systemRouteRemoved: gone,
          vpnRouteWithdrawn: gone,
        },
      },
      Modifying: {
        meaning: "its next hop is being changed",
        task: { event: "modified", after: "work" },
        moves: { modified: "Available", nextHopDeleted: "Deleting" },
      },
      Deleting: {
        meaning: "being deleted",
        task: { event: "deleted", after: "work" },
        moves: { deleted: gone },
      },
    },
  },
  indexes: {
    table: ({ routeTableId }) => [routeTableId],
    destination: ({ routeTableId, destination }) => [`${routeTableId}\n${destination}`],
    customOfTable: ({ routeTableId, type }) => (type === "Custom" ? [routeTableId] : []),
    customOfVpc: ({ vpcId, type }) => (type === "Custom" ? [vpcId] : []),
    nextHop: ({ nextHops }) => nextHops.map(nextHopKey),
    toVpnGatewayInVpc: ({ vpcId, nextHops }) => (nextHops.some(({ type }) => type === vpnGatewayHop) ? [vpcId] : []),
    busyInVpc: ({ vpcId, state }) => (isTransitional(routeEntry.states, state) ? [vpcId] : []),
    // Filters of DescribeRouteEntryList, each within one table.
    name: ({ routeTableId, name }) => [`${routeTableId}\n${name}`],
    nextHopInTable: ({ routeTableId, nextHops }) => nextHops.map(({ id }) => `${routeTableId}\n${id}`),
    nextHopType: ({ routeTableId, nextHops }) => nextHops.map(({ type }) => `${routeTableId}\n${type}`),
    // No entry here is managed by another service.
    serviceType: () => [],
    type: ({ routeTableId, type }) => [`${routeTableId}\n${type}`],
    ipVersion: ({ routeTableId, destination }) => [`${routeTableId}\n${ipVersionName(destination)}`],
  },
  counted: [],
  laterFields: { managedBy: "" },
  dependencies: [
    { kind: "vpc", index: "customOfVpc", rule: "no custom route entry is left in the VPC", error: vpcErrors.hasRouteEntry },
    {
      kind: "route-table",
      index: "customOfTable",
      rule: "no custom route entry is left in the route table",
      error: routeTableErrors.hasEntries,
    },
    {
      kind: "virtual-border-router",
      index: "customOfVpc",
      rule: "no custom route entry of the virtual border router is left",
      error: routeErrors.holdsBorderRouter,
    },
  ],
};

/** `NextHopType` of entries that lead to a VPN gateway, of which a VPC has a number of its own. */
export const vpnGatewayHop = "VpnGateway";

/** Next hop within the VPC. */
export const localNextHop: NextHop = { type: "local", id: "", weight: 0 };
/** Where the cloud's own services live; every system table leads there, and no custom entry may. */
export const servicesBlock = "100.64.0.0/10";
export const servicesNextHop: NextHop = { type: "service", id: "", weight: 0 };

/** Adds an entry to a route table. */
export function addRouteEntry(
  state: ResourceWriter,
  table: Pick<ResourceBase, "id" | "account" | "region"> & { readonly vpcId: string },
  entry: Pick<RouteEntryBody, "destination" | "nextHops" | "type"> & Partial<Pick<RouteEntryBody, "name" | "description" | "managedBy">>,
  event: "CreateRouteEntry" | "CreateRouteEntries" | "systemRouteAdded" | "vpnRoutePublished",
): Promise<RouteEntry> {
  return state.create(
    routeEntry,
    {
      name: "",
      description: "",
      managedBy: "",
      ...entry,
      id: state.newId(routeEntry, table.region),
      account: table.account,
      region: table.region,
      routeTableId: table.id,
      vpcId: table.vpcId,
    },
    event,
  );
}

/** Adds an entry of the system's own to a route table. */
export async function addSystemRoute(
  state: ResourceWriter,
  table: Parameters<typeof addRouteEntry>[1],
  destination: string,
  nextHop: NextHop,
): Promise<void> {
  await addRouteEntry(state, table, { destination, nextHops: [nextHop], type: "System" }, "systemRouteAdded");
}

/** `IPv4` or `IPv6`, as the API names the versions. */
export function ipVersionName(block: string): "IPv4" | "IPv6" {
  return versionOf(block) === 4 ? "IPv4" : "IPv6";
}

/** A next hop as an index value: an id alone says nothing, because ids of some types are stored unchecked. */
function nextHopKey({ type, id }: Pick<NextHop, "type" | "id">): string {
  return `${type}\n${id}`;
}
/** Every route entry, of whatever account, that points at a next hop. */
export function entriesTo(state: ResourceReader, type: string, id: string): Promise<RouteEntry[]> {
  return listAll(state, routeEntry, [["nextHop", nextHopKey({ type, id })]]);
}

/** The entry of a table with this destination, given in normal form. */
export async function entryFor(state: ResourceReader, tableId: string, destination: string): Promise<RouteEntry | undefined> {
  const [found] = await state.list(routeEntry, [["destination", `${tableId}\n${destination}`]], { limit: 1 });
  return found?.resource;
}

/** Whether a VPC has a custom entry that leads to IPv6 addresses. */
export async function hasIpv6Entry(state: ResourceReader, vpcId: string): Promise<boolean> {
  return (await listAll(state, routeEntry, [["customOfVpc", vpcId]])).some(({ destination }) => versionOf(destination) === 6);
}
