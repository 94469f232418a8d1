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
        moves: { ModifyVpnAttachmentAttribute: "updating", DeleteVpnAttachment: "deleting" },
      },
      updating: { meaning: "being changed", task: { event: "configured", after: "work" }, moves: { configured: "init" } },
      deleting: {
        shownAs: "deleted",
        meaning: "being deleted",
        task: { event: "deleted", after: "work" },
        moves: { deleted: gone },
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
