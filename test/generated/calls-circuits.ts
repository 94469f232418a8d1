import { builtInAccessPoints } from "../../src/contract/access-points.ts";
import { orderModes, portTypes, sharedSpecs } from "../../src/services/express-connect/physical-connections/physical-connection.ts";
import type { Random } from "../support/random.ts";
import type { Parameters } from "../support/caller.ts";
import { filterBy, kindNamed, onSideOf, otherAccount, type Preference, type Scene, suitable } from "./scene.ts";
import type { Stored } from "./store-watch.ts";

/** How calls about circuits and shared circuits get past their rules. */

export function circuitsIn({ resources }: Pick<Scene, "resources">): Stored[] {
  return resources.filter(({ kind }) => kind === "physical-connection");
}
export function accessPointIn({ random, region }: Scene): string {
  return random.pick(builtInAccessPoints.filter((point) => point.region === region)).id;
}
/** A VLAN that is most likely free. */
export function someVlan(random: Random): number {
  return random.between(1, 2999);
}
/** Specifications that leave room for others on a circuit. */
const smallSpecs = Object.keys(sharedSpecs).slice(0, 3);

export function isSharedCircuit(circuit: Stored): boolean {
  return circuit["parentId"] !== "";
}
/** Whether a router is on a circuit, or a shared circuit. */
export function isUsed({ id }: Stored, { resources }: Pick<Scene, "resources">): boolean {
  return resources.some((one) => one["parentId"] === id || one["circuits"]?.some((on: Stored) => on["physicalConnectionId"] === id));
}
/** The partner of a shared circuit, or the owner of one that is not shared, takes the call. */
function onSideOfPartner(scene: Scene, circuit: Stored): void {
  onSideOf(scene, isSharedCircuit(circuit) ? { ...circuit, account: circuit["parentOwner"] } : circuit);
}

/** A circuit of the caller that another can stand in for. */
function redundantFor(scene: Scene, own: Stored | undefined): string | undefined {
  const states = ["Allocated", "Confirmed", "Enabled"];
  const fitting = circuitsIn(scene).filter(
    (one) => one.id !== own?.id && one.account === scene.account && one.region === scene.region && states.includes(one.state),
  );
  return fitting.length > 0 && scene.random.chance(0.2) ? scene.random.pick(fitting).id : undefined;
}

export const circuitPreferences: Readonly<Record<string, Preference>> = {
  CreatePhysicalConnectionOccupancyOrder: (one) => one.state === "Confirmed" || one["expectSpec"] !== "",
  CreateVirtualPhysicalConnection: (one) => one.state === "Enabled" && !isSharedCircuit(one),
  UpdateVirtualPhysicalConnection: (one, scene) => isSharedCircuit(one) && one.state !== "Terminated" && !isUsed(one, scene),
  // Only shared circuits come back.
  TerminatePhysicalConnection: (one, scene) => isSharedCircuit(one) && !isUsed(one, scene),
  RecoverPhysicalConnection: isSharedCircuit,
  DeletePhysicalConnection: (one) => ["Terminated", "Canceled", "Rejected", "Allocation Failed"].includes(one.state),
};

export const circuitRecipes: Readonly<Record<string, (scene: Scene, given: Parameters) => Parameters>> = {
  CreatePhysicalConnection: (scene) => ({
    AccessPointId: accessPointIn(scene),
    ...scene.random.pick([
      { PortType: undefined, bandwidth: scene.random.pick([undefined, 1000]) },
      { PortType: scene.random.pick(Object.keys(portTypes)), bandwidth: undefined },
    ]),
    RedundantPhysicalConnectionId: redundantFor(scene, undefined),
    ResourceGroupId: undefined,
  }),
  ModifyPhysicalConnectionAttribute: (scene) => {
    const circuit = scene.named.get("PhysicalConnectionId");
    const line = { LineOperator: undefined, PeerLocation: undefined, CircuitCode: undefined };
    const ofLine = { PortType: undefined, bandwidth: undefined, DownDelayTime: undefined, RedundantPhysicalConnectionId: undefined };
    if (circuit !== undefined && isSharedCircuit(circuit)) return { ...line, ...ofLine };
    const DownDelayTime = scene.random.pick([undefined, 0, 100, 10_000]);
    return { ...ofLine, DownDelayTime, RedundantPhysicalConnectionId: redundantFor(scene, circuit) };
  },
  CreatePhysicalConnectionOccupancyOrder: (scene) => {
    const circuit = scene.named.get("PhysicalConnectionId");
    if (circuit?.["orderMode"] === "PayByPhysicalConnectionOwner") onSideOfPartner(scene, circuit);
    return { Period: scene.random.between(1, 5), AutoPay: scene.random.chance(0.8) };
  },
  CreateVirtualPhysicalConnection: (scene) => ({
    VpconnAliUid: otherAccount(scene),
    OrderMode: scene.random.pick(orderModes),
    Spec: scene.random.pick(smallSpecs),
    VlanId: someVlan(scene.random),
    ResourceGroupId: undefined,
  }),
  UpdateVirtualPhysicalConnection: (scene) => {
    const circuit = scene.named.get("InstanceId");
    if (circuit !== undefined) onSideOfPartner(scene, circuit);
    return {
      VlanId: scene.random.chance(0.5) ? circuit?.["vlanId"] : someVlan(scene.random),
      ExpectSpec: scene.random.pick([undefined, ...smallSpecs]),
    };
  },
  TerminatePhysicalConnection: (scene) => {
    const circuit = scene.named.get("PhysicalConnectionId");
    if (circuit !== undefined && scene.random.chance(0.5)) onSideOfPartner(scene, circuit);
    return {};
  },
  RecoverPhysicalConnection: (scene) => {
    const circuit = scene.named.get("InstanceId");
    if (circuit?.["terminatedBy"]) onSideOf(scene, { ...circuit, account: circuit["terminatedBy"] });
    return {};
  },
  DeletePhysicalConnection: (scene) => {
    const circuit = scene.named.get("PhysicalConnectionId");
    if (circuit?.["accepted"] === false) onSideOfPartner(scene, circuit);
    return {};
  },
  DescribePhysicalConnections: (scene) => {
    const circuit = suitable(scene, kindNamed("physical-connection"));
    if (circuit === undefined || scene.random.chance(0.3)) return { Filter: undefined };
    return filterBy(scene, circuit, [
      ["PhysicalConnectionId", circuit.id],
      ["AccessPointId", circuit["accessPointId"]],
      ["Status", circuit.state],
      ["Name", circuit["name"]],
    ]);
  },
};
