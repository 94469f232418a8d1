import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { routeErrors } from "../vpc/errors.ts";
import { vpnGatewayErrors, vpnRouteErrors, vpnDenied } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { withdrawRoute } from "./published-routes.ts";
import { type VpnGateway, vpnGateway } from "./vpn-gateway.ts";
import { publish, publishedTo, type VpnRouteEntry, vpnRouteEntry } from "./vpn-route-entry.ts";
import {
  blocksAreWellFormed,
  namedRoute,
  optionalRouteBlock,
  publicationRules,
  publishVpc,
  routeName,
  routesNamed,
} from "./vpn-route-rules.ts";

export const publishVpnRouteEntry = writeOperation({
  product: Vpc,
  name: "PublishVpnRouteEntry",
  summary:
    "Puts a route of a VPN gateway into the system route table of its VPC, or takes every route of the gateway to the same destination out of it.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:PublishVpnRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    ...routeName,
    RouteType: string({ required: true, pattern: /^(dbr|pbr)$/, description: "dbr or pbr" }),
    PublishVpc: publishVpc,
    // Sent by Terraform for policy-based routes; no document has it.
    RouteSource: optionalRouteBlock,
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    blocksAreWellFormed,
    {
      rule: "the gateway has a route of this type to this destination with this next hop",
      error: vpnRouteErrors.notFoundOnPublish,
      holds: async (call) => (await routesOfCall(call)).length > 0,
    },
    ...gatewayTakes("gateway", "PublishVpnRouteEntry"),
    ...rulesOn(
      ({ input, targets, caller, state, settings }: Request) => ({
        caller,
        state,
        settings,
        gateway: targets.gateway,
        destination: namedRoute({ input, targets }).destination,
        wanted: input.PublishVpc,
      }),
      publicationRules({
        conflict: vpnRouteErrors.publishedElsewhere,
        vSwitchBusy: routeErrors.vSwitchBusy,
        entryBusy: routeErrors.entryBusy,
      }),
    ),
  ],
  apply: async (call) => {
    const { input, targets, state } = call;
    const { gateway } = targets;
    const { destination } = namedRoute(call);
    const route = { vpnGatewayId: gateway.id, vpcId: gateway.vpcId, destination };
    const named = await routesOfCall(call);
    // One entry of the VPC stands for all routes to its destination, so that they can only go together.
    const concerned = named.filter(({ published }) => published !== input.PublishVpc);
    const changed = input.PublishVpc || concerned.length === 0 ? concerned : await publishedTo(state, gateway.id, destination);
    if (changed.length > 0) await (input.PublishVpc ? publish(state, route) : withdrawRoute(state, route));
    for (const one of changed) await state.move(vpnRouteEntry, one, "PublishVpnRouteEntry", { published: input.PublishVpc });
    await state.move(vpnGateway, gateway, "PublishVpnRouteEntry");
    return {};
  },
});

interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: {
    readonly RouteSource: string | undefined;
    readonly RouteDest: string;
    readonly NextHop: string;
    readonly RouteType: string;
    readonly PublishVpc: boolean;
  };
  readonly targets: { readonly gateway: VpnGateway };
}

/** The routes that the call means: policy-based ones of every source, unless it names one. */
async function routesOfCall({ input, targets, state }: Pick<Request, "input" | "targets" | "state">): Promise<VpnRouteEntry[]> {
  const { source, ...name } = namedRoute({ input, targets });
  if (input.RouteType === "dbr") return routesNamed(state, { ...name, routeType: "dbr" });
  return routesNamed(state, { ...name, routeType: "pbr", ...(input.RouteSource === undefined ? {} : { source }) });
}
