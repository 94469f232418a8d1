import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { borderRouterErrors } from "./errors.ts";
import { ownsFirstCircuit, routerTarget } from "./rules.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

export const terminateVirtualBorderRouter = writeOperation({
  product: Vpc,
  name: "TerminateVirtualBorderRouter",
  summary: "Takes a virtual border router out of use, for the owner of its circuit. It keeps its VLAN for seven days.",
  pollWith: "DescribeVirtualBorderRouters",
  authorisation: {
    action: "vpc:TerminateVirtualBorderRouter",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, VbrId: id, ClientToken: clientToken },
  response: {},
  targets: { router: routerTarget(borderRouterErrors.notFoundOnTerminate) },
  check: [
    {
      rule: "the caller owns the circuit of the virtual border router",
      error: borderRouterErrors.terminateNotAllowed,
      holds: ownsFirstCircuit,
    },
    stateAllows("router", virtualBorderRouter, "TerminateVirtualBorderRouter", borderRouterErrors.status),
  ],
  apply: async ({ state, targets }) => {
    await state.move(virtualBorderRouter, targets.router, "TerminateVirtualBorderRouter", { terminatedAt: state.now });
    return {};
  },
});
