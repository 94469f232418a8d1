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
      rule: "the gateway is not paid in advance",
      error: vpnGatewayErrors.prepaid,
      advice: 'change what no call can with PATCH /_linkspan/resources/{id} {"ChargeType": "PostpayByFlow"}',
      holds: ({ targets }) => targets.gateway.ChargeType !== "Prepay",
    },
    ...nothingDependsOn("gateway", vpnGateway),
    stateAllows("gateway", vpnGateway, "DeleteVpnGateway", vpnGatewayErrors.configuring),
  ],
  apply: async ({ state, targets }) => {
    await state.move(vpnGateway, targets.gateway, "DeleteVpnGateway");
    return {};
  },
});
