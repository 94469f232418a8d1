import type { VpnRouteEntry } from "./vpn-route-entry.ts";

/** `published` or `normal`, as clients read it: at once, while the gateway still is at work. */
export function routeState({ published }: VpnRouteEntry): string {
  return published ? "published" : "normal";
}

/** What the creation of a route answers; an answer keeps what its operation declares. Times are virtual milliseconds since 1970. */
export function createdRouteView(of: VpnRouteEntry) {
  return {
    CreateTime: String(of.createdAt),
    Description: of.description,
    NextHop: of.nextHop,
    OverlayMode: "Ipsec",
    Priority: of.priority,
    RouteDest: of.destination,
    RouteSource: of.source,
    State: routeState(of),
    VpnInstanceId: of.vpnGatewayId,
    Weight: of.weight,
  };
}
