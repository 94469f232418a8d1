import { tagsOf } from "../../contract/indexes.ts";
import { bool, long, structure, text, type ValueOfShape, wrapped } from "../../contract/response.ts";
import { shownStatus } from "../../contract/state-table.ts";
import { tagShape } from "../vpc/vpc-view.ts";
import { gatewayType, type VpnGateway, vpnGateway } from "./vpn-gateway.ts";

const reservation = structure({
  ReservationEndTime: text,
  ReservationIpsec: text,
  ReservationMaxConnections: { type: "integer" } as const,
  ReservationOrderType: text,
  ReservationSpec: text,
  ReservationSsl: text,
  Status: text,
});

/** Fields of a VPN gateway, alike in its read and in lists. Times are virtual milliseconds since 1970. */
export const vpnGatewayFields = {
  AutoPropagate: bool,
  BusinessStatus: text,
  ChargeType: text,
  CreateTime: long,
  Description: text,
  DisasterRecoveryInternetIp: text,
  DisasterRecoveryVSwitchId: text,
  EnableBgp: bool,
  EndTime: long,
  EniInstanceIds: wrapped("EniInstanceId", text),
  GatewayType: text,
  InternetIp: text,
  IpsecVpn: text,
  Name: text,
  NetworkType: text,
  ReservationData: { type: "optional", inner: reservation } as const,
  ResourceGroupId: text,
  Spec: text,
  SslMaxConnections: long,
  SslVpn: text,
  SslVpnInternetIp: text,
  Status: text,
  Tag: text,
  Tags: wrapped("Tag", tagShape),
  VSwitchId: text,
  VpcId: text,
  VpnGatewayId: text,
  VpnType: text,
} as const;
const shape = structure(vpnGatewayFields);

/** What the image of every gateway here can do, in the form of the answer's `Tag`: a JSON object as text. */
const capabilities = JSON.stringify({ VpnEnableBgp: "true", PbrPriority: "true", VpnNewImage: "true", VpnVersion: "v1.2.9" });

/** A VPN gateway as its owner sees it. */
export function vpnGatewayView(of: VpnGateway): ValueOfShape<typeof shape> {
  return {
    AutoPropagate: of.autoPropagate,
    BusinessStatus: of.BusinessStatus,
    ChargeType: of.ChargeType,
    CreateTime: String(of.createdAt),
    Description: of.description,
    DisasterRecoveryInternetIp: of.disasterRecoveryInternetIp,
    DisasterRecoveryVSwitchId: of.disasterRecoveryVSwitchId,
    EnableBgp: true,
    EndTime: String(of.endsAt),
    EniInstanceIds: { EniInstanceId: [] },
    GatewayType: gatewayType,
    InternetIp: of.internetIp,
    IpsecVpn: of.ipsecEnabled ? "enable" : "disable",
    Name: of.name,
    NetworkType: of.networkType,
    ReservationData: undefined,
    ResourceGroupId: of.resourceGroups[of.account] ?? "",
    // Clients read the digits before the M.
    Spec: `${of.bandwidth}M`,
    SslMaxConnections: String(of.sslConnections),
    SslVpn: of.sslEnabled ? "enable" : "disable",
    SslVpnInternetIp: of.sslEnabled ? of.internetIp : "",
    Status: shownStatus(vpnGateway.states, of.state),
    Tag: capabilities,
    Tags: { Tag: tagsOf(of, of.account) },
    VSwitchId: of.vSwitchId,
    VpcId: of.vpcId,
    VpnGatewayId: of.id,
    VpnType: "Normal",
  };
}
