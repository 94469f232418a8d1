import { builtInAccessPoints } from "../../src/contract/access-points.ts";
import { type Ground, type Made, type Make, type Maker, type Product, vpc } from "./ground.ts";
import { type Model, payerOf } from "./model.ts";
import type { Circuit, Thing } from "./things.ts";

/** Calls about circuits: how they come into use, and out of it again. */

const ports = ["100Base-T", "1000Base-LX", "10GBase-LR", "10GBase-LR"];

/** A circuit that fits, mostly; sometimes any. */
export function someCircuit(g: Ground, fits: (of: Circuit) => boolean): Circuit | undefined {
  const enabled = new Set(g.enabled.map(({ id }) => id));
  const own = g.model.circuits.filter(({ account }) => enabled.has(account));
  return g.fitting(own, fits) ?? g.maybe(0.2, () => g.some(own));
}
function onCircuit(g: Ground, of: Circuit, parameters: Readonly<Record<string, unknown>> = {}, by = of.account): Made {
  return { by: g.mostly(by), parameters: { RegionId: g.region(of.region), PhysicalConnectionId: g.id(of), ...parameters } };
}
function pointsOf(region: string): string[] {
  return builtInAccessPoints.filter((point) => point.region === region).map(({ id }) => id);
}
const isEarly = ({ state }: Circuit): boolean => ["Initial", "Approved", "Allocating"].includes(state);

const newCircuit: Make = (g) => {
  const { random, model } = g;
  const by = g.someone();
  const RegionId = g.region();
  const redundant = g.maybe(0.2, () => g.some(model.circuits));
  return {
    by,
    parameters: {
      RegionId,
      // Mostly the first one, where others are already.
      AccessPointId: random.chance(0.03) ? "ap-nowhere" : g.some(pointsOf(g.region(RegionId))),
      LineOperator: random.pick(["CT", "CU", "Other"]),
      PortType: g.maybe(0.8, () => random.pick(ports)),
      bandwidth: g.maybe(0.3, () => random.pick([50, 200, 2000])),
      PeerLocation: g.name(0.3),
      RedundantPhysicalConnectionId: redundant && g.id(redundant),
      CircuitCode: g.name(0.2),
      Name: g.name(),
      Description: g.name(0.2),
      ResourceGroupId: g.group(by),
      Tag: g.tags(),
    },
  };
};
const changedCircuit: Make = (g) => {
  const { random, model } = g;
  const early = g.maybe(0.5, () => g.some(model.circuits.filter(isEarly)));
  const of = early ?? someCircuit(g, ({ state }) => ["Initial", "Approved", "Allocated", "Confirmed", "Enabled"].includes(state));
  if (of === undefined) return undefined;
  const redundant = g.maybe(0.1, () => g.some(model.circuits));
  const isOfLine = random.chance(of.parentId === "" ? 0.8 : 0.1);
  const line = {
    LineOperator: g.maybe(0.2, () => random.pick(["CM", "CO"])),
    PortType: g.maybe(0.2, () => random.pick(ports)),
    bandwidth: g.maybe(0.4, () => random.pick([50, 200, 1000, 10_240])),
    PeerLocation: g.name(0.2),
    RedundantPhysicalConnectionId: redundant && g.id(redundant),
    CircuitCode: g.name(0.2),
    DownDelayTime: g.maybe(0.2, () => random.pick([0, 300])),
  };
  return onCircuit(g, of, { Name: g.name(), Description: g.name(0.3), ...(isOfLine ? line : {}) });
};

const inState = ({ model }: Ground, ...states: readonly string[]): number =>
  model.circuits.filter(({ state }) => states.includes(state)).length;
/** A call on a circuit in one of these states. */
const inOneOf =
  (states: readonly string[], parametersOf: (g: Ground, of: Circuit) => Readonly<Record<string, unknown>> = () => ({})): Make =>
  (g) => {
    const of = someCircuit(g, ({ state }) => states.includes(state));
    return of && onCircuit(g, of, parametersOf(g, of));
  };

/** VLANs, so few that they meet; 0 is that of whoever has a circuit alone. */
export const someVlan = ({ random }: Ground): number => random.pick([0, 10, 20, 20, 30, 30, 40, 50, 60]);
const isToGrow = ({ state, expectSpec }: Circuit): boolean => state === "Enabled" && expectSpec !== "";
const isToRecover = ({ state, parentId }: Circuit): boolean => state === "Terminated" && parentId !== "";
const isPlain = ({ parentId, state }: Circuit): boolean => parentId === "" && state === "Enabled";

export const circuitMakers: readonly Maker[] = [
  vpc(
    "CreateVirtualPhysicalConnection",
    ({ model }) => 1 + (model.circuits.some(isPlain) ? 5 : 0),
    (g) => {
      const of = someCircuit(g, isPlain);
      if (of === undefined) return undefined;
      const { PhysicalConnectionId, ...more } = onCircuit(g, of).parameters;
      const by = g.mostly(of.account);
      return {
        by,
        parameters: {
          ...more,
          PhysicalConnectionId,
          OrderMode: g.random.pick(["PayByPhysicalConnectionOwner", "PayByVirtualPhysicalConnectionOwner"]),
          VlanId: g.random.chance(0.98) ? someVlan(g) : 3000,
          Spec: g.random.pick(["50M", "100M", "500M", "1G", "5G"]),
          VpconnAliUid: g.random.chance(0.98) ? g.someone().id : "1999",
          Name: g.name(),
          Description: g.name(0.2),
          ResourceGroupId: g.group(by),
          Tag: g.tags(),
        },
      };
    },
  ),
  vpc(
    "UpdateVirtualPhysicalConnection",
    ({ model }) => (model.circuits.some(({ parentId }) => parentId !== "") ? 4 : 0.2),
    (g) => {
      const of = someCircuit(g, ({ parentId }) => parentId !== "");
      if (of === undefined) return undefined;
      const by = g.mostly(g.random.chance(0.9) ? of.parentOwner || of.account : of.account);
      const VlanId = g.random.chance(0.5) ? of.vlan : g.random.chance(0.97) ? someVlan(g) : 3000;
      const ExpectSpec = g.maybe(0.7, () => g.random.pick(["50M", "100M", "1G"]));
      return { by, parameters: { RegionId: g.region(of.region), InstanceId: g.id(of), VlanId, ExpectSpec } };
    },
  ),
  vpc("CreatePhysicalConnection", ({ model }) => (model.circuits.length < 4 ? 8 : 2), newCircuit),
  vpc("ModifyPhysicalConnectionAttribute", (g) => (hasApplication(g) ? 10 : 4), changedCircuit),
  vpc("CancelPhysicalConnection", 1, inOneOf(["Initial", "Approved", "Allocated", "Confirmed"])),
  vpc("ConfirmPhysicalConnection", (g) => 1 + 5 * inState(g, "Allocated"), inOneOf(["Allocated"])),
  vpc(
    "EnablePhysicalConnection",
    (g) => 1 + 3 * inState(g, "Confirmed"),
    inOneOf(["Confirmed", "Enabled"], (g) => ({ ByPassSp: g.maybe(0.3, () => g.random.chance(0.7)) })),
  ),
  vpc(
    "CreatePhysicalConnectionOccupancyOrder",
    (g) => 1 + 3 * inState(g, "Confirmed") + (g.model.circuits.some(isToGrow) ? 20 : 0),
    (g) => {
      const grown = g.maybe(0.8, () => g.some(g.model.circuits.filter(isToGrow)));
      const of = grown ?? someCircuit(g, ({ state }) => state === "Confirmed");
      const terms = {
        AutoPay: g.maybe(0.9, () => g.random.chance(0.9)),
        Period: g.maybe(0.3, () => g.random.pick([1, 5])),
        PricingCycle: g.maybe(0.3, () => g.random.pick(["Month", "Year"])),
      };
      return of && onCircuit(g, of, terms, g.random.chance(0.9) ? payerOf(of) : of.account);
    },
  ),
  vpc(
    "TerminatePhysicalConnection",
    (g) => 0.5 + inState(g, "Enabled") / 2,
    (g) => {
      const shared = g.maybe(0.5, () => g.some(g.model.circuits.filter(({ state, parentId }) => state === "Enabled" && parentId !== "")));
      const of = shared ?? someCircuit(g, ({ state }) => state === "Enabled");
      return of && onCircuit(g, of, {}, g.random.chance(0.5) && of.parentOwner !== "" ? of.parentOwner : of.account);
    },
  ),
  vpc(
    "RecoverPhysicalConnection",
    (g) => 0.5 + inState(g, "Terminated") + (g.model.circuits.some(isToRecover) ? 20 : 0),
    (g) => {
      const of = someCircuit(g, isToRecover);
      return of && { by: g.mostly(of.terminatedBy || of.account), parameters: { RegionId: g.region(of.region), InstanceId: g.id(of) } };
    },
  ),
  vpc(
    "DeletePhysicalConnection",
    (g) => 1 + inState(g, "Terminated", "Rejected", "Allocation Failed", "Canceled") / 2,
    (g) => {
      const of = someCircuit(g, (one) => g.model.may(one, "DeletePhysicalConnection"));
      return of && onCircuit(g, of, {}, of.parentId !== "" && of.accepted !== g.random.chance(0.8) ? of.parentOwner : of.account);
    },
  ),
];

/** Whether an application is still to be decided on. */
export function hasApplication(g: Ground): boolean {
  return g.model.circuits.some(isEarly);
}
/** What an administrator changes of a circuit: what becomes of its application, or whether it is locked. */
export function circuitPatch(g: Ground): { thing: Thing; fields: Record<string, string> } | undefined {
  const of = g.fitting(g.model.circuits, isEarly);
  if (of === undefined) return undefined;
  const fate = of.state === "Initial" ? "Rejected" : "Allocation Failed";
  const Application = of.application === fate ? "Allocated" : fate;
  const BusinessStatus = of.businessStatus === "Normal" ? "FinancialLocked" : "Normal";
  return { thing: of, fields: g.random.chance(isEarly(of) ? 0.9 : 0.1) ? { Application } : { BusinessStatus } };
}

/** What walks about borders begin with: a circuit in use of each of two accounts, in one region. */
export const circuitPrologue: readonly (readonly [action: string, make: Make])[] = [
  ...[0, 1].map((owner): readonly [string, Make] => [
    "CreatePhysicalConnection",
    (g) => {
      const by = g.model.accounts[owner];
      const [RegionId = ""] = g.regions;
      return by && { by, parameters: { RegionId, AccessPointId: pointsOf(RegionId)[0], LineOperator: "CT", PortType: "10GBase-LR" } };
    },
  ]),
  // Its application and its port take their time.
  ["CreatePhysicalConnection", () => undefined],
  ["CreatePhysicalConnection", () => undefined],
  ...["ConfirmPhysicalConnection", "EnablePhysicalConnection"].flatMap((action) =>
    [0, 1].map((owner): readonly [string, Make] => [
      action,
      (g) => {
        const of = g.model.circuits[owner];
        return of && { by: g.model.account(of.account), parameters: { RegionId: of.region, PhysicalConnectionId: of.id } };
      },
    ]),
  ),
];

/** What takes circuits down: called off or taken out of use first, and then deleted. */
export function circuitDeletions(
  model: Model,
  add: (account: string, product: Product, action: string, parameters: Readonly<Record<string, unknown>>) => void,
): void {
  for (const one of model.circuits) {
    const { account, region: RegionId, id: PhysicalConnectionId, parentId, parentOwner, accepted } = one;
    const deleter = parentId === "" || accepted ? account : parentOwner;
    const action = ["Delete", "Cancel", "Terminate"].map((verb) => `${verb}PhysicalConnection`).find((verb) => model.may(one, verb));
    if (action !== undefined)
      add(action === "DeletePhysicalConnection" ? deleter : account, "vpc", action, { RegionId, PhysicalConnectionId });
  }
}
