import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { bool, text } from "../../contract/response.ts";
import { connectionErrors, vpnDenied } from "./errors.ts";
import { vpnAttachment } from "./vpn-attachment.ts";

export const deleteVpnAttachment = writeOperation({
  product: Vpc,
  name: "DeleteVpnAttachment",
  summary: "Deletes an IPsec-VPN connection that belongs to no VPN gateway.",
  authorisation: {
    action: "vpc:DeleteVpnAttachment",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnattachment/{VpnConnectionId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, ClientToken: clientToken, VpnConnectionId: id },
  response: { Code: text, Message: text, Success: bool },
  targets: { connection: target({ kind: vpnAttachment, parameter: "VpnConnectionId", missing: connectionErrors.notFound }) },
  apply: async ({ state, targets }) => {
    await state.move(vpnAttachment, targets.connection, "DeleteVpnAttachment");
    return { Code: "200", Message: "success", Success: true };
  },
});
