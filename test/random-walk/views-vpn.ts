import assert from "node:assert/strict";
import type { Random } from "../support/random.ts";
import { contains } from "./address-blocks.ts";
import type { Model } from "./model.ts";
import { type Account, type CustomerGateway, type IpsecConnection, statusOf, type Thing, type Tunnel } from "./things.ts";
import type { VpnGateway, VpnRoute } from "./things.ts";
import { all, byTagOrGroup, codeOf, type Condition, here, joined, type ListRead, listTags, numbered, type Read, tagList } from "./views.ts";

/** What reads of the VPN families must answer, from the model: every field. */

/** The number that the cloud has in BGP unless told otherwise. */
const cloudAsn = 45104;
/** Where public ends have their addresses. */
const publicEnds = "198.18.0.0/15";

/** Some fields of a view, as the answers of writes show them. */
export function shown(view: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, view[field]]));
}
function without(view: Readonly<Record<string, unknown>>, ...fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(view).filter(([field]) => !fields.includes(field)));
}

// Gateways

export function vpnGatewayView(of: VpnGateway): Record<string, unknown> {
  const [first, second] = of.ends;
  return {
    AutoPropagate: of.propagates,
    BusinessStatus: of.businessStatus,
    ChargeType: of.chargeType,
    CreateTime: of.createdAt,
    Description: of.description,
    DisasterRecoveryInternetIp: second?.ip ?? "",
    DisasterRecoveryVSwitchId: second?.switchId ?? "",
    EnableBgp: true,
    EndTime: of.endsAt,
    EniInstanceIds: { EniInstanceId: [] },
    GatewayType: "Traditional",
    InternetIp: first?.ip,
    IpsecVpn: of.ipsec ? "enable" : "disable",
    Name: of.name,
    NetworkType: of.isPrivate ? "private" : "public",
    ResourceGroupId: of.groups.get(of.account),
    Spec: `${of.bandwidth}M`,
    SslMaxConnections: of.sslConnections,
    SslVpn: of.ssl ? "enable" : "disable",
    SslVpnInternetIp: of.ssl ? first?.ip : "",
    Status: statusOf(of),
    Tag: JSON.stringify({ VpnEnableBgp: "true", PbrPriority: "true", VpnNewImage: "true", VpnVersion: "v1.2.9" }),
    Tags: { Tag: tagList(of, of.account) },
    VSwitchId: first?.switchId,
    VpcId: of.vpcId,
    VpnGatewayId: of.id,
    VpnType: "Normal",
  };
}
/** Takes over the addresses of a new gateway, which must be where they can be and nobody else's. From then on they must stay. */
function learnGateway(model: Model, of: VpnGateway, body: any): void {
  const answered = [body.InternetIp, body.DisasterRecoveryInternetIp];
  for (const [index, end] of of.ends.entries()) {
    if (end.ip !== "") continue;
    const block = model.switches.find(({ id }) => id === end.switchId)?.cidr ?? model.vpc(of.vpcId).cidr;
    end.ip = newAddress(model, of.isPrivate ? block : publicEnds, answered[index], of.isPrivate ? of.vpcId : "");
  }
}
function newAddress(model: Model, block: string, address: unknown, vpcId: string): string {
  assert.ok(typeof address === "string" && contains(block, `${address}/32`), `${JSON.stringify(address)} is an address of ${block}`);
  const gateways = model.vpnGateways.filter((one) => (one.isPrivate ? one.vpcId : "") === vpcId);
  const taken = [...gateways.flatMap(({ ends }) => ends), ...model.attachments.flatMap(({ tunnels }) => tunnels)];
  assert.ok(!taken.some(({ ip }) => ip === address), `${address} is nobody else's`);
  return address;
}

export function customerGatewayView(of: CustomerGateway): Record<string, unknown> {
  return {
    ...(of.asn === "" ? {} : { Asn: Number(of.asn) }),
    AuthKey: of.authKey,
    CreateTime: of.createdAt,
    CustomerGatewayId: of.id,
    Description: of.description,
    IpAddress: of.ip,
    Name: of.name,
    ResourceGroupId: of.groups.get(of.account),
    Tags: { Tag: tagList(of, of.account) },
  };
}

// Connections

function negotiation({ simulated, simulatedSecond }: IpsecConnection, tunnel: number): string {
  return (tunnel === 1 && simulatedSecond) || simulated || "ike_sa_not_established";
}
function isEstablished(of: IpsecConnection, tunnel: number): boolean {
  return negotiation(of, tunnel) === "ipsec_sa_established";
}
function bgpStatus(of: IpsecConnection, tunnel: number): string {
  return of.bgpEnabled && isEstablished(of, tunnel) ? "success" : "false";
}
/** The two addresses of a tunnel block `….n/30`. */
export function hostsOf(cidr: string): string[] {
  return [1, 2].map((host) => cidr.replace(/\d+\/30$/, (end) => String(Number(end.split("/")[0]) + host)));
}
function peerIp(cidr: string, localIp: string): string {
  return cidr === "" ? "" : (hostsOf(cidr).find((ip) => ip !== localIp) ?? "");
}
const customer = (model: Model, { customerId }: Tunnel): CustomerGateway =>
  model.customerGateways.find(({ id }) => id === customerId) as CustomerGateway;

function ikeView(model: Model, of: Tunnel | undefined): Record<string, unknown> {
  if (of === undefined) {
    return { IkeAuthAlg: "", IkeEncAlg: "", IkeLifetime: 0, IkeMode: "", IkePfs: "", IkeVersion: "", LocalId: "", Psk: "", RemoteId: "" };
  }
  return { ...of.ike, LocalId: of.localId || of.ip, RemoteId: of.remoteId || customer(model, of).ip, Psk: of.psk };
}
function ipsecView(of: Tunnel | undefined): Record<string, unknown> {
  return { ...(of?.ipsec ?? { IpsecAuthAlg: "", IpsecEncAlg: "", IpsecLifetime: 0, IpsecPfs: "" }) };
}
function tunnelBgp(model: Model, tunnel: Tunnel): Record<string, string> {
  const { bgp } = tunnel;
  if (bgp === undefined) return {};
  const { asn } = customer(model, tunnel);
  const peer: Record<string, string> = asn === "" ? {} : { PeerAsn: asn };
  return { LocalAsn: bgp.asn, LocalBgpIp: bgp.localIp, ...peer, PeerBgpIp: peerIp(bgp.cidr, bgp.localIp), TunnelCidr: bgp.cidr };
}
function tunnelView(model: Model, of: IpsecConnection, index: number): Record<string, unknown> {
  const tunnel = of.tunnels[index] as Tunnel;
  const states: Readonly<Record<string, string>> = { provisioning: "updating", updating: "updating", deleting: "deleting" };
  return {
    CustomerGatewayId: tunnel.customerId,
    EnableDpd: tunnel.dpd,
    EnableNatTraversal: tunnel.natTraversal,
    InternetIp: tunnel.ip,
    RemoteCaCertificate: tunnel.certificate,
    Role: tunnel.role,
    State: states[of.state] ?? "active",
    Status: negotiation(of, index),
    TunnelBgpConfig: { ...(tunnel.bgp === undefined ? {} : { BgpStatus: bgpStatus(of, index) }), ...tunnelBgp(model, tunnel) },
    TunnelId: tunnel.id,
    TunnelIkeConfig: ikeView(model, tunnel),
    TunnelIndex: tunnel.index,
    TunnelIpsecConfig: ipsecView(tunnel),
    ZoneNo: tunnel.zone,
  };
}
/** A tunnel as changes answer it: its numbers are numbers, and nothing is said of its negotiation. */
function changedTunnelView(model: Model, of: IpsecConnection, index: number): Record<string, unknown> {
  const bgp = Object.entries(tunnelBgp(model, of.tunnels[index] as Tunnel));
  const TunnelBgpConfig = Object.fromEntries(bgp.map(([name, value]) => [name, name.endsWith("Asn") ? Number(value) : value]));
  return { ...without(tunnelView(model, of, index), "Status", "TunnelIndex"), TunnelBgpConfig };
}

function connectionView(model: Model, of: IpsecConnection): Record<string, any> {
  const gateway = of.gatewayId === "" ? undefined : model.vpnGateway(of.gatewayId);
  const only = of.tunnels.length === 1 ? of.tunnels[0] : undefined;
  const bgp = only?.bgp;
  return {
    AttachInstanceId: "",
    AttachType: gateway === undefined ? "NO_ASSOCIATED" : "VPNGW",
    CreateTime: of.createdAt,
    CrossAccountAuthorized: false,
    CustomerGatewayId: only?.customerId ?? "",
    EffectImmediately: of.effectImmediately,
    EnableDpd: only?.dpd ?? false,
    EnableNatTraversal: only?.natTraversal ?? false,
    EnableTunnelsBgp: only === undefined && of.bgpEnabled,
    IkeConfig: ikeView(model, only),
    InternetIp: only?.ip ?? "",
    IpsecConfig: ipsecView(only),
    LocalSubnet: of.local,
    Name: of.name,
    NetworkType: of.isPrivate ? "private" : "public",
    RemoteCaCertificate: only?.certificate ?? "",
    RemoteSubnet: of.remote,
    ResourceGroupId: of.groups.get(of.account),
    Spec: `${gateway?.bandwidth ?? 1000}M`,
    State: statusOf(of),
    // Of two tunnels each has its own.
    Status: only === undefined ? "" : negotiation(of, 0),
    Tags: { Tag: tagList(of, of.account) },
    TransitRouterId: "",
    TransitRouterName: "",
    TunnelBandwidth: of.tunnelBandwidth,
    TunnelOptionsSpecification: { TunnelOptions: only === undefined ? of.tunnels.map((_, index) => tunnelView(model, of, index)) : [] },
    VcoHealthCheck: {
      Dip: of.healthCheck["dip"],
      Enable: String(of.healthCheck["enable"]),
      Interval: of.healthCheck["interval"],
      Policy: of.healthCheck["Policy"],
      Retry: of.healthCheck["retry"],
      Sip: of.healthCheck["sip"],
      Status: of.healthCheck["enable"] === true ? (isEstablished(of, 0) ? "success" : "failed") : "",
    },
    VpnBgpConfig: {
      AuthKey: only === undefined ? "" : customer(model, only).authKey,
      EnableBgp: String(only !== undefined && of.bgpEnabled),
      LocalAsn: Number(bgp?.asn ?? cloudAsn),
      LocalBgpIp: bgp?.localIp ?? "",
      PeerAsn: only === undefined || bgp === undefined ? 0 : Number(customer(model, only).asn),
      PeerBgpIp: bgp === undefined ? "" : peerIp(bgp.cidr, bgp.localIp),
      Status: only === undefined ? "" : bgpStatus(of, 0),
      TunnelCidr: bgp?.cidr ?? "",
    },
    VpnConnectionId: of.id,
    VpnGatewayId: of.gatewayId,
    ZoneNo: only?.zone ?? "",
  };
}
function listedConnectionView(model: Model, of: IpsecConnection): Record<string, unknown> {
  const { Tags, ZoneNo: _zone, VpnBgpConfig, ...view } = connectionView(model, of);
  return { ...view, Tag: Tags, VpnBgpConfig: without(VpnBgpConfig, "EnableBgp") };
}
const changedFields = [
  "CreateTime",
  "CustomerGatewayId",
  "EffectImmediately",
  "EnableDpd",
  "EnableNatTraversal",
  "EnableTunnelsBgp",
  "IkeConfig",
  "IpsecConfig",
  "LocalSubnet",
  "Name",
  "RemoteSubnet",
  "ResourceGroupId",
  "VpnConnectionId",
  "VpnGatewayId",
];
/** What ModifyVpnConnectionAttribute answers. */
export function changedConnectionView(model: Model, of: IpsecConnection): Record<string, unknown> {
  const view = connectionView(model, of);
  const tunnels = of.tunnels.length === 1 ? [] : of.tunnels.map((_tunnel, index) => changedTunnelView(model, of, index));
  return {
    ...shown(view, changedFields),
    Description: "",
    TunnelOptionsSpecification: { TunnelOptions: tunnels },
    VcoHealthCheck: without(view["VcoHealthCheck"], "Policy", "Status"),
    VpnBgpConfig: without(view["VpnBgpConfig"], "AuthKey"),
  };
}
/** What ModifyVpnAttachmentAttribute answers: tunnels in a bare list, with their numbers. */
export function changedAttachmentView(model: Model, of: IpsecConnection): Record<string, unknown> {
  const view = connectionView(model, of);
  return {
    ...shown(view, [...changedFields, "AttachInstanceId", "AttachType", "NetworkType", "Spec", "Status"]),
    Description: "",
    TunnelOptionsSpecification: of.tunnels.map(({ index: TunnelIndex }, index) => ({
      ...without(changedTunnelView(model, of, index), "RemoteCaCertificate", "ZoneNo"),
      TunnelIndex,
    })),
    VcoHealthCheck: without(view["VcoHealthCheck"], "Status"),
    VpnBgpConfig: without(view["VpnBgpConfig"], "AuthKey"),
  };
}
/** What ModifyTunnelAttribute answers. */
export function modifiedTunnelView(model: Model, of: IpsecConnection, index: number): Record<string, unknown> {
  const view = changedTunnelView(model, of, index);
  return { ...view, TunnelBgpConfig: { ...(view["TunnelBgpConfig"] as object), EnableBgp: of.bgpEnabled } };
}
/** Takes over what the server made by itself: ids and addresses of tunnels, and keys that the account left open. From then on they must stay. */
export function learnConnection(model: Model, of: IpsecConnection, body: any): void {
  const answered = body.TunnelOptionsSpecification?.TunnelOptions ?? body.TunnelOptionsSpecification ?? [];
  for (const [index, tunnel] of of.tunnels.entries()) {
    const { TunnelId = "", InternetIp, TunnelIkeConfig: { Psk } = body.IkeConfig } = answered[index] ?? {};
    if (of.gatewayId === "" && !of.isPrivate && tunnel.ip === "") tunnel.ip = newAddress(model, publicEnds, InternetIp, "");
    if (of.tunnels.length > 1 && tunnel.id === "") {
      assert.match(TunnelId, /^tun-[0-9a-z]{18}$/);
      tunnel.id = TunnelId;
    }
    if (tunnel.psk === "") {
      assert.match(Psk, /^[0-9a-f]{16}$/);
      tunnel.psk = Psk;
    }
  }
}

// Routes

export function routeState({ published }: Pick<VpnRoute, "published">): string {
  return published ? "published" : "normal";
}
function routeView(of: VpnRoute): Record<string, unknown> {
  const view = {
    CreateTime: of.createdAt,
    NextHop: of.nextHop,
    NextHopTunnelId: "",
    RouteDest: of.destination,
    State: routeState(of),
    VpnInstanceId: of.gatewayId,
    Weight: of.weight,
  };
  if (of.type === "pbr") return { ...view, Priority: of.priority, RouteSource: of.source };
  return { ...view, AsPath: "", Community: "", RouteEntryType: "custom", Source: "" };
}
/** The routes of a gateway of one type, all or a page, as an account that may not be its owner reads them. */
function routeList(model: Model, by: Account, of: VpnGateway, type: VpnRoute["type"], random: Random | undefined): Read {
  const action = type === "dbr" ? "DescribeVpnRouteEntries" : "DescribeVpnPbrRouteEntries";
  const routes = model.vpnRoutes.filter((one) => one.gatewayId === of.id && one.type === type);
  const { parameters, page, echo } = numbered(random, routes);
  const read = { by, product: "vpc", action, parameters: { RegionId: of.region, VpnGatewayId: of.id, ...parameters } } as const;
  if (of.account !== by.id) return { ...read, of: codeOf, expected: "InvalidVpnGatewayInstanceId.NotFound" };
  if (type === "pbr") return { ...read, expected: { ...echo, VpnPbrRouteEntries: { VpnPbrRouteEntry: page.map(routeView) } } };
  const counts = [{ RouteCount: routes.length, RouteEntryType: "custom", Source: "" }];
  const expected = { ...echo, VpnRouteCounts: { VpnRouteCount: counts }, VpnRouteEntries: { VpnRouteEntry: page.map(routeView) } };
  return { ...read, expected };
}
/** All routes of a gateway, of both types. */
export function routesOfGateway(model: Model, of: VpnGateway): Read[] {
  return (["dbr", "pbr"] as const).map((type) => routeList(model, model.account(of.account), of, type, undefined));
}

// Lists

const describeVpnGateways: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const own = model.vpnGateways.filter(here(place));
  const known = own.length === 0 ? undefined : random?.pick(own);
  const status = random?.pick(["active", "updating", "provisioning"]);
  const filter: Condition<VpnGateway> =
    random === undefined
      ? all
      : joined<VpnGateway>(random, [
          ...byTagOrGroup<VpnGateway>(random, by),
          { parameters: { VpcId: known?.vpcId ?? "vpc-nowhere" }, fits: ({ vpcId }) => vpcId === known?.vpcId },
          { parameters: { VpnGatewayId: known?.id ?? "vpn-nowhere" }, fits: ({ id }) => id === known?.id },
          { parameters: { Status: status }, fits: ({ state }) => state === status },
          { parameters: { BusinessStatus: "FinancialLocked" }, fits: ({ businessStatus }) => businessStatus === "FinancialLocked" },
        ]);
  const { parameters, page, echo } = numbered(random, own.filter(filter.fits));
  const expected = { ...echo, VpnGateways: { VpnGateway: page.map(vpnGatewayView) } };
  return { by, product: "vpc", action: "DescribeVpnGateways", parameters: { RegionId, ...filter.parameters, ...parameters }, expected };
};

const describeCustomerGateways: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const own = model.customerGateways.filter(here(place));
  const known = own.length === 0 ? undefined : random?.pick(own);
  const filter: Condition<CustomerGateway> =
    random === undefined
      ? all
      : joined<CustomerGateway>(random, [
          ...byTagOrGroup<CustomerGateway>(random, by),
          { parameters: { CustomerGatewayId: known?.id ?? "cgw-nowhere" }, fits: ({ id }) => id === known?.id },
        ]);
  const { parameters, page, echo } = numbered(random, own.filter(filter.fits));
  const expected = { ...echo, CustomerGateways: { CustomerGateway: page.map(customerGatewayView) } };
  return {
    by,
    product: "vpc",
    action: "DescribeCustomerGateways",
    parameters: { RegionId, ...filter.parameters, ...parameters },
    expected,
  };
};

const describeVpnConnections: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  // Those of gateways come first.
  const own = [...model.vpnConnections, ...model.attachments].filter(here(place));
  const known = own.length === 0 ? undefined : random?.pick(own);
  const customerId = known?.tunnels[0]?.customerId ?? "cgw-nowhere";
  const gatewayId = known?.gatewayId || "vpn-nowhere";
  const filter: Condition<IpsecConnection> =
    random === undefined
      ? all
      : joined<IpsecConnection>(random, [
          ...byTagOrGroup<IpsecConnection>(random, by),
          { parameters: { VpnGatewayId: gatewayId }, fits: (one) => one.gatewayId === gatewayId },
          { parameters: { CustomerGatewayId: customerId }, fits: ({ tunnels }) => tunnels.some((one) => one.customerId === customerId) },
          { parameters: { VpnConnectionId: known?.id ?? "vco-nowhere" }, fits: ({ id }) => id === known?.id },
        ]);
  const { parameters, page, echo } = numbered(random, own.filter(filter.fits));
  const expected = { ...echo, VpnConnections: { VpnConnection: page.map((one) => listedConnectionView(model, one)) } };
  return { by, product: "vpc", action: "DescribeVpnConnections", parameters: { RegionId, ...filter.parameters, ...parameters }, expected };
};

/** A page of the routes of some gateway, of whatever account. */
const someRoutes =
  (type: VpnRoute["type"]): ListRead =>
  (model, place, random) => {
    const [gateway] = random === undefined ? [] : random.shuffled(model.vpnGateways);
    return gateway === undefined ? describeVpnGateways(model, place, random) : routeList(model, place.by, gateway, type, random);
  };

const tagged = (type: string, thingsOf: (model: Model) => readonly Thing[]): ListRead =>
  listTags("vpc", type, (model, place) => thingsOf(model).filter(here(place)));

/** Reads whose answers hold all that an account has in a region. */
export const wholeVpnLists: readonly ListRead[] = [describeVpnGateways, describeCustomerGateways, describeVpnConnections];
/** Reads with filters and pages. */
export const filteredVpnLists: readonly ListRead[] = [
  ...wholeVpnLists,
  someRoutes("dbr"),
  someRoutes("pbr"),
  tagged("VpnGateWay", ({ vpnGateways }) => vpnGateways),
  tagged("CUSTOMERGATEWAY", ({ customerGateways }) => customerGateways),
  tagged("VPNCONNECTION", ({ vpnConnections }) => vpnConnections),
  tagged("VPNATTACHMENT", ({ attachments }) => attachments),
];

// Single resources

/** What one account reads of what an id names, or named; `undefined` where it is no id of these families. */
export function vpnAttribute(model: Model, by: Account, id: string, region: string): Read | undefined {
  const thing = model.things.find((one) => one.id === id);
  const isVisible = thing?.account === by.id && thing.region === region;
  const [prefix = ""] = id.split("-");
  const forms: Readonly<Record<string, readonly [action: string, parameter: string, missing: string]>> = {
    vpn: ["DescribeVpnGateway", "VpnGatewayId", "InvalidVpnGatewayInstanceId.NotFound"],
    cgw: ["DescribeCustomerGateway", "CustomerGatewayId", "InvalidCustomerGatewayInstanceId.NotFound"],
    vco: ["DescribeVpnConnection", "VpnConnectionId", "InvalidVpnConnectionInstanceId.NotFound"],
  };
  const form = forms[prefix];
  if (form === undefined) return undefined;
  const [action, parameter, missing] = form;
  const read = { by, product: "vpc", action, parameters: { RegionId: region, [parameter]: id } } as const;
  if (!isVisible) return { ...read, of: codeOf, expected: missing };
  if (prefix === "cgw") return { ...read, expected: customerGatewayView(thing as CustomerGateway) };
  const [learn, view] =
    prefix === "vpn"
      ? [(body: any) => learnGateway(model, thing as VpnGateway, body), () => vpnGatewayView(thing as VpnGateway)]
      : [(body: any) => learnConnection(model, thing as IpsecConnection, body), () => connectionView(model, thing as IpsecConnection)];
  return {
    ...read,
    learn,
    get expected() {
      return view();
    },
  };
}
