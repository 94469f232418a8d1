import { clientToken, dryRun, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { integer } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, long, text } from "../../contract/response.ts";
import { routePriorityDefault } from "./auto-routes.ts";
import { vpnGatewayErrors, vpnRouteErrors, vpnDenied } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { createdRouteView } from "./vpn-route-view.ts";
import {
  addVpnRoute,
  createdBesideOthers,
  newRouteRules,
  overlayMode,
  policyRules,
  prioritySpan,
  publishVpc,
  roomForRoute,
  routeBlock,
  routeDescription,
  routeIsNew,
  routeName,
  weightOfNew,
} from "./vpn-route-rules.ts";

export const createVpnPbrRouteEntry = writeOperation({
  product: Vpc,
  name: "CreateVpnPbrRouteEntry",
  summary: "Creates a policy-based route of a VPN gateway, and publishes it to the system route table of the VPC if asked.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:CreateVpnPbrRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    RouteSource: routeBlock,
    ...routeName,
    Weight: weightOfNew,
    PublishVpc: publishVpc,
    Description: routeDescription,
    OverlayMode: overlayMode,
    Priority: integer(prioritySpan),
    DryRun: dryRun,
  },
  response: {
    CreateTime: long,
    Description: text,
    NextHop: text,
    OverlayMode: text,
    Priority: int,
    RouteDest: text,
    RouteSource: text,
    State: text,
    VpnInstanceId: text,
    Weight: int,
  },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    ...newRouteRules,
    ...gatewayTakes("gateway", "CreateVpnPbrRouteEntry"),
    ...createdBesideOthers(
      [routeIsNew, ...policyRules, roomForRoute("VpnPbrRouteEntry", vpnRouteErrors.policyQuota)],
      routePriorityDefault,
    ),
  ],
  apply: async (call) => createdRouteView(await addVpnRoute(call, "CreateVpnPbrRouteEntry", routePriorityDefault)),
});
