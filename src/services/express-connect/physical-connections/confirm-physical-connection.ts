import { clientToken, idOr, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { circuitErrors } from "./errors.ts";
import { isShared, payerOf, physicalConnection } from "./physical-connection.ts";
import { ownCircuit, paidTime, trafficIsEnabled } from "./rules.ts";

export const confirmPhysicalConnection = writeOperation({
  product: Vpc,
  name: "ConfirmPhysicalConnection",
  summary: "Says that the line to a circuit is built. A tenant accepts a shared circuit so, and what the partner pays for is in use then.",
  pollWith: "DescribePhysicalConnections",
  authorisation: {
    action: "vpc:ConfirmPhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, PhysicalConnectionId: idOr(circuitErrors.idMissingOnConfirm), ClientToken: clientToken },
  response: {},
  targets: { circuit: ownCircuit(circuitErrors.notFoundOnConfirm) },
  check: [trafficIsEnabled, stateAllows("circuit", physicalConnection, "ConfirmPhysicalConnection", circuitErrors.statusOnConfirm)],
  apply: async ({ state, targets: { circuit } }) => {
    const byPartner = payerOf(circuit) !== circuit.account;
    await state.move(physicalConnection, circuit, "ConfirmPhysicalConnection", {
      accepted: isShared(circuit),
      ...(byPartner ? { enabledAt: state.now, endsAt: state.now + paidTime(1, "Month") } : {}),
    });
    return {};
  },
});
