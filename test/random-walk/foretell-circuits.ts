import { builtInAccessPoints } from "../../src/contract/access-points.ts";
import { physicalConnection } from "../../src/services/express-connect/physical-connections/physical-connection.ts";
import { type Family, fresh, isGroupOf, newGroups, newTags, type Refused, refused, tagFault } from "./foretell.ts";
import { type Model, payerOf } from "./model.ts";
import type { Account, BorderRouter, Circuit } from "./things.ts";

/** Circuits, and shared circuits, which are VLANs on a partner's circuit that belong to a tenant. */

const day = 86_400_000;
const cycles: Readonly<Record<string, number>> = { Month: 30, Year: 365 };
/** Mbit/s by type of port. */
const speeds: Readonly<Record<string, number>> = { "": 1000, "100Base-T": 100, "1000Base-LX": 1000, "10GBase-LR": 10_240 };
/** Mbit/s by specification of a shared circuit. */
export const sharedSpecs: Readonly<Record<string, number>> = { "50M": 50, "100M": 100, "500M": 500, "1G": 1000, "5G": 5000 };
const onTheWay = ["Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabling"];

const notFound = refused("InvalidPhysicalConnectionId.NotFound", 404);
const notInState = refused("Forbidden.NotAllowedInState");
export const noTraffic = refused("OperationFailed.PconnTrafficNotEnable");
const needsTenant = refused("OperationDenied.NeedVpconnOwner");
const needsPartner = refused("OperationDenied.NeedPconnOwner");

export function circuitOf(model: Model, by: Account, { PhysicalConnectionId, RegionId }: any): Circuit | undefined {
  return model.owned(model.circuits, PhysicalConnectionId, by.id, RegionId);
}
/** A circuit of either the account that has it or the one whose circuit it runs on. */
function circuitOfEither(model: Model, by: Account, id: string, region: string): Circuit | undefined {
  return model.circuits.find((one) => one.id === id && [one.account, one.parentOwner].includes(by.id) && one.region === region);
}
export function isShared({ parentId }: Circuit): boolean {
  return parentId !== "";
}
export function isPaidByTraffic(model: Model, by: Account, region: string): boolean {
  return model.open("PconnTraffic", "any", by.id, region);
}
/** Mbit/s that shared circuits have of a circuit or are to have, but for one of them. */
function sharedBandwidth(model: Model, id: string, besides = ""): number {
  const shared = model.circuits.filter((one) => one.parentId === id && one.id !== besides);
  return shared.reduce((sum, one) => sum + Math.max(one.bandwidth, sharedSpecs[one.expectSpec] ?? 0), 0);
}
function redundancyFault(
  model: Model,
  by: Account,
  { RedundantPhysicalConnectionId: id, RegionId }: any,
  missing: Refused,
): Refused | undefined {
  if (id === undefined) return undefined;
  const other = model.owned(model.circuits, id, by.id, RegionId);
  if (other === undefined) return missing;
  return ["Allocated", "Confirmed", "Enabled"].includes(other.state) ? undefined : refused("InvalidRedundantPhysicalConnectionStatus");
}
function payerFault(by: Account, circuit: Circuit): Refused | undefined {
  if (payerOf(circuit) === by.id) return undefined;
  return payerOf(circuit) === circuit.parentOwner ? needsPartner : needsTenant;
}

const vlanMax = 2999;
/** A router that is out of use keeps its VLAN so long, in milliseconds. */
const kept = 7 * day;
/** The routers on a circuit, of whatever account. */
export function routersOn(model: Model, id: string): BorderRouter[] {
  return model.borderRouters.filter(({ circuits }) => circuits.some(({ circuitId }) => circuitId === id));
}
/** VLANs of a circuit that somebody has, each with its holder. */
export function takenVlans(model: Model, id: string): readonly (readonly [vlan: number, holder: string])[] {
  const routers = routersOn(model, id).filter(({ state, terminatedAt }) => state !== "terminated" || model.now < terminatedAt + kept);
  return [
    ...routers.flatMap((one) => one.circuits.filter(({ circuitId }) => circuitId === id).map(({ vlan }) => [vlan, one.id] as const)),
    ...model.circuits.filter(({ parentId }) => parentId === id).map((one) => [one.vlan, one.id] as const),
  ];
}
/** Whether somebody else has a VLAN of a circuit. */
export function isVlanTaken(model: Model, id: string, vlan: number, besides = ""): boolean {
  return takenVlans(model, id).some(([other, holder]) => holder !== besides && other === vlan);
}
/** Whether somebody has the circuit alone, or would with this VLAN and does not. */
export function isBesideUntagged(model: Model, id: string, vlan: number, besides = ""): boolean {
  const others = takenVlans(model, id).filter(([, holder]) => holder !== besides);
  return vlan === 0 ? others.length > 0 : others.some(([other]) => other === 0);
}

export const circuitFamily: Family = {
  CreateVirtualPhysicalConnection(model, by, parameters) {
    const { RegionId, VlanId, Spec, VpconnAliUid, ResourceGroupId, Tag, OrderMode } = parameters;
    const circuit = circuitOf(model, by, parameters);
    if (circuit === undefined) return refused("InvalidPhysicalConnectionId.NotFound");
    if (VlanId > vlanMax) return refused("IllegalParam.VlanId");
    const fault = tagFault(Tag);
    if (fault !== undefined) return fault;
    if (!model.open("Vpconn", "any", by.id, RegionId)) return refused("OperationDenied.CreateVpconn");
    if (isShared(circuit)) return refused("ResourceNotFound.PhysicalConnectionId");
    if (circuit.state !== "Enabled") return refused("InvalidPhysicalConnectionId.NotEnabled");
    const tenant = model.account(VpconnAliUid);
    if (tenant === undefined) return refused("IllegalParam.VpconnAliUid");
    if (!isGroupOf(by, ResourceGroupId)) return refused("IllegalParam.ResourceGroupId");
    if (isVlanTaken(model, circuit.id, VlanId)) return refused("VLAN_ID_HAS_BEEN_USED_IN_PHYSICAL_CONNECTION");
    if (isBesideUntagged(model, circuit.id, VlanId)) return refused("OperationFailed.PconnAllocateVlan0");
    const bandwidth = sharedSpecs[Spec] ?? 0;
    if (sharedBandwidth(model, circuit.id) + bandwidth > circuit.bandwidth) return refused("ResourceNotEnough.Bandwidth");
    const shared = model.circuits.filter(({ parentId }) => parentId === circuit.id);
    if (shared.length >= model.quota("VPCONN", by.id, RegionId)) return refused("QuotaExceeded.VPCONN");
    return ({ VirtualPhysicalConnection }) => {
      const { accessPoint, lineOperator, portType, peerLocation, code } = circuit;
      model.addCircuit("CreateVirtualPhysicalConnection", {
        id: fresh(model, physicalConnection, VirtualPhysicalConnection),
        account: tenant.id,
        region: RegionId,
        groups: new Map([...newGroups(tenant, undefined), ...newGroups(by, ResourceGroupId)]),
        tags: newTags(by, Tag),
        accessPoint,
        lineOperator,
        portType,
        portNumber: "",
        bandwidth,
        peerLocation,
        redundantId: "",
        code,
        name: parameters.Name ?? "",
        description: parameters.Description ?? "",
        downDelay: 0,
        parentId: circuit.id,
        parentOwner: by.id,
        vlan: VlanId,
        spec: Spec,
        expectSpec: "",
        orderMode: OrderMode,
        accepted: false,
        terminatedBy: "",
        enabledAt: 0,
        endsAt: 0,
        businessStatus: "Normal",
        application: "Allocated",
      });
      return { VirtualPhysicalConnection };
    };
  },
  UpdateVirtualPhysicalConnection(model, by, { InstanceId, RegionId, VlanId, ExpectSpec }) {
    const circuit = circuitOfEither(model, by, InstanceId, RegionId);
    if (circuit === undefined || (VlanId <= vlanMax && !isShared(circuit))) return refused("ResourceNotFound.PhysicalConnectionId");
    if (VlanId > vlanMax) return refused("IllegalParam.VlanId");
    if (by.id !== circuit.parentOwner) return refused("Forbidden.PhysicalConnection");
    if (!model.open("Vpconn", "any", by.id, RegionId)) return refused("OperationDenied.CreateVpconn");
    const parent = model.circuits.find(({ id }) => id === circuit.parentId) as Circuit;
    if ([circuit, parent].some(({ businessStatus }) => businessStatus === "FinancialLocked"))
      return refused("OperationFailed.PhysicalConnectionFinancialLocked");
    if (["Canceled", "Terminating", "Terminated"].includes(circuit.state)) return refused("OperationFailed.PhysicalConnectionTerminated");
    if (VlanId !== circuit.vlan && routersOn(model, circuit.id).length > 0) return refused("IncorrectStatus.VBR");
    if ([isVlanTaken, isBesideUntagged].some((isFault) => isFault(model, parent.id, VlanId, circuit.id)))
      return refused("IllegalParam.VlanId");
    const wanted = Math.max(sharedSpecs[ExpectSpec] ?? 0, circuit.bandwidth);
    if (sharedBandwidth(model, parent.id, circuit.id) + wanted > parent.bandwidth) return refused("ResourceNotEnough.Bandwidth");
    return () => {
      circuit.vlan = VlanId;
      circuit.expectSpec = ExpectSpec ?? circuit.expectSpec;
      model.touch(circuit);
      return { Success: "true" };
    };
  },
  CreatePhysicalConnection(model, by, parameters) {
    const {
      RegionId,
      AccessPointId,
      LineOperator,
      bandwidth,
      PortType = "",
      ResourceGroupId,
      Tag,
      Name = "",
      Description = "",
    } = parameters;
    if ((bandwidth ?? 0) > (speeds[PortType] ?? 0)) return refused("InvalidPhysicalConnectionBandwidth.Malformed");
    const fault = tagFault(Tag);
    if (fault !== undefined) return fault;
    if (!isPaidByTraffic(model, by, RegionId)) return noTraffic;
    const point = builtInAccessPoints.find(({ id, region }) => id === AccessPointId && region === RegionId);
    if (point === undefined) return refused("InvalidAccessPoint.NotExist");
    const redundancy = redundancyFault(model, by, parameters, refused("InvalidRedundantPhysicalConnectionId.NotFound"));
    if (redundancy !== undefined) return redundancy;
    if (!isGroupOf(by, ResourceGroupId)) return refused("InvalidResourceGroupId");
    const own = model.circuits.filter((one) => one.account === by.id && one.accessPoint === AccessPointId && !isShared(one));
    if (own.length >= model.quota("pConnPerAP", by.id, RegionId)) return refused("QuotaExceeded.pConnPerAP");
    const waiting = own.filter(({ state }) => onTheWay.includes(state));
    if (waiting.length >= model.quota("freePconnPerAP", by.id, RegionId)) return refused("QuotaExceeded.freePconnPerAP");
    return ({ PhysicalConnectionId }) => {
      model.addCircuit("CreatePhysicalConnection", {
        id: fresh(model, physicalConnection, PhysicalConnectionId),
        account: by.id,
        region: RegionId,
        groups: newGroups(by, ResourceGroupId),
        tags: newTags(by, Tag),
        accessPoint: AccessPointId,
        lineOperator: LineOperator,
        portType: PortType,
        portNumber: "",
        bandwidth: bandwidth ?? speeds[PortType],
        peerLocation: parameters.PeerLocation ?? point.description,
        redundantId: parameters.RedundantPhysicalConnectionId ?? "",
        code: parameters.CircuitCode ?? "",
        name: Name,
        description: Description,
        downDelay: 0,
        parentId: "",
        parentOwner: "",
        vlan: 0,
        spec: "",
        expectSpec: "",
        orderMode: "",
        accepted: false,
        terminatedBy: "",
        enabledAt: 0,
        endsAt: 0,
        businessStatus: "Normal",
        application: "Allocated",
      });
      return { PhysicalConnectionId };
    };
  },
  ModifyPhysicalConnectionAttribute(model, by, parameters) {
    const changed = circuitOf(model, by, parameters);
    if (changed === undefined) return notFound;
    const { LineOperator, bandwidth, PeerLocation, PortType, RedundantPhysicalConnectionId, CircuitCode, DownDelayTime } = parameters;
    const ofLine = [LineOperator, bandwidth, PeerLocation, PortType, RedundantPhysicalConnectionId, CircuitCode, DownDelayTime];
    if (isShared(changed) && ofLine.some((given) => given !== undefined)) return refused("OperationDenied.VPconn");
    if (!model.may(changed, "ModifyPhysicalConnectionAttribute")) return refused("InvalidStatus");
    if ((bandwidth ?? changed.bandwidth) > (speeds[PortType ?? changed.portType] ?? 0))
      return refused("InvalidPhysicalConnectionBandwidth.Malformed");
    const needed = Math.max(sharedBandwidth(model, changed.id), ...routersOn(model, changed.id).map((router) => router.bandwidth));
    if (bandwidth < needed) return refused("InvalidBandwidth");
    const redundancy = redundancyFault(model, by, parameters, refused("InvalidRedundantPhysicalConnection"));
    if (redundancy !== undefined) return redundancy;
    return () => {
      model.happens(changed, "ModifyPhysicalConnectionAttribute");
      changed.lineOperator = LineOperator ?? changed.lineOperator;
      changed.bandwidth = bandwidth ?? changed.bandwidth;
      changed.peerLocation = PeerLocation ?? changed.peerLocation;
      changed.portType = PortType ?? changed.portType;
      changed.redundantId = RedundantPhysicalConnectionId ?? changed.redundantId;
      changed.code = CircuitCode ?? changed.code;
      changed.downDelay = DownDelayTime ?? changed.downDelay;
      changed.name = parameters.Name ?? changed.name;
      changed.description = parameters.Description ?? changed.description;
      return {};
    };
  },
  CancelPhysicalConnection(model, by, parameters) {
    const circuit = circuitOf(model, by, parameters);
    if (circuit === undefined) return notFound;
    if (!model.may(circuit, "CancelPhysicalConnection")) return notInState;
    return () => {
      model.happens(circuit, "CancelPhysicalConnection");
      return {};
    };
  },
  ConfirmPhysicalConnection(model, by, parameters) {
    const circuit = circuitOf(model, by, parameters);
    if (circuit === undefined) return refused("InvalidPhysicalConnectionId.NotFound");
    if (!isPaidByTraffic(model, by, parameters.RegionId)) return noTraffic;
    if (!model.may(circuit, "ConfirmPhysicalConnection")) return refused("IncorrectStatus.PhysicalConnection");
    return () => {
      model.happens(circuit, "ConfirmPhysicalConnection");
      circuit.accepted = isShared(circuit);
      if (payerOf(circuit) !== circuit.account) [circuit.enabledAt, circuit.endsAt] = [model.now, model.now + 30 * day];
      return {};
    };
  },
  EnablePhysicalConnection(model, by, parameters) {
    const circuit = circuitOf(model, by, parameters);
    if (circuit === undefined) return notFound;
    const isWithoutOrder = parameters.ByPassSp === true;
    if (isWithoutOrder && !model.open("PconnWithoutOrder", "any", by.id, parameters.RegionId))
      return refused("ALIUID.NOT.ALLOW.WITHOUT.SP");
    if (!model.may(circuit, "EnablePhysicalConnection")) return notInState;
    return () => {
      if (circuit.state !== "Enabled") [circuit.enabledAt, circuit.endsAt] = [model.now, isWithoutOrder ? 0 : model.now + 30 * day];
      model.happens(circuit, "EnablePhysicalConnection");
      return {};
    };
  },
  CreatePhysicalConnectionOccupancyOrder(model, by, { RegionId, PhysicalConnectionId, Period = 1, PricingCycle = "Month", AutoPay }) {
    const circuit = circuitOfEither(model, by, PhysicalConnectionId, RegionId);
    if (circuit === undefined) return notFound;
    const fault = payerFault(by, circuit);
    if (fault !== undefined) return fault;
    if (!model.may(circuit, "CreatePhysicalConnectionOccupancyOrder")) return notInState;
    if (circuit.state === "Enabled" && circuit.expectSpec === "") return notInState;
    return ({ Data }) => {
      if (AutoPay === true) {
        if (circuit.state !== "Enabled")
          [circuit.enabledAt, circuit.endsAt] = [model.now, model.now + Period * (cycles[PricingCycle] ?? 0) * day];
        model.happens(circuit, "CreatePhysicalConnectionOccupancyOrder");
        if (circuit.expectSpec !== "") {
          circuit.spec = circuit.expectSpec;
          circuit.bandwidth = sharedSpecs[circuit.spec] ?? 0;
          circuit.expectSpec = "";
          for (const router of routersOn(model, circuit.id)) {
            router.bandwidth = circuit.bandwidth;
            model.touch(router);
          }
        }
      }
      return { Data: { OrderId: Data.OrderId } };
    };
  },
  TerminatePhysicalConnection(model, by, { PhysicalConnectionId, RegionId }) {
    const circuit = circuitOfEither(model, by, PhysicalConnectionId, RegionId);
    if (circuit === undefined) return notFound;
    if (!model.may(circuit, "TerminatePhysicalConnection")) return notInState;
    if (routersOn(model, circuit.id).length > 0) return refused("Forbidden.VbrAttached");
    if (model.circuits.some(({ parentId }) => parentId === circuit.id)) return refused("OperationFailed.VpconnAttached");
    return () => {
      model.happens(circuit, "TerminatePhysicalConnection");
      circuit.terminatedBy = by.id;
      return {};
    };
  },
  RecoverPhysicalConnection(model, by, { InstanceId, RegionId }) {
    const circuit = circuitOfEither(model, by, InstanceId, RegionId);
    if (circuit === undefined) return refused("ResourceNotFound");
    if (!isShared(circuit)) return refused("OperationDenied.PconnNotAllowRecover");
    if (!model.may(circuit, "RecoverPhysicalConnection")) return refused("IncorrectStatus.PhysicalConnection");
    if (circuit.terminatedBy !== by.id) return refused("OperationDenied.TerminateVirtualPhysicalConnection");
    return () => {
      model.happens(circuit, "RecoverPhysicalConnection");
      circuit.enabledAt = model.now;
      return {};
    };
  },
  DeletePhysicalConnection(model, by, { PhysicalConnectionId, RegionId }) {
    const circuit = circuitOfEither(model, by, PhysicalConnectionId, RegionId);
    if (circuit === undefined) return notFound;
    if (circuit.accepted && by.id !== circuit.account) return needsTenant;
    if (isShared(circuit) && !circuit.accepted && by.id !== circuit.parentOwner) return needsPartner;
    const routers = routersOn(model, circuit.id);
    if (routers.some(({ circuits }) => circuits[0]?.circuitId === circuit.id)) return refused("Forbidden.VBRExists");
    if (routers.length > 0) return refused("Forbidden.AssociateToVBR");
    if (!model.may(circuit, "DeletePhysicalConnection")) return refused("Forbidden.NotInAllowDeleteStatus");
    return () => {
      model.happens(circuit, "DeletePhysicalConnection");
      return {};
    };
  },
};
