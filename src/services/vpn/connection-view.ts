import { tagsOf } from "../../contract/indexes.ts";
import type { ResourceReader } from "../../contract/resource-kind.ts";
import { type AnswerOf, bool, int, listOf, long, optional, structure, text, type ValueOfShape, wrapped } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { tagShape } from "../vpc/vpc-view.ts";
import { cloudAsn } from "./asn.ts";
import { type Connection, isDual, isEstablished, negotiationOf, pskOf } from "./connection-body.ts";
import { peerBgpIp } from "./connection-plan.ts";
import { type CustomerGateway, customerGateway } from "./customer-gateway.ts";
import { vpnAttachment } from "./vpn-attachment.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";

/** IPsec-VPN connections as their owner reads them, keys included. Times are virtual milliseconds since 1970. */

export const ikeShape = structure({
  IkeAuthAlg: text,
  IkeEncAlg: text,
  IkeLifetime: long,
  IkeMode: text,
  IkePfs: text,
  IkeVersion: text,
  LocalId: text,
  Psk: text,
  RemoteId: text,
});
export const ipsecShape = structure({ IpsecAuthAlg: text, IpsecEncAlg: text, IpsecLifetime: long, IpsecPfs: text });
const tunnelShape = structure({
  CustomerGatewayId: text,
  // Clients put these and the lifetimes into typed attributes unconverted, whatever the documentation says.
  EnableDpd: bool,
  EnableNatTraversal: bool,
  InternetIp: text,
  RemoteCaCertificate: text,
  Role: text,
  State: text,
  Status: text,
  // Must be empty where nothing was given: clients compare it with what they sent.
  TunnelBgpConfig: structure({
    BgpStatus: optional(text),
    LocalAsn: optional(text),
    LocalBgpIp: optional(text),
    PeerAsn: optional(text),
    PeerBgpIp: optional(text),
    TunnelCidr: optional(text),
  }),
  TunnelId: text,
  TunnelIkeConfig: ikeShape,
  TunnelIndex: int,
  TunnelIpsecConfig: ipsecShape,
  ZoneNo: text,
});

const shared = {
  AttachInstanceId: text,
  AttachType: text,
  CreateTime: long,
  CrossAccountAuthorized: bool,
  CustomerGatewayId: text,
  EffectImmediately: bool,
  EnableDpd: bool,
  EnableNatTraversal: bool,
  EnableTunnelsBgp: bool,
  IkeConfig: ikeShape,
  InternetIp: text,
  IpsecConfig: ipsecShape,
  LocalSubnet: text,
  Name: text,
  NetworkType: text,
  RemoteCaCertificate: text,
  RemoteSubnet: text,
  ResourceGroupId: text,
  Spec: text,
  State: text,
  Status: text,
  TransitRouterId: text,
  TransitRouterName: text,
  TunnelBandwidth: text,
  TunnelOptionsSpecification: wrapped("TunnelOptions", tunnelShape),
  VcoHealthCheck: structure({ Dip: text, Enable: text, Interval: int, Policy: text, Retry: int, Sip: text, Status: text }),
  VpnConnectionId: text,
  VpnGatewayId: text,
} as const;
const bgpOfList = {
  AuthKey: text,
  LocalAsn: long,
  LocalBgpIp: text,
  PeerAsn: long,
  PeerBgpIp: text,
  Status: text,
  TunnelCidr: text,
} as const;
/** Fields of DescribeVpnConnection. */
export const connectionFields = {
  ...shared,
  Tags: wrapped("Tag", tagShape),
  VpnBgpConfig: structure({ ...bgpOfList, EnableBgp: text }),
  ZoneNo: text,
} as const;
/** Fields of a member of DescribeVpnConnections, which has another name for tags and knows less of BGP. */
export const listedConnectionFields = { ...shared, Tag: wrapped("Tag", tagShape), VpnBgpConfig: structure(bgpOfList) } as const;
/** What a change of a tunnel answers: the tunnel without its negotiation. */
const changedTunnel = {
  CustomerGatewayId: text,
  EnableDpd: bool,
  EnableNatTraversal: bool,
  InternetIp: text,
  RemoteCaCertificate: text,
  Role: text,
  State: text,
  TunnelBgpConfig: structure({
    LocalAsn: optional(long),
    LocalBgpIp: optional(text),
    PeerAsn: optional(long),
    PeerBgpIp: optional(text),
    TunnelCidr: optional(text),
  }),
  TunnelId: text,
  TunnelIkeConfig: ikeShape,
  TunnelIpsecConfig: ipsecShape,
  ZoneNo: text,
} as const;
const { RemoteCaCertificate: _certificate, ZoneNo: _zone, ...attachmentTunnelFields } = changedTunnel;
const attachmentTunnel = structure({ ...attachmentTunnelFields, TunnelIndex: int });
/** Fields of ModifyTunnelAttribute. */
export const changedTunnelFields = {
  ...changedTunnel,
  TunnelBgpConfig: structure({ ...changedTunnel.TunnelBgpConfig.fields, EnableBgp: bool }),
} as const;
const { AuthKey: _authKey, ...bgpOfChange } = bgpOfList;
/** Fields of ModifyVpnConnectionAttribute. */
export const changedConnectionFields = {
  CreateTime: long,
  CustomerGatewayId: text,
  EffectImmediately: bool,
  EnableDpd: bool,
  EnableNatTraversal: bool,
  EnableTunnelsBgp: bool,
  IkeConfig: ikeShape,
  IpsecConfig: ipsecShape,
  LocalSubnet: text,
  Name: text,
  RemoteSubnet: text,
  ResourceGroupId: text,
  TunnelOptionsSpecification: wrapped("TunnelOptions", structure(changedTunnel)),
  VcoHealthCheck: structure({ Dip: text, Enable: text, Interval: int, Retry: int, Sip: text }),
  VpnBgpConfig: structure({ ...bgpOfChange, EnableBgp: text }),
  VpnConnectionId: text,
  VpnGatewayId: text,
} as const;
/** Fields of ModifyVpnAttachmentAttribute: tunnels in a bare list, and numbers for them. */
export const changedAttachmentFields = {
  AttachInstanceId: text,
  AttachType: text,
  CreateTime: long,
  CustomerGatewayId: text,
  Description: text,
  EffectImmediately: bool,
  EnableDpd: bool,
  EnableNatTraversal: bool,
  EnableTunnelsBgp: bool,
  IkeConfig: ikeShape,
  IpsecConfig: ipsecShape,
  LocalSubnet: text,
  Name: text,
  NetworkType: text,
  RemoteSubnet: text,
  ResourceGroupId: text,
  Spec: text,
  Status: text,
  TunnelOptionsSpecification: listOf(attachmentTunnel),
  VcoHealthCheck: structure({ Dip: text, Enable: text, Interval: int, Policy: text, Retry: int, Sip: text }),
  VpnBgpConfig: structure({ ...bgpOfChange, EnableBgp: text }),
  VpnConnectionId: text,
  VpnGatewayId: text,
} as const;
const shape = structure({ ...connectionFields, ...listedConnectionFields, VpnBgpConfig: connectionFields.VpnBgpConfig });

/** The fields of both forms; an answer keeps those that its operation declares. */
export async function connectionView(state: ResourceReader, of: Connection): Promise<ValueOfShape<typeof shape>> {
  const gateway = of.vpnGatewayId === "" ? undefined : await state.get(vpnGateway, of.vpnGatewayId);
  const kind = of.vpnGatewayId === "" ? vpnAttachment : vpnConnection;
  const customers = await Promise.all(of.tunnels.map(({ customerGatewayId }) => state.get(customerGateway, customerGatewayId)));
  const dual = isDual(of);
  const only = dual ? undefined : of.tunnels[0];
  const tags = { Tag: tagsOf(of, of.account) };
  return {
    AttachInstanceId: "",
    AttachType: gateway === undefined ? "NO_ASSOCIATED" : "VPNGW",
    CreateTime: String(of.createdAt),
    CrossAccountAuthorized: false,
    CustomerGatewayId: only?.customerGatewayId ?? "",
    EffectImmediately: of.effectImmediately,
    EnableDpd: only?.enableDpd ?? false,
    EnableNatTraversal: only?.enableNatTraversal ?? false,
    EnableTunnelsBgp: dual && of.bgpEnabled,
    IkeConfig: ikeView(of, 0, !dual),
    InternetIp: only?.internetIp ?? "",
    IpsecConfig: ipsecView(of, 0, !dual),
    LocalSubnet: of.localSubnet,
    Name: of.name,
    NetworkType: of.networkType,
    RemoteCaCertificate: only?.remoteCaCertificate ?? "",
    RemoteSubnet: of.remoteSubnet,
    ResourceGroupId: of.resourceGroups[of.account] ?? "",
    Spec: `${gateway?.bandwidth ?? attachmentBandwidth}M`,
    State: shownStatus(kind.states, of.state),
    // Of two tunnels each has a status of its own, and the connection has none.
    Status: dual ? "" : negotiationOf(of, 0),
    Tag: tags,
    Tags: tags,
    TransitRouterId: "",
    TransitRouterName: "",
    TunnelBandwidth: of.tunnelBandwidth,
    TunnelOptionsSpecification: {
      TunnelOptions: dual ? of.tunnels.map((_tunnel, index) => tunnelView(of, index, customers[index])) : [],
    },
    VcoHealthCheck: {
      Dip: of.healthCheck.dip,
      Enable: String(of.healthCheck.enabled),
      Interval: of.healthCheck.interval,
      Policy: of.healthCheck.policy,
      Retry: of.healthCheck.retry,
      Sip: of.healthCheck.sip,
      Status: of.healthCheck.enabled ? reached(of, 0) : "",
    },
    VpnBgpConfig: {
      AuthKey: only === undefined ? "" : (customers[0]?.authKey ?? ""),
      EnableBgp: String(!dual && of.bgpEnabled),
      LocalAsn: only?.bgp?.LocalAsn ?? String(cloudAsn),
      LocalBgpIp: only?.bgp?.LocalBgpIp ?? "",
      PeerAsn: only?.bgp ? customers[0]?.asn || "0" : "0",
      PeerBgpIp: only?.bgp ? peerBgpIp(only.bgp) : "",
      Status: dual ? "" : bgpStatus(of, 0),
      TunnelCidr: only?.bgp?.TunnelCidr ?? "",
    },
    VpnConnectionId: of.id,
    VpnGatewayId: of.vpnGatewayId,
    ZoneNo: only?.zoneId ?? "",
  };
}
/** Mbit/s of what belongs to no gateway. */
const attachmentBandwidth = 1000;

/** Two documented words that do not go together. */
function bgpStatus(of: Connection, tunnel: number): string {
  return of.bgpEnabled && isEstablished(of, tunnel) ? "success" : "false";
}
function reached(of: Connection, tunnel: number): string {
  return isEstablished(of, tunnel) ? "success" : "failed";
}

/** One of the two tunnels. */
export function tunnelView(of: Connection, index: number, customer: CustomerGateway | undefined): ValueOfShape<typeof tunnelShape> {
  const tunnel = of.tunnels[index];
  if (tunnel === undefined) throw new Error(`${of.id} has no tunnel ${index}`);
  const { bgp } = tunnel;
  return {
    CustomerGatewayId: tunnel.customerGatewayId,
    EnableDpd: tunnel.enableDpd,
    EnableNatTraversal: tunnel.enableNatTraversal,
    InternetIp: tunnel.internetIp,
    RemoteCaCertificate: tunnel.remoteCaCertificate,
    Role: tunnel.role,
    State: tunnelState(of),
    Status: negotiationOf(of, index),
    TunnelBgpConfig: {
      BgpStatus: bgp === null ? undefined : bgpStatus(of, index),
      LocalAsn: bgp?.LocalAsn,
      LocalBgpIp: bgp?.LocalBgpIp,
      PeerAsn: bgp === null || customer?.asn === "" ? undefined : customer?.asn,
      PeerBgpIp: bgp === null ? undefined : peerBgpIp(bgp),
      TunnelCidr: bgp?.TunnelCidr,
    },
    TunnelId: tunnel.id,
    TunnelIkeConfig: ikeView(of, index),
    TunnelIndex: tunnel.index,
    TunnelIpsecConfig: ipsecView(of, index),
    ZoneNo: tunnel.zoneId,
  };
}
/** A tunnel as its change answers it. */
export function changedTunnelView(
  of: Connection,
  index: number,
  customer: CustomerGateway | undefined,
): AnswerOf<typeof changedTunnelFields> {
  const tunnel = tunnelView(of, index, customer);
  return { ...tunnel, TunnelBgpConfig: { ...tunnel.TunnelBgpConfig, EnableBgp: of.bgpEnabled } };
}
/** An attachment as its change answers it. */
export async function changedAttachmentView(state: ResourceReader, of: Connection): Promise<AnswerOf<typeof changedAttachmentFields>> {
  const { TunnelOptionsSpecification, ...view } = await connectionView(state, of);
  return { ...view, Description: "", TunnelOptionsSpecification: TunnelOptionsSpecification.TunnelOptions };
}
/** Tunnels know three words. */
function tunnelState({ state }: Connection): string {
  if (state === "deleting") return "deleting";
  return state === "updating" || state === "provisioning" ? "updating" : "active";
}

/** Phase 1 of a tunnel with its key; all empty where the connection has no only one. */
export function ikeView(of: Connection, index: number, shown = true): ValueOfShape<typeof ikeShape> {
  const ike = of.tunnels[index]?.ike;
  if (!shown || ike === undefined) {
    return { IkeAuthAlg: "", IkeEncAlg: "", IkeLifetime: "0", IkeMode: "", IkePfs: "", IkeVersion: "", LocalId: "", Psk: "", RemoteId: "" };
  }
  return { ...ike, IkeLifetime: String(ike.IkeLifetime), Psk: pskOf(of, index) };
}
export function ipsecView(of: Connection, index: number, shown = true): ValueOfShape<typeof ipsecShape> {
  const ipsec = of.tunnels[index]?.ipsec;
  if (!shown || ipsec === undefined) return { IpsecAuthAlg: "", IpsecEncAlg: "", IpsecLifetime: "0", IpsecPfs: "" };
  return { ...ipsec, IpsecLifetime: String(ipsec.IpsecLifetime) };
}
