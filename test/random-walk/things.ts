import type { AnyKind } from "../../src/contract/resource-kind.ts";
import { shownStatus } from "../../src/contract/state-table.ts";
import type { Key } from "../support/caller.ts";

/** What the model holds of each kind of resource. */

/** What every modelled resource has. Times are virtual milliseconds. */
export interface Thing {
  readonly kind: AnyKind;
  /** The empty string for what the server makes by itself and no answer has shown yet. No answer ever shows the id of a VPN route. */
  id: string;
  readonly account: string;
  readonly region: string;
  state: string;
  /** When its state ends by itself; `Infinity` when it does not. */
  due: number;
  readonly createdAt: number;
  modifiedAt: number;
  /** By account, then by key. */
  readonly tags: Map<string, Map<string, string>>;
  /** Resource group by account. */
  readonly groups: Map<string, string>;
}
export interface Account extends Thing {
  readonly name: string;
  readonly keys: Key[];
  /** Its resource groups, by name. */
  readonly groupIds: Map<string, string>;
}
export interface Vpc extends Thing {
  name: string;
  description: string;
  /** The primary IPv4 block and the secondary ones. */
  cidr: string;
  secondary: string[];
  ipv6: string[];
  userCidrs: string[];
  dnsHostname: boolean;
  classicLink: boolean;
  readonly isDefault: boolean;
  readonly routerId: string;
  /** The system route table. */
  readonly tableId: string;
}
export interface VRouter extends Thing {
  readonly vpcId: string;
}
export interface VSwitch extends Thing {
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  /** The empty string without IPv6. */
  ipv6: string;
  name: string;
  description: string;
  readonly isDefault: boolean;
  tableId: string;
}
/** Of a VPC; or of a virtual border router, whose id stands for both VPC and router then. */
export interface Table extends Thing {
  readonly vpcId: string;
  readonly routerId: string;
  name: string;
  description: string;
  readonly isSystem: boolean;
  readonly forGateway: boolean;
  propagates: boolean;
}
export interface Hop {
  readonly type: string;
  readonly id: string;
  /** 0 for an only one. */
  readonly weight: number;
}
export interface Entry extends Thing {
  readonly tableId: string;
  readonly vpcId: string;
  readonly destination: string;
  /** Several of them are router interfaces. */
  hops: readonly Hop[];
  name: string;
  description: string;
  readonly isSystem: boolean;
  /** The VPN gateway whose published routes it stands for; the empty string for any other entry. */
  readonly managedBy: string;
}
/** `account` and `region` are the requester's. */
export interface Connection extends Thing {
  readonly vpcId: string;
  readonly accepter: string;
  readonly acceptingRegion: string;
  readonly acceptingVpcId: string;
  name: string;
  description: string;
  bandwidth: number;
  linkType: string;
  readonly expiresAt: number;
  bizStatus: string;
  managedBy: string;
}
/** One or two ends. Addresses are empty until an answer has shown them. */
export interface VpnGateway extends Thing {
  readonly vpcId: string;
  readonly ends: readonly { readonly switchId: string; readonly zone: string; ip: string }[];
  readonly isPrivate: boolean;
  name: string;
  description: string;
  readonly bandwidth: number;
  readonly ipsec: boolean;
  readonly ssl: boolean;
  readonly sslConnections: number;
  chargeType: string;
  readonly endsAt: number;
  businessStatus: string;
  propagates: boolean;
}
export interface CustomerGateway extends Thing {
  readonly ip: string;
  name: string;
  description: string;
  /** A decimal number; the empty string for none. */
  readonly asn: string;
  authKey: string;
}
export interface Tunnel {
  /** The empty string for an only tunnel, and until an answer has shown it. */
  id: string;
  readonly index: number;
  readonly role: string;
  readonly zone: string;
  /** The empty string for a tunnel of a private attachment, and until an answer has shown it. */
  ip: string;
  readonly customerId: string;
  readonly dpd: boolean;
  readonly natTraversal: boolean;
  readonly certificate: string;
  /** The empty string for a key of the server's own until an answer has shown it. */
  psk: string;
  readonly ike: Readonly<Record<string, string | number>>;
  /** Ids of the ends; the empty string where they are the addresses. */
  readonly localId: string;
  readonly remoteId: string;
  readonly ipsec: Readonly<Record<string, string | number>>;
  readonly bgp: Bgp | undefined;
}
export interface Bgp {
  readonly asn: string;
  readonly cidr: string;
  readonly localIp: string;
}
/** Of a VPN gateway, or attached to none: `gatewayId` is empty then. */
export interface IpsecConnection extends Thing {
  readonly gatewayId: string;
  isPrivate: boolean;
  readonly tunnelBandwidth: string;
  name: string;
  local: string;
  remote: string;
  effectImmediately: boolean;
  autoRoutes: boolean;
  bgpEnabled: boolean;
  healthCheck: Readonly<Record<string, string | number | boolean>>;
  tunnels: readonly Tunnel[];
  /** What an administrator lets the tunnels pretend. */
  simulated: string;
  simulatedSecond: string;
}
export interface VpnRoute extends Thing {
  readonly gatewayId: string;
  readonly vpcId: string;
  readonly type: "dbr" | "pbr";
  readonly source: string;
  readonly destination: string;
  /** Id of the connection. */
  readonly nextHop: string;
  weight: number;
  priority: number;
  published: boolean;
  /** Brought along by the connection. */
  readonly auto: boolean;
}
/** One end of a link between two routers. What it says of the other end may be untrue; empty is what it does not say. */
export interface RouterInterface extends Thing {
  readonly isInitiating: boolean;
  readonly routerType: string;
  readonly routerId: string;
  /** The virtual border router where the end is at one. */
  readonly vpcId: string;
  readonly accessPoint: string;
  readonly isFast: boolean;
  name: string;
  description: string;
  /** `Negative` for the accepting side. */
  spec: string;
  readonly oppositeRegion: string;
  readonly oppositeAccessPoint: string;
  oppositeId: string;
  oppositeRouterId: string;
  oppositeRouterType: string;
  oppositeOwner: string;
  /** Source and target; both or none. */
  healthCheck: readonly [string, string];
  /** 0 where none was set. */
  healthRate: number;
  healthThreshold: number;
  /** 0 for never. */
  connectedAt: number;
  /** 0 for one that is paid by use. */
  readonly endsAt: number;
  chargeType: string;
  businessStatus: string;
  /** Why operations lock it; the empty string when they do not. */
  lock: string;
}
/** A circuit, or a shared one that runs on the circuit `parentId`; the fields of the one that it is not are empty. */
export interface Circuit extends Thing {
  readonly accessPoint: string;
  lineOperator: string;
  portType: string;
  /** Empty until an answer has shown it. */
  portNumber: string;
  bandwidth: number;
  peerLocation: string;
  redundantId: string;
  code: string;
  name: string;
  description: string;
  downDelay: number;
  readonly parentId: string;
  readonly parentOwner: string;
  vlan: number;
  spec: string;
  expectSpec: string;
  readonly orderMode: string;
  accepted: boolean;
  terminatedBy: string;
  /** 0 for never. */
  enabledAt: number;
  endsAt: number;
  businessStatus: string;
  /** What becomes of the application. */
  application: string;
}
/** How a virtual border router meets one circuit. Empty are addresses that its owner has not given yet. */
export interface OnCircuit {
  readonly circuitId: string;
  readonly circuitOwner: string;
  vlan: number;
  /** Next hop of entries that lead over the circuit; the empty string until an answer has shown it. */
  interfaceId: string;
  code: string;
  local: string;
  peer: string;
  mask: string;
  hasIpv6: boolean;
  local6: string;
  peer6: string;
  mask6: string;
}
export interface BorderRouter extends Thing {
  /** The one that it was created on first. */
  circuits: readonly OnCircuit[];
  readonly accessPoint: string;
  /** The empty string until an answer has shown it. */
  tableId: string;
  name: string;
  description: string;
  /** 0 where none was set. */
  bandwidth: number;
  /** Milliseconds between packets that are sent and received, and how many of them may be lost. */
  bfd: readonly [number, number, number];
  mtu: number;
  sitelink: boolean;
  /** 0 for never. */
  activatedAt: number;
  terminatedAt: number;
  recoveredAt: number;
}
/** Leave for virtual border routers of another account to use a VPC. No answer shows its id. */
export interface Grant extends Thing {
  readonly vpcId: string;
  readonly vbrOwner: string;
  readonly vbrRegion: string;
  /** The empty string for all that the account has in the region. */
  readonly routerId: string;
}
export interface BgpGroup extends Thing {
  readonly routerId: string;
  name: string;
  description: string;
  readonly ipVersion: string;
  localAsn: number;
  peerAsn: number;
  isFake: boolean;
  authKey: string;
  routeLimit: number;
}
export interface BgpPeer extends Thing {
  groupId: string;
  readonly routerId: string;
  address: string;
  readonly ipVersion: string;
  hasBfd: boolean;
  /** 0 without BFD. */
  hops: number;
}
export interface BgpNetwork extends Thing {
  readonly routerId: string;
  readonly block: string;
  /** The empty string where none was named. */
  readonly vpcId: string;
}
/** What a new resource is given; the rest follows from the model's time and the state table. */
export type New<T extends Thing> = Omit<T, "kind" | "state" | "due" | "createdAt" | "modifiedAt" | "tags" | "groups"> &
  Partial<Pick<T, "tags" | "groups">>;

export function statusOf(thing: Thing): string {
  return shownStatus(thing.kind.states, thing.state);
}
/** A connection that neither joins its VPCs nor ever will. */
export function isOver({ state }: Connection): boolean {
  return ["Rejected", "Expired", "Deleted"].includes(state);
}
export function sidesOf(connection: Connection): { account: string; region: string; vpcId: string }[] {
  const { account, region, vpcId, accepter, acceptingRegion, acceptingVpcId } = connection;
  return [
    { account, region, vpcId },
    { account: accepter, region: acceptingRegion, vpcId: acceptingVpcId },
  ];
}
/** Whether an account reads a virtual border router: its own, or one on a circuit of its own. */
export function isPartyOf({ account, circuits }: BorderRouter, reader: string): boolean {
  return account === reader || circuits.some(({ circuitOwner }) => circuitOwner === reader);
}
export function isParty(connection: Connection, account: string): boolean {
  return connection.account === account || connection.accepter === account;
}
export function tagsOf(thing: Thing, account: string): Map<string, string> {
  return thing.tags.get(account) ?? new Map();
}
