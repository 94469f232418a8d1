import { id, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { int, long, structure, text, wrapped } from "../../contract/response.ts";
import { vpnRouteErrors, vpnDenied } from "./errors.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { routesOf, vpnRouteEntry } from "./vpn-route-entry.ts";
import { routeState } from "./vpn-route-view.ts";

export const describeVpnPbrRouteEntries = readOperation({
  product: Vpc,
  name: "DescribeVpnPbrRouteEntries",
  summary: "Lists the policy-based routes of a VPN gateway.",
  authorisation: {
    action: "vpc:DescribeVpnPbrRouteEntries",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, VpnGatewayId: id, ...pageParameters },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    VpnPbrRouteEntries: wrapped(
      "VpnPbrRouteEntry",
      structure({
        CreateTime: long,
        NextHop: text,
        NextHopTunnelId: text,
        Priority: int,
        RouteDest: text,
        RouteSource: text,
        State: text,
        VpnInstanceId: text,
        Weight: int,
      }),
    ),
  },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnRouteErrors.gatewayNotFoundOnList }) },
  check: [pageIsNotTooDeep],
  read: async ({ input, targets: { gateway }, state }) => {
    const { items, ...page } = await listNumbered(state, vpnRouteEntry, [["ofGateway", routesOf(gateway.id, "pbr")]], input);
    return {
      ...page,
      VpnPbrRouteEntries: {
        VpnPbrRouteEntry: items.map((route) => ({
          CreateTime: String(route.createdAt),
          NextHop: route.nextHop,
          NextHopTunnelId: "",
          Priority: route.priority,
          RouteDest: route.destination,
          RouteSource: route.source,
          State: routeState(route),
          VpnInstanceId: route.vpnGatewayId,
          Weight: route.weight,
        })),
      },
    };
  },
});
