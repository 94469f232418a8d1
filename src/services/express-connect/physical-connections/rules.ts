import type { ErrorDefinition } from "../../../contract/errors.ts";
import { type Call, type Caller, type Rule, target } from "../../../contract/operation.ts";
import { listAll, type ResourceReader } from "../../../contract/resource-kind.ts";
import { featureAdvice } from "../../../contract/settings.ts";
import { day } from "../../../contract/time.ts";
import { circuitErrors } from "./errors.ts";
import { payerOf, type PhysicalConnection, physicalConnection, sharedSpecs } from "./physical-connection.ts";

/** Targets and rules that the operations on circuits share. */

/** A circuit that its owner names. */
export function ownCircuit(missing: ErrorDefinition) {
  return target({ kind: physicalConnection, parameter: "PhysicalConnectionId", missing });
}
/** A circuit that its owner names, or a shared one that the partner does. */
export function circuitOfEither(missing: ErrorDefinition, parameter = "PhysicalConnectionId") {
  return target({
    kind: physicalConnection,
    parameter,
    missing,
    visible: ({ account, parentOwner, region }, { caller, input }) =>
      [account, parentOwner].includes(caller.account) && region === input["RegionId"],
  });
}

interface OnCircuit {
  readonly caller: Caller;
  readonly targets: { readonly circuit: PhysicalConnection };
}

/** Rule: the account has the billing by traffic that circuits need. */
export const trafficIsEnabled: Rule<Pick<Call, "caller" | "settings"> & { readonly input: { readonly RegionId: string } }> = {
  rule: "the account pays for outbound traffic (feature PconnTraffic)",
  error: circuitErrors.trafficNotEnabled,
  advice: featureAdvice("PconnTraffic"),
  holds: ({ input, caller, settings }) => settings.isOpen("PconnTraffic", caller.account, input.RegionId),
};

/** Rules: the caller is the account that pays for the circuit. */
export const callerPays: readonly Rule<OnCircuit>[] = [
  {
    rule: "the partner orders what the partner pays for",
    error: circuitErrors.needsPartner,
    source: "inferred",
    holds: ({ caller, targets: { circuit } }) => payerOf(circuit) !== circuit.parentOwner || caller.account === circuit.parentOwner,
  },
  {
    rule: "the tenant orders what the tenant pays for",
    error: circuitErrors.needsTenant,
    source: "inferred",
    holds: ({ caller, targets: { circuit } }) => payerOf(circuit) !== circuit.account || caller.account === circuit.account,
  },
];

const redundantStates = ["Allocated", "Confirmed", "Enabled"];
/** Rules: the circuit that is named as a redundant one is there, and far enough. */
export function redundantCircuitIsThere(missing: ErrorDefinition): Rule<
  Pick<Call, "caller" | "state"> & {
    readonly input: { readonly RegionId: string; readonly RedundantPhysicalConnectionId: string | undefined };
  }
>[] {
  return [
    {
      rule: "RedundantPhysicalConnectionId names a circuit of the caller in the region",
      error: missing,
      holds: async ({ input, caller, state }) => {
        const id = input.RedundantPhysicalConnectionId;
        const other = id === undefined ? undefined : await state.get(physicalConnection, id);
        return id === undefined || (other?.account === caller.account && other.region === input.RegionId);
      },
    },
    {
      rule: `the redundant circuit is ${redundantStates.join(", ")}`,
      error: circuitErrors.redundantStatus,
      holds: async ({ input, state }) => {
        const id = input.RedundantPhysicalConnectionId;
        return id === undefined || redundantStates.includes((await state.get(physicalConnection, id))?.state ?? "");
      },
    },
  ];
}

/**
 * What shared circuits have of a circuit's bandwidth, in Mbit/s: each the more of what it is and what it is to be.
 * @param besides the shared circuit that is not counted
 */
export async function sharedBandwidth(state: ResourceReader, circuitId: string, besides = ""): Promise<number> {
  const shared = await listAll(state, physicalConnection, [["sharedOn", circuitId]]);
  return shared
    .filter(({ id }) => id !== besides)
    .reduce((sum, { bandwidth, expectSpec }) => sum + Math.max(bandwidth, sharedSpecs[expectSpec] ?? 0), 0);
}

const cycleDays: Readonly<Record<string, number>> = { Month: 30, Year: 365 };
/** Virtual milliseconds for which a port is paid. */
export function paidTime(period: number, cycle: string): number {
  return period * (cycleDays[cycle] ?? 0) * day;
}
