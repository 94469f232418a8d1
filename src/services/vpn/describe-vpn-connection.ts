import { id, regionId } from "../../contract/common-parameters.ts";
import { readOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { connectionFields, connectionView } from "./connection-view.ts";
import { anyConnection, connectionIsThere } from "./any-connection.ts";
import { vpnDenied } from "./errors.ts";

export const describeVpnConnection = readOperation({
  product: Vpc,
  name: "DescribeVpnConnection",
  summary: "Reads one IPsec-VPN connection, of a VPN gateway or attached to none, with its pre-shared keys.",
  authorisation: {
    action: "vpc:DescribeVpnConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/{VpnConnectionId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, VpnConnectionId: id },
  response: connectionFields,
  check: [connectionIsThere],
  read: async (call) => connectionView(call.state, await anyConnection(call)),
});
