import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { vpnDenied, vpnGatewayErrors } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { vpnRouteEntry } from "./vpn-route-entry.ts";
import { blocksAreWellFormed, foundRoute, overlayMode, routeIsThere, routeName, weight, weightIsKnown } from "./vpn-route-rules.ts";

export const deleteVpnRouteEntry = writeOperation({
  product: Vpc,
  name: "DeleteVpnRouteEntry",
  summary: "Deletes a destination-based route of a VPN gateway, and takes it out of the VPC's route table if nothing else needs it there.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:DeleteVpnRouteEntry",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    ...routeName,
    Weight: weight,
    OverlayMode: overlayMode,
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [blocksAreWellFormed, weightIsKnown("Weight"), routeIsThere(), ...gatewayTakes("gateway", "DeleteVpnRouteEntry")],
  apply: async (call) => {
    await call.state.move(vpnRouteEntry, await foundRoute(call), "DeleteVpnRouteEntry");
    await call.state.move(vpnGateway, call.targets.gateway, "DeleteVpnRouteEntry");
    return {};
  },
});
