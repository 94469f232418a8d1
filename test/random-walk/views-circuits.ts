import assert from "node:assert/strict";
import { builtInAccessPoints } from "../../src/contract/access-points.ts";
import { isShared } from "./foretell-circuits.ts";
import type { Model } from "./model.ts";
import { type Account, type Circuit, statusOf } from "./things.ts";
import { all, byTagOrGroup, here, joined, type ListRead, listTags, numbered, type Read, tagList, utc } from "./views.ts";
import { someFilter } from "./views-router-interfaces.ts";

/** What reads of circuits must answer, from the model: every field. */

/** States in which a circuit shows no port. */
const portless = ["Initial", "Approved", "Allocating", "Rejected", "Allocation Failed", "Canceled"];

function specOf({ spec, portType }: Circuit): string {
  return spec === "" ? (portType === "10GBase-LR" ? "10G" : "1G and below") : spec;
}
function productTypeOf(of: Circuit): string {
  return isShared(of) ? "VirtualPhysicalConnection" : "PhysicalConnection";
}

/** The fields that the lists of the owner and of the partner both show. */
export function sharedView(of: Circuit, reader: string): Record<string, unknown> {
  return {
    AccessPointId: of.accessPoint,
    AdLocation: builtInAccessPoints.find(({ id }) => id === of.accessPoint)?.description,
    Bandwidth: of.bandwidth,
    BusinessStatus: of.businessStatus,
    ChargeType: of.enabledAt === 0 ? "" : "Prepaid",
    CircuitCode: of.code,
    CreationTime: utc(of.createdAt),
    Description: of.description,
    EnabledTime: of.enabledAt === 0 || of.state === "Enabling" ? "" : utc(of.enabledAt),
    EndTime: of.endsAt === 0 ? "" : utc(of.endsAt),
    ExpectSpec: of.expectSpec,
    LineOperator: of.lineOperator,
    LoaStatus: "",
    Name: of.name,
    OrderMode: of.orderMode,
    ParentPhysicalConnectionId: of.parentId,
    PeerLocation: of.peerLocation,
    PhysicalConnectionId: of.id,
    PortNumber: portless.includes(of.state) ? "" : of.portNumber,
    PortType: of.portType,
    ProductType: productTypeOf(of),
    RedundantPhysicalConnectionId: of.redundantId,
    ResourceGroupId: of.groups.get(reader) ?? "",
    Spec: specOf(of),
    Status: statusOf(of),
    Type: "VPC",
    VlanId: isShared(of) ? String(of.vlan) : "",
  };
}
function circuitView(model: Model, of: Circuit): Record<string, unknown> {
  return {
    ...sharedView(of, of.account),
    AccessPointType: "VPC",
    AdDetailLocation: "",
    DeviceFeaturesSelected: "",
    DownDelayTime: of.downDelay,
    HasReservationData: "false",
    MacsecKeys: { MacsecKey: [] },
    OpticalModuleModel: "",
    ...(isShared(of) ? { ParentPhysicalConnectionAliUid: Number(of.parentOwner) } : {}),
    QosId: "",
    ReservationActiveTime: "",
    ReservationInternetChargeType: "",
    ReservationOrderType: "",
    Tags: { tags: tagList(of, of.account) },
    VirtualPhysicalConnectionCount: model.circuits.filter(({ parentId }) => parentId === of.id).length,
    VpconnStatus: isShared(of) ? (of.accepted ? "Confirmed" : "UnConfirmed") : "",
  };
}
/** Takes over the number of a port when it is shown first; from then on it must stay. */
function learnPorts(model: Model, body: any): void {
  for (const { PhysicalConnectionId, PortNumber } of body.PhysicalConnectionSet?.PhysicalConnectionType ?? []) {
    const of = model.circuits.find(({ id }) => id === PhysicalConnectionId);
    if (of === undefined || isShared(of) || of.portNumber !== "" || portless.includes(of.state)) continue;
    assert.match(PortNumber, /^\d+$/);
    of.portNumber = PortNumber;
  }
}

const filterKeys: Readonly<Record<string, (of: Circuit) => string>> = {
  PhysicalConnectionId: ({ id }) => id,
  AccessPointId: ({ accessPoint }) => accessPoint,
  Type: () => "VPC",
  LineOperator: ({ lineOperator }) => lineOperator,
  Spec: specOf,
  Status: statusOf,
  Name: ({ name }) => name,
  ProductType: productTypeOf,
};
/** Circuits on a page; the answer shows the numbers of ports, so what it must be is asked after it has come. */
function listed(model: Model, by: Account, parameters: Read["parameters"], circuits: readonly Circuit[], echo: object): Read {
  return {
    by,
    product: "vpc",
    action: "DescribePhysicalConnections",
    parameters,
    learn: (body) => learnPorts(model, body),
    get expected() {
      return { ...echo, PhysicalConnectionSet: { PhysicalConnectionType: circuits.map((one) => circuitView(model, one)) } };
    },
  };
}
const describePhysicalConnections: ListRead = (model, place, random) => {
  const { by, region: RegionId } = place;
  const own = model.circuits.filter(here(place));
  const { fits, Filter } = random?.chance(0.6) === true ? someFilter(random, own, filterKeys) : { fits: () => true, Filter: undefined };
  const filter = random?.chance(0.4) === true ? joined<Circuit>(random, byTagOrGroup(random, by, "Tags")) : all;
  const { parameters, page, echo } = numbered(random, own.filter(filter.fits).filter(fits));
  return listed(model, by, { RegionId, Filter, ...filter.parameters, ...parameters }, page, echo);
};

/** Shared circuits on circuits of the account. */
const listVirtualPhysicalConnections: ListRead = (model, { by, region: RegionId }, random) => {
  const shared = model.circuits.filter(({ parentOwner, region }) => parentOwner === by.id && region === RegionId);
  const isAccepted = random?.chance(0.5) === true;
  const [known] = shared;
  const filter =
    random === undefined
      ? all
      : joined<Circuit>(random, [
          ...byTagOrGroup<Circuit>(random, by, "Tags"),
          { parameters: { IsConfirmed: isAccepted }, fits: ({ accepted }) => accepted === isAccepted },
          {
            parameters: { PhysicalConnectionId: known?.parentId },
            fits: ({ parentId }) => known === undefined || parentId === known.parentId,
          },
          {
            parameters: { VirtualPhysicalConnectionAliUids: [known?.account ?? by.id] },
            fits: ({ account }) => account === (known?.account ?? by.id),
          },
        ]);
  const fitting = shared.filter(filter.fits);
  const MaxResults = random?.pick([1, 2, 50]) ?? 50;
  const page = fitting.slice(0, MaxResults);
  const view = (of: Circuit): object => ({
    ...sharedView(of, by.id),
    AliUid: of.account,
    ParentPhysicalConnectionAliUid: by.id,
    Tags: tagList(of, by.id),
    VirtualPhysicalConnectionStatus: of.accepted ? "Confirmed" : "UnConfirmed",
  });
  return {
    by,
    product: "vpc",
    action: "ListVirtualPhysicalConnections",
    parameters: { RegionId, MaxResults, ...filter.parameters },
    of: ({ NextToken, ...body }) => ({ ...body, hasMore: NextToken !== undefined }),
    expected: {
      Count: page.length,
      TotalCount: fitting.length,
      VirtualPhysicalConnections: page.map(view),
      hasMore: fitting.length > page.length,
    },
  };
};

export const wholeCircuitLists: readonly ListRead[] = [describePhysicalConnections, listVirtualPhysicalConnections];
export const filteredCircuitLists: readonly ListRead[] = [
  describePhysicalConnections,
  listVirtualPhysicalConnections,
  listTags("expressConnect", "PHYSICALCONNECTION", (model, place) => model.circuits.filter(here(place))),
];

/** What one account reads of what an id names, or named; `undefined` where it is no id of a circuit. */
export function circuitAttribute(model: Model, by: Account, id: string, region: string): Read | undefined {
  if (!id.startsWith("pc-")) return undefined;
  const one = model.owned(model.circuits, id, by.id, region);
  const found = one === undefined ? [] : [one];
  const parameters = { RegionId: region, Filter: [{ Key: "PhysicalConnectionId", Value: [id] }] };
  return listed(model, by, parameters, found, { PageNumber: 1, PageSize: 10, TotalCount: found.length });
}
