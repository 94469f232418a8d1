import { clientToken, dryRun, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { int, long, text } from "../../contract/response.ts";
import { vpnGatewayErrors, vpnRouteErrors, vpnDenied } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { createdRouteView } from "./vpn-route-view.ts";
import {
  addVpnRoute,
  createdBesideOthers,
  newRouteRules,
  overlayMode,
  publishVpc,
  roomForRoute,
  routeDescription,
  routeIsNew,
  routeName,
  weightOfNew,
  weightsDiffer,
} from "./vpn-route-rules.ts";

export const createVpnRouteEntry = writeOperation({
  product: Vpc,
  name: "CreateVpnRouteEntry",
  summary: "Creates a destination-based route of a VPN gateway, and publishes it to the system route table of the VPC if asked.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:CreateVpnRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    ...routeName,
    Weight: weightOfNew,
    PublishVpc: publishVpc,
    Description: routeDescription,
    OverlayMode: overlayMode,
    DryRun: dryRun,
  },
  response: {
    CreateTime: long,
    Description: text,
    NextHop: text,
    OverlayMode: text,
    RouteDest: text,
    State: text,
    VpnInstanceId: text,
    Weight: int,
  },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    ...newRouteRules,
    ...gatewayTakes("gateway", "CreateVpnRouteEntry"),
    ...createdBesideOthers(
      [routeIsNew, weightsDiffer(vpnRouteErrors.conflict), roomForRoute("VpnDbrRouteEntry", vpnGatewayErrors.quota)],
      0,
    ),
  ],
  apply: async (call) => createdRouteView(await addVpnRoute(call, "CreateVpnRouteEntry", 0)),
});
