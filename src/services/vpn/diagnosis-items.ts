import { blockContains } from "../../contract/cidr.ts";
import type { Call } from "../../contract/operation.ts";
import { listAll, type ResourceReader } from "../../contract/resource-kind.ts";
import type { QuotaName } from "../../contract/settings.ts";
import { blocksOf, vSwitchesOf } from "../vpc/vswitch.ts";
import { type Connection, isEstablished } from "./connection-body.ts";
import { customerGateway } from "./customer-gateway.ts";
import { systemEntryFor } from "./published-routes.ts";
import { vpnConnection } from "./vpn-connection.ts";
import type { VpnGateway } from "./vpn-gateway.ts";
import type { DiagnosisItem } from "./vpn-gateway-diagnosis.ts";
import { routesOf, vpnRouteEntry } from "./vpn-route-entry.ts";

/** What a diagnosis of a VPN gateway and one of its connections looks at, in the documented order. */

export interface Diagnosed extends Pick<Call, "caller" | "settings" | "state"> {
  readonly gateway: VpnGateway;
  readonly connection: Connection;
  /** Between which private addresses to look; `undefined` not to look. */
  readonly privateEnds: { readonly source: string; readonly destination: string } | undefined;
}

export async function diagnosisItems(of: Diagnosed): Promise<DiagnosisItem[]> {
  const { state, gateway, connection, privateEnds } = of;
  const reached = connection.tunnels.map((_tunnel, index) => isEstablished(connection, index));
  const conflicts = await routeConflicts(of);
  const customers = [...new Set(connection.tunnels.map(({ customerGatewayId }) => customerGatewayId))];
  return [
    // The members of this description are this server's own: the documents name none.
    item("RouteEntryConflict", conflicts.length === 0 ? "normal" : "warning", { conflicts }),
    quotaItem(of, "VpnRouteQuota", "VpnDbrRouteEntry", await state.count(vpnRouteEntry, [["ofGateway", routesOf(gateway.id, "dbr")]])),
    quotaItem(of, "VpnIPsecQuota", "VpnConnection", await state.count(vpnConnection, [["ofGateway", gateway.id]])),
    quotaItem(of, "VpnPbrRouteQuota", "VpnPbrRouteEntry", await state.count(vpnRouteEntry, [["ofGateway", routesOf(gateway.id, "pbr")]])),
    item("VcoConfigConsistency", reached.some(Boolean) ? "normal" : "warning", {
      // The other end is never asked.
      vcoLackConf: true,
      vcoRunningConf: {},
      vcoDiffConf: [],
      vcoConf: configurationOf(connection),
    }),
    ...(await Promise.all(
      customers.map(async (id) =>
        connectivityItem(
          "VcoUserInternetIpConnectivity",
          { targetIp: (await state.get(customerGateway, id))?.ipAddress ?? "" },
          connection.tunnels.some(({ customerGatewayId }, index) => customerGatewayId === id && reached[index] === true),
        ),
      ),
    )),
    ...(privateEnds === undefined
      ? []
      : [
          connectivityItem(
            "VcoPrivateConnectivity",
            { targetIp: privateEnds.destination, srcIp: privateEnds.source },
            reached.some(Boolean),
          ),
        ]),
  ];
}

function item(name: string, level: DiagnosisItem["level"], description: object): DiagnosisItem {
  return { name, level, description: JSON.stringify(description) };
}
/** How much of a quota a gateway uses. Quotas go by the names under which this server's settings have them. */
function quotaItem({ settings, caller, gateway }: Diagnosed, name: string, quotaName: QuotaName, used: number): DiagnosisItem {
  const quantity = settings.quota(quotaName, caller.account, gateway.region);
  return item(name, used < quantity ? "normal" : "warning", { quotaName, quantity, used });
}
/** Milliseconds and per cent of a probe that was not answered; of one that only a simulated tunnel answered. */
const lost = { rtt: -1, lossRate: 100 };
const answered = { rtt: 0, lossRate: 0 };
/** `note` is this server's own: no probe is ever sent. */
function connectivityItem(name: string, ends: object, isReached: boolean): DiagnosisItem {
  return isReached
    ? item(name, "normal", { ...ends, ...answered, note: "the tunnel is simulated with PATCH, nothing was sent" })
    : item(name, "error", { ...ends, ...lost, note: "no data plane is attached, nothing was sent" });
}

/** The routes to the connection whose destination the VPC has for something else, and what that is. */
async function routeConflicts({ state, gateway, connection }: Diagnosed): Promise<{ destination: string; takenBy: string }[]> {
  const routes = await listAll(state, vpnRouteEntry, [["nextHop", connection.id]]);
  const taken = await Promise.all(
    [...new Set(routes.map(({ destination }) => destination))].map(async (destination) => ({
      destination,
      takenBy: await takerOf(state, gateway, destination),
    })),
  );
  return taken.flatMap(({ destination, takenBy }) => (takenBy === undefined ? [] : [{ destination, takenBy }]));
}
/** Id of the vSwitch that holds a destination, or of the entry that leads there past the gateway. */
async function takerOf(state: ResourceReader, { id, vpcId }: VpnGateway, destination: string): Promise<string | undefined> {
  const holder = (await vSwitchesOf(state, vpcId)).find((one) => blocksOf(one).some((block) => blockContains(block, destination)));
  if (holder !== undefined) return holder.id;
  const entry = await systemEntryFor(state, vpcId, destination);
  return entry?.nextHops.some((hop) => hop.id === id) === false ? entry.id : undefined;
}

/** The cloud's end of a connection, without keys: the diagnosis is stored in clear. */
function configurationOf({ localSubnet, remoteSubnet, tunnels }: Connection): object {
  return {
    LocalSubnet: localSubnet,
    RemoteSubnet: remoteSubnet,
    Tunnels: tunnels.map(({ id, ike, ipsec }) => ({ TunnelId: id, IkeConfig: ike, IpsecConfig: ipsec })),
  };
}
