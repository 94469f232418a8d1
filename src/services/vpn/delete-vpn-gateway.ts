import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { nothingDependsOn } from "../dependencies.ts";
import { stateAllows } from "../vpc/rules.ts";
import { vpnGatewayErrors, vpnDeniedRightly } from "./errors.ts";
import { vpnGateway } from "./vpn-gateway.ts";

export const deleteVpnGateway = writeOperation({
  product: Vpc,
  name: "DeleteVpnGateway",
  summary: "Deletes a VPN gateway that is paid by flow and on which nothing is left.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:DeleteVpnGateway",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "public-docs",
    denied: vpnDeniedRightly,
  },
  parameters: { RegionId: regionId, ClientToken: clientToken, VpnGatewayId: id },
  response: {},
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    {
      rule: "the gateway is not paid in advance, or that time is over",
      error: vpnGatewayErrors.prepaid,
      advice: 'change what no call can with PATCH /_linkspan/resources/{id} {"ChargeType": "PostpayByFlow"}',
      holds: ({ targets: { gateway }, now }) => gateway.ChargeType !== "Prepay" || (gateway.endsAt !== 0 && gateway.endsAt <= now),
    },
    // First, because a connection that is being deleted is soon in the way no more.
    stateAllows("gateway", vpnGateway, "DeleteVpnGateway", vpnGatewayErrors.configuring),
    ...nothingDependsOn("gateway", vpnGateway),
  ],
  apply: async ({ state, targets }) => {
    await state.move(vpnGateway, targets.gateway, "DeleteVpnGateway");
    return {};
  },
});
