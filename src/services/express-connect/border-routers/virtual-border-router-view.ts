import { tagsOf } from "../../../contract/indexes.ts";
import type { ResourceReader } from "../../../contract/resource-kind.ts";
import { bool, int, long, structure, text, wrapped } from "../../../contract/response.ts";
import { shownStatus } from "../../../contract/state-table.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { tagShape } from "../../vpc/vpc-view.ts";
import { physicalConnection } from "../physical-connections/physical-connection.ts";
import { circuitsSeenBy, routerType, type VbrCircuit, type VirtualBorderRouter } from "./virtual-border-router.ts";

/** Virtual border routers as their readers see them. Times are virtual. */

const addressFields = {
  CircuitCode: text,
  EnableIpv6: bool,
  LocalGatewayIp: text,
  LocalIpv6GatewayIp: text,
  PeerGatewayIp: text,
  PeerIpv6GatewayIp: text,
  PeeringIpv6SubnetMask: text,
  PeeringSubnetMask: text,
} as const;
const circuitFields = {
  ...addressFields,
  PhysicalConnectionBusinessStatus: text,
  PhysicalConnectionId: text,
  PhysicalConnectionOwnerUid: text,
  PhysicalConnectionStatus: text,
  VlanInterfaceId: text,
} as const;
/** Fields of a member of DescribeVirtualBorderRouters. */
export const listedRouterFields = {
  ...circuitFields,
  AccessPointId: text,
  ActivationTime: text,
  AssociatedCens: wrapped("AssociatedCen", structure({ CenId: text, CenOwnerId: long, CenStatus: text })),
  AssociatedPhysicalConnections: wrapped(
    "AssociatedPhysicalConnection",
    // The VLAN is a number beside it, and text here.
    structure({ ...circuitFields, Status: text, VlanId: text }),
  ),
  Bandwidth: int,
  CloudBoxInstanceId: text,
  CreationTime: text,
  Description: text,
  DetectMultiplier: long,
  EccId: text,
  EcrAttatchStatus: text,
  EcrId: text,
  EcrOwnerId: text,
  MinRxInterval: long,
  MinTxInterval: long,
  Mtu: int,
  Name: text,
  PConnVbrChargeType: text,
  PConnVbrExpireTime: text,
  RecoveryTime: text,
  ResourceGroupId: text,
  RouteTableId: text,
  SitelinkEnable: bool,
  Status: text,
  Tags: wrapped("Tags", tagShape),
  TerminationTime: text,
  Type: text,
  VbrId: text,
  VlanId: int,
} as const;
/** Fields of a member of DescribeVirtualBorderRoutersForPhysicalConnection. */
export const routerOnCircuitFields = {
  ...addressFields,
  ActivationTime: text,
  Bandwidth: text,
  BandwidthStatus: text,
  CreationTime: text,
  EccId: text,
  PConnVbrBussinessStatus: text,
  PConnVbrChargeType: text,
  PConnVbrExpireTime: text,
  RecoveryTime: text,
  Status: text,
  TerminationTime: text,
  Type: text,
  VbrId: text,
  VbrName: text,
  VbrOwnerUid: long,
  VlanId: int,
} as const;

function addressView(circuit: VbrCircuit) {
  return {
    CircuitCode: circuit.circuitCode,
    EnableIpv6: circuit.enableIpv6,
    LocalGatewayIp: circuit.localGatewayIp,
    LocalIpv6GatewayIp: circuit.localIpv6GatewayIp,
    PeerGatewayIp: circuit.peerGatewayIp,
    PeerIpv6GatewayIp: circuit.peerIpv6GatewayIp,
    PeeringIpv6SubnetMask: circuit.peeringIpv6SubnetMask,
    PeeringSubnetMask: circuit.peeringSubnetMask,
  };
}
async function circuitView(state: ResourceReader, circuit: VbrCircuit) {
  const found = await state.get(physicalConnection, circuit.physicalConnectionId);
  return {
    ...addressView(circuit),
    PhysicalConnectionBusinessStatus: found?.BusinessStatus ?? "",
    PhysicalConnectionId: circuit.physicalConnectionId,
    PhysicalConnectionOwnerUid: circuit.circuitOwner,
    PhysicalConnectionStatus: found === undefined ? "" : shownStatus(physicalConnection.states, found.state),
    VlanInterfaceId: circuit.vlanInterfaceId,
  };
}
/** A circuit that the router was associated with later. */
async function associatedView(state: ResourceReader, circuit: VbrCircuit) {
  return { ...(await circuitView(state, circuit)), Status: "Associated", VlanId: String(circuit.vlanId) };
}
/** What both lists tell of a router. Routers are not paid for here, so that none of them expires. */
function sharedView(of: VirtualBorderRouter) {
  const time = (at: number): string => (at === 0 ? "" : utcSeconds(at));
  return {
    ActivationTime: time(of.activatedAt),
    CreationTime: utcSeconds(of.createdAt),
    EccId: "",
    PConnVbrChargeType: "PostPaid",
    PConnVbrExpireTime: "",
    RecoveryTime: time(of.recoveredAt),
    Status: of.state,
    TerminationTime: time(of.terminatedAt),
    Type: routerType,
    VbrId: of.id,
  };
}

/** @param reader the account that reads: tags and resource group are its own, and it sees what `circuitsSeenBy` says of the circuits */
export async function listedRouterView(state: ResourceReader, of: VirtualBorderRouter, reader: string) {
  const [first] = of.circuits;
  const others = circuitsSeenBy(of, reader).filter((circuit) => circuit !== first);
  const associated = others.map((circuit) => associatedView(state, circuit));
  return {
    ...sharedView(of),
    ...(await circuitView(state, first)),
    AccessPointId: of.accessPointId,
    AssociatedCens: { AssociatedCen: [] },
    AssociatedPhysicalConnections: { AssociatedPhysicalConnection: await Promise.all(associated) },
    Bandwidth: of.bandwidth,
    CloudBoxInstanceId: "",
    Description: of.description,
    DetectMultiplier: String(of.detectMultiplier),
    EcrAttatchStatus: "",
    EcrId: "",
    EcrOwnerId: "",
    MinRxInterval: String(of.minRxInterval),
    MinTxInterval: String(of.minTxInterval),
    Mtu: of.mtu,
    Name: of.name,
    ResourceGroupId: of.resourceGroups[reader] ?? "",
    RouteTableId: of.routeTableId,
    SitelinkEnable: of.sitelinkEnable,
    Tags: { Tags: tagsOf(of, reader) },
    VlanId: first.vlanId,
  };
}

/** A router as it is on one of its circuits. */
export function routerOnCircuitView(of: VirtualBorderRouter, circuitId: string) {
  const circuit = of.circuits.find(({ physicalConnectionId }) => physicalConnectionId === circuitId) ?? of.circuits[0];
  return {
    ...sharedView(of),
    ...addressView(circuit),
    Bandwidth: String(of.bandwidth),
    BandwidthStatus: "Active",
    PConnVbrBussinessStatus: "Normal",
    VbrName: of.name,
    VbrOwnerUid: of.account,
    VlanId: circuit.vlanId,
  };
}
