import type { ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";
import { addressKey, type ConnectionBody, connectionIndexes, customerGatewayInUse, patchableStatus } from "./connection-body.ts";

/** An IPsec-VPN connection that belongs to no VPN gateway. Transit routers, to which it could be attached, do not exist here. */
export const vpnAttachment: ResourceKind<ConnectionBody> = {
  name: "vpn-attachment",
  idPrefix: "vco",
  idHasRegionCode: true,
  tagType: "VPNATTACHMENT",
  states: {
    initial: { CreateVpnAttachment: "provisioning" },
    states: {
      provisioning: { meaning: "being created", task: { event: "configured", after: "work" }, moves: { configured: "init" } },
      init: {
        meaning: "configured, and attached to nothing",
        // Gone at once: clients delete its customer gateways next, without waiting.
        moves: { ModifyVpnAttachmentAttribute: "updating", DeleteVpnAttachment: gone },
      },
      updating: { meaning: "being changed", task: { event: "configured", after: "work" }, moves: { configured: "init" } },
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
