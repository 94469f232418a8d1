import { sharedIndexes } from "../../contract/indexes.ts";
import { listAll, type Resource, type ResourceKind, type ResourceReader, type ResourceWriter } from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { publishRoute, withdrawRoute } from "./published-routes.ts";

export interface VpnRouteEntryBody {
  readonly vpnGatewayId: string;
  readonly vpcId: string;
  /** `dbr` goes by the destination alone, `pbr` by source and destination. */
  readonly routeType: "dbr" | "pbr";
  /** The empty string for a destination-based route. */
  readonly source: string;
  readonly destination: string;
  /** Id of the connection. */
  readonly nextHop: string;
  /** 100 for the active link, 0 for the standby one. */
  readonly weight: number;
  /** 1 to 100, smaller goes first; 0 for a destination-based route. */
  readonly priority: number;
  readonly description: string;
  /** Stands in the system route table of the VPC. */
  readonly published: boolean;
  /** Made by the connection's `AutoConfigRoute`, and not by a call of its own. */
  readonly auto: boolean;
}
export type VpnRouteEntry = Resource<VpnRouteEntryBody>;

/** A route of a VPN gateway. Clients name it by its gateway, blocks, next hop and weight; its id is this server's own. */
export const vpnRouteEntry: ResourceKind<VpnRouteEntryBody> = {
  name: "vpn-route-entry",
  idPrefix: "vre",
  idHasRegionCode: true,
  states: {
    initial: {
      CreateVpnRouteEntry: "configuring",
      CreateVpnPbrRouteEntry: "configuring",
      CreateVpnConnection: "configuring",
      ModifyVpnConnectionAttribute: "configuring",
    },
    states: {
      configuring: {
        meaning: "being added or changed",
        task: { event: "configured", after: "work" },
        moves: { configured: { oneOf: ["normal", "published"], choose: ({ published }) => (published ? "published" : "normal") } },
      },
      normal: { meaning: "in the gateway only", moves: settled() },
      published: { meaning: "in the gateway and in the system route table of its VPC", moves: settled() },
      deleting: {
        meaning: "being deleted",
        task: { event: "deleted", after: "work" },
        moves: { deleted: gone },
      },
    },
  },
  indexes: {
    ...sharedIndexes<VpnRouteEntry>(),
    nextHop: ({ nextHop }) => [nextHop],
    ofGateway: ({ vpnGatewayId, routeType }) => [routesOf(vpnGatewayId, routeType)],
    toDestination: ({ vpnGatewayId, routeType, destination }) => [routesOf(vpnGatewayId, routeType, destination)],
    publishedTo: ({ vpnGatewayId, destination, published }) => (published ? [`${vpnGatewayId}\n${destination}`] : []),
    busyOfGateway: (of) => (isTransitional(vpnRouteEntry.states, of.state) ? [of.vpnGatewayId] : []),
  },
  counted: [],
  onEvent: {
    deleted: async (state, route) => withdrawUnlessShared(state, route),
    connectionDeleted: async (state, route) => withdrawUnlessShared(state, route),
  },
};

function settled(): Record<string, string> {
  return {
    PublishVpnRouteEntry: "configuring",
    ModifyVpnRouteEntryWeight: "configuring",
    ModifyVpnPbrRouteEntryWeight: "configuring",
    ModifyVpnPbrRouteEntryPriority: "configuring",
    ModifyVpnPbrRouteEntryAttribute: "configuring",
    DeleteVpnRouteEntry: "deleting",
    DeleteVpnPbrRouteEntry: "deleting",
    ModifyVpnConnectionAttribute: "deleting",
    connectionDeleted: gone,
  };
}

/** Value of the indexes of a gateway's routes of one type. */
export function routesOf(gatewayId: string, routeType: "dbr" | "pbr", ...destination: readonly string[]): string {
  return [gatewayId, routeType, ...destination].join("\n");
}

/** Every published route of a gateway, of either type, to one destination. They stand for one entry of the VPC's table. */
export function publishedTo(state: ResourceReader, gatewayId: string, destination: string): Promise<VpnRouteEntry[]> {
  return listAll(state, vpnRouteEntry, [["publishedTo", `${gatewayId}\n${destination}`]]);
}

/** Puts a route into the system table of its VPC, unless another to the same destination has done so. */
export async function publish(state: ResourceWriter, route: Pick<VpnRouteEntry, "vpnGatewayId" | "vpcId" | "destination">): Promise<void> {
  if ((await publishedTo(state, route.vpnGatewayId, route.destination)).length === 0) await publishRoute(state, route);
}

/** Takes the entry of a route that goes out of the VPC's table, unless another route stands for it too. */
async function withdrawUnlessShared(state: ResourceWriter, route: VpnRouteEntry): Promise<void> {
  if (!route.published) return;
  const others = (await publishedTo(state, route.vpnGatewayId, route.destination)).filter(({ id }) => id !== route.id);
  if (others.length === 0) await withdrawRoute(state, route);
}

/** Removes a route at once, because the connection that it leads to is gone. */
export async function removeRoute(state: ResourceWriter, route: VpnRouteEntry): Promise<void> {
  await state.move(vpnRouteEntry, route, "connectionDeleted");
}
