import { listAll, type ResourceReader, type ResourceWriter } from "../../contract/resource-kind.ts";
import { addRouteEntry, entryFor, type RouteEntry, routeEntry, vpnGatewayHop } from "../vpc/route-entry.ts";
import { type RouteTable, routeTable } from "../vpc/route-table.ts";

/** Routes of VPN gateways in the system route table of their VPC: one entry for all routes of a gateway to one destination. */

interface Published {
  readonly vpnGatewayId: string;
  readonly vpcId: string;
  readonly destination: string;
}

export async function systemTableOf(state: ResourceReader, vpcId: string): Promise<RouteTable> {
  const table = (await listAll(state, routeTable, [["vpc", vpcId]])).find(({ type }) => type === "System");
  if (table === undefined) throw new Error(`${vpcId} has no system route table`);
  return table;
}

/** The entry of the VPC's system table with this destination, whoever put it there. */
export async function systemEntryFor(state: ResourceReader, vpcId: string, destination: string): Promise<RouteEntry | undefined> {
  return entryFor(state, (await systemTableOf(state, vpcId)).id, destination);
}

export async function publishRoute(state: ResourceWriter, { vpnGatewayId, vpcId, destination }: Published): Promise<void> {
  const nextHops = [{ type: vpnGatewayHop, id: vpnGatewayId, weight: 0 }];
  const entry = { destination, nextHops, type: "Custom", managedBy: vpnGatewayId } as const;
  await addRouteEntry(state, await systemTableOf(state, vpcId), entry, "vpnRoutePublished");
}

export async function withdrawRoute(state: ResourceWriter, { vpnGatewayId, vpcId, destination }: Published): Promise<void> {
  const entry = await systemEntryFor(state, vpcId, destination);
  if (entry?.managedBy === vpnGatewayId) await state.move(routeEntry, entry, "vpnRouteWithdrawn");
}
