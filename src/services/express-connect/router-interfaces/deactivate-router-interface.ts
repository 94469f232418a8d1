import { id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { routerInterface } from "./router-interface.ts";
import { interfaceTarget, isNotLocked, isPaidFor } from "./rules.ts";

export const deactivateRouterInterface = writeOperation({
  product: Vpc,
  name: "DeactivateRouterInterface",
  summary: "Freezes a router interface: it stays connected and carries nothing.",
  pollWith: "DescribeRouterInterfaceAttribute",
  authorisation: {
    action: "vpc:DeactivateRouterInterface",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, RouterInterfaceId: id },
  response: {},
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFoundOnConnect) },
  check: [
    isPaidFor(routerInterfaceErrors.financialLocked),
    isNotLocked,
    stateAllows("routerInterface", routerInterface, "DeactivateRouterInterface", routerInterfaceErrors.statusOnDeactivate),
  ],
  apply: async ({ state, targets }) => {
    await state.move(routerInterface, targets.routerInterface, "DeactivateRouterInterface");
    return {};
  },
});
