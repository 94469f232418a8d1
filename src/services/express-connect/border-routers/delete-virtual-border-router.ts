import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { nothingDependsOn } from "../../dependencies.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { borderRouterErrors } from "./errors.ts";
import { ownsRouter, routerTarget } from "./rules.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

export const deleteVirtualBorderRouter = writeOperation({
  product: Vpc,
  name: "DeleteVirtualBorderRouter",
  summary:
    "Deletes a virtual border router that nothing depends on. A circuit's owner can do so to a router of another account until it is confirmed.",
  pollWith: "DescribeVirtualBorderRouters",
  authorisation: {
    action: "vpc:DeleteVirtualBorderRouter",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, VbrId: id, ClientToken: clientToken },
  response: {},
  targets: { router: routerTarget(borderRouterErrors.notFound) },
  check: [
    {
      rule: "the caller owns the virtual border router, or its circuit while it is unconfirmed",
      error: borderRouterErrors.deleteNotAllowed,
      holds: (call) => ownsRouter(call) || call.targets.router.state === "unconfirmed",
      subject: ({ targets }) => ({ kind: virtualBorderRouter, resource: targets.router }),
    },
    stateAllows("router", virtualBorderRouter, "DeleteVirtualBorderRouter", borderRouterErrors.status),
    {
      rule: "no circuit is associated with the virtual border router beside its first",
      error: borderRouterErrors.circuitAssociated,
      holds: ({ targets }) => targets.router.circuits.length === 1,
    },
    ...nothingDependsOn("router", virtualBorderRouter),
  ],
  apply: async ({ state, targets }) => {
    await state.move(virtualBorderRouter, targets.router, "DeleteVirtualBorderRouter");
    return {};
  },
});
