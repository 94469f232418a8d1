import { routeEntry } from "../../src/services/vpc/route-entry.ts";
import { routeTable } from "../../src/services/vpc/route-table.ts";
import { type Family, type Foretold, fresh, newTags, type Refused, refused, tagFault } from "./foretell.ts";
import { asBlock, contains, isIpv6, servicesBlock } from "./address-blocks.ts";
import { isBorderRouterId, type Model } from "./model.ts";
import { type Account, type Entry, type Hop, isParty, type RouterInterface, sidesOf, type Table } from "./things.ts";

/** Route tables and route entries. */

const conflict = refused("OperationConflict", 409);
const noTable = refused("InvalidRouteTableId.NotFound", 404);
const noSwitch = refused("InvalidVSwitchId.NotFound", 404);
const busyOnCreate = {
  vpc: refused("IncorrectVpcStatus"),
  vSwitch: refused("IncorrectVSwitchStatus"),
  table: refused("TaskConflict"),
  entry: refused("IncorrectRouteEntryStatus"),
};
const busyOnDelete = { ...busyOnCreate, vSwitch: refused("TaskConflict") };

function tableOf(model: Model, by: Account, { RouteTableId, RegionId }: any): Table | undefined {
  return model.owned(model.allTables, RouteTableId, by.id, RegionId);
}
function isAtWork(model: Model, vpcId: string): boolean {
  return model.busy([vpcId], "vpc", "vSwitch", "table", "entry") !== undefined;
}

/** A refusal with what brings it about. The first that is true refuses. */
type Condition = readonly [Refused, () => boolean];
function firstOf(conditions: readonly Condition[]): Refused | undefined {
  return conditions.find(([, isTrue]) => isTrue())?.[0];
}

/** Why a next hop cannot be used in a VPC. */
function hopConditions(model: Model, by: Account, vpcId: string, { type, id }: Hop, oneOfSeveral = false): Condition[] {
  const connection = (): ReturnType<Model["connections"]["find"]> =>
    model.connections.find((one) => one.id === id && isParty(one, by.id) && sidesOf(one).some((side) => side.vpcId === vpcId));
  const end = (): RouterInterface | undefined =>
    model.interfaces.find((one) => one.id === id && one.account === by.id && one.vpcId === vpcId);
  // A border router's own side of a circuit is a hop of its table.
  const isOverCircuit = model.borderRouters.some((one) => one.id === vpcId && one.circuits.some(({ interfaceId }) => interfaceId === id));
  if (type === "RouterInterface" && isOverCircuit) return [];
  const gateway = (): boolean =>
    model.vpnGateways.some((one) => one.id === id && one.account === by.id && one.vpcId === vpcId && one.state !== "deleting");
  return [
    [refused("ResourceNotFound.VpcPeer"), () => type === "VpcPeer" && connection() === undefined],
    [refused("IncorrectStatus.VpcPeer"), () => type === "VpcPeer" && connection()?.state !== "Activated"],
    [refused("InvalidVpnInstanceId.NotFound"), () => type === "VpnGateway" && !gateway()],
    [refused("InvalidNextHopId.NotFound", 404), () => type === "RouterInterface" && end() === undefined],
    [refused("OperationUnsupported.InvalidRouterInterfaceType"), () => oneOfSeveral && end()?.oppositeRouterType !== "VBR"],
    [refused("IncorrectStatus.RouterInterface"), () => type === "RouterInterface" && end()?.state !== "Active"],
  ];
}
/** What a list of next hops says; `undefined` for none. */
function newHops(list: readonly any[] | undefined): Hop[] | undefined {
  return list?.map(({ NextHopType = "RouterInterface", NextHopId, Weight = 100 }) => ({
    type: NextHopType,
    id: NextHopId,
    weight: Weight,
  }));
}
interface NewEntry {
  readonly table: Table;
  readonly destination: string;
  readonly hops: readonly Hop[];
}
/** What refuses a new entry before it is asked whether its VPC is at work. */
function entryConditions(model: Model, by: Account, { table, destination, hops }: NewEntry): Condition[] {
  const router = model.borderRouters.find(({ id }) => id === table.vpcId);
  const isForInterfaces = hops.length > 1 || router !== undefined;
  return [
    [refused("InvalidDestinationCidrBlock"), () => contains(servicesBlock, destination)],
    [refused("OperationDenied.VpcIpv6NotEnabled"), () => isIpv6(destination) && model.vpc(table.vpcId)?.ipv6.length === 0],
    [refused("OperationUnsupported.Ipv6ForVBR"), () => isIpv6(destination) && router?.circuits.every(({ hasIpv6 }) => !hasIpv6) === true],
    [refused("InvalidVBRStatus"), () => router !== undefined && router.state !== "active"],
    [refused("InvalidRouterType"), () => router !== undefined && hops.length !== 1],
    [refused("OperationDenied.GatewayRouteTableNotPermitted"), () => table.forGateway],
    [refused("InvalidNextHopType"), () => hops.some(({ type }) => type === "Nowhere")],
    [
      refused("OperationFailed.InvalidNextHopType"),
      () => hops.some(({ type }) => (isForInterfaces ? type !== "RouterInterface" : type === "NatGateway")),
    ],
    [refused("Duplicated.VpcNextHop"), () => new Set(hops.map(({ id }) => id)).size < hops.length],
    ...hops.flatMap((hop) => hopConditions(model, by, table.vpcId, hop, hops.length > 1)),
    [refused("IncorrectStatus.RouteTableStatus"), () => model.atWork(table)],
  ];
}
/** What refuses it afterwards. */
function placeConditions(model: Model, { table, destination, hops }: NewEntry): Condition[] {
  const isInSwitch = (): boolean =>
    model.switchesOf(table.vpcId).some(({ cidr, ipv6 }) => [cidr, ipv6].some((block) => block !== "" && contains(block, destination)));
  const others = (): Entry[] => model.entries.filter(({ tableId }) => tableId === table.id);
  return [
    [refused("RouteConflict.AlreadyExist"), () => !isIpv6(destination) && isInSwitch()],
    [refused("OperationUnsupported.DestinationCidrBlockOverlapWithVSwitch"), () => isIpv6(destination) && isInSwitch()],
    [refused("InvalidCIDRBlock.Duplicate"), () => others().some((other) => other.destination === destination)],
    [refused("QuotaExceeded.VpnRouteEntry"), () => hops[0]?.type === "VpnGateway" && !model.hasRoomToGateways(table)],
    [refused("QuotaExceeded"), () => !hasRoom(model, table, 1)],
  ];
}
function hasRoom(model: Model, table: Table, entries: number): boolean {
  const custom = model.entries.filter(({ tableId, isSystem }) => tableId === table.id && !isSystem);
  return (
    custom.length + entries <= model.quota(isBorderRouterId(table.vpcId) ? "VbrRouteEntry" : "RouteEntry", table.account, table.region)
  );
}

/** How a call names an entry: by its id, or by table and destination. All that it says must be true. */
interface EntryName {
  readonly RegionId?: string;
  readonly RouteEntryId?: string;
  /** The table, if the call names one that its caller sees. */
  readonly table: Table | undefined;
  readonly destination?: string;
  readonly nextHops?: readonly string[];
}
function entryNamed(
  model: Model,
  by: Account,
  { RegionId, RouteEntryId, table, destination, nextHops = [] }: EntryName,
): Entry | undefined {
  if (RouteEntryId === undefined && (table === undefined || destination === undefined)) return undefined;
  return model.entries.find(
    (one) =>
      one.account === by.id &&
      (RegionId ?? one.region) === one.region &&
      (RouteEntryId ?? one.id) === one.id &&
      (table?.id ?? one.tableId) === one.tableId &&
      (destination === undefined || asBlock(destination) === one.destination) &&
      nextHops.every((named) => one.hops.some(({ id }) => id === named)),
  );
}
function deletionConditions(model: Model, isById: boolean, entry: Entry | undefined): Condition[] {
  return [
    [refused("InvalidRouteEntryId.NotFound"), () => isById && entry === undefined],
    [refused("InvalidRouteEntry.NotFound"), () => entry === undefined],
    [refused("OperationDenied"), () => entry?.isSystem === true],
    [refused("OperationDenied.DeleteManagedRouteEntry"), () => entry !== undefined && entry.managedBy !== ""],
    [refused("IncorrectRouteEntryStatus"), () => entry !== undefined && !model.may(entry, "DeleteRouteEntry")],
  ];
}

/** A batch of entries, in its two forms. */
interface Batch {
  readonly members: readonly any[];
  /** The table of each member, if the caller sees it. */
  readonly tables: readonly (Table | undefined)[];
  readonly isDryRun: boolean;
  readonly busyCodes: typeof busyOnCreate;
  /** What refuses a member. */
  readonly conditionsOf: (member: any, index: number) => readonly Condition[];
  /** What members do to each other: a run meets it on its way, a dry run must foresee it. */
  readonly together: readonly Condition[];
  readonly succeeds: (member: any, index: number, answer: any) => void;
  /** What the answer repeats of a member that failed. */
  readonly named: (member: any) => Readonly<Record<string, string>>;
}
/**
 * First of all nothing in the VPCs of a batch may be at work. Then each member succeeds or fails for itself, one after the other;
 * in a dry run the first condition that is true of any member refuses the call.
 */
function batch(model: Model, { members, tables, isDryRun, busyCodes, conditionsOf, together, succeeds, named }: Batch): Foretold {
  const vpcIds = tables.flatMap((table) => table?.vpcId ?? []);
  const busy = model.busy(vpcIds, "vpc", "vSwitch", "table", "entry");
  if (busy !== undefined) return busyCodes[busy];
  if (isDryRun) {
    const faults = members.flatMap((member, index) => {
      const conditions = conditionsOf(member, index);
      const rank = conditions.findIndex(([, isTrue]) => isTrue());
      return rank < 0 ? [] : [{ rank, refusal: conditions[rank]?.[0] as Refused }];
    });
    const [first] = faults.sort((a, b) => a.rank - b.rank);
    const fault = first?.refusal ?? firstOf(together);
    if (fault !== undefined) return fault;
  }
  return (answer) => {
    const FailedRouteEntries: Record<string, unknown>[] = [];
    for (const [index, member] of members.entries()) {
      const fault = firstOf(conditionsOf(member, index));
      if (fault === undefined) succeeds(member, index, answer);
      else {
        // Messages are compared elsewhere.
        const { FailedMessage } = answer.FailedRouteEntries[FailedRouteEntries.length] ?? {};
        FailedRouteEntries.push({ ...named(member), FailedCode: fault.code, FailedMessage });
      }
    }
    const FailedCount = FailedRouteEntries.length;
    return { FailedCount, FailedRouteEntries, SuccessCount: members.length - FailedCount };
  };
}

export const routeFamily: Family = {
  CreateRouteTable(model, by, { RegionId, VpcId, RouteTableName = "", Description = "", AssociateType, Tag }) {
    const of = model.owned(model.vpcs, VpcId, by.id, RegionId);
    if (of === undefined) return refused("InvalidVpcId.NotFound", 404);
    const fault = tagFault(Tag);
    if (fault !== undefined) return fault;
    if (isAtWork(model, of.id)) return conflict;
    const others = model.tables.filter(({ vpcId, isSystem }) => vpcId === of.id && !isSystem);
    if (others.length >= model.quota("RouteTable", of.account, of.region)) return refused("QuotaExceeded.RouteTable");
    return ({ RouteTableId }) => {
      model.addTable("CreateRouteTable", {
        id: fresh(model, routeTable, RouteTableId),
        account: by.id,
        region: of.region,
        tags: newTags(by, Tag),
        groups: new Map(of.groups),
        vpcId: of.id,
        routerId: of.routerId,
        name: RouteTableName,
        description: Description,
        isSystem: false,
        forGateway: AssociateType === "Gateway",
        propagates: AssociateType !== "Gateway",
      });
      return { RouteTableId };
    };
  },
  ModifyRouteTableAttributes(model, by, parameters) {
    const { RouteTableName, Description, RoutePropagationEnable } = parameters;
    const changed = tableOf(model, by, parameters);
    if (changed === undefined) return refused("Abs.InvalidRouteTableId.NotExist");
    if (!model.may(changed, "ModifyRouteTableAttributes")) return conflict;
    return () => {
      model.happens(changed, "ModifyRouteTableAttributes");
      changed.name = RouteTableName ?? changed.name;
      changed.description = Description ?? changed.description;
      changed.propagates = RoutePropagationEnable ?? changed.propagates;
      return {};
    };
  },
  DeleteRouteTable(model, by, parameters) {
    const deleted = tableOf(model, by, parameters);
    if (deleted === undefined) return noTable;
    if (deleted.isSystem) return refused("IncorrectRouteTableType");
    if (!model.may(deleted, "DeleteRouteTable")) return refused("IncorrectRouteTableStatus", 404);
    if (model.switches.some(({ tableId }) => tableId === deleted.id)) return refused("IncorrectRouteTableStatus", 404);
    const hasEntries = model.entries.some(({ tableId, isSystem }) => tableId === deleted.id && !isSystem);
    if (hasEntries) return refused("IncorrectRouteTableStatus.RouteEntryExist");
    if (isAtWork(model, deleted.vpcId)) return conflict;
    return () => {
      model.happens(deleted, "DeleteRouteTable");
      return {};
    };
  },
  AssociateRouteTable(model, by, parameters) {
    const table = tableOf(model, by, parameters);
    if (table === undefined) return noTable;
    const other = model.owned(model.switches, parameters.VSwitchId, by.id, parameters.RegionId);
    if (other === undefined) return noSwitch;
    const isUnderCustom = other.tableId !== model.vpc(other.vpcId).tableId;
    if (table.vpcId !== other.vpcId) return refused("Forbidden.NotInSameVpc", 404);
    if (isUnderCustom && other.tableId === table.id) return refused("ResourceAlreadyAssociated.RouteTable");
    if (table.isSystem) return refused("OperationDenied.SwitchToSystemRouteTable");
    if (table.forGateway) return refused("OperationDenied.AssociateGatewayRouteTable");
    if (isUnderCustom) return refused("Forbidden.VSwitchAlreadyAssociatedRouteTable", 404);
    if (model.atWork(table)) return refused("IncorrectStatus.RouteTable", 404);
    if (!model.may(other, "AssociateRouteTable")) return refused("IncorrectVSwitchStatus", 404);
    if (isAtWork(model, other.vpcId)) return conflict;
    return () => {
      model.happens(other, "AssociateRouteTable");
      other.tableId = table.id;
      return {};
    };
  },
  UnassociateRouteTable(model, by, parameters) {
    const table = tableOf(model, by, parameters);
    if (table === undefined) return noTable;
    const other = model.owned(model.switches, parameters.VSwitchId, by.id, parameters.RegionId);
    if (other === undefined) return noSwitch;
    if (table.isSystem) return refused("OperationUnsupported.SystemRouteTable", 404);
    if (other.tableId !== table.id) return refused("InvalidBindingStatus.RouteTable", 404);
    if (!model.may(other, "UnassociateRouteTable")) return refused("IncorrectVSwitchStatus", 404);
    if (isAtWork(model, other.vpcId)) return conflict;
    return () => {
      model.happens(other, "UnassociateRouteTable");
      other.tableId = model.vpc(other.vpcId).tableId;
      return {};
    };
  },

  CreateRouteEntry(model, by, parameters) {
    const { DestinationCidrBlock, NextHopType: type = "Instance", NextHopId: id, NextHopList } = parameters;
    const { RouteEntryName = "", Description = "" } = parameters;
    const table = tableOf(model, by, parameters);
    if (table === undefined) return noTable;
    const entry = { table, destination: asBlock(DestinationCidrBlock), hops: newHops(NextHopList) ?? [{ type, id, weight: 0 }] };
    const fault = firstOf(entryConditions(model, by, entry));
    if (fault !== undefined) return fault;
    const busy = model.busy([table.vpcId], "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) return busyOnCreate[busy];
    return (
      firstOf(placeConditions(model, entry)) ??
      (({ RouteEntryId }) => {
        const body = { destination: entry.destination, hops: entry.hops, name: RouteEntryName, description: Description, isSystem: false };
        model.addEntry("CreateRouteEntry", table, { id: fresh(model, routeEntry, RouteEntryId), ...body });
        return { RouteEntryId };
      })
    );
  },
  CreateRouteEntries(model, by, { RegionId, RouteEntries: members, DryRun }) {
    const tables: (Table | undefined)[] = members.map(({ RouteTableId }: any) => tableOf(model, by, { RouteTableId, RegionId }));
    const entries = members.map(({ DstCidrBlock, NextHop, NextHopType }: any, index: number) => ({
      table: tables[index],
      destination: asBlock(DstCidrBlock),
      hops: [{ type: NextHopType, id: NextHop, weight: 0 }],
    }));
    const ofTable = (table: Table | undefined): NewEntry[] => entries.filter((entry: NewEntry) => entry.table === table);
    const isAlone = ({ table, destination }: NewEntry): boolean =>
      ofTable(table).filter((entry) => entry.destination === destination).length === 1;
    const ids: string[] = [];
    const foretold = batch(model, {
      members,
      tables,
      isDryRun: DryRun === true,
      busyCodes: busyOnCreate,
      conditionsOf: (_member, index) =>
        tables[index] === undefined
          ? [[noTable, () => true]]
          : [[noTable, () => false], ...entryConditions(model, by, entries[index]), ...placeConditions(model, entries[index])],
      together: [
        [refused("InvalidCIDRBlock.Duplicate"), () => !entries.every(isAlone)],
        [refused("QuotaExceeded"), () => tables.some((table) => table && !hasRoom(model, table, ofTable(table).length))],
      ],
      succeeds: ({ Name = "", Description = "" }, index, answer) => {
        const id = fresh(model, routeEntry, answer.RouteEntryIds[ids.length]);
        ids.push(id);
        const { table, ...entry } = entries[index];
        model.addEntry("CreateRouteEntries", table, { id, ...entry, name: Name, description: Description, isSystem: false });
      },
      named: ({ DstCidrBlock, NextHop }) => ({ DstCidrBlock, NextHop }),
    });
    return typeof foretold === "function" ? (answer) => ({ ...foretold(answer), RouteEntryIds: ids }) : foretold;
  },
  DeleteRouteEntry(model, by, parameters) {
    const { RegionId, RouteTableId, RouteEntryId, DestinationCidrBlock, NextHopId, NextHopList = [] } = parameters;
    const table = RouteTableId === undefined ? undefined : tableOf(model, by, parameters);
    if (RouteTableId !== undefined && table === undefined) return noTable;
    const nextHops = NextHopId === undefined ? NextHopList.map((hop: any) => hop.NextHopId) : [NextHopId];
    const name = { RegionId, RouteEntryId, table, destination: DestinationCidrBlock, nextHops };
    const entry = entryNamed(model, by, name);
    const fault = firstOf(deletionConditions(model, RouteEntryId !== undefined, entry));
    if (fault !== undefined || entry === undefined) return fault as Refused;
    const busy = model.busy([entry.vpcId], "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) return busyOnDelete[busy];
    return () => {
      model.happens(entry, "DeleteRouteEntry");
      return {};
    };
  },
  DeleteRouteEntries(model, by, { RegionId, RouteEntries: members, DryRun }) {
    const tables: (Table | undefined)[] = members.map(({ RouteTableId }: any) => tableOf(model, by, { RouteTableId, RegionId }));
    const entryOf = ({ RouteEntryId, DstCidrBlock, NextHop }: any, index: number): Entry | undefined =>
      entryNamed(model, by, { RegionId, RouteEntryId, table: tables[index], destination: DstCidrBlock, nextHops: NextHop && [NextHop] });
    return batch(model, {
      members,
      tables,
      isDryRun: DryRun === true,
      busyCodes: busyOnDelete,
      conditionsOf: (member, index) => [
        [noTable, () => tables[index] === undefined],
        ...deletionConditions(model, member.RouteEntryId !== undefined, entryOf(member, index)),
      ],
      together: [[busyOnDelete.entry, () => new Set(members.map(entryOf)).size < members.length]],
      succeeds: (member, index) => model.happens(entryOf(member, index) as Entry, "DeleteRouteEntries"),
      named: ({ DstCidrBlock = "", NextHop = "", RouteEntryId = "" }) => ({ DstCidrBlock, NextHop, RouteEntryId }),
    });
  },
  ModifyRouteEntry(model, by, parameters) {
    const { RegionId, RouteTableId, RouteEntryId, DestinationCidrBlock, NewNextHopId, NewNextHopType } = parameters;
    const table = RouteTableId === undefined ? undefined : tableOf(model, by, parameters);
    if (RouteTableId !== undefined && table === undefined) return refused("InvalidRouteTable.NotFound");
    const entry = entryNamed(model, by, { RegionId, RouteEntryId, table, destination: DestinationCidrBlock });
    if (entry === undefined) return refused("InvalidRouteEntryId.NotFound", 404);
    // Clients that keep the type of the next hop do not name it.
    const [old, ...others] = entry.hops as [Hop, ...Hop[]];
    if (NewNextHopId !== undefined && NewNextHopType === undefined && others.length > 0) return refused("MissingParam.NewNextHopType");
    const hop = NewNextHopId === undefined ? undefined : { type: NewNextHopType ?? old.type, id: NewNextHopId, weight: 0 };
    if (hop !== undefined) {
      if (hop.type === "Nowhere") return refused("IllegealParam.NextHopType");
      const isOfBorder = isBorderRouterId(entry.vpcId);
      const isFixed = entry.isSystem || entry.managedBy !== "" || others.length > 0;
      if (isFixed || hop.type === "NatGateway" || (isOfBorder && hop.type !== "RouterInterface"))
        return refused("UnsupportedFeature.NextHopType");
      if (hop.type === old.type && hop.id === old.id) return refused("OperationDenied.NextHopExist");
      const fault = firstOf(hopConditions(model, by, entry.vpcId, hop));
      if (fault !== undefined) return fault;
    }
    if (!model.may(entry, "ModifyRouteEntry")) return refused("IncorrectRouteEntryStatus");
    // Only a new next hop is work.
    const busy = hop && model.busy([entry.vpcId], "vpc", "vSwitch", "table", "entry");
    if (busy !== undefined) return busyOnCreate[busy];
    const isNewToGateway = hop?.type === "VpnGateway" && old.type !== "VpnGateway";
    if (isNewToGateway && !model.hasRoomToGateways(entry)) return refused("QuotaExceeded.VpnRouteEntry");
    return () => {
      if (hop === undefined) model.touch(entry);
      else {
        model.happens(entry, "ModifyRouteEntry");
        entry.hops = [hop];
      }
      entry.name = parameters.RouteEntryName ?? entry.name;
      entry.description = parameters.Description ?? entry.description;
      return {};
    };
  },
};
