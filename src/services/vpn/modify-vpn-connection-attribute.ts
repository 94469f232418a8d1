import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { text } from "../../contract/response.ts";
import { type AutoRoutesPlan, autoRouteRules, setAutoRoutes } from "./auto-routes.ts";
import type { Connection } from "./connection-body.ts";
import { type Change, changedFields, changedPlan, changeRules, judgedChange } from "./connection-changes.ts";
import { certificateParameter, changedTunnels, subnet, wholeConnection } from "./connection-parameters.ts";
import { besideOthers, planRules } from "./connection-plan.ts";
import { changedConnectionFields, connectionView } from "./connection-view.ts";
import { connectionErrors, vpnDenied } from "./errors.ts";
import { gatewayOf, gatewayOfConnectionTakes } from "./gateway-rules.ts";
import { shortText } from "./parameters.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";

export const modifyVpnConnectionAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVpnConnectionAttribute",
  summary: "Changes an IPsec-VPN connection of a VPN gateway. What the call does not say stays as it was.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyVpnConnectionAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/{VpnConnectionId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    VpnConnectionId: id,
    Name: shortText(connectionErrors.nameInvalidOnModify),
    LocalSubnet: subnet(connectionErrors.localSubnetInvalid, {}),
    RemoteSubnet: subnet(connectionErrors.remoteSubnetInvalid, {}),
    ...wholeConnection,
    RemoteCaCertificate: certificateParameter,
    TunnelOptionsSpecification: changedTunnels,
  },
  response: { ...changedConnectionFields, Description: text },
  targets: { connection: target({ kind: vpnConnection, parameter: "VpnConnectionId", missing: connectionErrors.notFound }) },
  check: [
    ...rulesOn(changeOf, changeRules),
    ...rulesOn(async (call: Request) => judgedChange(await changeOf(call)), planRules),
    ...gatewayOfConnectionTakes("ModifyVpnConnectionAttribute"),
    ...rulesOn(async (call: Request) => judgedChange(await changeOf(call)), besideOthers),
    ...rulesOn(routesPlanOf, autoRouteRules),
  ],
  apply: async (call) => {
    const { state, targets } = call;
    const { connection } = targets;
    const change = { ...(await changeOf(call)), state };
    const changes = await changedFields(change);
    await setAutoRoutes({ ...(await routesPlanOf(call)), state }, connection, "ModifyVpnConnectionAttribute");
    await state.move(vpnConnection, connection, "ModifyVpnConnectionAttribute", changes);
    await state.move(vpnGateway, await gatewayOf(state, connection), "ModifyVpnConnectionAttribute");
    return { ...(await connectionView(state, { ...connection, ...changes, state: "updating" })), Description: "" };
  },
});

interface Request extends Pick<Call, "caller" | "state" | "settings"> {
  readonly input: Change["input"] & { readonly TunnelOptionsSpecification: Change["tunnels"] };
  readonly targets: { readonly connection: Connection };
}
async function changeOf({ caller, state, input, targets: { connection } }: Request): Promise<Change> {
  return { caller, state, connection, gateway: await gatewayOf(state, connection), input, tunnels: input.TunnelOptionsSpecification };
}
async function routesPlanOf(call: Request): Promise<AutoRoutesPlan> {
  const { caller, state, settings, input, targets } = call;
  const { connection } = targets;
  const { localSubnet, remoteSubnet } = await changedPlan(await changeOf(call));
  const autoConfigRoute = input.AutoConfigRoute ?? connection.autoConfigRoute;
  const gateway = await gatewayOf(state, connection);
  return { caller, state, settings, gateway, connection, selectors: { localSubnet, remoteSubnet, autoConfigRoute } };
}
