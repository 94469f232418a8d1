import { fieldIndex, scoped, scopeOf, sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone, shownStatus } from "../../../contract/state-table.ts";

/**
 * A circuit between a site of its owner and an access point; or a shared circuit, which is a VLAN on the circuit of a partner
 * and belongs to a tenant of that partner. Fields that only the one or the other has are empty or 0.
 */
export interface PhysicalConnectionBody {
  readonly accessPointId: string;
  readonly type: string;
  readonly lineOperator: string;
  readonly portType: string;
  /** Port of the access device; told once it is allocated. */
  readonly portNumber: string;
  /** Mbit/s */
  readonly bandwidth: number;
  readonly peerLocation: string;
  readonly redundantPhysicalConnectionId: string;
  readonly circuitCode: string;
  readonly name: string;
  readonly description: string;
  readonly opticalModuleModel: string;
  readonly deviceAdvancedCapacity: readonly string[];
  /** Milliseconds for which a link may be down before its port is. */
  readonly downDelayTime: number;
  /** The circuit that a shared circuit runs on; the empty string for one that is not shared. */
  readonly parentId: string;
  /** The partner: the account that owns that circuit. */
  readonly parentOwner: string;
  readonly vlanId: number;
  /** A specification of `sharedSpecs`. */
  readonly spec: string;
  /** The specification that a shared circuit gets when it is paid for; the empty string when none is asked for. */
  readonly expectSpec: string;
  /** Who pays for a shared circuit: `PayByPhysicalConnectionOwner` is the partner. */
  readonly orderMode: string;
  /** Whether the tenant has accepted a shared circuit. */
  readonly accepted: boolean;
  /** The account that took it out of use last. */
  readonly terminatedBy: string;
  /** Virtual milliseconds at which it was last taken into use; 0 for never. */
  readonly enabledAt: number;
  /** Virtual milliseconds at which what was paid for its port ends; 0 where nothing was. */
  readonly endsAt: number;
  readonly BusinessStatus: string;
  /** What becomes of the application: no call decides it. */
  readonly Application: "Allocated" | "Rejected" | "Allocation Failed";
}
export type PhysicalConnection = Resource<PhysicalConnectionBody>;

/** What every circuit begins with. */
export const newCircuit = {
  downDelayTime: 0,
  expectSpec: "",
  accepted: false,
  terminatedBy: "",
  enabledAt: 0,
  endsAt: 0,
  BusinessStatus: "Normal",
  Application: "Allocated",
} as const;

/** Types of ports with what they carry, in Mbit/s: fast ones a multiple of 1024, like the bandwidths of circuits and routers. */
export const portTypes: Readonly<Record<string, number>> = {
  "100Base-T": 100,
  "1000Base-T": 1000,
  "1000Base-LX": 1000,
  "10GBase-T": 10_240,
  "10GBase-LR": 10_240,
  "40GBase-LR": 40_960,
  "100GBase-LR": 102_400,
};
/** What a port carries, in Mbit/s; one of no type in particular like the slowest that is usual. */
export function portSpeed(portType: string): number {
  return portTypes[portType] ?? 1000;
}

/** Specifications of shared circuits with what they carry, in Mbit/s. */
export const sharedSpecs: Readonly<Record<string, number>> = {
  "50M": 50,
  "100M": 100,
  "200M": 200,
  "300M": 300,
  "400M": 400,
  "500M": 500,
  "1G": 1000,
  "2G": 2000,
  "5G": 5000,
  "8G": 8000,
  "10G": 10_000,
};
export const orderModes = ["PayByPhysicalConnectionOwner", "PayByVirtualPhysicalConnectionOwner"] as const;

export function isShared({ parentId }: PhysicalConnection): boolean {
  return parentId !== "";
}
/** The account that pays for a circuit: its owner, or for a shared one whom its order mode names. */
export function payerOf({ account, parentOwner, orderMode }: PhysicalConnection): string {
  return orderMode === "PayByPhysicalConnectionOwner" ? parentOwner : account;
}
/** What clients read as the specification: what a shared circuit was ordered with, or the class of the port. */
export function specOf({ spec, portType }: PhysicalConnection): string {
  const speed = portSpeed(portType);
  return spec === "" ? (speed <= 1000 ? "1G and below" : `${speed / 1024}G`) : spec;
}
export function productTypeOf(circuit: PhysicalConnection): string {
  return isShared(circuit) ? "VirtualPhysicalConnection" : "PhysicalConnection";
}

/** States before a circuit is in use for the first time. */
const onTheWay = ["Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabling"];

export const physicalConnection: ResourceKind<PhysicalConnectionBody> = {
  name: "physical-connection",
  idPrefix: "pc",
  idHasRegionCode: true,
  tagType: "PHYSICALCONNECTION",
  states: {
    initial: { CreatePhysicalConnection: "Initial", CreateVirtualPhysicalConnection: "Allocated" },
    states: {
      Initial: {
        meaning: "applied for",
        task: { event: "reviewed", after: "review" },
        moves: {
          ModifyPhysicalConnectionAttribute: "Initial",
          CancelPhysicalConnection: "Canceled",
          reviewed: {
            oneOf: ["Approved", "Rejected"],
            choose: ({ Application }) => (Application === "Rejected" ? "Rejected" : "Approved"),
          },
        },
      },
      Approved: {
        meaning: "the application is granted",
        task: { event: "allocationBegun", after: "review" },
        moves: { ModifyPhysicalConnectionAttribute: "Approved", CancelPhysicalConnection: "Canceled", allocationBegun: "Allocating" },
      },
      Allocating: {
        meaning: "a port is being found",
        task: { event: "allocated", after: "work" },
        moves: {
          allocated: {
            oneOf: ["Allocated", "Allocation Failed"],
            choose: ({ Application }) => (Application === "Allocation Failed" ? "Allocation Failed" : "Allocated"),
          },
        },
      },
      Allocated: {
        meaning: "has a port; the line to it is being built, or the tenant has yet to accept",
        moves: {
          ModifyPhysicalConnectionAttribute: "Allocated",
          ConfirmPhysicalConnection: {
            // What the partner pays for has nothing more to wait for when the tenant accepts it.
            oneOf: ["Confirmed", "Enabling"],
            choose: (circuit) => (payerOf(circuit) === circuit.account ? "Confirmed" : "Enabling"),
          },
          CancelPhysicalConnection: "Canceled",
          DeletePhysicalConnection: gone,
        },
      },
      Confirmed: {
        meaning: "the line is built and waits for payment",
        moves: {
          ModifyPhysicalConnectionAttribute: "Confirmed",
          EnablePhysicalConnection: "Enabling",
          CreatePhysicalConnectionOccupancyOrder: "Enabling",
          CancelPhysicalConnection: "Canceled",
          DeletePhysicalConnection: gone,
        },
      },
      Enabling: {
        shownAs: "Confirmed",
        meaning: "being taken into use",
        task: { event: "enabled", after: "work" },
        moves: { enabled: "Enabled" },
      },
      Enabled: {
        meaning: "in use",
        moves: {
          ModifyPhysicalConnectionAttribute: "Enabled",
          EnablePhysicalConnection: "Enabled",
          CreatePhysicalConnectionOccupancyOrder: "Enabled",
          TerminatePhysicalConnection: "Terminating",
        },
      },
      Terminating: {
        meaning: "being taken out of use",
        task: { event: "terminated", after: "work" },
        moves: { terminated: "Terminated" },
      },
      Terminated: { meaning: "out of use", moves: { RecoverPhysicalConnection: "Enabled", DeletePhysicalConnection: gone } },
      Rejected: { meaning: "the application is refused", moves: { DeletePhysicalConnection: gone } },
      "Allocation Failed": { meaning: "no port could be found", moves: { DeletePhysicalConnection: gone } },
      Canceled: { meaning: "called off by its owner", moves: { DeletePhysicalConnection: gone } },
    },
  },
  indexes: {
    ...sharedIndexes<PhysicalConnection>(),
    id: fieldIndex<PhysicalConnection>(({ id }) => id),
    accessPoint: fieldIndex<PhysicalConnection>(({ accessPointId }) => accessPointId),
    type: fieldIndex<PhysicalConnection>(({ type }) => type),
    lineOperator: fieldIndex<PhysicalConnection>(({ lineOperator }) => lineOperator),
    spec: fieldIndex<PhysicalConnection>(specOf),
    name: fieldIndex<PhysicalConnection>(({ name }) => name),
    productType: fieldIndex<PhysicalConnection>(productTypeOf),
    /** By what clients read as the status. The documents spell one of them in two ways. */
    status: fieldIndex<PhysicalConnection>(({ state }) =>
      state === "Allocation Failed" ? [state, "AllocationFailed"] : shownStatus(physicalConnection.states, state),
    ),
    /** Circuits that count against the quotas of an access point; shared ones were another's decision. */
    ownAtAccessPoint: (circuit) => (isShared(circuit) ? [] : [scoped(circuit.account, circuit.accessPointId)]),
    onTheWayAtAccessPoint: (circuit) =>
      isShared(circuit) || !onTheWay.includes(circuit.state) ? [] : [scoped(circuit.account, circuit.accessPointId)],
    /** Shared circuits by the circuit that they run on, and by the partner whose it is, of whatever tenant. */
    sharedOn: ({ parentId }) => (parentId === "" ? [] : [parentId]),
    sharedBy: ({ parentOwner, region }) => (parentOwner === "" ? [] : [scopeOf(parentOwner, region)]),
  },
  counted: ["scope"],
  sharedWith: (circuit) => (isShared(circuit) ? [circuit.parentOwner] : []),
  patchable: {
    Application: { description: "what becomes of the application", values: ["Allocated", "Rejected", "Allocation Failed"] },
    BusinessStatus: { description: "business status", values: ["Normal", "FinancialLocked", "SecurityLocked"] },
  },
};
