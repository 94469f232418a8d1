import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { logged } from "./connection-body.ts";
import { connectionErrors, vpnDenied } from "./errors.ts";
import { gatewayOf, gatewayOfConnectionIsFree } from "./gateway-rules.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";

export const deleteVpnConnection = writeOperation({
  product: Vpc,
  name: "DeleteVpnConnection",
  summary:
    "Deletes an IPsec-VPN connection with the VPN routes that lead to it. The gateway is updating while this goes on, and active when it is done.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:DeleteVpnConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/{VpnConnectionId}"],
    source: "public-docs",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, ClientToken: clientToken, VpnConnectionId: id },
  response: {},
  targets: { connection: target({ kind: vpnConnection, parameter: "VpnConnectionId", missing: connectionErrors.notFound }) },
  check: gatewayOfConnectionIsFree("DeleteVpnConnection"),
  apply: async ({ state, caller, targets: { connection } }) => {
    const log = logged(connection.log, state.now, `deletion asked for by ${caller.arn}`);
    await state.move(vpnConnection, connection, "DeleteVpnConnection", { log });
    await state.move(vpnGateway, await gatewayOf(state, connection), "DeleteVpnConnection");
    return {};
  },
});
