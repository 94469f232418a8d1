import { type Call, type Rule, rulesOn } from "../../contract/operation.ts";
import type { ResourceReader, Subject } from "../../contract/resource-kind.ts";
import { stateAllows } from "../vpc/rules.ts";
import type { Connection } from "./connection-body.ts";
import { connectionErrors, vpnGatewayErrors } from "./errors.ts";
import { type VpnGateway, vpnGateway, type WriteOnGateway } from "./vpn-gateway.ts";

/** Rules: the VPN gateway lets a write happen that is named by the call: it is paid for, and no other write on it is at work. */
export function gatewayTakes<N extends string>(
  target: N,
  event: WriteOnGateway,
): Rule<{ readonly targets: { readonly [K in N]: VpnGateway & Subject["resource"] } }>[] {
  return [
    {
      rule: "the VPN gateway is not locked for its bill",
      error: connectionErrors.financialLocked,
      holds: ({ targets }) => targets[target].BusinessStatus !== "FinancialLocked",
    },
    gatewayIsFree(target, event),
  ];
}
/** Rule: no other write on the VPN gateway is at work. */
function gatewayIsFree<N extends string>(
  target: N,
  event: WriteOnGateway,
): Rule<{ readonly targets: { readonly [K in N]: Subject["resource"] } }> {
  return stateAllows(target, vpnGateway, event, vpnGatewayErrors.configuring);
}

type OnConnection = Pick<Call, "state"> & { readonly targets: { readonly connection: Connection } };
const itsGateway = async ({ state, targets }: OnConnection): Promise<{ targets: { gateway: VpnGateway } }> => ({
  targets: { gateway: await gatewayOf(state, targets.connection) },
});
/** The same for a write on one of its connections. A gateway that is free has no connection at work. */
export function gatewayOfConnectionTakes(event: WriteOnGateway): Rule<OnConnection>[] {
  return rulesOn(itsGateway, gatewayTakes("gateway", event));
}
/** The same for the deletion of a connection, whose page knows no refusal for the gateway's bill. */
export function gatewayOfConnectionIsFree(event: "DeleteVpnConnection"): Rule<OnConnection>[] {
  return rulesOn(itsGateway, [gatewayIsFree("gateway", event)]);
}

/** The gateway of a connection, which cannot be deleted before it. */
export async function gatewayOf(state: ResourceReader, { id, vpnGatewayId }: Connection): Promise<VpnGateway> {
  const gateway = await state.get(vpnGateway, vpnGatewayId);
  if (gateway === undefined) throw new Error(`${id} belongs to ${vpnGatewayId}, which is not there`);
  return gateway;
}
