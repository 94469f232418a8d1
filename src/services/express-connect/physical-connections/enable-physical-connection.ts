import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { boolean } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { featureAdvice } from "../../../contract/settings.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { circuitErrors } from "./errors.ts";
import { physicalConnection } from "./physical-connection.ts";
import { ownCircuit, paidTime } from "./rules.ts";

export const enablePhysicalConnection = writeOperation({
  product: Vpc,
  name: "EnablePhysicalConnection",
  summary:
    "Takes a circuit into use whose line is built, by an order for one month unless ByPassSp says without. Once more changes nothing.",
  pollWith: "DescribePhysicalConnections",
  authorisation: {
    action: "vpc:EnablePhysicalConnection",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, PhysicalConnectionId: id, ClientToken: clientToken, ByPassSp: boolean({ default: false }) },
  response: {},
  targets: { circuit: ownCircuit(circuitErrors.notFound) },
  check: [
    {
      rule: "ByPassSp is for accounts that may take circuits into use without an order (feature PconnWithoutOrder)",
      error: circuitErrors.needsOrder,
      advice: featureAdvice("PconnWithoutOrder"),
      source: "sdk-metadata",
      holds: ({ input, caller, settings }) => !input.ByPassSp || settings.isOpen("PconnWithoutOrder", caller.account, input.RegionId),
    },
    stateAllows("circuit", physicalConnection, "EnablePhysicalConnection", circuitErrors.notAllowedInState),
  ],
  apply: async ({ input, state, targets: { circuit } }) => {
    const endsAt = input.ByPassSp ? 0 : state.now + paidTime(1, "Month");
    const changes = circuit.state === "Enabled" ? {} : { enabledAt: state.now, endsAt };
    await state.move(physicalConnection, circuit, "EnablePhysicalConnection", changes);
    return {};
  },
});
