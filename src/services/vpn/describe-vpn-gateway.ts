import { id, regionId } from "../../contract/common-parameters.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { vpnGatewayErrors, vpnDenied } from "./errors.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { vpnGatewayFields, vpnGatewayView } from "./vpn-gateway-view.ts";

export const describeVpnGateway = readOperation({
  product: Vpc,
  name: "DescribeVpnGateway",
  summary: "Reads one VPN gateway. Its status tells how the writes on it, its connections and its routes go.",
  authorisation: {
    action: "vpc:DescribeVpnGateway",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "public-docs",
    denied: vpnDenied,
  },
  // Orders that are not in effect yet do not exist here.
  parameters: { RegionId: regionId, VpnGatewayId: id, IncludeReservationData: boolean({ default: false }) },
  response: vpnGatewayFields,
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  read: async ({ targets }) => vpnGatewayView(targets.gateway),
});
