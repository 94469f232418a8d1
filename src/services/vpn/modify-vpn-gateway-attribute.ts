import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { bool, long, text } from "../../contract/response.ts";
import { stateAllows } from "../vpc/rules.ts";
import { vpnGatewayErrors, vpnDeniedRightly } from "./errors.ts";
import { gatewayName, shortText } from "./parameters.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { vpnGatewayView } from "./vpn-gateway-view.ts";

export const modifyVpnGatewayAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVpnGatewayAttribute",
  summary: "Changes name, description and route propagation of a VPN gateway.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyVpnGatewayAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "public-docs",
    denied: vpnDeniedRightly,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    VpnGatewayId: id,
    Name: gatewayName(vpnGatewayErrors.nameInvalidOnModify),
    Description: shortText(vpnGatewayErrors.descriptionInvalid),
    AutoPropagate: boolean(),
  },
  response: {
    AutoPropagate: bool,
    BusinessStatus: text,
    CreateTime: long,
    Description: text,
    DisasterRecoveryInternetIp: text,
    DisasterRecoveryVSwitchId: text,
    EnableBgp: bool,
    EndTime: long,
    InternetIp: text,
    IntranetIp: text,
    Name: text,
    ResourceGroupId: text,
    Spec: text,
    SslVpnInternetIp: text,
    Status: text,
    VSwitchId: text,
    VpcId: text,
    VpnGatewayId: text,
  },
  targets: { gateway: target({ kind: vpnGateway, parameter: "VpnGatewayId", missing: vpnGatewayErrors.notFound }) },
  check: [
    stateAllows("gateway", vpnGateway, "ModifyVpnGatewayAttribute", vpnGatewayErrors.configuring),
    {
      rule: "AutoPropagate is not switched off while a connection of the gateway has BGP",
      error: vpnGatewayErrors.bgpNeedsPropagation,
      holds: async ({ input, state, targets: { gateway } }) =>
        input.AutoPropagate !== false ||
        !gateway.autoPropagate ||
        (await listAll(state, vpnConnection, [["ofGateway", gateway.id]])).every(({ bgpEnabled }) => !bgpEnabled),
    },
  ],
  apply: async ({ input, state, targets: { gateway } }) => {
    const changes = {
      name: input.Name ?? gateway.name,
      description: input.Description ?? gateway.description,
      autoPropagate: input.AutoPropagate ?? gateway.autoPropagate,
    };
    await state.move(vpnGateway, gateway, "ModifyVpnGatewayAttribute", changes);
    return { ...vpnGatewayView({ ...gateway, ...changes, state: "updating" }), IntranetIp: "" };
  },
});
