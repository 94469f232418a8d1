import { clientToken, dryRun, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { circuitErrors } from "./errors.ts";
import { isShared, physicalConnection } from "./physical-connection.ts";
import { circuitOfEither } from "./rules.ts";

export const recoverPhysicalConnection = writeOperation({
  product: Vpc,
  name: "RecoverPhysicalConnection",
  summary: "Takes a shared circuit into use again, for the account that took it out of use.",
  authorisation: {
    action: "vpc:RecoverPhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{InstanceId}"],
    source: "inferred",
  },
  parameters: { InstanceId: id, Token: clientToken, DryRun: dryRun, RegionId: regionId },
  response: {},
  targets: { circuit: circuitOfEither(circuitErrors.notFoundOnRecover, "InstanceId") },
  check: [
    {
      rule: "the circuit is a shared one",
      error: circuitErrors.notRecoverable,
      holds: ({ targets }) => isShared(targets.circuit),
    },
    {
      ...stateAllows("circuit", physicalConnection, "RecoverPhysicalConnection", circuitErrors.statusOnRecover),
      fill: ({ targets }) => [targets.circuit.id],
    },
    {
      rule: "the caller took the circuit out of use",
      error: circuitErrors.terminatedByOther,
      source: "inferred",
      holds: ({ caller, targets }) => targets.circuit.terminatedBy === caller.account,
    },
  ],
  apply: async ({ state, targets }) => {
    await state.move(physicalConnection, targets.circuit, "RecoverPhysicalConnection", { enabledAt: state.now });
    return {};
  },
});
