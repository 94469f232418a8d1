import type { AnyOperation } from "../../src/contract/operation.ts";
import type { Parameter } from "../../src/contract/parameters.ts";
import { regionById } from "../../src/contract/regions.ts";
import type { AnyKind } from "../../src/contract/resource-kind.ts";
import { rulesOf } from "../../src/engine/operation-rules.ts";
import { kinds } from "../../src/services/index.ts";
import type { Random } from "../support/random.ts";
import type { Parameters } from "../support/caller.ts";
import { bgpPreferences, bgpRecipes } from "./calls-bgp.ts";
import { borderRouterPreferences, borderRouterRecipes } from "./calls-border-routers.ts";
import { circuitPreferences, circuitRecipes } from "./calls-circuits.ts";
import { ramPreferences, ramRecipes } from "./calls-ram.ts";
import { interfacePreferences, interfaceRecipes, linksFrom } from "./calls-router-interfaces.ts";
import { homeOf, kindNamed, near, onSideOf, partiesOf, type Preference, type Scene, sceneOf, suitable } from "./scene.ts";
import type { Stored } from "./store-watch.ts";
import { allowedValue } from "./values.ts";

/**
 * Calls that the rules are likely to let through, made from the declaration of the operation and from what there is now.
 * An operation that nothing here knows by name is generated all the same; the two tables at the end only raise the share of calls that pass.
 */

/** How often a likely call gives a parameter that it could leave out. */
const optionalShare = 0.2;
const dryRunShare = 0.06;

export interface Call {
  /** The account that calls. */
  readonly account: string;
  readonly parameters: Parameters;
}

export function likelyCall(random: Random, operation: AnyOperation, resources: readonly Stored[], serial: number): Call {
  const prefers = preferences[operation.name] ?? (() => true);
  const scene = sceneOf({ random, operation, resources, serial, prefers });
  const parameters: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(operation.parameters)) {
    const share = name === "DryRun" ? dryRunShare : rarelyMeant.test(name) ? 0.01 : optionalShare;
    if (parameter.options.required === true || random.chance(share)) parameters[name] = likelyValue(scene, name, parameter);
  }
  Object.assign(parameters, recipes[operation.name]?.(scene, parameters));
  return { account: scene.account, parameters };
}

/** Parameters of products that this server does not have: calls that give them are refused. */
const rarelyMeant = /Ipam|Mask$/;

/** A likely value: one that the name asks for, or one that the declaration allows. */
function likelyValue(scene: Scene, name: string, parameter: Parameter): unknown {
  const chosen = scene.named.get(name);
  if (chosen !== undefined) return name.endsWith("Name") ? chosen["name"] : chosen.id;
  if (parameter.type === "list" && parameter.item !== undefined && parameter.item.type !== "object") {
    const count = scene.random.between(1, Math.min(2, parameter.options.itemsMax ?? 1));
    return [...new Set(Array.from({ length: count }, () => likelyValue(scene, name, parameter.item as Parameter)))];
  }
  for (const [pattern, valueOf] of byName) {
    const value = pattern.test(name) && parameter.type !== "boolean" ? valueOf(scene, name) : undefined;
    if (value !== undefined) return value;
  }
  if (parameter.type === "json") return JSON.stringify(likelyValue(scene, name, { ...parameter, type: "object" }));
  if (parameter.type === "object") {
    return Object.fromEntries(Object.entries(parameter.fields ?? {}).map(([field, inner]) => [field, likelyValue(scene, field, inner)]));
  }
  if (parameter.type === "list") return [likelyValue(scene, name, parameter.item as Parameter)];
  return allowedValue(scene.random, name, parameter);
}

/** What stands on the same side of a call as a parameter: `AcceptingRegionId` is about what `AcceptingVpcId` names. */
function sameSide({ named }: Scene, name: string): Stored | undefined {
  const side = /^[A-Z][a-z]+/.exec(name)?.[0];
  return side === undefined ? undefined : [...named].find(([parameter]) => parameter.startsWith(side))?.[1];
}

/** An id of the kind that the name of a parameter ends with, near what the call is about. */
function idFor(scene: Scene, name: string): string | undefined {
  const asked = name.replace(/Ids?$/, "").toLowerCase();
  const kind = kinds.find((one) => {
    const plain = one.name.replaceAll("-", "");
    return asked !== "" && (asked.endsWith(plain) || plain.endsWith(asked));
  });
  return kind && suitable(scene, kind, near(scene))?.id;
}
/** The kinds whose resource type the rules of an operation speak of. */
function typedKinds({ operation }: Scene): AnyKind[] {
  const speakOf = (tagType: string): boolean => rulesOf(operation).some(({ rule }) => new RegExp(`\\b${tagType}\\b`, "i").test(rule));
  return kinds.filter(({ tagType }) => tagType !== undefined && speakOf(tagType));
}

// Address blocks

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
/** A part of an IPv4 block, with so many bits of prefix. */
function partOf(random: Random, block: string, length: number): string {
  const [address = "", prefix] = block.split("/");
  const part = random.below(2 ** Math.min(20, length - Number(prefix)));
  return `${addressOf(numberOf(address) + part * 2 ** (32 - length))}/${length}`;
}
function privateBlock(random: Random, length: number): string {
  return partOf(
    random,
    random.pick(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].filter((block) => Number(block.split("/")[1]) <= length)),
    length,
  );
}
function ipv6Block(random: Random): string {
  return `2408:4${random.between(0x100, 0xfff).toString(16)}:${random.between(1, 0xffff).toString(16)}:${random.between(1, 255).toString(16)}00::/56`;
}
/** A block for a new vSwitch of a VPC. */
function blockWithin(random: Random, vpc: Stored | undefined): string {
  const block = random.pick([vpc?.["cidrBlock"] ?? "10.0.0.0/16", ...(vpc?.["secondaryCidrBlocks"] ?? [])]) as string;
  return partOf(random, block, Math.min(29, Math.max(Number(block.split("/")[1]) + 2, random.pick([20, 24, 26]))));
}

// IPsec-VPN connections

/** A block for the two ends of a BGP session, and one of its two addresses. */
function bgpEnd(random: Random): { TunnelCidr: string; LocalBgpIp: string | undefined } {
  const [third, last] = [random.between(10, 250), 4 * random.below(63)];
  const LocalBgpIp = random.chance(0.5) ? `169.254.${third}.${last + random.between(1, 2)}` : undefined;
  return { TunnelCidr: `169.254.${third}.${last}/30`, LocalBgpIp };
}
/** Customer gateways of the caller; with BGP those that have a number. */
function customersFor({ resources, account, region }: Scene, withBgp: boolean): Stored[] {
  const own = resources.filter((one) => one.kind === "customer-gateway" && one.account === account && one.region === region);
  return own.filter((one) => !withBgp || one["asn"] !== "");
}
/** What a call says of a tunnel, but for what names it. */
function tunnelOptions(scene: Scene, declared: Parameter | undefined, withBgp: boolean): Record<string, unknown> {
  const { random } = scene;
  const likely = likelyValue(scene, "tunnel", { ...(declared as Parameter), type: "object" }) as Record<string, unknown>;
  const { RemoteCaCertificate: certificate } = likely;
  return {
    ...likely,
    RemoteCaCertificate: random.chance(0.1) ? certificate : undefined,
    CustomerGatewayId: undefined,
    TunnelId: undefined,
    TunnelIndex: undefined,
    Role: undefined,
    TunnelBgpConfig: withBgp ? { LocalAsn: random.chance(0.3) ? "65010" : undefined, ...bgpEnd(random) } : undefined,
  };
}
/** Tunnels of a connection that has two, for a call that creates it. */
function newTunnels(scene: Scene): Parameters {
  const { random, operation } = scene;
  const withBgp = random.chance(0.3);
  const customers = customersFor(scene, withBgp);
  const declared = operation.parameters["TunnelOptionsSpecification"]?.item;
  const withRoles = random.chance(0.5);
  return {
    EnableTunnelsBgp: withBgp,
    TunnelOptionsSpecification: ["master", "slave"].map((Role) =>
      Object.assign(tunnelOptions(scene, declared, withBgp), {
        CustomerGatewayId: customers.length === 0 ? undefined : random.pick(customers).id,
        Role: withRoles ? Role : undefined,
      }),
    ),
  };
}
/** The parameters of a connection that stand for its only tunnel. */
function onlyTunnel({ random }: Scene, withBgp: boolean): Parameters {
  return { BgpConfig: withBgp ? JSON.stringify({ EnableBgp: true, ...bgpEnd(random) }) : undefined };
}
/** Changes of a connection that is there, whether it has one tunnel or two. */
function changedConnection(scene: Scene): Parameters {
  const connection = scene.named.get("VpnConnectionId");
  const declared = scene.operation.parameters["TunnelOptionsSpecification"]?.item;
  const tunnels: { id: string }[] = connection?.["tunnels"] ?? [];
  const chosen = tunnels.length === 2 && scene.random.chance(0.5) ? [scene.random.pick(tunnels)] : [];
  return {
    BgpConfig: undefined,
    EnableTunnelsBgp: undefined,
    TunnelOptionsSpecification: chosen.map(({ id: TunnelId }) =>
      Object.assign(tunnelOptions(scene, declared, scene.random.chance(0.3)), { TunnelId }),
    ),
  };
}

/** A connection of the caller, where nothing is known of it but its id. */
function someConnection(scene: Scene): Parameters {
  const found = suitable(scene, kindNamed(scene.random.pick(["vpn-connection", "vpn-connection", "vpn-attachment"])));
  if (found === undefined) return {};
  onSideOf(scene, found);
  return { RegionId: found.region, VpnConnectionId: found.id };
}

// Routes of VPN gateways

/** A new route, to a connection of a gateway that takes writes. */
function newVpnRoute(scene: Scene, given: Parameters): Parameters {
  const free = new Set(scene.resources.filter((one) => one.kind === "vpn-gateway" && one.state === "active").map(({ id }) => id));
  const connection = suitable(scene, kindNamed("vpn-connection"), (one) => one.state === "active" && free.has(one["vpnGatewayId"]));
  if (connection === undefined) return {};
  onSideOf(scene, connection);
  const publishes = scene.random.chance(0.4);
  return {
    RegionId: connection.region,
    VpnGatewayId: connection["vpnGatewayId"],
    NextHop: connection.id,
    OverlayMode: given["OverlayMode"] === undefined ? undefined : "Ipsec",
    PublishVpc: publishes,
  };
}
/** A route that is there, named by all that names it. */
function vpnRoute(scene: Scene, type: "dbr" | "pbr"): Parameters {
  const route = suitable(scene, kindNamed("vpn-route-entry"), (one) => one["routeType"] === type);
  if (route === undefined) return {};
  onSideOf(scene, route);
  const name = {
    RegionId: route.region,
    VpnGatewayId: route["vpnGatewayId"],
    RouteDest: route["destination"],
    NextHop: route["nextHop"],
    Weight: route["weight"],
  };
  return type === "dbr" ? name : { ...name, RouteSource: route["source"], Priority: route["priority"] };
}
const policyRoute = (scene: Scene): Parameters => vpnRoute(scene, "pbr");

// What is known by name

/** Values by the name of their parameter; the first that has one counts. */
const byName: readonly (readonly [name: RegExp, value: (scene: Scene, name: string) => unknown])[] = [
  [/RegionId$/, (scene, name) => sameSide(scene, name)?.region ?? scene.region],
  [/ZoneId$/, ({ random, region }) => random.pick(regionById(region)?.zones ?? [""])],
  [/(AliUid|OwnerId|OwnerUid)$/, (scene, name) => sameSide(scene, name)?.account ?? scene.account],
  [/^ClientToken$/, ({ random, serial }) => (random.chance(0.1) ? `token-${random.below(5)}` : `token-${serial}`)],
  // Only a server can make one.
  [/^(NextToken|Marker)$/, () => undefined],
  [/^Page(Number|Num)$/, ({ random }) => random.between(1, 3)],
  [/Ipv6CidrBlock$/i, ({ random }) => ipv6Block(random)],
  [/^(CidrBlock|SecondaryCidrBlock)$/, ({ random }) => privateBlock(random, random.pick([12, 16, 16, 16, 24]))],
  [/(Destination|Dst|Dest|User)Cidr/, ({ random }) => privateBlock(random, random.pick([24, 28, 32]))],
  [/^(Local|Remote)Subnet$/, ({ random }) => Array.from({ length: random.pick([1, 1, 2]) }, () => privateBlock(random, 24)).join(",")],
  [/^Route(Dest|Source)$/, ({ random }) => privateBlock(random, random.pick([16, 24, 28]))],
  [/^(New)?Weight$/, ({ random }) => random.pick([0, 100])],
  [/^(Local)?Asn$/, ({ random }) => random.pick(["65010", "1.10", "4200000000"])],
  [/^IpAddress$/, ({ random }) => `203.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}`],
  [/^[ds]ip$/, ({ random }) => addressOf(random.below(2 ** 32))],
  [/^Spec$/, ({ random }) => `${random.pick([5, 10, 200])}M`],
  [/^ResourceType$/, (scene) => typeOf(scene)],
  [/^TagKey$/, ({ random }) => random.pick(tagKeys)],
  [
    /^Tags?$/,
    ({ random }) =>
      random
        .shuffled(tagKeys)
        .slice(0, random.between(1, 3))
        .map((Key) => ({ Key, Value: `v${random.below(3)}` })),
  ],
  [/^NextHopType$/, () => "VpcPeer"],
  [
    /^DestinationResource$/,
    ({ random }) => random.pick(["Zone", "IoOptimized", "InstanceType", "SystemDisk", "DataDisk", "Network", "ddh"]),
  ],
  [/Ids?$/, (scene, name) => idFor(scene, name)],
];
const tagKeys = ["env", "team", "stage", "größe", "🚢"];

function typeOf(scene: Scene): string | undefined {
  const [target] = scene.named.values();
  const kind = target === undefined ? scene.random.pick([...typedKinds(scene), undefined]) : kinds.find(({ name }) => name === target.kind);
  return kind?.tagType;
}

/** Which resources an operation is about, where its target's state does not say it all. */
const preferences: Readonly<Record<string, Preference>> = {
  ...circuitPreferences,
  ...ramPreferences,
  ...borderRouterPreferences,
  ...bgpPreferences,
  ...interfacePreferences,
  DeleteRouteTable: (one) => one["type"] === "Custom",
  CreateVpnConnection: (one, { resources }) =>
    resources.some((other) => other.kind === "customer-gateway" && other.account === one.account && other.region === one.region),
  DeleteVpnGateway: (one) => one["ChargeType"] !== "Prepay",
  ModifyTunnelAttribute: (one) => one["tunnels"]?.length === 2,
  AssociateRouteTable: (one, { resources }) =>
    one.kind === "vswitch" ? one["routeTableType"] === "System" : one["type"] === "Custom" && isShared(one, resources, "System"),
  UnassociateRouteTable: (one, { named, resources }) =>
    one.kind === "vswitch"
      ? one["routeTableId"] === [...named.values()][0]?.id
      : one["type"] === "Custom" && isShared(one, resources, "Custom"),
};
/** Whether the VPC of a route table has a vSwitch under a table of a type. */
function isShared(table: Stored, resources: readonly Stored[], type: string): boolean {
  return resources.some(
    (one) =>
      one.kind === "vswitch" &&
      homeOf(one) === homeOf(table) &&
      one["routeTableType"] === type &&
      (type === "System" || one["routeTableId"] === table.id),
  );
}

/** A next hop that the table may lead to: a connection or a link of its VPC, or an instance, whose id is not looked at; of a border router's table, a link or the circuit. */
function nextHop(scene: Scene, table: Stored | undefined): { type: string; id: string } {
  const links = linksFrom(scene, table);
  const border = scene.resources.find((one) => one.kind === "virtual-border-router" && one.id === table?.["vpcId"]);
  if (border !== undefined)
    return { type: "RouterInterface", id: scene.random.pick([...links.map(({ id }) => id), border["circuits"][0].vlanInterfaceId]) };
  if (links.length > 0 && scene.random.chance(0.5)) return { type: "RouterInterface", id: scene.random.pick(links).id };
  const joined = scene.resources.filter(
    (one) =>
      one.kind === "vpc-peering-connection" &&
      one.state === "Activated" &&
      [one["vpcId"], one["acceptingVpcId"]].includes(table?.["vpcId"]),
  );
  return joined.length > 0 && scene.random.chance(0.7)
    ? { type: "VpcPeer", id: scene.random.pick(joined).id }
    : { type: "Instance", id: `i-${scene.random.below(100)}` };
}
/** A custom route entry of the caller, with the ways in which calls name it. */
function customEntry(scene: Scene): Stored | undefined {
  const found = suitable(scene, kindNamed("route-entry"), (one) => one["type"] === "Custom" && one.state === "Available");
  if (found !== undefined) onSideOf(scene, found);
  return found;
}
/** Resources of one type that the caller has in a region, as tag calls name them. */
function taggable(scene: Scene): Parameters {
  const [kind] = scene.random.shuffled(typedKinds(scene));
  const one = kind && suitable(scene, kind);
  if (one === undefined) return {};
  Object.assign(scene, scene.random.pick(partiesOf(one, scene.operation)));
  const others = scene.resources.filter(
    (other) =>
      other.kind === one.kind &&
      partiesOf(other, scene.operation).some((party) => party.account === scene.account && party.region === scene.region),
  );
  return {
    ResourceType: kind?.tagType,
    RegionId: scene.region,
    ResourceId: [...new Set([one, ...others].map(({ id }) => id))].slice(0, scene.random.between(1, 3)),
  };
}

/** What a call says that moves a resource of one of these kinds to another resource group, with the id of the resource. */
function movedToGroup(scene: Scene, among: readonly string[]): Parameters {
  const kind = kindNamed(scene.random.pick(among));
  const moved = suitable(scene, kind);
  if (moved === undefined) return {};
  onSideOf(scene, moved);
  const NewResourceGroupId = suitable(scene, kindNamed("resource-group"), (one) => one.account === moved.account)?.id;
  return { id: moved.id, RegionId: moved.region, ResourceType: kind.tagType, NewResourceGroupId };
}

/** What connections between regions have, and those within one have not. */
function link(random: Random, isFar: boolean): Parameters {
  return {
    Bandwidth: isFar && random.chance(0.5) ? random.between(1, 1024) : undefined,
    LinkType: isFar && random.chance(0.5) ? random.pick(["Gold", "Platinum"]) : undefined,
  };
}

/** Parameters that only make sense together, laid over those that were chosen one by one; `undefined` takes one away. */
const recipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  ...circuitRecipes,
  ...ramRecipes,
  ...borderRouterRecipes,
  ...bgpRecipes,
  ...interfaceRecipes,
  TagResourcesForExpressConnect: taggable,
  UntagResourcesForExpressConnect: (scene) => ({ ...taggable(scene), All: scene.random.chance(0.3) }),
  ListTagResourcesForExpressConnect: taggable,
  TagResources: taggable,
  UnTagResources: (scene) => ({ ...taggable(scene), All: scene.random.chance(0.3) }),
  ListTagResources: taggable,
  CreateVpc: ({ random }, given) => ({ EnableIpv6: given["Ipv6CidrBlock"] !== undefined || random.chance(0.4) }),
  CreateDefaultVpc: ({ random }, given) => ({ EnableIpv6: given["Ipv6CidrBlock"] !== undefined || random.chance(0.4) }),
  ModifyVpcAttribute: ({ random }) => ({
    CidrBlock: undefined,
    Ipv6CidrBlock: undefined,
    EnableIPv6: random.pick([undefined, undefined, true, false]),
  }),
  AssociateVpcCidrBlock: ({ random }) => {
    const version = random.pick([4, 6]);
    return {
      SecondaryCidrBlock: version === 4 ? privateBlock(random, 20) : undefined,
      IPv6CidrBlock: version === 6 ? ipv6Block(random) : undefined,
      IpVersion: random.chance(0.3) ? `IPv${version}` : undefined,
    };
  },
  UnassociateVpcCidrBlock: (scene) => {
    const having = scene.resources.filter(
      (one) => one.kind === "vpc" && one["secondaryCidrBlocks"].length + one["secondaryIpv6CidrBlocks"].length > 0,
    );
    if (having.length === 0) return {};
    const vpc = scene.random.pick(having);
    onSideOf(scene, vpc);
    const block = scene.random.pick([...vpc["secondaryCidrBlocks"], ...vpc["secondaryIpv6CidrBlocks"]]) as string;
    const is6 = block.includes(":");
    return { RegionId: vpc.region, VpcId: vpc.id, SecondaryCidrBlock: is6 ? undefined : block, IPv6CidrBlock: is6 ? block : undefined };
  },
  CreateVSwitch: ({ random, named }) => {
    const vpc = named.get("VpcId");
    return {
      CidrBlock: blockWithin(random, vpc),
      VpcIpv6CidrBlock: undefined,
      Ipv6CidrBlock: vpc?.["ipv6CidrBlock"] && random.chance(0.5) ? random.below(256) : undefined,
    };
  },
  ModifyVSwitchAttribute: ({ random, named, resources }) => {
    const vSwitch = named.get("VSwitchId");
    const vpc = resources.find(({ id }) => id === vSwitch?.["vpcId"]);
    const [has6, may6] = [vSwitch?.["ipv6CidrBlock"] !== "", vpc?.["ipv6CidrBlock"] !== ""];
    const change = random.chance(0.4) && may6;
    return {
      EnableIPv6: change ? !has6 : undefined,
      Ipv6CidrBlock: change && !has6 ? random.below(256) : undefined,
      VpcIpv6CidrBlock: undefined,
    };
  },
  CreateDefaultVSwitch: (scene) => {
    const owner = suitable(scene, kindNamed("vpc"), (one) => one["isDefault"] === true);
    if (owner === undefined) return {};
    onSideOf(scene, owner);
    return { RegionId: owner.region, ZoneId: scene.random.pick(regionById(owner.region)?.zones ?? [""]), Ipv6CidrBlock: undefined };
  },
  CreateRouteEntry: (scene) => {
    const table = scene.named.get("RouteTableId");
    const shared = linksFrom(scene, table)
      .filter((one) => one["oppositeRouterType"] === "VBR")
      .slice(0, 16);
    if (shared.length > 1 && scene.random.chance(0.5)) {
      const NextHopList = shared.map(({ id }) => ({
        NextHopType: "RouterInterface",
        NextHopId: id,
        Weight: scene.random.pick([undefined, 0, 255]),
      }));
      return { NextHopType: undefined, NextHopId: undefined, NextHopList };
    }
    const { type, id } = nextHop(scene, table);
    return { NextHopType: type, NextHopId: id, NextHopList: undefined };
  },
  CreateRouteEntries: (scene) => {
    const first = suitable(scene, kindNamed("route-table"));
    if (first !== undefined) onSideOf(scene, first);
    const RouteEntries = Array.from({ length: scene.random.between(1, 4) }, () => {
      const { type, id } = nextHop(scene, first);
      return { RouteTableId: first?.id ?? "vtb-0", DstCidrBlock: privateBlock(scene.random, 28), NextHop: id, NextHopType: type };
    });
    return { RegionId: scene.region, RouteEntries };
  },
  DeleteRouteEntry: (scene) => {
    const entry = customEntry(scene);
    if (entry === undefined) return {};
    const byId = { RouteEntryId: entry.id, RouteTableId: undefined, DestinationCidrBlock: undefined, NextHopId: undefined };
    const [hop] = entry["nextHops"];
    const byPlace = {
      RouteEntryId: undefined,
      RouteTableId: entry["routeTableId"],
      DestinationCidrBlock: entry["destination"],
      NextHopId: hop.id,
    };
    return { RegionId: entry.region, NextHopList: undefined, ...scene.random.pick([byId, byPlace]) };
  },
  DeleteRouteEntries: (scene) => {
    const entry = customEntry(scene);
    if (entry === undefined) return {};
    const { id: RouteEntryId, routeTableId: RouteTableId, destination: DstCidrBlock } = entry;
    return {
      RegionId: entry.region,
      RouteEntries: [
        scene.random.pick([
          { RouteTableId, RouteEntryId },
          { RouteTableId, DstCidrBlock },
        ]),
      ],
    };
  },
  ModifyRouteEntry: (scene) => {
    const entry = customEntry(scene);
    if (entry === undefined) return {};
    const changed =
      entry["nextHops"].length === 1 && scene.random.chance(0.5) ? { type: "Instance", id: `i-${scene.random.below(1000)}` } : undefined;
    return {
      RegionId: entry.region,
      RouteTableId: undefined,
      DestinationCidrBlock: undefined,
      RouteEntryId: entry.id,
      NewNextHopType: changed?.type,
      NewNextHopId: changed?.id,
    };
  },
  CreateVpcPeerConnection: ({ random, named, region }) => {
    const accepting = named.get("AcceptingVpcId");
    return { AcceptingAliUid: accepting?.account, ...link(random, accepting?.region !== region) };
  },
  ModifyVpcPeerConnection: ({ random, named }) => {
    const connection = named.get("InstanceId");
    return link(random, connection?.region !== connection?.["acceptingRegion"]);
  },
  CreateVpnGateway: ({ random, named, resources }) => {
    const vpc = named.get("VpcId");
    const near = resources.filter((one) => one.kind === "vswitch" && one["vpcId"] === vpc?.id && one.state === "Available");
    const [first, ...others] = random.shuffled(near);
    const second = others.find((one) => one["zoneId"] !== first?.["zoneId"]);
    const isPrivate = random.chance(0.3);
    const hasSsl = !isPrivate && random.chance(0.3);
    return {
      VSwitchId: first?.id,
      DisasterRecoveryVSwitchId: random.chance(0.7) ? second?.id : undefined,
      NetworkType: isPrivate ? "private" : random.pick(["public", undefined]),
      Bandwidth: random.pick(isPrivate ? [200, 1000] : [5, 10, 20, 50, 100, 200, 500, 1000]),
      InstanceChargeType: random.pick([undefined, "POSTPAY", "POSTPAY", "PREPAY"]),
      Period: random.pick([undefined, 1, 12, 36]),
      EnableIpsec: undefined,
      EnableSsl: hasSsl,
      SslConnections: hasSsl ? random.between(1, 1000) : undefined,
      VpnType: undefined,
    };
  },
  CreateCustomerGateway: ({ random }, given) => ({
    // A key of BGP needs a number.
    Asn: given["Asn"] ?? (given["AuthKey"] !== undefined || random.chance(0.5) ? "65010" : undefined),
  }),
  CreateVpnConnection: (scene) => {
    const gateway = scene.named.get("VpnGatewayId");
    const isDual = gateway !== undefined && gateway["disasterRecoveryVSwitchId"] !== "";
    if (isDual) return { CustomerGatewayId: undefined, BgpConfig: undefined, IkeConfig: undefined, ...newTunnels(scene) };
    const withBgp = scene.random.chance(0.3);
    const customers = customersFor(scene, withBgp);
    const CustomerGatewayId = customers.length === 0 ? undefined : scene.random.pick(customers).id;
    return { CustomerGatewayId, TunnelOptionsSpecification: undefined, ...onlyTunnel(scene, withBgp) };
  },
  ModifyVpnConnectionAttribute: changedConnection,
  ModifyTunnelAttribute: (scene) => {
    const tunnels: { id: string }[] = scene.named.get("VpnConnectionId")?.["tunnels"] ?? [];
    const declared = scene.operation.parameters["TunnelOptionsSpecification"];
    const TunnelOptionsSpecification = tunnelOptions(scene, declared, scene.random.chance(0.3));
    return { TunnelId: (tunnels.length > 0 && scene.random.pick(tunnels).id) || "tun-0", TunnelOptionsSpecification };
  },
  CreateVpnAttachment: (scene) => {
    const customer = suitable(scene, kindNamed("customer-gateway"));
    if (customer === undefined) return {};
    onSideOf(scene, customer);
    return {
      RegionId: customer.region,
      CustomerGatewayId: undefined,
      ResourceGroupId: undefined,
      BgpConfig: undefined,
      ...newTunnels(scene),
    };
  },
  ModifyVpnAttachmentAttribute: changedConnection,
  CreateVpnRouteEntry: newVpnRoute,
  CreateVpnPbrRouteEntry: newVpnRoute,
  ModifyVpnRouteEntryWeight: (scene) => vpnRoute(scene, "dbr"),
  DeleteVpnRouteEntry: (scene) => vpnRoute(scene, "dbr"),
  ModifyVpnPbrRouteEntryWeight: policyRoute,
  ModifyVpnPbrRouteEntryPriority: policyRoute,
  ModifyVpnPbrRouteEntryAttribute: (scene) => ({ ...policyRoute(scene), NewWeight: scene.random.pick([0, 100]) }),
  DeleteVpnPbrRouteEntry: policyRoute,
  PublishVpnRouteEntry: (scene) => {
    const RouteType = scene.random.pick(["dbr", "pbr"] as const);
    const { RouteSource: _source, Priority: _priority, Weight: _weight, ...name } = vpnRoute(scene, RouteType);
    return { ...name, RouteType };
  },
  DescribeVpnConnection: someConnection,
  DownloadVpnConnectionConfig: someConnection,
  DescribeVpnConnectionLogs: (scene) => {
    const now = Math.floor(Date.now() / 1000);
    const hours = 3600 * scene.random.between(1, 48);
    const window = scene.random.pick([
      { MinutePeriod: scene.random.between(1, 10), From: undefined, To: undefined },
      { MinutePeriod: undefined, From: now - hours, To: now + hours },
    ]);
    return { ...someConnection(scene), ...window, TunnelId: undefined };
  },
  DiagnoseVpnConnections: ({ named }) => ({
    VpnGatewayId: named.get("VpnGatewayId")?.id,
    VpnConnectionIds: undefined,
    TunnelIds: undefined,
  }),
  DiagnoseVpnGateway: (scene) => {
    const connection = suitable(scene, kindNamed("vpn-connection"), (one) => one.state === "active");
    if (connection === undefined) return {};
    onSideOf(scene, connection);
    const inside = (blocks: string): string => partOf(scene.random, blocks.split(",")[0] ?? "", 32).replace("/32", "");
    const ends = { PrivateSourceIp: inside(connection["localSubnet"]), PrivateDestinationIp: inside(connection["remoteSubnet"]) };
    return {
      RegionId: connection.region,
      VpnGatewayId: connection["vpnGatewayId"],
      ResourceId: connection.id,
      ResourceType: "IPsec",
      IPsecExtendInfo: scene.random.chance(0.3) ? JSON.stringify(ends) : undefined,
    };
  },
  GetVpnGatewayDiagnoseResult: (scene) => {
    const diagnosis = suitable(scene, kindNamed("vpn-gateway-diagnosis"));
    if (diagnosis === undefined) return {};
    onSideOf(scene, diagnosis);
    return { RegionId: diagnosis.region, DiagnoseId: diagnosis.id, VpnGatewayId: undefined };
  },
  MoveVpnResourceGroup: (scene) => {
    const { id: InstanceId, ...moved } = movedToGroup(scene, ["vpn-gateway", "customer-gateway", "vpn-attachment"]);
    return { ...moved, InstanceId };
  },
  ChangeResourceGroup: (scene) => {
    const { id: ResourceId, ...moved } = movedToGroup(scene, ["physical-connection", "virtual-border-router", "router-interface"]);
    return { ...moved, ResourceId };
  },
};
