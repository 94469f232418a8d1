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
    stateAllows(target, vpnGateway, event, vpnGatewayErrors.configuring),
  ];
}

/** The same for a write on one of its connections. A gateway that is free has no connection at work. */
export function gatewayOfConnectionTakes(
  event: WriteOnGateway,
): Rule<Pick<Call, "state"> & { readonly targets: { readonly connection: Connection } }>[] {
  return rulesOn(
    async ({ state, targets }) => ({ targets: { gateway: await gatewayOf(state, targets.connection) } }),
    gatewayTakes("gateway", event),
  );
}

/** The gateway of a connection, which cannot be deleted before it. */
export async function gatewayOf(state: ResourceReader, { id, vpnGatewayId }: Connection): Promise<VpnGateway> {
  const gateway = await state.get(vpnGateway, vpnGatewayId);
  if (gateway === undefined) throw new Error(`${id} belongs to ${vpnGatewayId}, which is not there`);
  return gateway;
}
