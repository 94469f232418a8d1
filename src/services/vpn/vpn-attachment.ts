import type { ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";
import { addressKey, type ConnectionBody, connectionIndexes, customerGatewayInUse, patchableStatus } from "./connection-body.ts";

/** An IPsec-VPN connection that belongs to no VPN gateway. Transit routers, to which it could be attached, do not exist here. */
export const vpnAttachment: ResourceKind<ConnectionBody> = {
  name: "vpn-attachment",
  idPrefix: "vco",
  idHasRegionCode: true,
  tagType: "VPNATTACHMENT",
  // Clients wait for nothing here: they change it as soon as it is created, and delete its customer gateways right after it.
  states: {
    initial: { CreateVpnAttachment: "init" },
    states: {
      init: {
        meaning: "configured, and attached to nothing",
        moves: { ModifyVpnAttachmentAttribute: "init", DeleteVpnAttachment: gone },
      },
    },
  },
  indexes: {
    ...connectionIndexes,
    address: ({ tunnels }) => tunnels.filter(({ internetIp }) => internetIp !== "").map(({ internetIp }) => addressKey("", internetIp)),
  },
  counted: ["scope"],
  secretFields: ["psks"],
  dependencies: [customerGatewayInUse],
  patchable: patchableStatus,
};
