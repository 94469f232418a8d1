import { fieldIndex, scoped, sharedIndexes } from "../../contract/indexes.ts";
import type { Dependency, PatchableField, Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { dependencyErrors } from "./errors.ts";

/** What IPsec-VPN connections are made of, alike for those of a VPN gateway and for attachments, which belong to none. */

/** Phase 1. Lifetimes are seconds. The pre-shared keys stand apart, because they are stored sealed. */
export interface IkeConfig {
  readonly IkeVersion: string;
  readonly IkeMode: string;
  readonly IkeEncAlg: string;
  readonly IkeAuthAlg: string;
  readonly IkePfs: string;
  readonly IkeLifetime: number;
  readonly LocalId: string;
  readonly RemoteId: string;
}
/** Phase 2. */
export interface IpsecConfig {
  readonly IpsecEncAlg: string;
  readonly IpsecAuthAlg: string;
  readonly IpsecPfs: string;
  readonly IpsecLifetime: number;
}
/** The cloud's end of a BGP session. What was not given is empty; `LocalAsn` then is the cloud's own number. */
export interface BgpConfig {
  readonly LocalAsn: string;
  readonly TunnelCidr: string;
  readonly LocalBgpIp: string;
}
export interface HealthCheck {
  readonly enabled: boolean;
  readonly dip: string;
  readonly sip: string;
  /** Seconds between two probes. */
  readonly interval: number;
  readonly retry: number;
  readonly policy: string;
}
export const roles = ["master", "slave"] as const;
export interface Tunnel {
  /** The empty string for the only tunnel of a single-tunnel connection, which has no name of its own. */
  readonly id: string;
  /** 1 or 2. */
  readonly index: number;
  readonly role: string;
  readonly zoneId: string;
  /** The cloud's end. */
  readonly internetIp: string;
  readonly customerGatewayId: string;
  readonly enableDpd: boolean;
  readonly enableNatTraversal: boolean;
  readonly remoteCaCertificate: string;
  readonly ike: IkeConfig;
  readonly ipsec: IpsecConfig;
  readonly bgp: BgpConfig | null;
}
/** Something that happened to a connection, for its log. `at` is virtual milliseconds since 1970. */
export interface LogLine {
  readonly at: number;
  /** The tunnel that it happened to; the empty string for the connection as a whole. */
  readonly tunnelId: string;
  readonly text: string;
}
/** Lines that a connection keeps; older ones go. */
const logLinesMax = 100;

/** How far the negotiation of a tunnel is, as the data plane reports it. Without one nothing is ever established. */
export const negotiationStatuses = [
  "ike_sa_not_established",
  "ike_sa_established",
  "ipsec_sa_not_established",
  "ipsec_sa_established",
] as const;

export interface ConnectionBody {
  readonly name: string;
  /** The empty string for an attachment. */
  readonly vpnGatewayId: string;
  readonly networkType: "public" | "private";
  /** `Standard` or `Large`, what one tunnel of an attachment carries; the empty string for a connection of a gateway. */
  readonly tunnelBandwidth: string;
  /** Blocks joined by commas, as the caller wrote them. */
  readonly localSubnet: string;
  readonly remoteSubnet: string;
  readonly effectImmediately: boolean;
  readonly autoConfigRoute: boolean;
  readonly bgpEnabled: boolean;
  readonly healthCheck: HealthCheck;
  /** In the order in which the caller named them; one, or two. */
  readonly tunnels: readonly Tunnel[];
  /** Pre-shared keys of the tunnels, in their order, one a line. */
  readonly psks: string;
  readonly log: readonly LogLine[];
  /** What `PATCH` lets the tunnels pretend; the empty string for what the data plane reports. */
  readonly SimulatedStatus: string;
  /** The same for the second tunnel alone. */
  readonly SimulatedSecondStatus: string;
}
export type Connection = Resource<ConnectionBody>;

/** Whether both ends take any address: routes then decide what goes through, and not the connection's own selectors. */
export function isRouteBased({ localSubnet, remoteSubnet }: Pick<ConnectionBody, "localSubnet" | "remoteSubnet">): boolean {
  return localSubnet.trim() === anywhere && remoteSubnet.trim() === anywhere;
}
export const anywhere = "0.0.0.0/0";

export function pskOf({ psks }: Pick<ConnectionBody, "psks">, tunnel: number): string {
  return psks.split("\n")[tunnel] ?? "";
}
/** Two tunnels have names, a single one has none. */
export function isDual({ tunnels }: Pick<ConnectionBody, "tunnels">): boolean {
  return tunnels.length > 1;
}
type Simulated = Pick<ConnectionBody, "SimulatedStatus" | "SimulatedSecondStatus">;
/** The status that `PATCH` lets a tunnel pretend; the empty string where it pretends none. */
export function simulatedStatus({ SimulatedStatus, SimulatedSecondStatus }: Simulated, tunnel: number): string {
  return tunnel === 1 && SimulatedSecondStatus !== "" ? SimulatedSecondStatus : SimulatedStatus;
}
/** The negotiation status of a tunnel. No data plane is attached here, so that only `PATCH` moves it. */
export function negotiationOf(of: Simulated, tunnel: number): string {
  return simulatedStatus(of, tunnel) || negotiationStatuses[0];
}
export function isEstablished(of: Simulated, tunnel: number): boolean {
  return negotiationOf(of, tunnel) === "ipsec_sa_established";
}

/** A log with one more line, on the connection as a whole unless a tunnel is said. */
export function logged(log: readonly LogLine[], at: number, text: string, tunnelId = ""): readonly LogLine[] {
  return [...log, { at, tunnelId, text }].slice(-logLinesMax);
}

/** What both kinds of connections declare alike. */
export const connectionIndexes: ResourceKind<ConnectionBody>["indexes"] = {
  ...sharedIndexes<Connection>(),
  gateway: fieldIndex<Connection>(({ vpnGatewayId }) => vpnGatewayId),
  customerGateway: (of) => [...new Set(of.tunnels.map(({ customerGatewayId }) => customerGatewayId))].flatMap((id) => inScopes(of, id)),
  tunnel: (of) => of.tunnels.filter(({ id }) => id !== "").flatMap(({ id }) => inScopes(of, id)),
  usedCustomerGateway: ({ tunnels }) => tunnels.map(({ customerGatewayId }) => customerGatewayId),
};
const inScopes = (of: Connection, value: string): readonly string[] => fieldIndex<Connection>(() => value)(of);

export const customerGatewayInUse: Dependency = {
  kind: "customer-gateway",
  index: "usedCustomerGateway",
  rule: "no IPsec-VPN connection uses the customer gateway",
  error: dependencyErrors.connectionUsesIt,
};
const simulated = "simulated for tests: no tunnel is really negotiated; empty for what the data plane reports";
export const patchableStatus: Readonly<Record<string, PatchableField>> = {
  SimulatedStatus: { description: `negotiation status, ${simulated}`, values: ["", ...negotiationStatuses] },
  SimulatedSecondStatus: {
    description: `the same for the second of two tunnels alone, ${simulated}`,
    values: ["", ...negotiationStatuses],
  },
};

/** An address as an index value: public ones differ everywhere, private ones within their VPC. */
export function addressKey(vpcId: string, address: string): string {
  return scoped(vpcId, address);
}
