import { listAll, type ResourceKind } from "../../contract/resource-kind.ts";
import { gone, isTransitional } from "../../contract/state-table.ts";
import { type Connection, type ConnectionBody, connectionIndexes, customerGatewayInUse, patchableStatus } from "./connection-body.ts";
import { dependencyErrors } from "./errors.ts";
import { removeRoute, vpnRouteEntry } from "./vpn-route-entry.ts";

/**
 * An IPsec-VPN connection of a VPN gateway. Its gateway is the lock of every write on it: both are at work together,
 * and when the gateway has become `active`, so has the connection.
 */
export const vpnConnection: ResourceKind<ConnectionBody> = {
  name: "vpn-connection",
  idPrefix: "vco",
  idHasRegionCode: true,
  tagType: "VPNCONNECTION",
  states: {
    initial: { CreateVpnConnection: "provisioning" },
    states: {
      provisioning: {
        meaning: "being created",
        task: { event: "configured", after: "work" },
        moves: { configured: "active" },
      },
      active: {
        meaning: "configured; whether it is negotiated is another matter",
        moves: {
          ModifyVpnConnectionAttribute: "updating",
          ModifyTunnelAttribute: "updating",
          DeleteVpnConnection: "deleting",
        },
      },
      updating: { meaning: "being changed", task: { event: "configured", after: "work" }, moves: { configured: "active" } },
      deleting: {
        // The documented words have none for this; it is the nearest.
        shownAs: "deleted",
        meaning: "being deleted, with the VPN routes that lead to it",
        task: { event: "deleted", after: "work" },
        moves: { deleted: gone },
      },
    },
  },
  indexes: {
    ...connectionIndexes,
    ofGateway: ({ vpnGatewayId }) => [vpnGatewayId],
    busyOfGateway: (of) => (isTransitional(vpnConnection.states, of.state) ? [of.vpnGatewayId] : []),
  },
  counted: ["scope"],
  secretFields: ["psks"],
  dependencies: [
    {
      kind: "vpn-gateway",
      index: "ofGateway",
      rule: "no IPsec-VPN connection of the gateway is left",
      error: dependencyErrors.connectionUsesIt,
    },
    customerGatewayInUse,
  ],
  patchable: patchableStatus,
  onEvent: {
    deleted: async (state, { id }: Connection) => {
      for (const route of await listAll(state, vpnRouteEntry, [["nextHop", id]])) await removeRoute(state, route);
    },
  },
};
