import { fieldIndex, sharedIndexes } from "../../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";

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
  /** The account that took it out of use last. */
  readonly terminatedBy: string;
  /** Virtual milliseconds at which it was last enabled; 0 for never. */
  readonly enabledAt: number;
  /** Virtual milliseconds at which what was paid for its port ends; 0 where nothing was. */
  readonly endsAt: number;
  readonly BusinessStatus: string;
  /** What becomes of the application: no call decides it. */
  readonly Application: "Allocated" | "Rejected" | "Allocation Failed";
}
export type PhysicalConnection = Resource<PhysicalConnectionBody>;

export const physicalConnection: ResourceKind<PhysicalConnectionBody> = {
  name: "physical-connection",
  idPrefix: "pc",
  idHasRegionCode: true,
  tagType: "PHYSICALCONNECTION",
  states: {
    initial: { CreatePhysicalConnection: "Initial" },
    states: {
      Initial: {
        meaning: "applied for",
        task: { event: "reviewed", after: "work" },
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
        task: { event: "allocationBegun", after: "work" },
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
        meaning: "has a port; the line to it is being built",
        moves: {
          ModifyPhysicalConnectionAttribute: "Allocated",
          ConfirmPhysicalConnection: "Confirmed",
          CancelPhysicalConnection: "Canceled",
          DeletePhysicalConnection: gone,
        },
      },
      Confirmed: {
        meaning: "the line is built",
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
    name: fieldIndex<PhysicalConnection>(({ name }) => name),
    /** Shared circuits by the circuit that they run on, of whatever tenant. */
    sharedOn: ({ parentId }) => (parentId === "" ? [] : [parentId]),
  },
  counted: ["scope"],
  patchable: {
    Application: { description: "what becomes of the application", values: ["Allocated", "Rejected", "Allocation Failed"] },
    BusinessStatus: { description: "business status", values: ["Normal", "FinancialLocked", "SecurityLocked"] },
  },
};
