import type { Call, Rule } from "../../contract/operation.ts";
import type { ResourceWriter } from "../../contract/resource-kind.ts";
import { placedTunnels } from "./addresses.ts";
import { type Connection, type ConnectionBody, isDual, logged } from "./connection-body.ts";
import { blocksOf, type GivenTunnel, givenSingleTunnel, type WholeConnection } from "./connection-parameters.ts";
import { completed, type Judged, type Plan, plannedHealthCheck, plannedTunnel, tunnelsOf } from "./connection-plan.ts";
import { connectionErrors } from "./errors.ts";
import type { VpnGateway } from "./vpn-gateway.ts";

/** Changes of an IPsec-VPN connection: of the connection as a whole, or of one of its tunnels. */

export interface Change extends Pick<Call, "caller" | "state"> {
  readonly connection: Connection;
  /** `undefined` for an attachment. */
  readonly gateway: VpnGateway | undefined;
  /** What the call says of the connection as a whole. */
  readonly input: Partial<WholeConnection> & {
    readonly Name?: string | undefined;
    readonly LocalSubnet?: string | undefined;
    readonly RemoteSubnet?: string | undefined;
    readonly RemoteCaCertificate?: string | undefined;
    /** Of attachments alone: connections have the type of their gateway. */
    readonly NetworkType?: string | undefined;
  };
  readonly tunnels: readonly GivenTunnel[];
}

/** Which tunnel of the connection each given one means; -1 for one that is not there. */
function meant({ connection, tunnels }: Change): number[] {
  return tunnels.map(({ TunnelId, TunnelIndex, Role }, place) => {
    if (TunnelId !== undefined) return connection.tunnels.findIndex(({ id }) => id === TunnelId);
    if (TunnelIndex !== undefined && TunnelIndex !== 0) return connection.tunnels.findIndex(({ index }) => index === TunnelIndex);
    // Two masters, as attachments may have them, tell nothing apart.
    const byRole = [tunnels, connection.tunnels.map(({ role }) => ({ Role: role }))].every(rolesDiffer);
    const found = byRole ? connection.tunnels.findIndex(({ role }) => role === Role) : -1;
    // One alone that nothing names could be either.
    return found === -1 && tunnels.length === connection.tunnels.length ? place : found;
  });
}

function rolesDiffer(tunnels: readonly Pick<GivenTunnel, "Role">[]): boolean {
  return tunnels.every(({ Role }) => Role !== undefined) && new Set(tunnels.map(({ Role }) => Role)).size === tunnels.length;
}

/** The connection as the change would make it. */
export async function changedPlan(change: Change): Promise<Plan> {
  const { connection, gateway, input, tunnels } = change;
  const scope = { ...change, region: connection.region };
  const dual = isDual(connection);
  const places = meant(change);
  const single: GivenTunnel = { ...givenSingleTunnel(input as WholeConnection), RemoteCaCertificate: input.RemoteCaCertificate };
  // Both tunnels of an attachment have one certificate.
  const ofEach: GivenTunnel = gateway === undefined ? { RemoteCaCertificate: input.RemoteCaCertificate } : {};
  return {
    gateway,
    connectionId: connection.id,
    localSubnet: input.LocalSubnet ?? connection.localSubnet,
    remoteSubnet: input.RemoteSubnet ?? connection.remoteSubnet,
    bgpEnabled: (dual ? input.EnableTunnelsBgp : input.BgpConfig?.EnableBgp) ?? connection.bgpEnabled,
    tunnels: await Promise.all(
      tunnelsOf(connection).map((tunnel, index) => {
        const given = tunnels[places.indexOf(index)] ?? (dual ? {} : single);
        return plannedTunnel(scope, tunnel, { ...ofEach, ...given });
      }),
    ),
  };
}
export async function judgedChange(change: Change): Promise<Judged> {
  return { plan: await changedPlan(change), state: change.state };
}

/** Rules of what the change says of tunnels. */
export const changeRules: readonly Rule<Change>[] = [
  {
    rule: "only a connection with two tunnels is told of its tunnels one by one",
    error: connectionErrors.tunnelsInvalid,
    source: "inferred",
    holds: ({ connection, tunnels }) => tunnels.length === 0 || isDual(connection),
  },
  {
    rule: "each tunnel that is named is one of the connection, and no other's namesake",
    error: connectionErrors.tunnelUnknown,
    holds: (change) => {
      const places = meant(change);
      return !places.includes(-1) && new Set(places).size === places.length;
    },
  },
  {
    rule: "of the two tunnels of a VPN gateway one is the master and one the slave",
    error: connectionErrors.roleInvalid,
    holds: async (change) => {
      const { tunnels, gateway } = await changedPlan(change);
      return gateway === undefined || new Set(tunnels.map(({ role }) => role)).size === tunnels.length;
    },
  },
  {
    // A creation may bring both along; what it has made can be changed in other respects.
    rule: "no change makes a connection join several blocks of one side by IKEv1",
    error: connectionErrors.ikev1WithManyBlocks,
    holds: async (change) => joinsManyByIkev1(change.connection) || !joinsManyByIkev1(await changedPlan(change)),
  },
];

function joinsManyByIkev1({ localSubnet, remoteSubnet, tunnels }: Pick<Connection, "localSubnet" | "remoteSubnet" | "tunnels">): boolean {
  const many = blocksOf(localSubnet).length > 1 || blocksOf(remoteSubnet).length > 1;
  return many && tunnels.some(({ ike }) => ike.IkeVersion === "ikev1");
}

/** The fields of the connection that a change that the rules let through sets. */
export async function changedFields(change: Change & { readonly state: ResourceWriter }): Promise<Partial<ConnectionBody>> {
  const { connection, gateway, input, state, caller } = change;
  const { localSubnet, remoteSubnet, bgpEnabled, tunnels } = await changedPlan(change);
  const networkType = (input.NetworkType ?? connection.networkType) === "private" ? "private" : "public";
  const placed = gateway === undefined ? await placedTunnels(state, networkType, tunnels) : tunnels;
  return {
    name: input.Name ?? connection.name,
    networkType,
    localSubnet,
    remoteSubnet,
    bgpEnabled,
    effectImmediately: input.EffectImmediately ?? connection.effectImmediately,
    autoConfigRoute: input.AutoConfigRoute ?? connection.autoConfigRoute,
    healthCheck: plannedHealthCheck(connection.healthCheck, input.HealthCheckConfig),
    ...completed(state, connection.region, placed),
    log: logged(connection.log, state.now, `changed by ${caller.arn}`),
  };
}
