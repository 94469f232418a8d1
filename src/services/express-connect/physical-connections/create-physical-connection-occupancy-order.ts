import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { invalidParameter } from "../../../contract/errors.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { structure, text } from "../../../contract/response.ts";
import { newOrderId } from "../../order-id.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { virtualBorderRouter } from "../border-routers/virtual-border-router.ts";
import { circuitErrors } from "./errors.ts";
import { physicalConnection, sharedSpecs } from "./physical-connection.ts";
import { callerPays, circuitOfEither, paidTime } from "./rules.ts";

/** No document tells the errors of this operation: it answers with those of EnablePhysicalConnection. */
export const createPhysicalConnectionOccupancyOrder = writeOperation({
  product: Vpc,
  name: "CreatePhysicalConnectionOccupancyOrder",
  summary:
    "Orders the port of a circuit, or the specification that is to be of a shared one. With AutoPay the order is paid and takes effect.",
  pollWith: "DescribePhysicalConnections",
  authorisation: {
    action: "vpc:CreatePhysicalConnectionOccupancyOrder",
    resources: ["acs:vpc:{regionId}:{accountId}:physicalconnection/{PhysicalConnectionId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    PhysicalConnectionId: id,
    InstanceChargeType: string({ default: "PrePaid", pattern: /^PrePaid$/i, description: "PrePaid" }),
    Period: integer({ default: 1, min: 1, max: 9 }),
    PricingCycle: string({ default: "Month", pattern: /^(Month|Year)$/, description: "Month or Year" }),
    AutoPay: boolean({ default: false }),
    // Nothing here ends when its paid time does, so that nothing needs to be renewed.
    AutoRenew: boolean({ default: false }),
    AutoRenewDuration: integer({ default: 1, min: 0 }),
    ClientToken: clientToken,
  },
  response: { Data: structure({ OrderId: text }) },
  targets: { circuit: circuitOfEither(circuitErrors.notFound) },
  check: [
    {
      rule: "Period is 1 to 9 months, or 1 to 5 years",
      error: invalidParameter("Period"),
      source: "sdk-metadata",
      holds: ({ input }) => input.PricingCycle === "Month" || input.Period <= 5,
    },
    ...callerPays,
    stateAllows("circuit", physicalConnection, "CreatePhysicalConnectionOccupancyOrder", circuitErrors.notAllowedInState),
    {
      rule: "a circuit in use waits for payment of another specification",
      error: circuitErrors.notAllowedInState,
      source: "inferred",
      holds: ({ targets: { circuit } }) => circuit.state !== "Enabled" || circuit.expectSpec !== "",
    },
  ],
  apply: async ({ input, state, targets: { circuit } }) => {
    if (input.AutoPay) {
      const endsAt = state.now + paidTime(input.Period, input.PricingCycle);
      const bandwidth = sharedSpecs[circuit.expectSpec] ?? circuit.bandwidth;
      await state.move(physicalConnection, circuit, "CreatePhysicalConnectionOccupancyOrder", {
        ...(circuit.state === "Enabled" ? {} : { enabledAt: state.now, endsAt }),
        ...(circuit.expectSpec === "" ? {} : { spec: circuit.expectSpec, bandwidth, expectSpec: "" }),
      });
      // A router on a shared circuit always has the circuit's bandwidth. On any other there is none yet.
      for (const router of await listAll(state, virtualBorderRouter, [["onCircuit", circuit.id]])) {
        await state.change(virtualBorderRouter, router, { bandwidth });
      }
    }
    return { Data: { OrderId: newOrderId(state) } };
  },
});
