import { regionById } from "../../src/contract/regions.ts";
import { vpnAttachment } from "../../src/services/vpn/vpn-attachment.ts";
import { vpnConnection } from "../../src/services/vpn/vpn-connection.ts";
import { defined, type Family, type Foretold, fresh, isGroupOf, newGroups, newTags, type Refused, refused } from "./foretell.ts";
import { customerOf, gatewayBusy, gatewayFault, noCustomer, noGateway, vpnGatewayOf, vpnTagFault } from "./foretell-vpn.ts";
import { overlapBoth, routesOf, sameBlocks } from "./foretell-vpn-routes.ts";
import { contains, overlap } from "./address-blocks.ts";
import type { Model } from "./model.ts";
import type { Account, Bgp, CustomerGateway, IpsecConnection, Tunnel, VpnGateway, VpnRoute } from "./things.ts";
import { changedAttachmentView, changedConnectionView, hostsOf, learnConnection, modifiedTunnelView } from "./views-vpn.ts";

/** IPsec-VPN connections of VPN gateways, and those that are attached to none. */

const noConnection = refused("InvalidVpnConnectionInstanceId.NotFound", 404);
const invalidTunnels = refused("VpnConnection.InvalidCreateTunnelOptions");
const invalidCidr = refused("IllegalParam.TunnelCidr");
const roles = ["master", "slave"];
const anywhere = "0.0.0.0/0";

/** What a call makes, or would make, of a connection. */
interface Plan {
  /** `undefined` for an attachment. */
  readonly gateway: VpnGateway | undefined;
  /** `undefined` for one that is not there yet. */
  readonly connection: IpsecConnection | undefined;
  readonly local: string;
  readonly remote: string;
  readonly bgpEnabled: boolean;
  readonly tunnels: readonly Tunnel[];
  /** Of each tunnel, if the account has it in the region. */
  readonly customers: readonly (CustomerGateway | undefined)[];
}
interface Asked {
  readonly model: Model;
  readonly by: Account;
  readonly region: string;
}

// Tunnels

function newTunnel(index: number, role: string, zone: string, ip: string, algorithm: string): Tunnel {
  return {
    id: "",
    index,
    role,
    zone,
    ip,
    customerId: "",
    dpd: true,
    natTraversal: true,
    certificate: "",
    psk: "",
    ike: { IkeAuthAlg: algorithm, IkeEncAlg: "aes", IkeLifetime: 86_400, IkeMode: "main", IkePfs: "group2", IkeVersion: "ikev2" },
    localId: "",
    remoteId: "",
    ipsec: { IpsecAuthAlg: algorithm, IpsecEncAlg: "aes", IpsecLifetime: 86_400, IpsecPfs: "group2" },
    bgp: undefined,
  };
}
function plannedBgp(before: Bgp | undefined, { LocalAsn, TunnelCidr, LocalBgpIp }: any = {}): Bgp | undefined {
  const asn = LocalAsn === "0" ? undefined : LocalAsn;
  if (before === undefined && [asn, TunnelCidr, LocalBgpIp].every((given) => given === undefined)) return undefined;
  const localIp = TunnelCidr === undefined ? (before?.localIp ?? "") : hostsOf(TunnelCidr)[0];
  return { asn: asn ?? before?.asn ?? "45104", cidr: TunnelCidr ?? before?.cidr ?? "", localIp: LocalBgpIp ?? localIp };
}
/** A tunnel with what a call says of it. */
function plannedTunnel({ model, by, region }: Asked, before: Tunnel, given: any): Tunnel {
  const { Psk, LocalId, RemoteId, ...ike } = defined(given.TunnelIkeConfig);
  const customerId = given.CustomerGatewayId ?? before.customerId;
  const localId = LocalId ?? before.localId;
  const remoteId = RemoteId ?? before.remoteId;
  return {
    ...before,
    customerId,
    role: given.Role ?? before.role,
    dpd: given.EnableDpd ?? before.dpd,
    natTraversal: given.EnableNatTraversal ?? before.natTraversal,
    certificate: given.RemoteCaCertificate ?? before.certificate,
    psk: Psk ?? before.psk,
    ike: { ...before.ike, ...ike },
    localId: localId === before.ip ? "" : localId,
    remoteId: remoteId === customerOf(model, by, customerId, region)?.ip ? "" : remoteId,
    ipsec: { ...before.ipsec, ...defined(given.TunnelIpsecConfig) },
    bgp: plannedBgp(before.bgp, given.TunnelBgpConfig),
  };
}
/** What a call says of an only tunnel stands in parameters of the connection. */
function singleTunnel(parameters: any): object {
  return {
    CustomerGatewayId: parameters.CustomerGatewayId,
    EnableDpd: parameters.EnableDpd,
    EnableNatTraversal: parameters.EnableNatTraversal,
    RemoteCaCertificate: parameters.RemoteCaCertificate,
    TunnelBgpConfig: parsed(parameters.BgpConfig),
    TunnelIkeConfig: parsed(parameters.IkeConfig),
    TunnelIpsecConfig: parsed(parameters.IpsecConfig),
  };
}
function parsed(json: string | undefined): any {
  return json === undefined ? undefined : JSON.parse(json);
}
const noHealthCheck = { enable: false, dip: "", sip: "", interval: 3, retry: 3, Policy: "revoke_route" };

// What refuses a plan

const cidrsOf = (tunnels: readonly Tunnel[]): string[] => tunnels.flatMap(({ bgp }) => bgp?.cidr || []);
function planFault({ bgpEnabled, tunnels, customers }: Plan): Refused | undefined {
  if (customers.includes(undefined)) return noCustomer;
  const cidrs = cidrsOf(tunnels);
  if (bgpEnabled && cidrs.length < tunnels.length) return refused("MissingParameter.TunnelCidr");
  const isFit = (cidr: string): boolean => cidr.endsWith("/30") && contains("169.254.0.0/16", cidr) && !/^169\.254\.[0-6]\.0\//.test(cidr);
  if (!cidrs.every(isFit)) return invalidCidr;
  if (new Set(cidrs).size < cidrs.length) return invalidCidr;
  const isStray = ({ bgp }: Tunnel): boolean =>
    bgp !== undefined && bgp.localIp !== "" && !(bgp.cidr !== "" && hostsOf(bgp.cidr).includes(bgp.localIp));
  if (tunnels.some(isStray)) return refused("IllegalParam.LocalBgpIp");
  if (bgpEnabled && customers.some((one) => one?.asn === "")) return refused("MissingParam.CustomerGatewayAsn");
  const ends = tunnels.map(({ ip }) => ip);
  return customers.some((one) => ends.includes(one?.ip ?? "")) ? refused("CustomerGateway.ConflictVpnIp") : undefined;
}
/** The other connections of a gateway. */
function siblings(model: Model, gateway: VpnGateway | undefined, connection: IpsecConnection | undefined): IpsecConnection[] {
  return gateway === undefined ? [] : model.connectionsOf(gateway.id).filter((one) => one !== connection);
}

const blocksOf = (text: string): string[] => text.split(",");
function anyOverlap(one: string, other: string): boolean {
  return blocksOf(one).some((block) => blocksOf(other).some((another) => overlap(block, another)));
}
/** Phase 1 of a tunnel with its key, as the two ends must agree on it. */
function phase1({ ike, localId, ip, psk }: Tunnel): string {
  const { IkeAuthAlg, IkeEncAlg, IkeLifetime, IkeMode, IkePfs, IkeVersion } = ike;
  return [IkeAuthAlg, IkeEncAlg, IkeLifetime, IkeMode, IkePfs, IkeVersion, localId || ip, psk].join(" ");
}
/** What keeps a connection from standing beside the others of its gateway. */
function besideFault(model: Model, { gateway, connection, local, remote, tunnels }: Plan): Refused | undefined {
  const others = siblings(model, gateway, connection);
  const taken = others.flatMap((other) => cidrsOf(other.tunnels));
  if (cidrsOf(tunnels).some((cidr) => taken.includes(cidr))) return invalidCidr;
  const isSame = (other: IpsecConnection): boolean =>
    other.local === local &&
    other.remote === remote &&
    other.tunnels.every(({ customerId }, index) => customerId === tunnels[index]?.customerId);
  if (connection === undefined && others.some(isSame)) return refused("InvalidVpnConnection.AlreadyExists");
  const shared = others.flatMap((other) =>
    other.tunnels.flatMap((far) =>
      tunnels.filter(({ ip, customerId }) => ip === far.ip && customerId === far.customerId).map((near) => ({ other, far, near })),
    ),
  );
  if (shared.some(({ far, near }) => phase1(far) !== phase1(near))) {
    return refused("VpnConnectionParamInvalid.SameVpnAndCgwDifferentIkeConfigs");
  }
  const overlaps = shared.some(({ other }) => anyOverlap(local, other.local) && anyOverlap(remote, other.remote));
  return overlaps ? refused("VpnConnectionParamInvalid.SameVpnAndCgwTrafficSelectorOverlap") : undefined;
}

/** The policy-based routes that a connection brings along, and those that it gives up. */
interface AutoRoutes {
  readonly fault: Refused | undefined;
  readonly obsolete: readonly VpnRoute[];
  readonly missing: readonly Pick<VpnRoute, "source" | "destination">[];
}
function pairsOf({ local, remote, autoRoutes }: Pick<IpsecConnection, "local" | "remote" | "autoRoutes">): AutoRoutes["missing"] {
  if (!autoRoutes || (local === anywhere && remote === anywhere)) return [];
  return blocksOf(local).flatMap((source) => blocksOf(remote).map((destination) => ({ source, destination })));
}
function autoRoutesOf({ model, by }: Asked, plan: Plan, gateway: VpnGateway, autoRoutes: boolean): AutoRoutes {
  const wanted = pairsOf({ ...plan, autoRoutes });
  const all = routesOf(model, gateway.id, "pbr");
  const own = all.filter(({ auto, nextHop }) => auto && nextHop === plan.connection?.id);
  const obsolete = own.filter((route) => !wanted.some((pair) => sameBlocks(pair, route)));
  // One that came before and is gone was deleted by a call.
  const before = plan.connection === undefined ? [] : pairsOf(plan.connection);
  const missing = wanted.filter((pair) => !before.some((one) => sameBlocks(pair, one)));
  const others = all.filter((route) => !obsolete.includes(route));
  const alike = others.filter(({ priority }) => priority === 10);
  const room = model.quota("VpnPbrRouteEntry", by.id, gateway.region);
  let fault: Refused | undefined;
  if (missing.some((pair, index) => [...others, ...missing.slice(0, index)].some((one) => sameBlocks(one, pair))))
    fault = refused("VpnRouteEntry.AlreadyExists");
  else if (missing.some((pair, index) => [...alike, ...missing.slice(0, index)].some((one) => overlapBoth(one, pair))))
    fault = refused("VpnRouteEntry.Conflict");
  else if (missing.length > 0 && others.length + missing.length > room) fault = refused("QuotaExceeded.PolicyBasedRoute");
  return { fault, obsolete, missing };
}
function setAutoRoutes(model: Model, gateway: VpnGateway, nextHop: string, { obsolete, missing }: AutoRoutes, event: string): void {
  for (const route of obsolete) model.happens(route, event);
  for (const pair of missing) {
    model.addVpnRoute(event, gateway, { ...pair, type: "pbr", nextHop, weight: 100, priority: 10, published: false, auto: true });
  }
}

// New ones

function withCustomers({ model, by, region }: Asked, plan: Omit<Plan, "customers">): Plan {
  return { ...plan, customers: plan.tunnels.map(({ customerId }) => customerOf(model, by, customerId, region)) };
}
function newBody({ LocalSubnet, RemoteSubnet, EffectImmediately = false, AutoConfigRoute = true, HealthCheckConfig }: any) {
  return {
    local: LocalSubnet as string,
    remote: RemoteSubnet as string,
    effectImmediately: EffectImmediately as boolean,
    autoRoutes: AutoConfigRoute as boolean,
    healthCheck: { ...noHealthCheck, ...parsed(HealthCheckConfig) },
  };
}
function newPlan(asked: Asked, gateway: VpnGateway, parameters: any): Plan {
  const isDual = gateway.ends.length === 2;
  const given = isDual ? parameters.TunnelOptionsSpecification : [singleTunnel(parameters)];
  const tunnels = given.map((one: any, place: number) => {
    const role = one.Role ?? roles[place];
    const end = gateway.ends[role === "slave" ? 1 : 0];
    return plannedTunnel(asked, newTunnel(place + 1, role, end?.zone ?? "", end?.ip ?? "", "md5"), one);
  });
  const haveBlocks = given.every(({ TunnelBgpConfig }: any) => TunnelBgpConfig?.TunnelCidr !== undefined);
  const bgpEnabled = isDual ? (parameters.EnableTunnelsBgp ?? haveBlocks) : (parsed(parameters.BgpConfig)?.EnableBgp ?? false);
  const { LocalSubnet: local, RemoteSubnet: remote } = parameters;
  return withCustomers(asked, { gateway, connection: undefined, local, remote, bgpEnabled, tunnels });
}

// Changes

/** Which tunnel of a connection each given one means; -1 for none. */
function meant({ tunnels }: IpsecConnection, given: readonly any[]): number[] {
  const differ = (all: readonly unknown[]): boolean => !all.includes(undefined) && new Set(all).size === all.length;
  const byRole = differ(given.map(({ Role }) => Role)) && differ(tunnels.map(({ role }) => role));
  return given.map(({ TunnelId, TunnelIndex = 0, Role }, place) => {
    if (TunnelId !== undefined) return tunnels.findIndex(({ id }) => id === TunnelId);
    if (TunnelIndex !== 0) return tunnels.findIndex(({ index }) => index === TunnelIndex);
    const found = byRole ? tunnels.findIndex(({ role }) => role === Role) : -1;
    return found === -1 && given.length === tunnels.length ? place : found;
  });
}
function hasManyByIkev1({ local, remote, tunnels }: Pick<IpsecConnection, "local" | "remote" | "tunnels">): boolean {
  const hasMany = blocksOf(local).length > 1 || blocksOf(remote).length > 1;
  return hasMany && tunnels.some(({ ike }) => ike["IkeVersion"] === "ikev1");
}
/** A change of a connection, and what refuses it before its gateway or its own state is asked. */
function change(asked: Asked, connection: IpsecConnection, parameters: any, given: readonly any[]): Plan | Refused {
  const gateway = connection.gatewayId === "" ? undefined : asked.model.vpnGateway(connection.gatewayId);
  const isDual = connection.tunnels.length === 2;
  const places = meant(connection, given);
  // An attachment has one certificate.
  const ofBoth = { RemoteCaCertificate: parameters.RemoteCaCert };
  const single = singleTunnel({ ...parameters, CustomerGatewayId: undefined });
  const tunnels = connection.tunnels.map((tunnel, index) =>
    plannedTunnel(asked, tunnel, { ...ofBoth, ...(given[places.indexOf(index)] ?? (isDual ? {} : single)) }),
  );
  const plan = withCustomers(asked, {
    gateway,
    connection,
    local: parameters.LocalSubnet ?? connection.local,
    remote: parameters.RemoteSubnet ?? connection.remote,
    bgpEnabled: (isDual ? parameters.EnableTunnelsBgp : parsed(parameters.BgpConfig)?.EnableBgp) ?? connection.bgpEnabled,
    tunnels,
  });
  if (given.length > 0 && !isDual) return invalidTunnels;
  if (places.includes(-1) || new Set(places).size < places.length) return refused("IllegalParam.TunnelId");
  const hasTwins = new Set(tunnels.map(({ role }) => role)).size < tunnels.length;
  if (gateway !== undefined && hasTwins) return refused("IllegalParam.Role");
  if (hasManyByIkev1(plan) && !hasManyByIkev1(connection)) return refused("ModifyIkeV1WithMultiRoutes.Invalid");
  return planFault(plan) ?? plan;
}
function applyChange(of: IpsecConnection, { local, remote, bgpEnabled, tunnels }: Plan, parameters: any): void {
  const { Name, EffectImmediately, AutoConfigRoute, HealthCheckConfig, NetworkType } = parameters;
  of.name = Name ?? of.name;
  of.isPrivate = NetworkType === undefined ? of.isPrivate : NetworkType === "private";
  Object.assign(of, { local, remote, bgpEnabled });
  of.effectImmediately = EffectImmediately ?? of.effectImmediately;
  of.autoRoutes = AutoConfigRoute ?? of.autoRoutes;
  of.healthCheck = { ...of.healthCheck, ...parsed(HealthCheckConfig) };
  of.tunnels = of.gatewayId === "" && of.isPrivate ? tunnels.map((tunnel) => ({ ...tunnel, ip: "" })) : tunnels;
}
/** A change of a connection of a gateway, as a whole or of one tunnel. */
function gatewayChange(
  asked: Asked,
  connection: IpsecConnection,
  event: string,
  parameters: any,
  given: readonly any[],
  view: () => Readonly<Record<string, unknown>>,
): Foretold {
  const { model } = asked;
  const gateway = model.vpnGateway(connection.gatewayId);
  const plan = change(asked, connection, parameters, given);
  if ("code" in plan) return plan;
  const fault = gatewayFault(model, gateway, event) ?? besideFault(model, plan);
  if (fault !== undefined) return fault;
  const isWhole = event === "ModifyVpnConnectionAttribute";
  const routes = autoRoutesOf(asked, plan, gateway, parameters.AutoConfigRoute ?? connection.autoRoutes);
  if (isWhole && routes.fault !== undefined) return routes.fault;
  return () => {
    if (isWhole) setAutoRoutes(model, gateway, connection.id, routes, event);
    model.happens(connection, event);
    model.happens(gateway, event);
    applyChange(connection, plan, parameters);
    return view();
  };
}

const connectionOf = (model: Model, by: Account, { VpnConnectionId, RegionId }: any): IpsecConnection | undefined =>
  model.owned(model.vpnConnections, VpnConnectionId, by.id, RegionId);
const attachmentOf = (model: Model, by: Account, { VpnConnectionId, RegionId }: any): IpsecConnection | undefined =>
  model.owned(model.attachments, VpnConnectionId, by.id, RegionId);

export const ipsecFamily: Family = {
  CreateVpnConnection(model, by, parameters) {
    const { RegionId, Name, CustomerGatewayId, TunnelOptionsSpecification: given = [], Tags } = parameters;
    const gateway = vpnGatewayOf(model, by, parameters);
    if (gateway === undefined) return noGateway;
    if (!gateway.ipsec) return refused("VpnGateway.IpsecVpnDisabled");
    const isDual = gateway.ends.length === 2;
    const isWhole = given.length === 2 && given.every((one: any) => one.CustomerGatewayId !== undefined);
    if (isDual && !isWhole) return refused("MissingParameter.TunnelOptionsSpecification");
    const givenRoles = given.map(({ Role }: any, index: number) => Role ?? roles[index]);
    if (new Set(givenRoles).size < given.length) return refused("IllegalParam.Role");
    if (!isDual && given.length > 0) return invalidTunnels;
    if (!isDual && CustomerGatewayId === undefined) return refused("MissingCustomerGatewayId");
    const asked = { model, by, region: RegionId };
    const plan = newPlan(asked, gateway, parameters);
    const fault = vpnTagFault(Tags) ?? planFault(plan) ?? gatewayFault(model, gateway, "CreateVpnConnection");
    if (fault !== undefined) return fault;
    const isFull = model.connectionsOf(gateway.id).length >= model.quota("VpnConnection", by.id, RegionId);
    if (isFull) return refused("CreateVpnConnectionsQuotaFull.QuotaFull");
    const routes = autoRoutesOf(asked, plan, gateway, parameters.AutoConfigRoute ?? true);
    const beside = besideFault(model, plan) ?? routes.fault;
    if (beside !== undefined) return beside;
    return ({ VpnConnectionId }) => {
      const { id, name, createdAt } = model.addIpsecConnection({
        id: fresh(model, vpnConnection, VpnConnectionId),
        account: by.id,
        region: RegionId,
        groups: new Map(gateway.groups),
        tags: newTags(by, Tags),
        name: Name ?? VpnConnectionId,
        gatewayId: gateway.id,
        isPrivate: gateway.isPrivate,
        tunnelBandwidth: "",
        ...newBody(parameters),
        bgpEnabled: plan.bgpEnabled,
        tunnels: plan.tunnels,
      });
      setAutoRoutes(model, gateway, id, routes, "CreateVpnConnection");
      model.happens(gateway, "CreateVpnConnection");
      return { CreateTime: createdAt, Name: name, VpnConnectionId: id };
    };
  },
  ModifyVpnConnectionAttribute(model, by, parameters) {
    const changed = connectionOf(model, by, parameters);
    if (changed === undefined) return noConnection;
    const { RegionId: region, TunnelOptionsSpecification: given = [] } = parameters;
    const view = (): Record<string, unknown> => changedConnectionView(model, changed);
    return gatewayChange({ model, by, region }, changed, "ModifyVpnConnectionAttribute", parameters, given, view);
  },
  ModifyTunnelAttribute(model, by, parameters) {
    const changed = connectionOf(model, by, parameters);
    if (changed === undefined) return noConnection;
    const { TunnelId, TunnelOptionsSpecification: given } = parameters;
    const index = changed.tunnels.findIndex(({ id }) => id === TunnelId);
    if (index === -1) return refused("IllegalParam.TunnelId");
    const view = (): Record<string, unknown> => modifiedTunnelView(model, changed, index);
    return gatewayChange({ model, by, region: changed.region }, changed, "ModifyTunnelAttribute", {}, [{ ...given, TunnelId }], view);
  },
  DeleteVpnConnection(model, by, parameters) {
    const deleted = connectionOf(model, by, parameters);
    if (deleted === undefined) return noConnection;
    const gateway = model.vpnGateway(deleted.gatewayId);
    if (!model.may(gateway, "DeleteVpnConnection")) return gatewayBusy;
    return () => {
      model.happens(deleted, "DeleteVpnConnection");
      model.happens(gateway, "DeleteVpnConnection");
      return {};
    };
  },

  CreateVpnAttachment(model, by, parameters) {
    const { RegionId, TunnelOptionsSpecification: given = [], Tags, ResourceGroupId, RemoteCaCert: RemoteCaCertificate } = parameters;
    const indexes = given.map(({ TunnelIndex = 0 }: any, place: number) => TunnelIndex || place + 1);
    const isWhole = given.length === 2 && given.every((one: any) => one.CustomerGatewayId !== undefined);
    if (!isWhole || new Set(indexes).size < 2) return invalidTunnels;
    const asked = { model, by, region: RegionId };
    const zones = regionById(RegionId)?.zones ?? [];
    const tunnels = given.map((one: any, place: number) => {
      const index = indexes[place];
      const begun = newTunnel(index, roles[index - 1] ?? "", zones[index - 1] ?? zones[0] ?? "", "", "sha1");
      return plannedTunnel(asked, begun, { ...one, RemoteCaCertificate });
    });
    const { LocalSubnet: local, RemoteSubnet: remote, EnableTunnelsBgp: bgpEnabled = false } = parameters;
    const plan = withCustomers(asked, { gateway: undefined, connection: undefined, local, remote, bgpEnabled, tunnels });
    const fault = vpnTagFault(Tags) ?? planFault(plan);
    if (fault !== undefined) return fault;
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    return ({ VpnConnectionId }) => {
      const { id, name, createdAt } = model.addIpsecConnection({
        id: fresh(model, vpnAttachment, VpnConnectionId),
        account: by.id,
        region: RegionId,
        groups: newGroups(by, ResourceGroupId),
        tags: newTags(by, Tags),
        name: parameters.Name ?? "",
        gatewayId: "",
        isPrivate: parameters.NetworkType === "private",
        tunnelBandwidth: parameters.TunnelBandwidth ?? "Standard",
        ...newBody(parameters),
        bgpEnabled,
        tunnels,
      });
      return { Code: "200", CreateTime: createdAt, Message: "success", Name: name, Success: true, VpnConnectionId: id };
    };
  },
  ModifyVpnAttachmentAttribute(model, by, parameters) {
    const changed = attachmentOf(model, by, parameters);
    if (changed === undefined) return noConnection;
    const asked = { model, by, region: parameters.RegionId };
    const plan = change(asked, changed, parameters, parameters.TunnelOptionsSpecification ?? []);
    if ("code" in plan) return plan;
    return (answer) => {
      model.happens(changed, "ModifyVpnAttachmentAttribute");
      applyChange(changed, plan, parameters);
      learnConnection(model, changed, answer);
      return changedAttachmentView(model, changed);
    };
  },
  DeleteVpnAttachment(model, by, parameters) {
    const deleted = attachmentOf(model, by, parameters);
    if (deleted === undefined) return noConnection;
    return () => {
      model.happens(deleted, "DeleteVpnAttachment");
      return { Code: "200", Message: "success", Success: true };
    };
  },
};
