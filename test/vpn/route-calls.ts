import assert from "node:assert/strict";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";
import { connectionIn, customerGatewayIn, gatewayIn } from "./support.ts";

/** Calls on the routes of a VPN gateway, and what they leave in the route table of its VPC. */

/** A gateway with one end, and two connections of it that routes can lead to. */
export interface Routed {
  readonly owner: Caller;
  readonly vpc: TestVpc;
  readonly gateway: string;
  readonly first: string;
  readonly second: string;
}
/** The same in a VPC of its own, unless one is given. The server's pace must be `stepped`. */
export async function routedGateway(server: TestServer, given?: TestVpc, owner: Caller = server.requester): Promise<Routed> {
  const vpc = given ?? (await availableVpc(server, owner));
  const gateway = await gatewayIn(server, vpc);
  const first = await connectionIn(server, vpc, gateway, await customerGatewayIn(vpc.owner));
  const second = await connectionIn(server, vpc, gateway, await customerGatewayIn(vpc.owner));
  return { owner: vpc.owner, vpc, gateway, first, second };
}

/** Calls an operation on the routes of the gateway. */
export function onRoutes({ owner, gateway }: Routed, action: string, parameters: Parameters): Promise<Answer> {
  return owner.vpc(action, { RegionId: hangzhou, VpnGatewayId: gateway, ...parameters });
}
/** The same, successfully and to the end of the work. */
export async function doneOnRoutes(server: TestServer, at: Routed, action: string, parameters: Parameters): Promise<any> {
  const { body } = succeeded(await onRoutes(at, action, parameters));
  await server.advance();
  return body;
}
/** Parameters of a route to the first connection that is not published. */
export function toFirst({ first }: Routed, RouteDest: string, parameters: Parameters = {}): Parameters {
  return { RouteDest, NextHop: first, Weight: 100, PublishVpc: false, ...parameters };
}

/** The destination-based routes of the gateway. */
export async function routesOf(at: Routed, parameters: Parameters = {}): Promise<any[]> {
  const { body } = succeeded(await onRoutes(at, "DescribeVpnRouteEntries", { PageSize: 50, ...parameters }));
  return body.VpnRouteEntries.VpnRouteEntry;
}
/** The policy-based routes of the gateway. */
export async function policyRoutesOf(at: Routed, parameters: Parameters = {}): Promise<any[]> {
  const { body } = succeeded(await onRoutes(at, "DescribeVpnPbrRouteEntries", { PageSize: 50, ...parameters }));
  return body.VpnPbrRouteEntries.VpnPbrRouteEntry;
}
/** A route as its blocks, weight and state, and its priority where it has one. */
export const brief = ({ RouteSource, RouteDest, Weight, Priority, State }: any): string =>
  [RouteSource, RouteDest, Weight, Priority, State].filter((part) => part !== undefined).join(" ");

/** The custom entries of the VPC's system table, in order of creation. */
export async function customEntries({ owner, region, routeTableId }: TestVpc): Promise<any[]> {
  const custom = { RegionId: region, RouteTableId: routeTableId, RouteEntryType: "Custom" };
  const { body } = succeeded(await owner.vpc("DescribeRouteEntryList", custom));
  return body.RouteEntrys.RouteEntry;
}
/** The destinations of the entries of the VPC's system table that lead to the gateway. */
export async function published({ vpc, gateway }: Routed): Promise<string[]> {
  const to = (await customEntries(vpc)).filter(({ NextHops }) => NextHops.NextHop[0].NextHopId === gateway);
  for (const { Status, NextHops } of to) assert.deepEqual([Status, NextHops.NextHop[0].NextHopType], ["Available", "VpnGateway"]);
  return to.map(({ DestinationCidrBlock }) => DestinationCidrBlock);
}
