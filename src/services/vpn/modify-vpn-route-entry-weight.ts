import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { vpnGatewayErrors, vpnRouteErrors, vpnDenied } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import {
  blocksAreWellFormed,
  changeVpnRoute,
  changedBesideOthers,
  overlayMode,
  routeIsThere,
  routeName,
  weight,
  weightIsKnown,
  weightsDiffer,
} from "./vpn-route-rules.ts";

export const modifyVpnRouteEntryWeight = writeOperation({
  product: Vpc,
  name: "ModifyVpnRouteEntryWeight",
  summary: "Changes the weight of a destination-based route of a VPN gateway.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyVpnRouteEntryWeight",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    ...routeName,
    Weight: weight,
    NewWeight: weight,
    OverlayMode: overlayMode,
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    blocksAreWellFormed,
    weightIsKnown("Weight"),
    weightIsKnown("NewWeight"),
    routeIsThere(),
    ...gatewayTakes("gateway", "ModifyVpnRouteEntryWeight"),
    ...changedBesideOthers([weightsDiffer(vpnRouteErrors.backupRoute)]),
  ],
  apply: async (call) => changeVpnRoute(call, "ModifyVpnRouteEntryWeight"),
});
