import { clientToken, id, optionalRegionId } from "../../contract/common-parameters.ts";
import { type Call, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { type Connection, logged } from "./connection-body.ts";
import { type Change, changedFields, changeRules, judgedChange } from "./connection-changes.ts";
import { type GivenTunnel, oneTunnel } from "./connection-parameters.ts";
import { besideOthers, planRules } from "./connection-plan.ts";
import { changedTunnelFields, changedTunnelView } from "./connection-view.ts";
import { customerGateway } from "./customer-gateway.ts";
import { connectionErrors, vpnDenied } from "./errors.ts";
import { gatewayOf, gatewayOfConnectionTakes } from "./gateway-rules.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";

export const modifyTunnelAttribute = writeOperation({
  product: Vpc,
  name: "ModifyTunnelAttribute",
  summary: "Changes one of the two tunnels of an IPsec-VPN connection. What the call does not say stays as it was.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyTunnelAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/{VpnConnectionId}"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    ClientToken: clientToken,
    TunnelOptionsSpecification: oneTunnel,
    RegionId: optionalRegionId,
    VpnConnectionId: id,
    TunnelId: id,
  },
  response: changedTunnelFields,
  targets: { connection: target({ kind: vpnConnection, parameter: "VpnConnectionId", missing: connectionErrors.notFound }) },
  check: [
    {
      rule: "TunnelId names a tunnel of the connection",
      error: connectionErrors.tunnelUnknown,
      source: "inferred",
      holds: ({ input, targets }) => tunnelIn(targets.connection, input.TunnelId) !== -1,
    },
    ...rulesOn(changeOf, changeRules),
    ...rulesOn(async (call: Request) => judgedChange(await changeOf(call)), planRules),
    ...gatewayOfConnectionTakes("ModifyTunnelAttribute"),
    ...rulesOn(async (call: Request) => judgedChange(await changeOf(call)), besideOthers),
  ],
  apply: async (call) => {
    const { state, input, caller, targets } = call;
    const { connection } = targets;
    const log = logged(connection.log, state.now, `changed by ${caller.arn}`, input.TunnelId);
    const changes = { ...(await changedFields({ ...(await changeOf(call)), state })), log };
    await state.move(vpnConnection, connection, "ModifyTunnelAttribute", changes);
    await state.move(vpnGateway, await gatewayOf(state, connection), "ModifyTunnelAttribute");
    const changed = { ...connection, ...changes, state: "updating" };
    const index = tunnelIn(changed, input.TunnelId);
    const customer = await state.get(customerGateway, changed.tunnels[index]?.customerGatewayId ?? "");
    return changedTunnelView(changed, index, customer);
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly TunnelId: string; readonly TunnelOptionsSpecification: GivenTunnel };
  readonly targets: { readonly connection: Connection };
}
function tunnelIn({ tunnels }: Connection, tunnelId: string): number {
  return tunnels.findIndex(({ id: known }) => known === tunnelId);
}
async function changeOf({ caller, state, input, targets: { connection } }: Request): Promise<Change> {
  const tunnels = [{ ...input.TunnelOptionsSpecification, TunnelId: input.TunnelId }];
  return { caller, state, connection, gateway: await gatewayOf(state, connection), input: {}, tunnels };
}
