import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { circuitErrors } from "./errors.ts";
import { physicalConnection } from "./physical-connection.ts";
import { ownCircuit } from "./rules.ts";

export const cancelPhysicalConnection = writeOperation({
  product: Vpc,
  name: "CancelPhysicalConnection",
  summary: "Calls off a circuit that is not in use yet. A tenant declines a shared one so.",

  authorisation: {
    action: "vpc:CancelPhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, PhysicalConnectionId: id, ClientToken: clientToken },
  response: {},
  targets: { circuit: ownCircuit(circuitErrors.notFound) },
  check: [stateAllows("circuit", physicalConnection, "CancelPhysicalConnection", circuitErrors.notAllowedInState)],
  apply: async ({ state, targets }) => {
    await state.move(physicalConnection, targets.circuit, "CancelPhysicalConnection");
    return {};
  },
});
