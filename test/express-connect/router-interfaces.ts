import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, succeeded, type TestVpc } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";

/** What tests with router interfaces start from. */

/** A router that interfaces are at. */
export interface Router {
  readonly owner: Caller;
  readonly region: string;
  readonly routerId: string;
  readonly routeTableId: string;
}
/** A VPC with the id of its router. */
export interface RoutedVpc extends TestVpc {
  readonly routerId: string;
}
export async function routedVpc(server: TestServer, owner: Caller, region: string = hangzhou): Promise<RoutedVpc> {
  return withRouter(await availableVpc(server, owner, region));
}
export async function withRouter(vpc: TestVpc): Promise<RoutedVpc> {
  const { body } = succeeded(await vpc.owner.vpc("DescribeVpcAttribute", { RegionId: vpc.region, VpcId: vpc.vpcId }));
  return { ...vpc, routerId: body.VRouterId };
}

/** Asks for one end of a link, the initiating one with Small.1 unless said. */
export function requestInterface({ owner, region, routerId }: Router, to: Router, parameters: Parameters = {}): Promise<Answer> {
  const side = { Role: "InitiatingSide", Spec: "Small.1", RouterType: "VRouter", RouterId: routerId };
  return owner.vpc("CreateRouterInterface", { RegionId: region, OppositeRegionId: to.region, ...side, ...parameters });
}
export async function interfaceAt(at: Router, to: Router, parameters: Parameters = {}): Promise<string> {
  return succeeded(await requestInterface(at, to, parameters)).body.RouterInterfaceId;
}

/** The two ends of a link. */
export interface Link {
  readonly from: RoutedVpc;
  readonly to: RoutedVpc;
  readonly initiator: string;
  readonly acceptor: string;
}
export const accepting = { Role: "AcceptingSide", Spec: "Negative" } as const;
/** Two ends that name each other, both Idle; the parameters are for the creation of the initiating one. */
export async function idleLink(from: RoutedVpc, to: RoutedVpc, parameters: Parameters = {}): Promise<Link> {
  const initiator = await interfaceAt(from, to, parameters);
  const acceptor = await interfaceAt(to, from, accepting);
  await names(from, initiator, to, acceptor);
  await names(to, acceptor, from, initiator);
  return { from, to, initiator, acceptor };
}
/** Writes into one end who the other is. */
export async function names(at: Router, own: string, other: Router, opposite: string, type = "VRouter"): Promise<void> {
  succeeded(
    await at.owner.vpc("ModifyRouterInterfaceAttribute", {
      RegionId: at.region,
      RouterInterfaceId: own,
      OppositeInterfaceId: opposite,
      OppositeRouterId: other.routerId,
      OppositeRouterType: type,
      OppositeInterfaceOwnerId: other.owner.key.account,
    }),
  );
}
/** A link that is Active at both ends. The server's pace must be `stepped`. */
export async function activeLink(server: TestServer, from: RoutedVpc, to: RoutedVpc, parameters: Parameters = {}): Promise<Link> {
  const link = await idleLink(from, to, parameters);
  succeeded(await connect(link));
  await server.advance();
  return link;
}
export function connect({ from, initiator }: { readonly from: Router; readonly initiator: string }): Promise<Answer> {
  return from.owner.vpc("ConnectRouterInterface", { RegionId: from.region, RouterInterfaceId: initiator });
}
export function onInterface(at: Router, action: string, RouterInterfaceId: string, parameters: Parameters = {}): Promise<Answer> {
  return at.owner.vpc(action, { RegionId: at.region, RouterInterfaceId, ...parameters });
}
export async function readInterface(at: Router, InstanceId: string): Promise<any> {
  return succeeded(await at.owner.vpc("DescribeRouterInterfaceAttribute", { RegionId: at.region, InstanceId })).body;
}
/** The status that its owner reads; the empty string for one that is not there. */
export async function interfaceStatus(at: Router, id: string): Promise<string> {
  return (await readInterface(at, id)).Status;
}
/** A route entry over an interface that is Available; answers its id. */
export async function routeOver(server: TestServer, at: Router, id: string, DestinationCidrBlock: string): Promise<string> {
  const entry = { RegionId: at.region, RouteTableId: at.routeTableId, DestinationCidrBlock };
  const { body } = succeeded(await at.owner.vpc("CreateRouteEntry", { ...entry, NextHopType: "RouterInterface", NextHopId: id }));
  await server.advance();
  return body.RouteEntryId;
}
/** Destinations of the custom entries of a VPC's system table. */
export async function customDestinations(at: Omit<Router, "routerId">): Promise<string[]> {
  const list = { RegionId: at.region, RouteTableId: at.routeTableId, RouteEntryType: "Custom" };
  const { body } = succeeded(await at.owner.vpc("DescribeRouteEntryList", list));
  return body.RouteEntrys.RouteEntry.map(({ DestinationCidrBlock }: any) => DestinationCidrBlock);
}
