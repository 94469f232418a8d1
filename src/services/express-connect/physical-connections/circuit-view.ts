import { type AccessPoint, accessPointPlace } from "../../../contract/access-points.ts";
import { tagsOf } from "../../../contract/indexes.ts";
import type { ResourceReader } from "../../../contract/resource-kind.ts";
import { int, listOf, long, optional, structure, text, type ValueOfShape, wrapped } from "../../../contract/response.ts";
import { shownStatus } from "../../../contract/state-table.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { tagShape } from "../../vpc/vpc-view.ts";
import { isShared, type PhysicalConnection, physicalConnection, productTypeOf, specOf } from "./physical-connection.ts";

/** Circuits as clients read them. Times are virtual. */
const shared = {
  AccessPointId: text,
  AdLocation: text,
  Bandwidth: long,
  BusinessStatus: text,
  ChargeType: text,
  CircuitCode: text,
  CreationTime: text,
  Description: text,
  EnabledTime: text,
  EndTime: text,
  ExpectSpec: text,
  LineOperator: text,
  LoaStatus: text,
  Name: text,
  OrderMode: text,
  ParentPhysicalConnectionId: text,
  PeerLocation: text,
  PhysicalConnectionId: text,
  PortNumber: text,
  PortType: text,
  ProductType: text,
  RedundantPhysicalConnectionId: text,
  ResourceGroupId: text,
  Spec: text,
  Status: text,
  Type: text,
  VlanId: text,
} as const;
const sharedShape = structure(shared);

/** Fields of a member of DescribePhysicalConnections. */
export const circuitFields = {
  ...shared,
  AccessPointType: text,
  AdDetailLocation: text,
  DeviceFeaturesSelected: text,
  DownDelayTime: int,
  HasReservationData: text,
  MacsecKeys: wrapped("MacsecKey", structure({ Cak: text, CipherSuite: text, Ckn: text, StartOn: text, Status: text })),
  OpticalModuleModel: text,
  ParentPhysicalConnectionAliUid: optional(long),
  QosId: text,
  ReservationActiveTime: text,
  ReservationInternetChargeType: text,
  ReservationOrderType: text,
  Tags: wrapped("tags", tagShape),
  VirtualPhysicalConnectionCount: int,
  VpconnStatus: text,
} as const;
/** Fields of a member of ListVirtualPhysicalConnections. */
export const sharedCircuitFields = {
  ...shared,
  AliUid: text,
  ParentPhysicalConnectionAliUid: text,
  Tags: listOf(tagShape),
  VirtualPhysicalConnectionStatus: text,
} as const;

/** States in which a circuit has no port yet, or never had one. */
const portless = ["Initial", "Approved", "Allocating", "Rejected", "Allocation Failed", "Canceled"];

/** Whether a tenant has accepted a shared circuit, as clients read it. */
export function acceptanceOf({ accepted }: PhysicalConnection): string {
  return accepted ? "Confirmed" : "UnConfirmed";
}

function sharedView(of: PhysicalConnection, reader: string, points: readonly AccessPoint[]): ValueOfShape<typeof sharedShape> {
  const point = points.find(({ id }) => id === of.accessPointId);
  return {
    AccessPointId: of.accessPointId,
    AdLocation: point === undefined ? "" : accessPointPlace(point),
    Bandwidth: String(of.bandwidth),
    BusinessStatus: of.BusinessStatus,
    // Circuits are paid for when they are taken into use, and in advance.
    ChargeType: of.enabledAt === 0 ? "" : "Prepaid",
    CircuitCode: of.circuitCode,
    CreationTime: utcSeconds(of.createdAt),
    Description: of.description,
    EnabledTime: of.enabledAt === 0 || of.state === "Enabling" ? "" : utcSeconds(of.enabledAt),
    EndTime: of.endsAt === 0 ? "" : utcSeconds(of.endsAt),
    ExpectSpec: of.expectSpec,
    LineOperator: of.lineOperator,
    // Letters of authorisation are applied for and written by people.
    LoaStatus: "",
    Name: of.name,
    OrderMode: of.orderMode,
    ParentPhysicalConnectionId: of.parentId,
    PeerLocation: of.peerLocation,
    PhysicalConnectionId: of.id,
    PortNumber: portless.includes(of.state) ? "" : of.portNumber,
    PortType: of.portType,
    ProductType: productTypeOf(of),
    RedundantPhysicalConnectionId: of.redundantPhysicalConnectionId,
    ResourceGroupId: of.resourceGroups[reader] ?? "",
    Spec: specOf(of),
    Status: shownStatus(physicalConnection.states, of.state),
    Type: of.type,
    VlanId: isShared(of) ? String(of.vlanId) : "",
  };
}

/** A circuit as its owner reads it, with the access points of its region. */
export async function circuitView(state: ResourceReader, of: PhysicalConnection, points: readonly AccessPoint[]) {
  return {
    ...sharedView(of, of.account, points),
    AccessPointType: "VPC",
    AdDetailLocation: "",
    DeviceFeaturesSelected: of.deviceAdvancedCapacity.join(","),
    DownDelayTime: of.downDelayTime,
    HasReservationData: "false",
    MacsecKeys: { MacsecKey: [] },
    OpticalModuleModel: of.opticalModuleModel,
    ParentPhysicalConnectionAliUid: isShared(of) ? of.parentOwner : undefined,
    QosId: "",
    ReservationActiveTime: "",
    ReservationInternetChargeType: "",
    ReservationOrderType: "",
    Tags: { tags: tagsOf(of, of.account) },
    VirtualPhysicalConnectionCount: await state.count(physicalConnection, [["sharedOn", of.id]]),
    VpconnStatus: isShared(of) ? acceptanceOf(of) : "",
  };
}

/** A shared circuit as the partner reads it. */
export function sharedCircuitView(of: PhysicalConnection, points: readonly AccessPoint[]) {
  return {
    ...sharedView(of, of.parentOwner, points),
    AliUid: of.account,
    ParentPhysicalConnectionAliUid: of.parentOwner,
    Tags: tagsOf(of, of.parentOwner),
    VirtualPhysicalConnectionStatus: acceptanceOf(of),
  };
}
