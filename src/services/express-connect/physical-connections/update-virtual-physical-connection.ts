import { clientToken, dryRun, id, regionId } from "../../../contract/common-parameters.ts";
import { type Call, writeOperation } from "../../../contract/operation.ts";
import { long, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { text } from "../../../contract/response.ts";
import { featureAdvice } from "../../../contract/settings.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { circuitErrors } from "./errors.ts";
import { isShared, type PhysicalConnection, physicalConnection, sharedSpecs } from "./physical-connection.ts";
import { circuitOfEither, sharedBandwidth } from "./rules.ts";
import { portCanBeShared, takenVlans, vlanIsFree, vlanMax } from "./vlans.ts";

const outOfUse = ["Canceled", "Terminating", "Terminated"];

export const updateVirtualPhysicalConnection = writeOperation({
  product: Vpc,
  name: "UpdateVirtualPhysicalConnection",
  summary: "Moves a shared circuit to another VLAN, and says which specification it is to have once that is paid for.",
  authorisation: {
    action: "vpc:UpdateVirtualPhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{InstanceId}"],
    source: "inferred",
  },
  parameters: {
    VlanId: long({ required: true, invalid: circuitErrors.vlanIllegal }),
    InstanceId: id,
    Token: clientToken,
    DryRun: dryRun,
    ExpectSpec: string({
      valid: (value) => Object.hasOwn(sharedSpecs, value),
      invalid: circuitErrors.expectSpecUnknown,
      description: Object.keys(sharedSpecs).join(", "),
    }),
    RegionId: regionId,
  },
  response: { Success: text },
  targets: { circuit: circuitOfEither(circuitErrors.sharedNotFound, "InstanceId") },
  check: [
    {
      rule: `VlanId is 0 to ${vlanMax}`,
      error: circuitErrors.vlanIllegal,
      holds: ({ input }) => Number(input.VlanId) <= vlanMax,
    },
    {
      rule: "the circuit is a shared one",
      error: circuitErrors.sharedNotFound,
      holds: ({ targets }) => isShared(targets.circuit),
      fill: ({ targets }) => [targets.circuit.id],
    },
    {
      rule: "the caller owns the circuit that the shared one runs on",
      error: circuitErrors.notPartner,
      holds: ({ caller, targets }) => caller.account === targets.circuit.parentOwner,
    },
    {
      rule: "the account may share its circuits (feature Vpconn)",
      error: circuitErrors.mayNotShare,
      advice: featureAdvice("Vpconn"),
      holds: ({ input, caller, settings }) => settings.isOpen("Vpconn", caller.account, input.RegionId),
    },
    {
      rule: "neither the shared circuit nor the one that it runs on is locked for its bill",
      error: circuitErrors.financialLocked,
      holds: async (call) => [call.targets.circuit, await parentOf(call)].every((circuit) => circuit?.BusinessStatus !== "FinancialLocked"),
    },
    {
      rule: `the shared circuit is not ${outOfUse.join(", ")}`,
      error: circuitErrors.terminated,
      holds: ({ targets }) => !outOfUse.includes(targets.circuit.state),
      subject: ({ targets }) => ({ kind: physicalConnection, resource: targets.circuit }),
    },
    {
      rule: "no virtual border router is on a shared circuit that moves to another VLAN",
      error: circuitErrors.routerStatus,
      source: "inferred",
      holds: async ({ input, state, targets: { circuit } }) =>
        Number(input.VlanId) === circuit.vlanId || (await state.count(virtualBorderRouter, [["onCircuit", circuit.id]])) === 0,
    },
    {
      rule: "no router and no other shared circuit has the VLAN, and who has VLAN 0 has the circuit alone",
      error: circuitErrors.vlanIllegal,
      source: "inferred",
      holds: async ({ input, state, targets: { circuit }, now }) => {
        const taken = await takenVlans(state, circuit.parentId, now);
        return [vlanIsFree, portCanBeShared].every((fits) => fits(taken, Number(input.VlanId), circuit.id));
      },
    },
    {
      rule: "the circuit carries its shared circuits together",
      error: circuitErrors.bandwidthTaken,
      holds: async (call) => {
        const { input, state, targets } = call;
        const wanted = Math.max(sharedSpecs[input.ExpectSpec ?? ""] ?? 0, targets.circuit.bandwidth);
        const parent = await parentOf(call);
        return (await sharedBandwidth(state, targets.circuit.parentId, targets.circuit.id)) + wanted <= (parent?.bandwidth ?? 0);
      },
    },
  ],
  apply: async ({ input, state, targets: { circuit } }) => {
    await state.change(physicalConnection, circuit, {
      vlanId: Number(input.VlanId),
      expectSpec: input.ExpectSpec ?? circuit.expectSpec,
    });
    return { Success: "true" };
  },
});

/** The circuit that a shared one runs on. */
function parentOf({
  state,
  targets,
}: Pick<Call, "state"> & { readonly targets: { readonly circuit: PhysicalConnection } }): Promise<PhysicalConnection | undefined> {
  return state.get(physicalConnection, targets.circuit.parentId);
}
