import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { missingParameter } from "../../contract/errors.ts";
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

export const modifyVpnPbrRouteEntryAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVpnPbrRouteEntryAttribute",
  summary: "Changes weight and priority of a policy-based route of a VPN gateway.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyVpnPbrRouteEntryAttribute",
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
    Priority: integer({ ...prioritySpan, required: true }),
    NewPriority: integer(prioritySpan),
    NewWeight: integer(),
  },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    blocksAreWellFormed,
    weightIsKnown("Weight"),
    weightIsKnown("NewWeight"),
    {
      rule: "NewPriority or NewWeight is given",
      error: missingParameter("NewPriority"),
      source: "sdk-metadata",
      holds: ({ input }) => input.NewPriority !== undefined || input.NewWeight !== undefined,
    },
    routeIsThere(),
    ...gatewayTakes("gateway", "ModifyVpnPbrRouteEntryAttribute"),
    ...changedBesideOthers(policyRules),
  ],
  apply: async (call) => changeVpnRoute(call, "ModifyVpnPbrRouteEntryAttribute"),
});
