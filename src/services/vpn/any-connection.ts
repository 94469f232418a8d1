import type { Call, Rule } from "../../contract/operation.ts";
import type { Connection } from "./connection-body.ts";
import { connectionErrors } from "./errors.ts";
import { vpnAttachment } from "./vpn-attachment.ts";
import { vpnConnection } from "./vpn-connection.ts";

/** The reads that take the id of a connection take that of an attachment too. */
interface Named extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly RegionId: string; readonly VpnConnectionId: string };
}

/** The connection or attachment that the caller has in this region; `undefined` where it has none with this id. */
export async function findConnection({ input, caller, state }: Named): Promise<Connection | undefined> {
  const found = (await state.get(vpnConnection, input.VpnConnectionId)) ?? (await state.get(vpnAttachment, input.VpnConnectionId));
  return found?.account === caller.account && found.region === input.RegionId ? found : undefined;
}

/** Rule: VpnConnectionId names a connection, of a VPN gateway or attached to none, that the caller has in this region. */
export const connectionIsThere: Rule<Named> = {
  rule: "VpnConnectionId names a vpn-connection or a vpn-attachment of the caller in this region",
  error: connectionErrors.notFound,
  advice: "check the id, its region and its account: a resource of another account, or in another region, looks like one that is not there",
  holds: async (call) => (await findConnection(call)) !== undefined,
};

/** The connection that the rule has found. */
export async function anyConnection(call: Named): Promise<Connection> {
  const found = await findConnection(call);
  if (found === undefined) throw new Error(`${call.input.VpnConnectionId} is not there`);
  return found;
}
