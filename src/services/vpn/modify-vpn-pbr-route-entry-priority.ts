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
  policyRules,
  prioritySpan,
  routeBlock,
  routeIsThere,
  routeName,
  weight,
  weightIsKnown,
} from "./vpn-route-rules.ts";

export const modifyVpnPbrRouteEntryPriority = writeOperation({
  product: Vpc,
  name: "ModifyVpnPbrRouteEntryPriority",
  summary: "Changes the priority of a policy-based route of a VPN gateway.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyVpnPbrRouteEntryPriority",
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
    Priority: integer(prioritySpan),
    NewPriority: integer({ ...prioritySpan, required: true }),
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    blocksAreWellFormed,
    weightIsKnown("Weight"),
    routeIsThere(),
    ...gatewayTakes("gateway", "ModifyVpnPbrRouteEntryPriority"),
    ...changedBesideOthers(policyRules),
  ],
  apply: async (call) => changeVpnRoute(call, "ModifyVpnPbrRouteEntryPriority"),
});
