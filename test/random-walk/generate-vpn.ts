import { regionById } from "../../src/contract/regions.ts";
import { isTransitional } from "../../src/contract/state-table.ts";
import { type Ground, type Made, type Make, type Maker, type Product, vpc } from "./ground.ts";
import type { Model } from "./model.ts";
import type { CustomerGateway, IpsecConnection, Thing, VpnGateway, VpnRoute } from "./things.ts";

/** Calls about VPN gateways, customer gateways, IPsec-VPN connections and routes of VPN gateways. */

const customerIps = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"];
const locals = ["0.0.0.0/0", "10.0.0.0/24", "10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/16", "10.0.0.0/24,10.0.1.0/24"];
const remotes = ["0.0.0.0/0", "172.20.1.0/24", "172.20.2.0/24", "172.20.0.0/16", "172.20.1.0/24,172.21.0.0/16"];
/** Where routes lead: elsewhere, into the VPC, and to the cloud's own services. */
const routeDestinations = ["172.20.1.0/24", "172.20.0.0/16", "10.9.1.0/24", "10.0.0.0/24", "100.64.1.0/24", "0.0.0.0/0"];
/** The first three fit. */
const tunnelCidrs = ["169.254.10.0/30", "169.254.11.0/30", "169.254.12.0/30", "169.254.4.0/30", "169.254.20.0/29"];
const weights = [0, 100];

// What calls are about

/** A gateway that takes writes, mostly. */
function isFree({ state, businessStatus }: VpnGateway): boolean {
  return state === "active" && businessStatus === "Normal";
}
function someGateway(g: Ground, fits: (of: VpnGateway) => boolean = () => true): VpnGateway | undefined {
  const enabled = new Set(g.enabled.map(({ id }) => id));
  const own = g.model.vpnGateways.filter(({ account }) => enabled.has(account));
  return g.fitting(own, (of) => isFree(of) && fits(of)) ?? g.some(own);
}
function onGateway(g: Ground, of: VpnGateway, parameters: Readonly<Record<string, unknown>>): Made {
  return { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), VpnGatewayId: g.id(of), ...parameters } };
}
/** A connection whose gateway takes writes, mostly. */
function someConnection(g: Ground, fits: (of: IpsecConnection) => boolean = () => true): IpsecConnection | undefined {
  const connections = g.model.vpnConnections;
  const found = g.fitting(connections, (of) => isFree(g.model.vpnGateway(of.gatewayId)) && fits(of));
  return found ?? g.maybe(0.4, () => g.some(connections));
}
function onConnection(g: Ground, of: IpsecConnection, parameters: Readonly<Record<string, unknown>>): Made {
  return { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), VpnConnectionId: g.id(of), ...parameters } };
}
function someRoute(g: Ground, type: VpnRoute["type"], fits: (of: VpnRoute) => boolean = () => true): VpnRoute | undefined {
  const own = g.model.vpnRoutes.filter((one) => one.type === type);
  return g.fitting(own, (one) => isFree(g.model.vpnGateway(one.gatewayId)) && fits(one)) ?? g.maybe(0.4, () => g.some(own));
}
/** Routes that are published are rarer, and as much can happen to them. */
function somePublished(g: Ground, type: VpnRoute["type"]): VpnRoute | undefined {
  return g.random.chance(0.5) ? someRoute(g, type) : someRoute(g, type, ({ published }) => published);
}
/** A call that names a route. */
function onRoute(g: Ground, of: VpnRoute, parameters: Readonly<Record<string, unknown>>): Made {
  const Weight = g.random.chance(0.95) ? of.weight : g.random.pick(weights);
  const RouteDest = g.random.chance(0.97) ? of.destination : g.random.pick(routeDestinations);
  const names = of.type === "pbr" ? { RouteSource: of.source, Priority: g.maybe(0.5, () => of.priority) } : {};
  return onGateway(g, g.model.vpnGateway(of.gatewayId), { ...names, RouteDest, NextHop: of.nextHop, Weight, ...parameters });
}

// Tunnels

function ike(g: Ground, change: boolean): object {
  const { random } = g;
  return {
    // Mostly one key: connections between the same two ends must agree on theirs.
    Psk: g.maybe(change ? 0.4 : 0.93, () => (random.chance(change ? 0.5 : 0.92) ? "shared" : "another")),
    IkeVersion: g.maybe(change ? 0.25 : 0.08, () => random.pick(["ikev1", "ikev2"])),
    IkeEncAlg: g.maybe(0.05, () => "aes256"),
    IkeLifetime: g.maybe(0.05, () => 3_600),
    LocalId: g.maybe(0.08, () => "near"),
    RemoteId: g.maybe(0.08, () => "far"),
  };
}
function ipsec(g: Ground): object {
  return { IpsecPfs: g.maybe(0.5, () => g.random.pick(["disabled", "group14"])), IpsecLifetime: g.maybe(0.3, () => 3_600) };
}
/** One end of BGP, in the block of this number, mostly. */
function bgp(g: Ground, number: number): object {
  const cidr = g.random.chance(0.85) ? tunnelCidrs[number % 3] : g.random.pick(tunnelCidrs);
  return {
    LocalAsn: g.maybe(0.2, () => g.random.pick(["65010", "0"])),
    TunnelCidr: g.maybe(0.95, () => cidr),
    LocalBgpIp: g.maybe(0.3, () => (g.random.chance(0.8) ? cidr?.replace(/0\/\d+$/, "2") : "169.254.99.1")),
  };
}
/** Parameters of one of several tunnels. */
function tunnel(g: Ground, number: number, hasBgp: boolean, change: boolean): Record<string, unknown> {
  return {
    EnableDpd: g.maybe(0.15, () => g.random.chance(0.5)),
    EnableNatTraversal: g.maybe(0.15, () => g.random.chance(0.5)),
    RemoteCaCertificate: g.maybe(0.05, () => "certificate"),
    TunnelIkeConfig: g.maybe(change ? 0.4 : 0.95, () => ike(g, change)),
    TunnelIpsecConfig: g.maybe(0.2, () => ipsec(g)),
    TunnelBgpConfig: hasBgp || g.random.chance(0.1) ? bgp(g, number) : undefined,
  };
}
/** Parameters of a connection's only tunnel. */
function onlyTunnel(g: Ground, EnableBgp: boolean | undefined, change: boolean): Record<string, unknown> {
  return {
    EnableDpd: g.maybe(0.15, () => g.random.chance(0.5)),
    EnableNatTraversal: g.maybe(0.15, () => g.random.chance(0.5)),
    RemoteCaCertificate: g.maybe(0.05, () => "certificate"),
    IkeConfig: g.maybe(change ? 0.4 : 0.95, () => JSON.stringify(ike(g, change))),
    IpsecConfig: g.maybe(0.2, () => JSON.stringify(ipsec(g))),
    BgpConfig: EnableBgp === undefined ? undefined : JSON.stringify({ EnableBgp, ...(EnableBgp ? bgp(g, g.random.below(3)) : {}) }),
  };
}
function whole(g: Ground): Record<string, unknown> {
  const health = { enable: true, dip: "10.0.0.1", sip: "172.20.1.1", interval: g.maybe(0.5, () => 5), Policy: "reserve_route" };
  return {
    EffectImmediately: g.maybe(0.3, () => g.random.chance(0.5)),
    HealthCheckConfig: g.maybe(0.2, () => JSON.stringify(g.random.chance(0.6) ? health : { enable: false, retry: 2 })),
    AutoConfigRoute: g.maybe(0.5, () => g.random.chance(0.4)),
  };
}
function customersOf(g: Ground, { account, region }: Pick<Thing, "account" | "region">): readonly CustomerGateway[] {
  return g.model.customerGateways.filter((one) => one.account === account && one.region === region);
}
function newTunnels(g: Ground, customers: readonly CustomerGateway[], hasBgp: boolean): Record<string, unknown>[] {
  const { random } = g;
  const first = random.below(3);
  const swapped = random.chance(0.2);
  const withRoles = swapped || random.chance(0.6);
  const roles = swapped ? ["slave", "master"] : ["master", "slave"];
  return roles.map((role, index) =>
    Object.assign(tunnel(g, first + index, hasBgp, false), {
      CustomerGatewayId: g.maybe(0.98, () => g.id(g.some(customers) as CustomerGateway)),
      Role: withRoles ? (random.chance(0.98) ? role : "master") : undefined,
    }),
  );
}
/** Another customer gateway for a tunnel, sometimes one that is not there. */
function anyCustomer(g: Ground, of: IpsecConnection): string | undefined {
  const elsewhere = g.model.customerGateways.find(({ account, region }) => account !== of.account || region !== of.region);
  const missing = elsewhere?.id ?? "cgw-nowhere";
  return g.maybe(0.35, () => (g.random.chance(0.9) ? g.some(customersOf(g, of))?.id : missing));
}
/** What a change says of some of a connection's tunnels. */
function changedTunnels(g: Ground, of: IpsecConnection): Record<string, unknown>[] {
  const { random } = g;
  const named = random.pick(["TunnelId", "Role", of.gatewayId === "" ? "TunnelIndex" : "TunnelId", "place"]);
  const chosen = random.chance(0.5) && named !== "place" ? [random.pick(of.tunnels)] : of.tunnels;
  return chosen.map((one, index) =>
    Object.assign(tunnel(g, index, random.chance(0.2), true), {
      TunnelId: named === "TunnelId" ? (random.chance(0.95) ? one.id : "tun-nowhere") : undefined,
      TunnelIndex: named === "TunnelIndex" ? one.index : undefined,
      Role: named === "Role" ? (random.chance(0.9) ? one.role : "slave") : undefined,
      CustomerGatewayId: anyCustomer(g, of),
      // A member of which nothing is said is not sent, and the next would take its place.
      EnableDpd: g.maybe(named === "place" ? 1 : 0.15, () => random.chance(0.7)),
    }),
  );
}

// Routes

function newRoute(type: VpnRoute["type"]): Make {
  return (g) => {
    const { model, random } = g;
    const hasConnection = (of: VpnGateway): boolean => model.connectionsOf(of.id).some(({ state }) => state === "active");
    const gateway = someGateway(g, hasConnection);
    const nextHop = gateway && g.some(random.chance(0.96) ? model.connectionsOf(gateway.id) : model.vpnConnections);
    if (gateway === undefined || nextHop === undefined) return undefined;
    const custom = model.entries.filter(({ isSystem, vpcId }) => !isSystem && vpcId === gateway.vpcId);
    const taken = custom.find(({ destination }) => !destination.includes(":"))?.destination;
    const published = model.vpnRoutes.find((one) => one.gatewayId === gateway.id && one.published)?.destination;
    const known = random.chance(0.7) ? (published ?? taken) : taken;
    return onGateway(g, gateway, {
      RouteSource: type === "pbr" ? random.pick(["10.0.0.0/24", "10.0.0.0/24", "10.0.0.0/16"]) : undefined,
      RouteDest: random.chance(0.3) && known !== undefined ? known : g.some(routeDestinations),
      NextHop: g.id(nextHop),
      Weight: random.pick(weights),
      Priority: type === "pbr" ? g.maybe(0.4, () => random.pick([1, 10, 20])) : undefined,
      PublishVpc: random.chance(0.6),
      Description: g.name(0.2),
    });
  };
}
function changedPolicy(parametersOf: (g: Ground) => Readonly<Record<string, unknown>>, priorityIsNeeded = false): Make {
  return (g) => {
    const route = somePublished(g, "pbr");
    return route && onRoute(g, route, { ...(priorityIsNeeded ? { Priority: route.priority } : {}), ...parametersOf(g) });
  };
}
function deletedRoute(type: VpnRoute["type"]): Make {
  return (g) => {
    // Where several stand for one entry of the VPC, the entry stays.
    const isShared = ({ gatewayId, destination }: VpnRoute): boolean => g.model.publishedTo(gatewayId, destination).length > 1;
    const isPublished = ({ published }: VpnRoute): boolean => published;
    const isNormal = (route: VpnRoute): boolean => !isPublished(route);
    const route = someRoute(g, type, g.random.pick([isShared, isPublished, isPublished, isNormal]));
    return route && onRoute(g, route, {});
  };
}
const newWeight = (g: Ground): number => g.random.pick(weights);
const newPriority = (g: Ground): number => g.random.pick([1, 10, 20]);

/** As many connections as a walk needs to meet those that share their ends; more are rare. */
const connectionsEnough = 4;

export const vpnMakers: readonly Maker[] = [
  vpc(
    "CreateVpnGateway",
    ({ model }) => (model.vpnGateways.length < 2 ? 12 : 2),
    (g) => {
      const { model, random } = g;
      const of = g.some(g.ready(model.vpcs));
      if (of === undefined) return undefined;
      const near = model.switchesOf(of.id).filter(({ state }) => state === "Available" || random.chance(0.1));
      const first = random.chance(0.85) ? g.some(random.chance(0.97) ? near : model.switches) : undefined;
      const apart = near.filter((one) => one.zone !== first?.zone);
      const second = first && g.maybe(0.75, () => g.some(random.chance(0.95) ? apart : [first, ...near]));
      const by = g.mostly(of.account);
      const isPrivate = random.chance(0.25);
      const hasSsl = !isPrivate && random.chance(0.2);
      return {
        by,
        parameters: {
          RegionId: g.region(of.region),
          VpcId: g.id(of),
          VSwitchId: first && g.id(first),
          DisasterRecoveryVSwitchId: second && g.id(second),
          NetworkType: isPrivate ? "private" : g.maybe(0.5, () => "public"),
          Bandwidth: random.pick(isPrivate ? [200, 1000] : [5, 10, 100]),
          InstanceChargeType: g.maybe(0.3, () => random.pick(["PREPAY", "POSTPAY"])),
          Period: g.maybe(0.3, () => random.pick([1, 3, 12])),
          EnableIpsec: hasSsl ? g.maybe(0.4, () => random.chance(0.5)) : undefined,
          EnableSsl: hasSsl ? true : undefined,
          SslConnections: hasSsl ? g.maybe(0.5, () => 20) : undefined,
          Name: g.name(),
          ResourceGroupId: g.group(by),
        },
      };
    },
  ),
  vpc("ModifyVpnGatewayAttribute", 2, (g) => {
    const of = someGateway(g);
    const AutoPropagate = g.maybe(0.4, () => g.random.chance(0.5));
    return of && onGateway(g, of, { Name: g.name(), Description: g.name(0.3), AutoPropagate });
  }),
  vpc("DeleteVpnGateway", 2, (g) => {
    const of = someGateway(g, ({ id }) => g.model.connectionsOf(id).length === 0);
    return of && onGateway(g, of, {});
  }),
  vpc("MoveVpnResourceGroup", 1.5, (g) => {
    const of = g.some([...g.model.vpnGateways, ...g.model.customerGateways, ...g.model.attachments]);
    if (of === undefined) return undefined;
    const by = g.mostly(of.account);
    const NewResourceGroupId = g.group(g.model.account(of.account), 1);
    return { by, parameters: { RegionId: g.region(of.region), InstanceId: g.id(of), ResourceType: of.kind.tagType, NewResourceGroupId } };
  }),

  vpc(
    "CreateCustomerGateway",
    ({ model }) => (model.customerGateways.length < 3 ? 9 : 1),
    (g) => {
      const { model, random } = g;
      const of = g.some(model.vpnGateways);
      const by = of === undefined ? g.someone() : g.mostly(of.account);
      const ends = model.vpnGateways.flatMap((one) => one.ends.map(({ ip }) => ip)).filter((ip) => ip.startsWith("198."));
      const Asn = g.maybe(0.6, () => random.pick(["65001", "1.10"]));
      return {
        by,
        parameters: {
          RegionId: g.region(of?.region),
          IpAddress: ends.length > 0 && random.chance(0.1) ? random.pick(ends) : g.some(customerIps),
          Name: g.name(),
          Description: g.name(0.2),
          Asn,
          AuthKey: Asn === undefined && random.chance(0.9) ? undefined : g.maybe(0.3, () => "bgp-key"),
          Tags: g.tags(),
          ResourceGroupId: g.group(by),
        },
      };
    },
  ),
  vpc("ModifyCustomerGatewayAttribute", 3, (g) => {
    const of = g.fitting(g.model.customerGateways, ({ id }) => g.model.usersOf(id).length > 0);
    if (of === undefined) return undefined;
    const AuthKey = g.maybe(of.asn === "" ? 0.3 : 0.6, () => g.random.pick(["bgp-key", "other-key"]));
    const labels = { Name: g.name(), Description: g.name(0.3) };
    return { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), CustomerGatewayId: g.id(of), ...labels, AuthKey } };
  }),
  vpc("DeleteCustomerGateway", 1.5, (g) => {
    const of = g.some(g.model.customerGateways);
    return of && { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), CustomerGatewayId: g.id(of) } };
  }),

  vpc(
    "CreateVpnConnection",
    ({ model }) => (model.vpnConnections.length < connectionsEnough ? 28 : 3),
    (g) => {
      const { random } = g;
      const of = someGateway(g, (one) => one.ipsec && customersOf(g, one).length > 0);
      const customers = of === undefined ? [] : customersOf(g, of);
      if (of === undefined || customers.length === 0) return undefined;
      const isDual = random.chance(0.98) === (of.ends.length === 2);
      const hasBgp = g.maybe(0.4, () => random.chance(0.6));
      const tunnels = isDual ? newTunnels(g, customers, hasBgp === true) : undefined;
      return onGateway(g, of, {
        CustomerGatewayId: isDual ? undefined : g.maybe(0.98, () => g.id(g.some(customers) as CustomerGateway)),
        ...(isDual ? { EnableTunnelsBgp: hasBgp } : onlyTunnel(g, hasBgp, false)),
        TunnelOptionsSpecification: random.chance(0.98) ? tunnels : tunnels?.slice(1),
        Name: g.name(),
        LocalSubnet: random.pick(locals),
        RemoteSubnet: random.pick(remotes),
        ...whole(g),
        Tags: g.tags(),
      });
    },
  ),
  vpc("ModifyVpnConnectionAttribute", 16, (g) => {
    const { random } = g;
    // Routes that a connection has brought along and that are published since go with what brought them: a rare thing.
    const brought = new Set(g.model.vpnRoutes.filter(({ auto, published }) => auto && published).map(({ nextHop }) => nextHop));
    const of = someConnection(g, ({ id }) => brought.size === 0 || brought.has(id));
    if (of === undefined) return undefined;
    const hasBgp = g.maybe(0.2, () => random.chance(0.5));
    const isDual = random.chance(0.98) === (of.tunnels.length === 2);
    return onConnection(g, of, {
      Name: g.name(),
      LocalSubnet: g.maybe(0.35, () => random.pick(locals)),
      RemoteSubnet: g.maybe(0.35, () => random.pick(remotes)),
      ...whole(g),
      ...(isDual ? { EnableTunnelsBgp: hasBgp } : random.chance(0.6) ? onlyTunnel(g, hasBgp, true) : {}),
      TunnelOptionsSpecification: isDual ? g.maybe(0.5, () => changedTunnels(g, of)) : undefined,
    });
  }),
  vpc("ModifyTunnelAttribute", 10, (g) => {
    const of = someConnection(g, ({ tunnels }) => tunnels.length === 2);
    if (of === undefined) return undefined;
    const TunnelId = (g.random.chance(0.95) && g.random.pick(of.tunnels).id) || "tun-nowhere";
    const changes = tunnel(g, g.random.below(3), g.random.chance(0.3), true);
    const TunnelOptionsSpecification = { CustomerGatewayId: anyCustomer(g, of), ...changes };
    return onConnection(g, of, { TunnelId, TunnelOptionsSpecification });
  }),
  vpc("DeleteVpnConnection", 3, (g) => {
    const of = someConnection(g, ({ id }) => g.model.vpnRoutes.some(({ nextHop }) => nextHop === id));
    return of && onConnection(g, of, {});
  }),

  vpc(
    "CreateVpnAttachment",
    ({ model }) => (model.attachments.length < 2 ? 4 : 1),
    (g) => {
      const { random } = g;
      const customer = g.some(g.model.customerGateways);
      if (customer === undefined) return undefined;
      const by = g.mostly(customer.account);
      const hasBgp = g.maybe(0.4, () => random.chance(0.6));
      const isTurned = random.chance(0.15);
      const tunnels = newTunnels(g, customersOf(g, customer), hasBgp === true).map(({ RemoteCaCertificate: _none, ...one }, place) =>
        Object.assign(one, { TunnelIndex: isTurned ? 2 - place : g.maybe(0.3, () => (random.chance(0.95) ? place + 1 : 1)) }),
      );
      return {
        by,
        parameters: {
          RegionId: g.region(customer.region),
          Name: g.name(),
          NetworkType: g.maybe(0.5, () => random.pick(["public", "private"])),
          LocalSubnet: random.pick(locals),
          RemoteSubnet: random.pick(remotes),
          ...whole(g),
          EnableTunnelsBgp: hasBgp,
          RemoteCaCert: g.maybe(0.05, () => "certificate"),
          TunnelBandwidth: g.maybe(0.3, () => random.pick(["Standard", "Large"])),
          TunnelOptionsSpecification: random.chance(0.97) ? tunnels : tunnels.slice(1),
          Tags: g.tags(),
          ResourceGroupId: g.group(by),
        },
      };
    },
  ),
  vpc("ModifyVpnAttachmentAttribute", 6, (g) => {
    const { random } = g;
    const of = g.fitting(g.model.attachments, ({ state }) => state === "init");
    if (of === undefined) return undefined;
    const tunnels = g.maybe(0.5, () => changedTunnels(g, of).map(({ RemoteCaCertificate: _none, ...one }) => one));
    return onConnection(g, of, {
      Name: g.name(),
      NetworkType: g.maybe(0.3, () => random.pick(["public", "private"])),
      LocalSubnet: g.maybe(0.3, () => random.pick(locals)),
      RemoteSubnet: g.maybe(0.3, () => random.pick(remotes)),
      ...whole(g),
      EnableTunnelsBgp: g.maybe(0.2, () => random.chance(0.5)),
      TunnelOptionsSpecification: tunnels,
    });
  }),
  vpc("DeleteVpnAttachment", 1.5, (g) => {
    const of = g.some(g.model.attachments);
    return of && onConnection(g, of, {});
  }),

  vpc("CreateVpnRouteEntry", ({ model }) => (model.vpnConnections.length > 0 ? 18 : 0), newRoute("dbr")),
  vpc("CreateVpnPbrRouteEntry", ({ model }) => (model.vpnConnections.length > 0 ? 14 : 0), newRoute("pbr")),
  vpc("ModifyVpnRouteEntryWeight", 8, (g) => {
    const route = someRoute(g, "dbr");
    return route && onRoute(g, route, { NewWeight: newWeight(g) });
  }),
  vpc(
    "ModifyVpnPbrRouteEntryWeight",
    6,
    changedPolicy((g) => ({ NewWeight: newWeight(g) })),
  ),
  vpc(
    "ModifyVpnPbrRouteEntryPriority",
    6,
    changedPolicy((g) => ({ NewPriority: newPriority(g) }), true),
  ),
  vpc(
    "ModifyVpnPbrRouteEntryAttribute",
    6,
    changedPolicy((g) => ({ NewWeight: newWeight(g), NewPriority: g.maybe(0.7, () => newPriority(g)) }), true),
  ),
  vpc(
    "PublishVpnRouteEntry",
    ({ model }) => (model.vpnRoutes.length > 0 ? 12 : 0),
    (g) => {
      const RouteType = g.random.pick(["dbr", "pbr"] as const);
      const PublishVpc = g.random.chance(0.6);
      const route = someRoute(g, RouteType, ({ published, auto }) => published !== PublishVpc && (auto || g.random.chance(0.5)));
      if (route === undefined) return undefined;
      const { by, parameters } = onRoute(g, route, {});
      const { RouteSource, Priority: _priority, Weight: _weight, ...name } = parameters;
      return { by, parameters: { ...name, RouteSource: g.maybe(0.5, () => RouteSource), RouteType, PublishVpc } };
    },
  ),
  vpc("DeleteVpnRouteEntry", 7, deletedRoute("dbr")),
  vpc("DeleteVpnPbrRouteEntry", 8, deletedRoute("pbr")),
];

/** What walks about VPN gateways begin with, one call after the other: a VPC with a gateway of two ends, and customers. */
export const vpnPrologue: readonly (readonly [action: string, make: Make])[] = [
  ["CreateVpc", (g) => ({ by: g.someone(), parameters: { RegionId: g.region(), CidrBlock: "10.0.0.0/16" } })],
  ...[0, 1].map((number): readonly [string, Make] => [
    "CreateVSwitch",
    ({ model }) => {
      const [of] = model.vpcs;
      if (of === undefined) return undefined;
      const ZoneId = regionById(of.region)?.zones[number];
      const parameters = { RegionId: of.region, VpcId: of.id, ZoneId, CidrBlock: `10.0.${number}.0/24` };
      return { by: model.account(of.account), parameters };
    },
  ]),
  [
    "CreateVpnGateway",
    ({ model }) => {
      const [first, second] = model.switches;
      if (first === undefined || second === undefined) return undefined;
      const ends = { VSwitchId: first.id, DisasterRecoveryVSwitchId: second.id };
      return { by: model.account(first.account), parameters: { RegionId: first.region, VpcId: first.vpcId, Bandwidth: 10, ...ends } };
    },
  ],
  ...["65001", undefined].map((Asn, number): readonly [string, Make] => [
    "CreateCustomerGateway",
    ({ model }) => {
      const [of] = model.vpcs;
      return of && { by: model.account(of.account), parameters: { RegionId: of.region, IpAddress: customerIps[number], Asn } };
    },
  ]),
];

/** What an administrator changes of a VPN resource: mostly something that can be set. */
export function vpnPatch(g: Ground): { thing: Thing; fields: Record<string, string> } | undefined {
  const { model, random } = g;
  const gateway = g.some(model.vpnGateways);
  if (gateway !== undefined && random.chance(0.6)) {
    if (gateway.chargeType === "Prepay" && random.chance(0.3)) return { thing: gateway, fields: { ChargeType: "PostpayByFlow" } };
    const BusinessStatus = gateway.businessStatus === "Normal" ? "FinancialLocked" : "Normal";
    return { thing: gateway, fields: random.chance(0.9) ? { BusinessStatus } : { ChargeType: "Prepay" } };
  }
  const connection = g.some([...model.vpnConnections, ...model.attachments]);
  if (connection === undefined) return undefined;
  const SimulatedStatus = random.pick(["", "ike_sa_established", "ipsec_sa_established", "ipsec_sa_established"]);
  return { thing: connection, fields: random.chance(0.7) ? { SimulatedStatus } : { SimulatedSecondStatus: SimulatedStatus } };
}

/** Deletions of what is there, gateways after their connections. */
export function vpnDeletions(
  model: Model,
  add: (account: string, product: Product, action: string, parameters: Readonly<Record<string, unknown>>) => void,
): void {
  for (const { account, region: RegionId, id, gatewayId } of [...model.vpnConnections, ...model.attachments]) {
    add(account, "vpc", gatewayId === "" ? "DeleteVpnAttachment" : "DeleteVpnConnection", { RegionId, VpnConnectionId: id });
  }
  for (const { account, region: RegionId, id, kind, state } of model.vpnGateways) {
    if (!isTransitional(kind.states, state)) add(account, "vpc", "DeleteVpnGateway", { RegionId, VpnGatewayId: id });
  }
  for (const { account, region: RegionId, id } of model.customerGateways) {
    add(account, "vpc", "DeleteCustomerGateway", { RegionId, CustomerGatewayId: id });
  }
}
