import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { integer } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { vpnDenied, vpnGatewayErrors } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { vpnRouteEntry } from "./vpn-route-entry.ts";
import {
  blocksAreWellFormed,
  foundRoute,
  overlayMode,
  prioritySpan,
  routeBlock,
  routeIsThere,
  routeName,
  weight,
  weightIsKnown,
} from "./vpn-route-rules.ts";

export const deleteVpnPbrRouteEntry = writeOperation({
  product: Vpc,
  name: "DeleteVpnPbrRouteEntry",
  summary: "Deletes a policy-based route of a VPN gateway, and takes it out of the VPC's route table if nothing else needs it there.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:DeleteVpnPbrRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    RouteSource: routeBlock,
    ...routeName,
    Weight: weight,
    OverlayMode: overlayMode,
    Priority: integer(prioritySpan),
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [blocksAreWellFormed, weightIsKnown("Weight"), routeIsThere(), ...gatewayTakes("gateway", "DeleteVpnPbrRouteEntry")],
  apply: async (call) => {
    await call.state.move(vpnRouteEntry, await foundRoute(call), "DeleteVpnPbrRouteEntry");
    await call.state.move(vpnGateway, call.targets.gateway, "DeleteVpnPbrRouteEntry");
    return {};
  },
});
