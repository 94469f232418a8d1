import type { Random } from "../support/random.ts";
import type { Tag } from "./foretell.ts";
import type { TagForm } from "./foretell-tags.ts";
import type { Product } from "./ground.ts";
import { ipv4Of, isIpv6 } from "./address-blocks.ts";
import { isBorderRouterId, type Model } from "./model.ts";
import {
  type Account,
  type Connection,
  type Entry,
  isParty,
  sidesOf,
  statusOf,
  type Table,
  tagsOf,
  type Thing,
  type Vpc,
  type VSwitch,
} from "./things.ts";

/** What reads must answer, from the model: every field. */

/** A read with the whole body that it must answer; `RequestId` aside. */
export interface Read {
  readonly by: Account;
  readonly product: Product;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  /** What of the body is compared; all of it unless said. */
  readonly of?: (body: any) => unknown;
  /** Is told the body, which shows the ids of what the system made by itself. */
  readonly learn?: (body: any) => void;
}

export const utc = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
export const tagList = (thing: Thing, by: string): Tag[] => [...tagsOf(thing, by)].map(([Key, Value]) => ({ Key, Value }));
export const ids = (things: readonly Thing[]): string[] => things.map(({ id }) => id);
export const codeOf = (body: any): unknown => body.Code;

function vpcView(model: Model, of: Vpc): Record<string, unknown> {
  return {
    CidrBlock: of.cidr,
    CreationTime: utc(of.createdAt),
    Description: of.description,
    DhcpOptionsSetId: "",
    DhcpOptionsSetStatus: "",
    DnsHostnameStatus: of.dnsHostname ? "ENABLED" : "DISABLED",
    EnabledIpv6: of.ipv6.length > 0,
    Ipv6CidrBlock: of.ipv6[0] ?? "",
    Ipv6CidrBlocks: { Ipv6CidrBlock: of.ipv6.map((block) => ({ Ipv6CidrBlock: block, Ipv6Isp: "BGP" })) },
    IsDefault: of.isDefault,
    OwnerId: Number(of.account),
    RegionId: of.region,
    ResourceGroupId: of.groups.get(of.account),
    SecondaryCidrBlocks: { SecondaryCidrBlock: of.secondary },
    Status: statusOf(of),
    Tags: { Tag: tagList(of, of.account) },
    UserCidrs: { UserCidr: of.userCidrs },
    VRouterId: of.routerId,
    VSwitchIds: { VSwitchId: ids(model.switchesOf(of.id)) },
    VpcId: of.id,
    VpcName: of.name,
  };
}
const tablesOf = (model: Model, of: Vpc): Table[] => model.tables.filter(({ vpcId }) => vpcId === of.id);

function switchView(model: Model, of: VSwitch): Record<string, unknown> {
  const isSystem = of.tableId === model.vpc(of.vpcId).tableId;
  return {
    // The first address and the last three are the system's own.
    AvailableIpAddressCount: 2 ** (32 - Number(of.cidr.split("/")[1])) - 4,
    CidrBlock: of.cidr,
    CreationTime: utc(of.createdAt),
    Description: of.description,
    EnabledIpv6: of.ipv6 !== "",
    Ipv6CidrBlock: of.ipv6,
    IsDefault: of.isDefault,
    NetworkAclId: "",
    OwnerId: Number(of.account),
    ResourceGroupId: of.groups.get(of.account),
    RouteTable: { RouteTableId: of.tableId, RouteTableType: isSystem ? "System" : "Custom" },
    ShareType: "",
    Status: statusOf(of),
    Tags: { Tag: tagList(of, of.account) },
    VSwitchId: of.id,
    VSwitchName: of.name,
    VpcId: of.vpcId,
    ZoneId: of.zone,
  };
}

function tableView(model: Model, of: Table): Record<string, unknown> {
  return {
    AssociateType: of.forGateway ? "Gateway" : "VSwitch",
    CreationTime: utc(of.createdAt),
    Description: of.description,
    GatewayIds: { GatewayIds: [] },
    OwnerId: Number(of.account),
    ResourceGroupId: of.groups.get(of.account),
    RoutePropagationEnable: of.propagates,
    RouteTableId: of.id,
    RouteTableName: of.name,
    RouteTableType: of.isSystem ? "System" : "Custom",
    RouterId: of.routerId,
    RouterType: isBorderRouterId(of.vpcId) ? "VBR" : "VRouter",
    Status: statusOf(of),
    Tags: { Tag: tagList(of, of.account) },
    VSwitchIds: { VSwitchId: ids(model.switches.filter(({ tableId }) => tableId === of.id)) },
    VpcId: isBorderRouterId(of.vpcId) ? "" : of.vpcId,
  };
}

function entryView(of: Entry): Record<string, unknown> {
  const hops = of.hops.map(({ type, id, weight }) => ({
    Enabled: 1,
    NextHopId: id,
    NextHopRegionId: id === "" ? "" : of.region,
    NextHopRelatedInfo: { InstanceId: "", InstanceType: "", RegionId: "" },
    NextHopType: type,
    Weight: weight,
  }));
  return {
    Description: of.description,
    DestinationCidrBlock: of.destination,
    GmtModified: utc(of.modifiedAt),
    IpVersion: isIpv6(of.destination) ? "IPv6" : "IPv4",
    NextHops: { NextHop: hops },
    Origin: of.isSystem ? "RouteTable" : "Custom",
    RouteEntryId: of.id,
    RouteEntryName: of.name,
    RouteTableId: of.tableId,
    ServiceType: "",
    Status: statusOf(of),
    Type: of.isSystem ? "System" : "Custom",
  };
}
/** The same in the older list, which has fewer fields. */
function olderEntryView(of: Entry): Record<string, unknown> {
  return {
    Description: of.description,
    DestinationCidrBlock: of.destination,
    InstanceId: of.hops[0]?.id,
    NextHopType: of.hops[0]?.type,
    NextHops: { NextHop: of.hops.map(({ type, id, weight }) => ({ Enabled: 1, NextHopId: id, NextHopType: type, Weight: weight })) },
    RouteEntryId: of.id,
    RouteEntryName: of.name,
    RouteTableId: of.tableId,
    Status: statusOf(of),
    Type: of.isSystem ? "System" : "Custom",
  };
}

function connectionView(model: Model, of: Connection, by: string): Record<string, unknown> {
  const [requester, accepter] = sidesOf(of).map(({ vpcId }) => {
    const found: Vpc | undefined = model.vpc(vpcId);
    return { Ipv4Cidrs: found ? ipv4Of(found) : [], Ipv6Cidrs: found?.ipv6 ?? [], VpcId: vpcId };
  });
  return {
    AcceptingOwnerUid: Number(of.accepter),
    AcceptingRegionId: of.acceptingRegion,
    AcceptingVpc: accepter,
    Bandwidth: of.bandwidth,
    BizStatus: of.bizStatus,
    Description: of.description,
    GmtCreate: utc(of.createdAt),
    ...(of.state === "Accepting" || of.state === "Expired" ? { GmtExpired: utc(of.expiresAt) } : {}),
    GmtModified: utc(of.modifiedAt),
    InstanceId: of.id,
    LinkType: of.linkType,
    ManagedService: of.managedBy,
    Name: of.name,
    OwnerId: Number(of.account),
    RegionId: of.region,
    ResourceGroupId: of.groups.get(by) ?? "",
    Status: statusOf(of),
    Tags: tagList(of, by),
    Vpc: requester,
  };
}

// Lists

/** A filter of a list: the parameters that ask for it, and what it lets through. */
export interface Condition<T> {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly fits: (thing: T) => boolean;
}
export const all: Condition<Thing> = { parameters: {}, fits: () => true };

function hasTags(thing: Thing, by: string, tags: readonly Tag[]): boolean {
  const own = tagsOf(thing, by);
  return tags.every(({ Key, Value }) => own.has(Key) && (Value === undefined || own.get(Key) === Value));
}
function someTags(random: Random): Tag[] {
  const tag = (): Tag => ({
    Key: random.pick(["stage", "team", "key-11"]),
    ...(random.chance(0.5) ? { Value: random.pick(["1", "2"]) } : {}),
  });
  return Array.from({ length: 1 + random.below(2) }, tag);
}
/** Up to two conditions out of many, joined. */
export function joined<T>(random: Random, conditions: readonly Condition<T>[]): Condition<T> {
  const chosen = [random.pick(conditions), ...(random.chance(0.3) ? [random.pick(conditions)] : [])];
  const names = chosen.flatMap(({ parameters }) => Object.keys(parameters));
  const own = new Set(names).size === names.length ? chosen : chosen.slice(0, 1);
  return {
    parameters: Object.assign({}, ...own.map(({ parameters }) => parameters)) as Record<string, unknown>,
    fits: (thing) => own.every(({ fits }) => fits(thing)),
  };
}
export function byTagOrGroup<T extends Thing>(random: Random, by: Account, tagParameter = "Tag"): Condition<T>[] {
  const tags = someTags(random);
  const group = random.pick([...by.groupIds.values()]);
  return [
    { parameters: { [tagParameter]: tags }, fits: (thing) => hasTags(thing, by.id, tags) },
    { parameters: { ResourceGroupId: group }, fits: (thing) => thing.groups.get(by.id) === group },
  ];
}
const nameFilter = <T extends { readonly name: string }>(random: Random, parameter: string): Condition<T> => {
  const name = random.pick(["pier", "quay"]);
  return { parameters: { [parameter]: name }, fits: (thing) => thing.name === name };
};

/** A numbered page: all of a list on one page, or some page of some size. */
export function numbered<T>(
  random: Random | undefined,
  things: readonly T[],
): { parameters: Record<string, unknown>; page: readonly T[]; echo: object } {
  const PageSize = random === undefined ? 50 : random.pick([1, 2, 3, 50]);
  const PageNumber = random === undefined ? 1 : 1 + random.below(2);
  const start = (PageNumber - 1) * PageSize;
  return {
    parameters: { PageSize, PageNumber },
    page: things.slice(start, start + PageSize),
    echo: { PageSize, PageNumber, TotalCount: things.length },
  };
}

/** Lists of one account in one region: unfiltered and whole, or with conditions and pages chosen at random. */
export interface Place {
  readonly by: Account;
  readonly region: string;
}
export type ListRead = (model: Model, place: Place, random: Random | undefined) => Read;
export const here =
  ({ by, region }: Place) =>
  (thing: Thing): boolean =>
    thing.account === by.id && thing.region === region;

const describeVpcs: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const isDefault = random?.chance(0.5);
  const hasIpv6 = random?.chance(0.5);
  const filter: Condition<Vpc> =
    random === undefined
      ? all
      : joined<Vpc>(random, [
          all,
          ...byTagOrGroup<Vpc>(random, by),
          nameFilter(random, "VpcName"),
          { parameters: { IsDefault: isDefault }, fits: (one) => one.isDefault === isDefault },
          { parameters: { EnableIpv6: hasIpv6 }, fits: (one) => one.ipv6.length > 0 === hasIpv6 },
        ]);
  const { parameters, page, echo } = numbered(random, model.vpcs.filter(here(place)).filter(filter.fits));
  const views = page.map((one) =>
    Object.assign(vpcView(model, one), {
      CenStatus: "",
      NatGatewayIds: { NatGatewayIds: [] },
      RouterTableIds: { RouterTableIds: ids(tablesOf(model, one)) },
    }),
  );
  const expected = { ...echo, Vpcs: { Vpc: views } };
  return {
    by,
    product: "vpc",
    action: "DescribeVpcs",
    parameters: { RegionId, ...filter.parameters, ...parameters },
    expected,
  };
};

const describeVSwitches: ListRead = (model, place, random) => {
  const { by, region } = place;
  const isDefault = random?.chance(0.3);
  const hasIpv6 = random?.chance(0.5);
  const own = model.switches.filter(here(place));
  const other = own.length === 0 ? undefined : random?.pick(own);
  const filter: Condition<VSwitch> =
    random === undefined
      ? all
      : joined<VSwitch>(random, [
          ...byTagOrGroup<VSwitch>(random, by),
          nameFilter(random, "VSwitchName"),
          { parameters: { VpcId: other?.vpcId ?? "vpc-nowhere" }, fits: ({ vpcId }) => vpcId === other?.vpcId },
          { parameters: { RouteTableId: other?.tableId ?? "vtb-nowhere" }, fits: ({ tableId }) => tableId === other?.tableId },
          { parameters: { ZoneId: other?.zone ?? "nowhere" }, fits: ({ zone }) => zone === other?.zone },
          { parameters: { IsDefault: isDefault }, fits: (one) => one.isDefault === isDefault },
          { parameters: { EnableIpv6: hasIpv6 }, fits: ({ ipv6 }) => (ipv6 !== "") === hasIpv6 },
        ]);
  // Without a region the whole account is listed.
  const RegionId = random?.chance(0.2) === true ? undefined : region;
  const things = RegionId === undefined ? model.switches.filter(({ account }) => account === by.id) : own;
  const { parameters, page, echo } = numbered(random, things.filter(filter.fits));
  const expected = { ...echo, VSwitches: { VSwitch: page.map((one) => switchView(model, one)) } };
  return { by, product: "vpc", action: "DescribeVSwitches", parameters: { RegionId, ...filter.parameters, ...parameters }, expected };
};

const describeRouteTableList: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const RouterType = random?.chance(0.3) === true ? "VBR" : undefined;
  const own = model.allTables.filter(here(place)).filter(({ vpcId }) => isBorderRouterId(vpcId) === (RouterType === "VBR"));
  const other = own.length === 0 ? undefined : random?.pick(own);
  const isSystem = random?.chance(0.5) === true;
  const filter: Condition<Table> =
    random === undefined
      ? all
      : joined<Table>(random, [
          ...byTagOrGroup<Table>(random, by),
          nameFilter(random, "RouteTableName"),
          { parameters: { VpcId: other?.vpcId ?? "vpc-nowhere" }, fits: ({ vpcId }) => vpcId === other?.vpcId && RouterType !== "VBR" },
          { parameters: { RouterId: other?.routerId ?? "vrt-nowhere" }, fits: ({ routerId }) => routerId === other?.routerId },
          { parameters: { RouteTableId: other?.id ?? "vtb-nowhere" }, fits: ({ id }) => id === other?.id },
          { parameters: { RouteTableType: isSystem ? "System" : "Custom" }, fits: (one) => one.isSystem === isSystem },
        ]);
  const { parameters, page, echo } = numbered(random, own.filter(filter.fits));
  const expected = { ...echo, RouterTableList: { RouterTableListType: page.map((one) => tableView(model, one)) } };
  return {
    by,
    product: "vpc",
    action: "DescribeRouteTableList",
    parameters: { RegionId, RouterType, ...filter.parameters, ...parameters },
    expected,
  };
};

/** Tables with all their entries. The answer shows the ids of the system's own entries, so what it must be is asked after it has come. */
function tablesWithEntries(
  model: Model,
  by: Account,
  parameters: Readonly<Record<string, unknown>>,
  tables: readonly Table[],
  echo: object,
): Read {
  const view = (one: Table): unknown => ({
    CreationTime: utc(one.createdAt),
    ResourceGroupId: one.groups.get(one.account),
    RouteEntrys: { RouteEntry: model.entries.filter(({ tableId }) => tableId === one.id).map(olderEntryView) },
    RouteTableId: one.id,
    RouteTableType: one.isSystem ? "System" : "Custom",
    Status: statusOf(one),
    VRouterId: one.routerId,
    VSwitchIds: { VSwitchId: ids(model.switches.filter(({ tableId }) => tableId === one.id)) },
  });
  return {
    by,
    product: "vpc",
    action: "DescribeRouteTables",
    parameters,
    learn: (body) => {
      for (const shown of body.RouteTables?.RouteTable ?? []) learnEntries(model, shown.RouteEntrys.RouteEntry);
    },
    get expected() {
      return { ...echo, RouteTables: { RouteTable: tables.map(view) } };
    },
  };
}
const describeRouteTables: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const isSystem = random?.chance(0.5) === true;
  const filter: Condition<Table> =
    random === undefined
      ? all
      : joined<Table>(random, [
          all,
          nameFilter(random, "RouteTableName"),
          { parameters: { Type: isSystem ? "System" : "Custom" }, fits: (one) => one.isSystem === isSystem },
        ]);
  const { parameters, page, echo } = numbered(random, model.allTables.filter(here(place)).filter(filter.fits));
  return tablesWithEntries(model, by, { RegionId, ...filter.parameters, ...parameters }, page, echo);
};
/** Takes over the ids of the system's own entries, which no other answer shows; from then on they must stay. */
function learnEntries(model: Model, shown: readonly { RouteEntryId: string; RouteTableId: string; DestinationCidrBlock: string }[]): void {
  for (const entry of model.entries) {
    if (entry.id !== "") continue;
    const found = shown.find((one) => one.RouteTableId === entry.tableId && one.DestinationCidrBlock === entry.destination);
    entry.id = found?.RouteEntryId ?? "";
  }
}

const describeVRouters: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const { parameters, page, echo } = numbered(random, model.routers.filter(here(place)));
  const views = page.map((one) => ({
    CreationTime: utc(one.createdAt),
    Description: "",
    RegionId,
    RouteTableIds: { RouteTableId: ids(tablesOf(model, model.vpc(one.vpcId))) },
    VRouterId: one.id,
    VRouterName: "",
    VpcId: one.vpcId,
  }));
  const expected = { ...echo, VRouters: { VRouter: views } };
  return { by, product: "vpc", action: "DescribeVRouters", parameters: { RegionId, ...parameters }, expected };
};

const listConnections: ListRead = (model, { by, region }, random) => {
  const RegionId = random?.chance(0.3) === true ? undefined : region;
  const isHere = (one: Connection): boolean =>
    one.state !== "Deleted" && sidesOf(one).some((side) => side.account === by.id && (RegionId ?? side.region) === side.region);
  const known = model.connections.length === 0 ? undefined : random?.pick(model.connections);
  const vpcIds = known === undefined ? [] : random?.chance(0.5) === true ? [known.acceptingVpcId] : [known.vpcId, known.acceptingVpcId];
  const filter: Condition<Connection> =
    random === undefined
      ? all
      : joined<Connection>(random, [
          all,
          ...byTagOrGroup<Connection>(random, by, "Tags"),
          nameFilter(random, "Name"),
          {
            parameters: { VpcId: vpcIds },
            fits: ({ vpcId, acceptingVpcId }) => vpcIds.every((id) => id === vpcId || id === acceptingVpcId),
          },
          { parameters: { InstanceId: known?.id ?? "pcc-nowhere" }, fits: ({ id }) => id === known?.id },
        ]);
  const things = model.connections.filter(isHere).filter(filter.fits);
  const MaxResults = random?.pick([1, 2, 20]) ?? 100;
  return {
    by,
    product: "peer",
    action: "ListVpcPeerConnections",
    parameters: { RegionId, MaxResults, ...filter.parameters },
    of: ({ NextToken, ...body }) => ({ ...body, hasMore: NextToken !== undefined }),
    expected: {
      MaxResults,
      TotalCount: things.length,
      VpcPeerConnects: things.slice(0, MaxResults).map((one) => connectionView(model, one, by.id)),
      hasMore: things.length > MaxResults,
    },
  };
};

/** All tags of all resources of one type that carry a key, or that are named. */
export const listTags =
  (form: TagForm, ResourceType: string, thingsOf: (model: Model, place: Place) => readonly Thing[]): ListRead =>
  (model, place, random) => {
    const { by, region: RegionId } = place;
    const things = thingsOf(model, place);
    const Tag = random === undefined ? [{ Key: "stage" }] : someTags(random);
    const ResourceId = random?.chance(0.5) === true ? ids(things) : [];
    const isNamed = ResourceId.length > 0;
    const fitting = things.filter((thing) => isNamed || hasTags(thing, by.id, Tag));
    const tags = fitting.flatMap((thing) =>
      tagList(thing, by.id).map(({ Key, Value }) => {
        const tag = { ResourceId: thing.id, ResourceType, TagKey: Key, TagValue: Value };
        return form === "peer" ? Object.assign(tag, { RegionNo: RegionId }) : tag;
      }),
    );
    return {
      by,
      product: form === "peer" ? "peer" : "vpc",
      action: form === "expressConnect" ? "ListTagResourcesForExpressConnect" : "ListTagResources",
      parameters: { RegionId, ResourceType, ...(isNamed ? { ResourceId } : { Tag }) },
      expected: form === "peer" ? { MaxResults: 50, TagResources: tags } : { TagResources: { TagResource: tags } },
    };
  };
const connectionsIn = (model: Model, { by, region }: Place): Connection[] =>
  model.connections.filter(
    (one) => one.state !== "Deleted" && sidesOf(one).some((side) => side.account === by.id && side.region === region),
  );

/** Reads whose answers hold all that an account has in a region. */
export const wholeLists: readonly ListRead[] = [
  describeRouteTables,
  describeVpcs,
  describeVSwitches,
  describeRouteTableList,
  describeVRouters,
  listConnections,
];
/** Reads with filters and pages. */
export const filteredLists: readonly ListRead[] = [
  describeVpcs,
  describeVSwitches,
  describeRouteTableList,
  describeRouteTables,
  listConnections,
  listConnections,
  listTags("vpc", "VPC", (model, place) => model.vpcs.filter(here(place))),
  listTags("vpc", "VSWITCH", (model, place) => model.switches.filter(here(place))),
  listTags("vpc", "ROUTETABLE", (model, place) => model.allTables.filter(here(place))),
  listTags("peer", "PeerConnection", connectionsIn),
];

/** The entries of one table, by one condition or all. Its system entries' ids must be known. */
export function entryList(model: Model, by: Account, of: Table, random: Random): Read {
  const entries = model.entries.filter(({ tableId }) => tableId === of.id);
  const known = random.pick(entries);
  const hop = random.pick(known.hops);
  const filter = joined<Entry>(random, [
    all,
    nameFilter(random, "RouteEntryName"),
    { parameters: { RouteEntryId: known.id }, fits: ({ id }) => id === known.id },
    { parameters: { DestinationCidrBlock: known.destination }, fits: ({ destination }) => destination === known.destination },
    { parameters: { RouteEntryType: "Custom" }, fits: ({ isSystem }) => !isSystem },
    { parameters: { IpVersion: "IPv6" }, fits: ({ destination }) => isIpv6(destination) },
    { parameters: { NextHopType: hop.type }, fits: ({ hops }) => hops.some(({ type }) => type === hop.type) },
    { parameters: { NextHopId: hop.id || "i-one" }, fits: ({ hops }) => hops.some(({ id }) => id === (hop.id || "i-one")) },
  ]);
  const things = entries.filter(filter.fits);
  const MaxResult = random.pick([1, 3, 100]);
  return {
    by,
    product: "vpc",
    action: "DescribeRouteEntryList",
    parameters: { RegionId: of.region, RouteTableId: of.id, MaxResult, ...filter.parameters },
    of: ({ NextToken, ...body }) => ({ ...body, hasMore: NextToken !== undefined }),
    expected: {
      RouteEntrys: { RouteEntry: things.slice(0, MaxResult).map(entryView) },
      TotalCount: things.length,
      hasMore: things.length > MaxResult,
    },
  };
}

// Single resources

/** What one account reads of what an id names, or named; `undefined` where the cloud has no such read. */
export function attribute(model: Model, by: Account, id: string, region: string): Read | undefined {
  const thing = model.things.find((one) => one.id === id);
  if (id.startsWith("pcc-")) {
    const one = thing as Connection | undefined;
    const read = { by, product: "peer", action: "GetVpcPeerConnectionAttribute", parameters: { InstanceId: id } } as const;
    if (one === undefined || !isParty(one, by.id)) return { ...read, of: codeOf, expected: "ResourceNotFound.InstanceId" };
    return { ...read, expected: connectionView(model, one, by.id) };
  }
  const isVisible = thing?.account === by.id && thing.region === region;
  if (id.startsWith("vpc-")) {
    const read = { by, product: "vpc", action: "DescribeVpcAttribute", parameters: { RegionId: region, VpcId: id } } as const;
    if (!isVisible) return { ...read, of: ({ VpcId, Status, VRouterId }) => [VpcId, Status, VRouterId], expected: ["", "", ""] };
    const of = thing as Vpc;
    const resources = { VSwitch: model.switchesOf(id).length, VRouter: 1, RouteTable: tablesOf(model, of).length };
    return {
      ...read,
      expected: {
        ...vpcView(model, of),
        AssociatedCens: { AssociatedCen: [] },
        AssociatedPropagationSources: { AssociatedPropagationSources: [] },
        ClassicLinkEnabled: of.classicLink,
        CloudResources: {
          CloudResourceSetType: Object.entries(resources).map(([ResourceType, ResourceCount]) => ({ ResourceCount, ResourceType })),
        },
        Ipv4GatewayId: "",
        SupportIpv4Gateway: false,
      },
    };
  }
  if (id.startsWith("vsw-")) {
    const read = { by, product: "vpc", action: "DescribeVSwitchAttributes", parameters: { RegionId: region, VSwitchId: id } } as const;
    if (!isVisible) return { ...read, of: ({ VSwitchId, Status }) => [VSwitchId, Status], expected: ["", ""] };
    return { ...read, expected: { ...switchView(model, thing as VSwitch), CloudResources: { CloudResourceSetType: [] } } };
  }
  if (id.startsWith("vtb-")) {
    const tables = isVisible ? [thing as Table] : [];
    const parameters = { RegionId: region, RouteTableId: id };
    return tablesWithEntries(model, by, parameters, tables, { PageNumber: 1, PageSize: 10, TotalCount: tables.length });
  }
  return undefined;
}
