import type { Caller, Parameters } from "../support/caller.ts";
import { beijing, hangzhou, succeeded } from "../support/networks.ts";
import type { TestServer } from "../support/server.ts";
import { nextVlan, readRouter, routerOn } from "./border-routers.ts";
import { enabledCircuit, yuhang } from "./circuits.ts";
import { interfaceAt, names, onInterface, type RoutedVpc, type Router } from "./router-interfaces.ts";

/** What tests of links between virtual border routers and VPCs start from. */

const accessPoints: Readonly<Record<string, string>> = { [hangzhou]: yuhang, [beijing]: "ap-cn-beijing-cy-A" };

/** A virtual border router with the access point and the circuit that it is at. */
export interface BorderRouter extends Router {
  readonly accessPointId: string;
  readonly circuitId: string;
}
/** A virtual border router that is active, on a circuit of its own unless one is given. */
export async function borderRouter(server: TestServer, owner: Caller, region: string = hangzhou, circuit?: string): Promise<BorderRouter> {
  const accessPointId = accessPoints[region] ?? "";
  const circuitId = circuit ?? (await enabledCircuit(server, owner, { RegionId: region, AccessPointId: accessPointId }));
  const routerId = await routerOn(owner, circuitId, nextVlan(), { RegionId: region });
  const { RouteTableId } = await readRouter(owner, routerId, region);
  return { owner, region, routerId, routeTableId: RouteTableId, accessPointId, circuitId };
}

/** What a request for the initiating end at a virtual border router says beside its router. */
export function atBorder({ accessPointId }: BorderRouter): Parameters {
  return { RouterType: "VBR", AccessPointId: accessPointId };
}
/** What a request for the accepting end of such a link says. */
export const fromBorder = { Role: "AcceptingSide", Spec: "Negative", OppositeRouterType: "VBR" } as const;

/** The two ends of a link between a virtual border router and a VPC. */
export interface BorderLink {
  readonly from: BorderRouter;
  readonly to: RoutedVpc;
  readonly initiator: string;
  readonly acceptor: string;
}
/** Two ends that name each other, both Idle. */
export async function idleBorderLink(from: BorderRouter, to: RoutedVpc, parameters: Parameters = {}): Promise<BorderLink> {
  const initiator = await interfaceAt(from, to, { ...atBorder(from), ...parameters });
  const acceptor = await interfaceAt(to, from, fromBorder);
  await names(from, initiator, to, acceptor);
  await names(to, acceptor, from, initiator, "VBR");
  return { from, to, initiator, acceptor };
}
/** A link that is Active at both ends. */
export async function activeBorderLink(
  server: TestServer,
  from: BorderRouter,
  to: RoutedVpc,
  parameters: Parameters = {},
): Promise<BorderLink> {
  const link = await idleBorderLink(from, to, parameters);
  succeeded(await onInterface(from, "ConnectRouterInterface", link.initiator));
  await server.advance();
  return link;
}

/** What a fast link to a VPC is asked with, beside what every interface at a virtual border router is. */
export function fastTo({ routerId, owner }: RoutedVpc): Parameters {
  return {
    FastLinkMode: true,
    OppositeRouterId: routerId,
    OppositeRouterType: "VRouter",
    OppositeInterfaceOwnerId: owner.key.account,
  };
}
