import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { circuitErrors } from "./errors.ts";
import { physicalConnection } from "./physical-connection.ts";
import { circuitOfEither } from "./rules.ts";

export const terminatePhysicalConnection = writeOperation({
  product: Vpc,
  name: "TerminatePhysicalConnection",
  summary: "Takes a circuit out of use over which no router and no shared circuit runs. A shared one either side may take out of use.",
  pollWith: "DescribePhysicalConnections",
  authorisation: {
    action: "vpc:TerminatePhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, PhysicalConnectionId: id, ClientToken: clientToken },
  response: {},
  targets: { circuit: circuitOfEither(circuitErrors.notFound) },
  check: [
    stateAllows("circuit", physicalConnection, "TerminatePhysicalConnection", circuitErrors.notAllowedInState),
    {
      rule: "no virtual border router is on the circuit",
      error: circuitErrors.routerAttached,
      holds: async ({ state, targets }) => (await state.count(virtualBorderRouter, [["onCircuit", targets.circuit.id]])) === 0,
    },
    {
      rule: "no shared circuit runs on the circuit",
      error: circuitErrors.sharedAttached,
      holds: async ({ state, targets }) => (await state.count(physicalConnection, [["sharedOn", targets.circuit.id]])) === 0,
    },
  ],
  apply: async ({ caller, state, targets }) => {
    await state.move(physicalConnection, targets.circuit, "TerminatePhysicalConnection", { terminatedBy: caller.account });
    return {};
  },
});
