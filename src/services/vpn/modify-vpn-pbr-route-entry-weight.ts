import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { integer } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { vpnGatewayErrors, vpnDenied } from "./errors.ts";
import { gatewayTakes } from "./gateway-rules.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import {
  blocksAreWellFormed,
  changeVpnRoute,
  changedBesideOthers,
  overlayMode,
  policyRules,
  prioritySpan,
  routeBlock,
  routeIsThere,
  routeName,
  weight,
  weightIsKnown,
} from "./vpn-route-rules.ts";

export const modifyVpnPbrRouteEntryWeight = writeOperation({
  product: Vpc,
  name: "ModifyVpnPbrRouteEntryWeight",
  summary: "Changes the weight of a policy-based route of a VPN gateway.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyVpnPbrRouteEntryWeight",
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
    NewWeight: weight,
    OverlayMode: overlayMode,
    Priority: integer(prioritySpan),
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    blocksAreWellFormed,
    weightIsKnown("Weight"),
    weightIsKnown("NewWeight"),
    routeIsThere(),
    ...gatewayTakes("gateway", "ModifyVpnPbrRouteEntryWeight"),
    ...changedBesideOthers(policyRules),
  ],
  apply: async (call) => changeVpnRoute(call, "ModifyVpnPbrRouteEntryWeight"),
});
