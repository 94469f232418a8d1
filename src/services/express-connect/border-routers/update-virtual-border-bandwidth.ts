import { clientToken, idOr, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { integer } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { bool, int, text } from "../../../contract/response.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { isShared } from "../physical-connections/physical-connection.ts";
import { trafficIsEnabled } from "../physical-connections/rules.ts";
import { borderRouterErrors } from "./errors.ts";
import { bandwidths } from "./parameters.ts";
import { firstCircuit, fitsCircuit, type OnRouter, routerTarget } from "./rules.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

export const updateVirtualBorderBandwidth = writeOperation({
  product: Vpc,
  name: "UpdateVirtualBorderBandwidth",
  summary: "Changes the bandwidth of a virtual border router on one circuit that is not shared.",
  authorisation: {
    action: "vpc:UpdateVirtualBorderBandwidth",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VirtualBorderRouterId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    VirtualBorderRouterId: idOr(borderRouterErrors.instanceMissing),
    Bandwidth: integer({
      required: true,
      missing: borderRouterErrors.bandwidthMissing,
      invalid: borderRouterErrors.bandwidthIllegalOnUpdate,
    }),
    ClientToken: clientToken,
  },
  response: { Code: text, HttpStatusCode: int, Message: text, Success: bool },
  targets: { router: routerTarget(borderRouterErrors.instanceNotFound, "VirtualBorderRouterId") },
  check: [
    {
      rule: `Bandwidth is one of ${bandwidths.join(", ")}`,
      error: borderRouterErrors.bandwidthIllegalOnUpdate,
      holds: ({ input }) => bandwidths.includes(input.Bandwidth),
    },
    {
      rule: "the circuit is not a shared one",
      error: borderRouterErrors.onSharedOnUpdate,
      holds: async (call) => {
        const circuit = await firstCircuit(call);
        return circuit === undefined || !isShared(circuit);
      },
    },
    {
      rule: "the virtual border router is on one circuit",
      error: borderRouterErrors.severalCircuits,
      holds: ({ targets }) => targets.router.circuits.length === 1,
    },
    trafficIsEnabled,
    {
      ...stateAllows("router", virtualBorderRouter, "UpdateVirtualBorderBandwidth", borderRouterErrors.status),
      source: "inferred",
    },
    fitsCircuit(({ input }: Request) => input.Bandwidth, firstCircuit, borderRouterErrors.bandwidthExceededOnUpdate),
  ],
  apply: async ({ input, state, targets }) => {
    await state.move(virtualBorderRouter, targets.router, "UpdateVirtualBorderBandwidth", { bandwidth: input.Bandwidth });
    return { Code: "200", HttpStatusCode: 200, Message: "successful", Success: true };
  },
});

type Request = OnRouter & { readonly input: { readonly Bandwidth: number } };
