import { addressAt, blockContains, blocksOverlap, parseBlock, prefixLength } from "../../contract/cidr.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import { listAll, type ResourceReader, type ResourceWriter } from "../../contract/resource-kind.ts";
import { asn, cloudAsn } from "./asn.ts";
import { type BgpConfig, type Connection, type ConnectionBody, type HealthCheck, pskOf, type Tunnel } from "./connection-body.ts";
import { blocksOf, type GivenTunnel, type WholeConnection } from "./connection-parameters.ts";
import { type CustomerGateway, customerGateway } from "./customer-gateway.ts";
import { connectionErrors, customerGatewayErrors } from "./errors.ts";
import { vpnConnection } from "./vpn-connection.ts";
import type { VpnGateway } from "./vpn-gateway.ts";

/** What a connection would be after a call: the rules of creations and changes judge it, and `apply` makes it so. */

/** A tunnel as planned. What is empty in it and is not in the end (id, address, ids of the ends, pre-shared key) is made by `apply`. */
export interface PlannedTunnel extends Tunnel {
  readonly psk: string;
  /** `undefined` where the account has none with this id in this region. */
  readonly customer: CustomerGateway | undefined;
}
export interface Plan {
  /** `undefined` for an attachment. */
  readonly gateway: VpnGateway | undefined;
  /** `undefined` for a connection that is not there yet. */
  readonly connectionId: string | undefined;
  readonly localSubnet: string;
  readonly remoteSubnet: string;
  readonly bgpEnabled: boolean;
  readonly tunnels: readonly PlannedTunnel[];
}
export interface Judged extends Pick<Call, "state"> {
  readonly plan: Plan;
}

/** Where a new tunnel stands before anything is said of it. */
export interface TunnelPlace {
  readonly index: number;
  readonly role: string;
  readonly zoneId: string;
  readonly internetIp: string;
}
type Scope = Pick<Call, "caller" | "state"> & { readonly region: string };

/** A tunnel that is not there yet. Attachments and connections differ in the authentication algorithm that they begin with. */
export function newTunnel(scope: Scope, place: TunnelPlace, given: GivenTunnel, authAlg: string): Promise<PlannedTunnel> {
  return plannedTunnel(
    scope,
    {
      ...place,
      id: "",
      psk: "",
      customerGatewayId: "",
      enableDpd: true,
      enableNatTraversal: true,
      remoteCaCertificate: "",
      ike: {
        IkeVersion: "ikev2",
        IkeMode: "main",
        IkeEncAlg: "aes",
        IkeAuthAlg: authAlg,
        IkePfs: "group2",
        IkeLifetime: lifetimeDefault,
        LocalId: "",
        RemoteId: "",
      },
      ipsec: { IpsecEncAlg: "aes", IpsecAuthAlg: authAlg, IpsecPfs: "group2", IpsecLifetime: lifetimeDefault },
      bgp: null,
    },
    given,
  );
}
/** Seconds. */
const lifetimeDefault = 86_400;

/** A tunnel with what a call says of it. What it does not say stays. */
export async function plannedTunnel(scope: Scope, before: Tunnel & { readonly psk: string }, given: GivenTunnel): Promise<PlannedTunnel> {
  const customerGatewayId = given.CustomerGatewayId ?? before.customerGatewayId;
  const found = await scope.state.get(customerGateway, customerGatewayId);
  const former = await scope.state.get(customerGateway, before.customerGatewayId);
  const { Psk, ...ike } = given.TunnelIkeConfig ?? { Psk: undefined };
  // The id of an end that is nothing but its address goes with the address.
  const { LocalId, RemoteId } = before.ike;
  const ends = { LocalId: LocalId === before.internetIp ? "" : LocalId, RemoteId: RemoteId === former?.ipAddress ? "" : RemoteId };
  return {
    ...before,
    customerGatewayId,
    customer: found?.account === scope.caller.account && found.region === scope.region ? found : undefined,
    role: given.Role ?? before.role,
    enableDpd: given.EnableDpd ?? before.enableDpd,
    enableNatTraversal: given.EnableNatTraversal ?? before.enableNatTraversal,
    remoteCaCertificate: given.RemoteCaCertificate ?? before.remoteCaCertificate,
    psk: Psk ?? before.psk,
    ike: withGiven({ ...before.ike, ...ends }, ike),
    ipsec: withGiven(before.ipsec, given.TunnelIpsecConfig ?? {}),
    bgp: plannedBgp(before.bgp, given.TunnelBgpConfig),
  };
}
/** The tunnels of a connection that is there, each with its key. */
export function tunnelsOf(of: Connection): (Tunnel & { readonly psk: string })[] {
  return of.tunnels.map((tunnel, index) => ({ ...tunnel, psk: pskOf(of, index) }));
}

function withGiven<T extends object>(before: T, given: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const said = Object.entries(given).filter(([name, value]) => value !== undefined && Object.hasOwn(before, name));
  return { ...before, ...Object.fromEntries(said) };
}

function plannedBgp(before: BgpConfig | null, given: GivenTunnel["TunnelBgpConfig"]): BgpConfig | null {
  const { LocalAsn, TunnelCidr, LocalBgpIp } = given ?? {};
  const block = TunnelCidr === undefined ? undefined : parseBlock(TunnelCidr, { version: 4 });
  if (before === null && [LocalAsn, TunnelCidr, LocalBgpIp].every((value) => value === undefined || value === "0")) return null;
  const cidr = block ?? before?.TunnelCidr ?? "";
  return {
    LocalAsn: asn(LocalAsn ?? "") ?? before?.LocalAsn ?? String(cloudAsn),
    TunnelCidr: cidr,
    // An address of the old block says nothing of the new one.
    LocalBgpIp: LocalBgpIp ?? (block === undefined ? (before?.LocalBgpIp ?? "") : firstHost(cidr)),
  };
}
/** The address of a tunnel block that the cloud takes unless told otherwise. */
function firstHost(block: string): string {
  return addressAt(block, 1);
}
/** The other end's address in a tunnel block; the empty string where there is no block. */
export function peerBgpIp({ TunnelCidr, LocalBgpIp }: BgpConfig): string {
  if (TunnelCidr === "") return "";
  return [addressAt(TunnelCidr, 1), addressAt(TunnelCidr, 2)].find((address) => address !== LocalBgpIp) ?? "";
}

/** A health check with what a call says of it. */
export function plannedHealthCheck(before: HealthCheck, given: WholeConnection["HealthCheckConfig"]): HealthCheck {
  return {
    enabled: given?.enable ?? before.enabled,
    dip: given?.dip ?? before.dip,
    sip: given?.sip ?? before.sip,
    interval: given?.interval ?? before.interval,
    retry: given?.retry ?? before.retry,
    policy: given?.Policy ?? before.policy,
  };
}
export const noHealthCheck: HealthCheck = { enabled: false, dip: "", sip: "", interval: 3, retry: 3, policy: "revoke_route" };

/** Tunnel blocks that the cloud keeps for itself. */
const reservedTunnelBlocks = [...[0, 1, 2, 3, 4, 5, 6].map((third) => `169.254.${third}.0/30`), "169.254.169.252/30"];

const bgpsOf = ({ tunnels }: Plan): BgpConfig[] => tunnels.flatMap(({ bgp }) => bgp ?? []);
const blocksOfPlan = (plan: Plan): string[] => bgpsOf(plan).flatMap(({ TunnelCidr }) => (TunnelCidr === "" ? [] : [TunnelCidr]));

/** Rules of what a connection would be, alike for its creation and its changes, with a VPN gateway or without. */
export const planRules: readonly Rule<Judged>[] = [
  {
    rule: "the customer gateway of each tunnel is there and belongs to the caller",
    error: customerGatewayErrors.notFound,
    holds: ({ plan }) => plan.tunnels.every(({ customer }) => customer !== undefined),
  },
  {
    rule: "with BGP, each tunnel has a TunnelCidr",
    error: connectionErrors.tunnelCidrMissing,
    holds: ({ plan }) => !plan.bgpEnabled || blocksOfPlan(plan).length === plan.tunnels.length,
  },
  {
    rule: `a TunnelCidr is a /30 block of 169.254.0.0/16 and none of ${reservedTunnelBlocks.join(", ")}`,
    error: connectionErrors.tunnelCidrInvalid,
    source: "sdk-metadata",
    holds: ({ plan }) =>
      blocksOfPlan(plan).every(
        (block) => prefixLength(block) === 30 && blockContains("169.254.0.0/16", block) && !reservedTunnelBlocks.includes(block),
      ),
  },
  {
    rule: "no two tunnels of the connection have the same TunnelCidr",
    error: connectionErrors.tunnelCidrInvalid,
    source: "sdk-metadata",
    holds: ({ plan }) => new Set(blocksOfPlan(plan)).size === blocksOfPlan(plan).length,
  },
  {
    rule: "a LocalBgpIp is one of the two addresses of its TunnelCidr",
    error: connectionErrors.localBgpIpInvalid,
    source: "sdk-metadata",
    holds: ({ plan }) =>
      bgpsOf(plan).every(
        ({ TunnelCidr, LocalBgpIp }) =>
          LocalBgpIp === "" || (TunnelCidr !== "" && [addressAt(TunnelCidr, 1), addressAt(TunnelCidr, 2)].includes(LocalBgpIp)),
      ),
  },
  {
    rule: "with BGP, each customer gateway has an autonomous system number",
    error: connectionErrors.asnMissing,
    holds: ({ plan }) => !plan.bgpEnabled || plan.tunnels.every(({ customer }) => customer?.asn !== ""),
  },
  {
    rule: "the customer's end of a tunnel is no address of the cloud's ends",
    error: connectionErrors.customerIsGateway,
    holds: ({ plan }) => {
      const ends = plan.tunnels.map(({ internetIp }) => internetIp);
      return plan.tunnels.every(({ customer }) => customer === undefined || !ends.includes(customer.ipAddress));
    },
  },
];

/** Rules of a connection of a VPN gateway beside the others of the gateway. They are judged when the gateway is free. */
export const besideOthers: readonly Rule<Judged>[] = [
  {
    rule: "no other connection of the gateway has the same TunnelCidr",
    error: connectionErrors.tunnelCidrInvalid,
    source: "sdk-metadata",
    holds: async ({ plan, state }) => {
      const taken = (await siblings(state, plan)).flatMap(({ tunnels }) => tunnels.flatMap(({ bgp }) => bgp?.TunnelCidr ?? []));
      return blocksOfPlan(plan).every((block) => !taken.includes(block));
    },
  },
  {
    rule: "no other connection of the gateway joins the same customer gateways and the same blocks",
    error: connectionErrors.alreadyExists,
    source: "inferred",
    holds: async ({ plan, state }) => {
      if (plan.connectionId !== undefined) return true;
      const same = (other: Connection): boolean =>
        other.localSubnet === plan.localSubnet &&
        other.remoteSubnet === plan.remoteSubnet &&
        other.tunnels.every(({ customerGatewayId }, index) => customerGatewayId === plan.tunnels[index]?.customerGatewayId);
      return !(await siblings(state, plan)).some(same);
    },
  },
  {
    rule: "connections between the same two ends have the same pre-shared key and the same IKE configuration",
    error: connectionErrors.ikeDiffers,
    advice: "give this connection the Psk and the IkeConfig of the other one between the same two ends",
    holds: async (judged) =>
      (await sharedEnds(judged)).every(
        ({ tunnel, other, index }) =>
          tunnel.psk === pskOf(other, index) && JSON.stringify(withIds(tunnel)) === JSON.stringify(withIds(other.tunnels[index] as Tunnel)),
      ),
  },
  {
    rule: "the blocks of connections between the same two ends do not overlap on both sides",
    error: connectionErrors.selectorsOverlap,
    holds: async (judged) =>
      (await sharedEnds(judged)).every(
        ({ other }) => !anyOverlap(judged.plan.localSubnet, other.localSubnet) || !anyOverlap(judged.plan.remoteSubnet, other.remoteSubnet),
      ),
  },
];

/** Phase 1 of a tunnel without the ids of its ends that say nothing but the addresses. */
function withIds({ ike, internetIp }: Tunnel): object {
  return { ...ike, LocalId: ike.LocalId === "" ? internetIp : ike.LocalId, RemoteId: "" };
}
function anyOverlap(one: string, other: string): boolean {
  return blocksOf(one).some((block) => blocksOf(other).some((another) => blocksOverlap(block, another)));
}

/** The other connections of the gateway. */
async function siblings(state: ResourceReader, { gateway, connectionId }: Plan): Promise<Connection[]> {
  if (gateway === undefined) return [];
  return (await listAll(state, vpnConnection, [["ofGateway", gateway.id]])).filter(({ id }) => id !== connectionId);
}
/** Tunnels of other connections between the same two addresses, each beside the tunnel of the plan. */
async function sharedEnds({ plan, state }: Judged): Promise<{ tunnel: PlannedTunnel; other: Connection; index: number }[]> {
  return (await siblings(state, plan)).flatMap((other) =>
    plan.tunnels.flatMap((tunnel) =>
      other.tunnels.flatMap(({ internetIp, customerGatewayId }, index) =>
        internetIp === tunnel.internetIp && customerGatewayId === tunnel.customerGatewayId ? [{ tunnel, other, index }] : [],
      ),
    ),
  );
}

/** Tunnels as they are stored, with all that was left open made: ids, keys, ids of the ends. */
export function completed(
  state: ResourceWriter,
  region: string,
  tunnels: readonly PlannedTunnel[],
): Pick<ConnectionBody, "tunnels" | "psks"> {
  const named = tunnels.length > 1;
  return {
    tunnels: tunnels.map(({ psk: _psk, customer, ...tunnel }) => ({
      ...tunnel,
      id: tunnel.id === "" && named ? state.newId(tunnelId, region) : tunnel.id,
      ike: {
        ...tunnel.ike,
        LocalId: tunnel.ike.LocalId === "" ? tunnel.internetIp : tunnel.ike.LocalId,
        RemoteId: tunnel.ike.RemoteId === "" ? (customer?.ipAddress ?? "") : tunnel.ike.RemoteId,
      },
    })),
    psks: tunnels.map(({ psk }) => (psk === "" ? state.randomHex(8) : psk)).join("\n"),
  };
}
const tunnelId = { idPrefix: "tun", idHasRegionCode: false } as const;
