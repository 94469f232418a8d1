import { featureNames, quotaDefaults, type QuotaName } from "../../src/contract/settings.ts";
import { isTransitional } from "../../src/contract/state-table.ts";
import { operations } from "../../src/services/index.ts";
import { versions } from "../support/caller.ts";
import type { Random } from "../support/random.ts";
import type { Tag } from "./foretell.ts";
import { taggable, type TagForm } from "./foretell-tags.ts";
import { borderLinkMakers, borderVpcPrologue } from "./generate-border-links.ts";
import { bgpDeletions, bgpMakers } from "./generate-bgp.ts";
import { borderRouterDeletions, borderRouterMakers, borderRouterPrologue } from "./generate-border-routers.ts";
import { circuitDeletions, circuitMakers, circuitPatch, circuitPrologue, hasApplication } from "./generate-circuits.ts";
import {
  interfaceDeletions,
  interfaceMakers,
  interfacePatch,
  interfacePrologue,
  pairsIn,
  sharedHops,
} from "./generate-router-interfaces.ts";
import { vpnDeletions, vpnMakers, vpnPatch, vpnPrologue } from "./generate-vpn.ts";
import {
  type AdminCall,
  type ApiCall,
  destinations,
  Ground,
  ipv6Blocks,
  type Make,
  type Maker,
  type Product,
  secondaryBlocks,
  vpc,
  vpcBlocks,
} from "./ground.ts";
import { isIpv6 } from "./address-blocks.ts";
import type { Model, Settings } from "./model.ts";
import { type Account, type Connection, type Entry, isOver, isParty, sidesOf, type Table, type Thing, type Vpc } from "./things.ts";

/** Calls made up at random: mostly sensible ones on what is there, some of everything else that a client can get wrong. */

/** The oldest token that is repeated, in milliseconds: well within the time for which tokens are remembered. */
const tokenAgeMax = 86_400_000;
/** Accounts at most, and accounts whose keys work at least: two, so that there is always a far side. */
const accountsMax = 4;
const enabledMin = 2;

/** A call on one VPC. */
const onVpc =
  (
    parametersOf: (g: Ground, of: Vpc) => Readonly<Record<string, unknown>>,
    { idName = "VpcId", fits = () => true }: { idName?: string; fits?: (of: Vpc) => boolean } = {},
  ): Make =>
  (g) => {
    const of = g.fitting(g.ready(g.model.vpcs), fits);
    return of && { by: g.mostly(of.account), parameters: { RegionId: g.region(of.region), [idName]: g.id(of), ...parametersOf(g, of) } };
  };
/** A call on one connection. */
const onConnection =
  (
    side: "requester" | "accepter" | "either",
    fits: (connection: Connection, g: Ground) => boolean,
    parametersOf: (g: Ground, connection: Connection, by: Account) => Readonly<Record<string, unknown>>,
  ): Make =>
  (g) => {
    const connection = g.fitting(g.model.connections, (one) => fits(one, g));
    if (connection === undefined) return undefined;
    const by = g.party(connection, side);
    return { by, parameters: { InstanceId: g.id(connection), ...parametersOf(g, connection, by) } };
  };
const association =
  (fits: (table: Table, g: Ground) => boolean): Make =>
  (g) => {
    const table = g.fitting(g.ready(g.model.tables), (one) => fits(one, g));
    const near = g.model.switches.filter(({ vpcId }) => vpcId === table?.vpcId);
    const other = g.some(g.random.chance(0.85) ? near : g.model.switches);
    if (table === undefined || other === undefined) return undefined;
    return {
      by: g.mostly(table.account),
      parameters: { RegionId: g.region(table.region), RouteTableId: g.id(table), VSwitchId: g.id(other) },
    };
  };

function isPeered(model: Model, one: Vpc, other: Vpc | undefined): boolean {
  const pair = [one.id, other?.id];
  return model.connections.some((connection) => !isOver(connection) && sidesOf(connection).every(({ vpcId }) => pair.includes(vpcId)));
}

/** Whether an entry is at work that leads to a connection which could be deleted: with Force both are. */
export function isBusyHop(model: Model, connection: Connection): boolean {
  return (
    connection.state === "Activated" &&
    model.entriesTo("VpcPeer", connection.id).some((entry) => model.atWork(entry) && entry.state !== "Deleting")
  );
}

function entryName(
  g: Ground,
  fits: (entry: Entry) => boolean = ({ isSystem }) => !isSystem,
): { entry: Entry; by: Account; parameters: Record<string, unknown> } | undefined {
  const entry = g.fitting(g.ready(g.model.entries), fits);
  if (entry === undefined) return undefined;
  const by = g.mostly(entry.account);
  const RegionId = g.region(entry.region);
  if (entry.id !== "" && g.random.chance(0.6)) return { entry, by, parameters: { RegionId, RouteEntryId: g.id(entry) } };
  const table = g.model.allTables.find(({ id }) => id === entry.tableId) as Table;
  const DestinationCidrBlock = g.random.chance(0.95) ? entry.destination : g.random.pick(destinations);
  return { entry, by, parameters: { RegionId, RouteTableId: g.id(table), DestinationCidrBlock } };
}

/** Whether a thing has so many tags of an account that as many again are too many. */
function isNearlyFull(thing: Thing): boolean {
  return [...thing.tags.values()].some(({ size }) => size > manyTagsMin);
}
function taggedOfVpc({ vpcs, switches, allTables, vpnGateways, customerGateways, vpnConnections, attachments }: Model): readonly Thing[] {
  return [
    ...vpcs,
    ...switches,
    ...allTables.filter(({ id }) => id !== ""),
    ...vpnGateways,
    ...customerGateways,
    ...vpnConnections,
    ...attachments,
  ];
}
const tagMaker =
  (form: TagForm, parametersOf: (g: Ground, first: Thing) => Readonly<Record<string, unknown>>): Make =>
  (g) => {
    const { connections, interfaces, circuits, borderRouters } = g.model;
    const things =
      form === "peer" ? connections : form === "expressConnect" ? [...interfaces, ...circuits, ...borderRouters] : taggedOfVpc(g.model);
    const full = things.filter(isNearlyFull);
    const first = g.some(full.length > 0 && g.random.chance(0.5) ? full : things);
    if (first === undefined) return undefined;
    const by = form === "peer" ? g.party(first as Connection, "either") : g.mostly(first.account);
    const side = form === "peer" ? sidesOf(first as Connection).find(({ account }) => account === by.id) : first;
    const RegionId = g.region(side?.region);
    const type = first.kind.tagType ?? "";
    const more = g.maybe(0.3, () => g.some(taggable(g.model, form, type, by, RegionId) ?? []));
    const ResourceId = [first, ...(more === undefined ? [] : [more])].map((thing) => g.id(thing));
    const ResourceType = g.random.chance(0.95) ? type : "PIER";
    return { by, parameters: { RegionId, ResourceType, ResourceId, ...parametersOf(g, first) } };
  };
/** So many tags that twice as many are too many for one resource. */
const manyTagsMin = 12;
const manyTags = (g: Ground): Tag[] => {
  const first = g.random.below(3) * manyTagsMin;
  return Array.from({ length: manyTagsMin + 1 }, (_, n) => ({ Key: `key-${first + n}`, Value: "1" }));
};
const tagging = (form: TagForm): Make =>
  tagMaker(form, (g, first) => ({ Tag: g.random.chance(isNearlyFull(first) ? 0.8 : 0.35) ? manyTags(g) : g.tags(1) }));
const untagging = (form: TagForm): Make =>
  tagMaker(form, (g) => (g.random.chance(0.5) ? { All: true } : { TagKey: g.random.pick([["stage"], ["team", "none"]]) }));

const peer = (action: string, weight: Maker["weight"], make: Make): Maker => ({ product: "peer", action, weight, make });

const networkMakers: readonly Maker[] = [
  vpc(
    "CreateVpc",
    ({ model }) => (model.vpcs.length < 3 ? 16 : 2),
    (g) => {
      const by = g.someone();
      const ipv6 = g.maybe(0.35, () => g.random.pick(ipv6Blocks));
      return {
        by,
        parameters: {
          RegionId: g.region(),
          CidrBlock: g.random.pick(vpcBlocks),
          VpcName: g.name(),
          Description: g.name(0.2),
          EnableIpv6: ipv6 === undefined ? undefined : true,
          Ipv6CidrBlock: ipv6,
          ResourceGroupId: g.group(by),
          UserCidr: g.maybe(0.1, () => ["10.200.0.0/16"]),
          EnableDnsHostname: g.maybe(0.2, () => true),
          Tag: g.tags(),
        },
      };
    },
  ),
  vpc("CreateDefaultVpc", 1.2, (g) => {
    const by = g.someone();
    const ipv6 = g.maybe(0.4, () => g.random.pick(ipv6Blocks));
    const enabled = ipv6 === undefined ? undefined : true;
    return { by, parameters: { RegionId: g.region(), EnableIpv6: enabled, Ipv6CidrBlock: ipv6, ResourceGroupId: g.group(by) } };
  }),
  vpc(
    "ModifyVpcAttribute",
    2.5,
    onVpc((g, of) => {
      const labels = { VpcName: g.name(), Description: g.name(0.3), EnableDnsHostname: g.maybe(0.2, () => g.random.chance(0.5)) };
      const change = g.random.next();
      if (change < 0.3) return { ...labels, CidrBlock: g.random.pick([...vpcBlocks, "10.0.0.0/8"]) };
      if (change < (of.ipv6.length > 0 ? 0.7 : 0.35)) return { ...labels, EnableIPv6: false };
      return change < 0.8 ? { ...labels, EnableIPv6: true, Ipv6CidrBlock: g.random.pick(ipv6Blocks) } : labels;
    }),
  ),
  vpc(
    "AssociateVpcCidrBlock",
    4,
    onVpc((g, of) =>
      g.random.chance(0.6)
        ? { SecondaryCidrBlock: g.random.pick(secondaryBlocks) }
        : { IPv6CidrBlock: g.fitting(ipv6Blocks, (block) => !of.ipv6.includes(block)) ?? g.random.pick(ipv6Blocks) },
    ),
  ),
  vpc(
    "UnassociateVpcCidrBlock",
    2.5,
    onVpc(
      (g, of) => {
        const blocks = g.random.chance(0.9) ? [...of.secondary, ...of.ipv6] : [g.random.pick(secondaryBlocks), g.random.pick(ipv6Blocks)];
        const block = g.some(blocks) ?? g.random.pick(secondaryBlocks);
        return isIpv6(block) ? { IPv6CidrBlock: block } : { SecondaryCidrBlock: block };
      },
      { fits: ({ secondary, ipv6 }) => secondary.length + ipv6.length > 0 },
    ),
  ),
  vpc(
    "EnableVpcClassicLink",
    0.7,
    onVpc(() => ({})),
  ),
  vpc(
    "DisableVpcClassicLink",
    0.7,
    onVpc(() => ({})),
  ),
  vpc(
    "MoveResourceGroup",
    1.5,
    onVpc((g, of) => ({ ResourceType: "Vpc", NewResourceGroupId: g.group(g.model.account(of.account), 1) }), { idName: "ResourceId" }),
  ),
  vpc(
    "DeleteVpc",
    3,
    onVpc(() => ({})),
  ),

  vpc(
    "CreateVSwitch",
    9,
    onVpc((g, of) => ({
      ZoneId: g.zone(of.region),
      CidrBlock: g.part(of),
      ...g.ipv6(of, 0.5),
      VSwitchName: g.name(),
      Description: g.name(0.2),
      Tag: g.tags(),
    })),
  ),
  vpc(
    "CreateDefaultVSwitch",
    ({ model }) => (model.vpcs.some(({ isDefault }) => isDefault) ? 5 : 0.3),
    (g) => {
      const of = g.some(g.model.vpcs.filter(({ isDefault }) => isDefault));
      const by = of === undefined ? g.someone() : g.mostly(of.account);
      const RegionId = g.region(of?.region);
      const { Ipv6CidrBlock } = g.ipv6(of, 0.5);
      return { by, parameters: { RegionId, ZoneId: g.zone(RegionId), Ipv6CidrBlock } };
    },
  ),
  vpc("ModifyVSwitchAttribute", 4, (g) => {
    const other = g.some(g.ready(g.model.switches));
    if (other === undefined) return undefined;
    const { Ipv6CidrBlock, VpcIpv6CidrBlock } = g.ipv6(g.model.vpc(other.vpcId), 0.5);
    const off = Ipv6CidrBlock === undefined && g.random.chance(0.3) ? false : undefined;
    const ipv6 = { EnableIPv6: Ipv6CidrBlock === undefined ? off : true, Ipv6CidrBlock, VpcIpv6CidrBlock };
    const labels = { VSwitchName: g.name(), Description: g.name(0.2) };
    return { by: g.mostly(other.account), parameters: { RegionId: g.region(other.region), VSwitchId: g.id(other), ...labels, ...ipv6 } };
  }),
  vpc("DeleteVSwitch", 4, (g) => {
    const other = g.some(g.ready(g.model.switches));
    return other && { by: g.mostly(other.account), parameters: { RegionId: g.region(other.region), VSwitchId: g.id(other) } };
  }),

  vpc(
    "CreateRouteTable",
    4,
    onVpc((g) => ({
      RouteTableName: g.name(),
      Description: g.name(0.2),
      AssociateType: g.maybe(0.2, () => "Gateway"),
      Tag: g.tags(),
    })),
  ),
  vpc("ModifyRouteTableAttributes", 2.5, (g) => {
    const named = g.table();
    return (
      named && {
        by: named.by,
        parameters: {
          RegionId: g.region(named.table.region),
          RouteTableId: g.id(named.table),
          RouteTableName: g.name(),
          Description: g.name(0.3),
          RoutePropagationEnable: g.maybe(0.4, () => g.random.chance(0.5)),
        },
      }
    );
  }),
  vpc("DeleteRouteTable", 3, (g) => {
    const table = g.fitting(g.ready(g.model.tables), ({ isSystem }) => !isSystem);
    return table && { by: g.mostly(table.account), parameters: { RegionId: g.region(table.region), RouteTableId: g.id(table) } };
  }),
  vpc(
    "AssociateRouteTable",
    8,
    association(
      ({ isSystem, forGateway, vpcId }, { model }) =>
        !isSystem && !forGateway && model.switchesOf(vpcId).some(({ tableId }) => tableId === model.vpc(vpcId).tableId),
    ),
  ),
  vpc(
    "UnassociateRouteTable",
    3,
    association(({ id, isSystem }, { model }) => !isSystem && model.switches.some(({ tableId }) => tableId === id)),
  ),
  vpc(
    "CreateRouteEntry",
    (g) => (g.model.vpcs.some(({ id }) => g.isJoined(id)) ? 24 : 8),
    (g) => {
      const named = g.table();
      if (named === undefined) return undefined;
      const { by, table } = named;
      const of = g.model.vpc(table.vpcId);
      const NextHopList = g.maybe(0.6, () => sharedHops(g, of));
      const { type, id } = g.hop(of);
      return {
        by,
        parameters: {
          RegionId: g.region(table.region),
          RouteTableId: g.id(table),
          DestinationCidrBlock: g.destination(of),
          ...(NextHopList === undefined
            ? { NextHopType: type === "Instance" && g.random.chance(0.3) ? undefined : type, NextHopId: id }
            : { NextHopList }),
          RouteEntryName: g.name(),
          Description: g.name(0.2),
        },
      };
    },
  ),
  vpc("CreateRouteEntries", 5, (g) => {
    const named = g.table();
    if (named === undefined) return undefined;
    const member = (): Record<string, unknown> => {
      const table = g.fitting(g.model.tables, ({ vpcId }) => vpcId === named.table.vpcId) as Table;
      const of = g.model.vpc(table.vpcId);
      const { type, id } = g.hop(of);
      const labels = { Name: g.name(0.3), Description: g.name(0.1) };
      return { DstCidrBlock: g.destination(of), RouteTableId: g.id(table), NextHop: id, NextHopType: type, ...labels };
    };
    const RouteEntries = Array.from({ length: 1 + g.random.below(3) }, member);
    return { by: named.by, parameters: { RegionId: g.region(named.table.region), RouteEntries } };
  }),
  vpc(
    "ModifyRouteEntry",
    (g) => (g.model.entries.some(({ isSystem, vpcId }) => !isSystem && g.isJoined(vpcId)) ? 24 : 3),
    (g) => {
      const named = entryName(g, ({ isSystem, vpcId }) => !isSystem && (g.isJoined(vpcId) || g.random.chance(0.3)));
      if (named === undefined) return undefined;
      const labels = { RouteEntryName: g.name(0.4), Description: g.name(0.2) };
      const hops = [g.hop({ id: named.entry.vpcId }), g.hop({ id: named.entry.vpcId })];
      const hop = g.random.chance(0.2)
        ? undefined
        : g.fitting(hops, ({ type, id }) => type !== named.entry.hops[0]?.type || id !== named.entry.hops[0].id);
      const type = hop !== undefined && g.random.chance(0.9) ? hop.type : undefined;
      return { by: named.by, parameters: { ...named.parameters, ...labels, NewNextHopId: hop?.id, NewNextHopType: type } };
    },
  ),
  vpc("DeleteRouteEntry", 4, (g) => {
    const named = entryName(g);
    if (named === undefined) return undefined;
    const { entry, by, parameters } = named;
    if (parameters["RouteEntryId"] !== undefined) return { by, parameters };
    if (entry.hops.length > 1 && g.random.chance(0.7))
      return { by, parameters: { ...parameters, NextHopList: entry.hops.map(({ id }) => ({ NextHopId: id })) } };
    return { by, parameters: { ...parameters, NextHopId: (g.random.chance(0.95) && g.random.pick(entry.hops).id) || "i-one" } };
  }),
  vpc("DeleteRouteEntries", 3, (g) => {
    const first = g.fitting(g.ready(g.model.entries), ({ isSystem }) => !isSystem);
    if (first === undefined) return undefined;
    const member = (): Record<string, unknown> => {
      const entry = g.fitting(g.model.entries, ({ isSystem, tableId }) => !isSystem && tableId === first.tableId) ?? first;
      const RouteTableId = g.id(g.model.allTables.find(({ id }) => id === entry.tableId) as Table);
      if (entry.id !== "" && g.random.chance(0.6)) return { RouteTableId, RouteEntryId: g.id(entry) };
      return { RouteTableId, DstCidrBlock: entry.destination, NextHop: g.maybe(0.5, () => g.random.pick(entry.hops).id || "i-one") };
    };
    const RouteEntries = Array.from({ length: 1 + g.random.below(3) }, member);
    return { by: g.mostly(first.account), parameters: { RegionId: g.region(first.region), RouteEntries } };
  }),

  peer(
    "CreateVpcPeerConnection",
    ({ model }) => 12 + 20 * pairsIn(model).length,
    (g) => {
      // VPCs that are about to be linked, rather: what keeps the two from being both is met that way. (An interface can outlive its VPC.)
      const pair = g
        .maybe(0.5, () => g.some(pairsIn(g.model).filter(([one]) => one.routerType === "VRouter")))
        ?.flatMap(({ vpcId }) => g.model.vpc(vpcId) ?? []);
      const from = pair?.[0] ?? g.some(g.ready(g.model.vpcs));
      const others = pair?.slice(1) ?? g.model.vpcs.filter((one) => one !== from);
      const to = g.random.chance(0.98) ? g.fitting(others, (one) => !isPeered(g.model, one, from)) : from;
      if (from === undefined || to === undefined) return undefined;
      const by = g.mostly(from.account);
      const isInterRegion = from.region !== to.region;
      return {
        by,
        parameters: {
          RegionId: g.region(from.region),
          VpcId: g.id(from),
          AcceptingAliUid: to.account === by.id ? g.random.pick([by.id, "0", undefined]) : g.mostly(to.account).id,
          AcceptingRegionId: g.region(to.region),
          AcceptingVpcId: g.id(to),
          Name: g.name(),
          Description: g.name(0.2),
          ResourceGroupId: g.group(by),
          Bandwidth: g.maybe(isInterRegion ? 0.4 : 0.04, () => g.random.pick([10, 100, 1024, 2000])),
          LinkType: g.maybe(isInterRegion ? 0.4 : 0.04, () => g.random.pick(["Gold", "Platinum", "Platinum", "Silver"])),
          Tag: g.tags(),
        },
      };
    },
  ),
  peer(
    "AcceptVpcPeerConnection",
    ({ model }) => 2 + 10 * model.connections.filter(({ state }) => state === "Accepting").length,
    onConnection(
      "accepter",
      ({ state }) => state === "Accepting",
      (g, _connection, by) => ({ ResourceGroupId: g.group(by), Tag: g.tags() }),
    ),
  ),
  peer(
    "RejectVpcPeerConnection",
    ({ model }) => 1 + 4 * model.connections.filter(({ state }) => state === "Accepting").length,
    onConnection(
      "accepter",
      ({ state }) => state === "Accepting",
      () => ({}),
    ),
  ),
  peer(
    "ModifyVpcPeerConnection",
    ({ model }) => 2 + 5 * model.connections.filter(({ state }) => state === "Activated").length,
    onConnection(
      "either",
      ({ state }) => state === "Activated",
      (g, { region, acceptingRegion }) => ({
        Name: g.name(),
        Description: g.name(0.3),
        Bandwidth: g.maybe(region === acceptingRegion ? 0.1 : 0.4, () => g.random.pick([20, 1024, 2000])),
        LinkType: g.maybe(region === acceptingRegion ? 0.1 : 0.3, () => g.random.pick(["Gold", "Platinum", "Silver"])),
      }),
    ),
  ),
  peer(
    "DeleteVpcPeerConnection",
    ({ model }) => (model.connections.some((one) => isBusyHop(model, one)) ? 200 : 4),
    onConnection(
      "either",
      (one, { model }) =>
        isBusyHop(model, one) ||
        (model.entriesTo("VpcPeer", one.id).length > 0 && !model.connections.some((other) => isBusyHop(model, other))),
      (g) => ({ Force: g.maybe(0.7, () => true) }),
    ),
  ),
  peer("MoveResourceGroup", 1.5, (g) => {
    const connection = g.some(g.model.connections);
    if (connection === undefined) return undefined;
    const by = g.party(connection, "either");
    const here = sidesOf(connection).find(({ account }) => account === by.id)?.region;
    const NewResourceGroupId = g.group(by, 1);
    return {
      by,
      parameters: { RegionId: g.region(here), ResourceId: g.id(connection), ResourceType: "PeerConnection", NewResourceGroupId },
    };
  }),

  vpc("TagResources", 4, tagging("vpc")),
  vpc("UnTagResources", 2, untagging("vpc")),
  peer("TagResources", 4, tagging("peer")),
  peer("UnTagResources", 1.5, untagging("peer")),
];
const linkMakers: readonly Maker[] = [
  ...interfaceMakers,
  vpc("TagResourcesForExpressConnect", 2, tagging("expressConnect")),
  vpc("UntagResourcesForExpressConnect", 1, untagging("expressConnect")),
];

const makersOf = {
  network: networkMakers,
  vpn: vpnMakers,
  link: linkMakers,
  border: [...circuitMakers, ...borderRouterMakers, ...bgpMakers, ...borderLinkMakers],
} as const;
type Subject = keyof typeof makersOf;
const subjects = Object.keys(makersOf) as Subject[];
const makers = subjects.flatMap((subject) => makersOf[subject].map((maker) => Object.assign({ subject }, maker)));
/** What walks are about: networks, VPN gateways in networks, links between networks, circuits and what is at their ends, or all alike. */
export const themes = {
  network: { network: 1, vpn: 0, link: 0, border: 0 },
  vpn: { network: 0.2, vpn: 1, link: 0, border: 0 },
  link: { network: 0.3, vpn: 0, link: 1.5, border: 0 },
  border: { network: 0.1, vpn: 0, link: 0.6, border: 1 },
  all: { network: 1, vpn: 1, link: 1, border: 1 },
} as const satisfies Record<string, Record<Subject, number>>;
export type Theme = keyof typeof themes;
/** Each walk does much of some things and little of others: what needs several calls of one kind is met that way. */
export function someEmphasis(random: Random, theme: Theme): number[] {
  return makers.map(({ subject }) => random.pick([0.25, 1, 1, 4]) * themes[theme][subject]);
}

/** Which operations take a parameter. */
function taking(parameter: string): ReadonlySet<string> {
  const keyOf = { [versions.Vpc]: "vpc", [versions.VpcPeer]: "peer" } as Readonly<Record<string, string>>;
  return new Set(
    operations.flatMap(({ product, name, parameters }) => (parameter in parameters ? `${keyOf[product.version]} ${name}` : [])),
  );
}
const takesDryRun = taking("DryRun");
const takesToken = taking("ClientToken");

/** The calls with which walks of a theme begin. */
export const prologues: Readonly<Record<Theme, typeof vpnPrologue>> = {
  network: [],
  vpn: vpnPrologue,
  link: interfacePrologue,
  border: [...borderVpcPrologue, ...circuitPrologue, ...borderRouterPrologue],
  all: [],
};

function apiCall(g: Ground): ApiCall {
  const weights = makers.map(({ weight }, index) => (typeof weight === "number" ? weight : weight(g)) * (g.emphasis[index] ?? 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (;;) {
    let place = g.random.next() * total;
    const { product, action, make } = makers[weights.findIndex((weight) => (place -= weight) < 0)] as Maker;
    const made = make(g);
    if (made === undefined) continue;
    const operation = `${product} ${action}`;
    const DryRun = takesDryRun.has(operation) ? g.maybe(0.08, () => true) : undefined;
    const ClientToken = takesToken.has(operation) ? g.maybe(0.4, () => `token-${g.random.below(2 ** 30)}`) : undefined;
    const parameters = { ...made.parameters, DryRun, ClientToken };
    return { by: made.by, keyIndex: g.random.below(made.by.keys.length), product, action, parameters };
  }
}

/** A call under a token that an earlier one used: the same again, with one parameter changed, or as a dry run, which asks no token. */
function repeated(g: Ground): ApiCall | undefined {
  const first = g.some(g.remembered.filter(({ at }) => at >= g.model.now - tokenAgeMax))?.call;
  if (first === undefined || g.random.chance(0.5)) return first;
  if (takesDryRun.has(`${first.product} ${first.action}`) && g.random.chance(0.3))
    return { ...first, parameters: { ...first.parameters, DryRun: true } };
  const ids = [
    "InstanceId",
    "VpcId",
    "VpnGatewayId",
    "VpnConnectionId",
    "RouterInterfaceId",
    "RouterId",
    "PhysicalConnectionId",
    "VbrId",
    "VirtualBorderRouterId",
    "BgpGroupId",
    "BgpPeerId",
    "CustomerGatewayId",
    "RouteTableId",
    "ResourceId",
    "ZoneId",
    "CidrBlock",
  ];
  const name = ids.find((one) => first.parameters[one] !== undefined) ?? "ResourceGroupId";
  const changed =
    name === "CidrBlock"
      ? "10.99.0.0/16"
      : name === "ResourceId"
        ? ["pcc-nowhere"]
        : name === "RouterInterfaceId"
          ? "ri-nowhere"
          : "rg-nowhere";
  return { ...first, parameters: { ...first.parameters, [name]: changed } };
}

const smallQuotas: readonly (readonly [QuotaName, readonly number[]])[] = [
  ["Vpc", [1, 2, 3]],
  ["VSwitch", [1, 2, 3]],
  ["VpcMultiCidr", [1, 2]],
  ["GUAIpv6CidrBlock", [1, 2]],
  ["RouteTable", [1, 2]],
  ["RouteEntry", [1, 2, 3]],
  ["IntraRegionVpcPeerCountPerVpc", [1, 2]],
  ["CrossRegionVpcPeerCountPerVpc", [1, 2]],
  ["VpcPeerCountPerUserPerRegion", [1, 2, 3]],
  ["Bandwidth", [50, 1500]],
  ["VpnGateway", [1, 2, 3]],
  ["CustomerGateway", [2, 3]],
  ["VpnConnection", [1, 2, 3]],
  ["VpnDbrRouteEntry", [2, 3]],
  ["VpnRouteEntry", [1, 2]],
  ["VpnPbrRouteEntry", [2, 3, 4]],
  ["RouterInterface", [1, 2, 3]],
  ["pConnPerAP", [1, 2, 3]],
  ["freePconnPerAP", [1, 2]],
  ["VPCONN", [1, 2]],
  ["Bgp", [1, 2]],
  ["RouteLimit", [50, 150]],
  ["vbrPerpConn", [1, 2, 3]],
  ["freevbr", [1, 2, 3]],
  ["VbrRouteEntry", [1, 2]],
  ["VpcPeerExpiryDays", [1, 3]],
];
/** Settings that are met within a walk. */
export function someSettings(model: Model, random: Random, regions: readonly string[]): Settings {
  const scope = (): { account?: string; region?: string } => ({
    ...(random.chance(0.5) ? { account: random.pick(model.accounts).id } : {}),
    ...(random.chance(0.4) ? { region: random.pick(regions) } : {}),
  });
  const quotas = smallQuotas.flatMap(([name, values]) => (random.chance(0.5) ? [{ name, ...scope(), value: random.pick(values) }] : []));
  // A broader one beside a narrower one: the narrower wins.
  const twice = quotas.flatMap(({ name, account }) =>
    account !== undefined && random.chance(0.3) ? [{ name, value: quotaDefaults[name] }] : [],
  );
  const features = featureNames.flatMap((name) => (random.chance(0.06) ? [{ name, ...scope(), open: false }] : []));
  return { quotas: [...quotas, ...twice], features };
}

function adminCall(g: Ground): AdminCall | undefined {
  const { model, random } = g;
  const patches = random.chance(0.4) ? random.shuffled([vpnPatch, interfacePatch, circuitPatch]) : [];
  const patch = patches.map((make) => make(g)).find((made) => made !== undefined);
  if (patch !== undefined) return { does: "patch", id: g.id(patch.thing), fields: patch.fields };
  const chance = random.next();
  const guests = model.accounts.slice(enabledMin).map((one) => one.name);
  const name = random.pick(guests.length > 0 && random.chance(0.8) ? guests : ["guest-one", "guest-two"]);
  if (chance < 0.3) {
    if (model.accounts.length >= accountsMax && !model.accounts.some((one) => one.name === name)) return undefined;
    return { does: "createAccount", name };
  }
  if (chance < 0.36) return { does: "createKey", name: random.pick([name, "requester"]) };
  if (chance < 0.56) {
    const known = model.accounts.find((one) => one.name === name);
    return known?.state === "Enabled" && g.enabled.length <= enabledMin ? undefined : { does: "disableAccount", name };
  }
  if (chance < 0.7) return { does: "putSettings", settings: someSettings(model, random, g.regions) };
  const connection = g.some(model.connections);
  if (connection === undefined) return undefined;
  const locked = connection.bizStatus !== "Normal" || connection.managedBy !== "";
  const fields: Record<string, string> = locked
    ? { BizStatus: "Normal", ManagedService: "" }
    : random.pick<Record<string, string>>([{ BizStatus: "FinancialLocked" }, { ManagedService: "SWAS" }]);
  return { does: "patch", id: g.id(connection), fields };
}

export function someCall(g: Ground): ApiCall | AdminCall {
  const { random } = g;
  if (random.chance(hasApplication(g) ? 0.12 : 0.06)) return adminCall(g) ?? apiCall(g);
  if (random.chance(0.06)) return repeated(g) ?? apiCall(g);
  return apiCall(g);
}

/** Calls that take down what is there: each thing's deletion, by an account that can still call. */
export function deletions(model: Model, random: Random): ApiCall[] {
  const enabled = model.accounts.filter(({ state }) => state === "Enabled");
  const calls: ApiCall[] = [];
  const add = (account: string, product: Product, action: string, parameters: Readonly<Record<string, unknown>>): void => {
    const by = enabled.find(({ id }) => id === account);
    if (by !== undefined) calls.push({ by, product, action, parameters });
  };
  for (const one of model.connections) {
    const by = enabled.find(({ id }) => isParty(one, id));
    if (by !== undefined && !isTransitional(one.kind.states, one.state) && one.state !== "Deleted")
      add(by.id, "peer", "DeleteVpcPeerConnection", { InstanceId: one.id, Force: true });
  }
  vpnDeletions(model, add);
  interfaceDeletions(model, random, add);
  bgpDeletions(model, add);
  borderRouterDeletions(model, add);
  circuitDeletions(model, add);
  for (const { account, region: RegionId, id, vpcId, tableId } of model.switches) {
    const isUnderSystem = tableId === model.vpc(vpcId).tableId;
    if (isUnderSystem) add(account, "vpc", "DeleteVSwitch", { RegionId, VSwitchId: id });
    else add(account, "vpc", "UnassociateRouteTable", { RegionId, VSwitchId: id, RouteTableId: tableId });
  }
  for (const { account, region: RegionId, id, isSystem } of model.allTables) {
    const own = model.entries.filter((entry) => entry.tableId === id && !entry.isSystem && entry.managedBy === "");
    const RouteEntries = own.map((entry) => ({ RouteTableId: id, RouteEntryId: entry.id }));
    if (own.length > 0) add(account, "vpc", "DeleteRouteEntries", { RegionId, RouteEntries });
    else if (!isSystem) add(account, "vpc", "DeleteRouteTable", { RegionId, RouteTableId: id });
  }
  for (const { account, region: RegionId, id } of model.vpcs) add(account, "vpc", "DeleteVpc", { RegionId, VpcId: id });
  return random.shuffled(calls);
}
