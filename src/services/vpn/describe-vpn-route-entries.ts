import { id, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { listNothing, listNumbered } from "../../contract/lists.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, long, structure, text, wrapped } from "../../contract/response.ts";
import { vpnRouteErrors, vpnDenied } from "./errors.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { routesOf, vpnRouteEntry } from "./vpn-route-entry.ts";
import { routeState } from "./vpn-route-view.ts";

/** Routes that a call made, in the service's words, beside those that BGP learned, of which there are none without a data plane. */
const madeByCall = "custom";
const learned = "bgp";

export const describeVpnRouteEntries = readOperation({
  product: Vpc,
  name: "DescribeVpnRouteEntries",
  summary: "Lists the destination-based routes of a VPN gateway.",
  authorisation: {
    action: "vpc:DescribeVpnRouteEntries",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, VpnGatewayId: id, ...pageParameters, RouteEntryType: string({ lengthMax: 16 }) },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    VpnRouteCounts: wrapped("VpnRouteCount", structure({ RouteCount: int, RouteEntryType: text, Source: text })),
    VpnRouteEntries: wrapped(
      "VpnRouteEntry",
      structure({
        AsPath: text,
        Community: text,
        CreateTime: long,
        NextHop: text,
        NextHopTunnelId: text,
        RouteDest: text,
        RouteEntryType: text,
        Source: text,
        State: text,
        VpnInstanceId: text,
        Weight: int,
      }),
    ),
  },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnRouteErrors.gatewayNotFoundOnList }) },
  check: [
    pageIsNotTooDeep,
    {
      rule: `RouteEntryType is ${madeByCall} or ${learned}`,
      error: vpnRouteErrors.entryTypeUnknown,
      holds: ({ input }) => input.RouteEntryType === undefined || [madeByCall, learned].includes(input.RouteEntryType),
    },
  ],
  read: async ({ input, targets: { gateway }, state }) => {
    const all = [["ofGateway", routesOf(gateway.id, "dbr")]] as const;
    const { items = [], ...page } =
      input.RouteEntryType === learned ? { ...listNothing(input), items: [] } : await listNumbered(state, vpnRouteEntry, all, input);
    return {
      ...page,
      VpnRouteCounts: {
        VpnRouteCount: [{ RouteCount: await state.count(vpnRouteEntry, all), RouteEntryType: madeByCall, Source: "" }],
      },
      VpnRouteEntries: {
        VpnRouteEntry: items.map((route) => ({
          AsPath: "",
          Community: "",
          CreateTime: String(route.createdAt),
          NextHop: route.nextHop,
          NextHopTunnelId: "",
          RouteDest: route.destination,
          RouteEntryType: madeByCall,
          Source: "",
          State: routeState(route),
          VpnInstanceId: route.vpnGatewayId,
          Weight: route.weight,
        })),
      },
    };
  },
});
