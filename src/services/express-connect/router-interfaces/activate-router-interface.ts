import { id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { routerInterface } from "./router-interface.ts";
import { interfaceTarget, isPaidFor, oppositeIsThere } from "./rules.ts";

export const activateRouterInterface = writeOperation({
  product: Vpc,
  name: "ActivateRouterInterface",
  summary: "Takes a frozen router interface into use again.",
  pollWith: "DescribeRouterInterfaceAttribute",
  authorisation: {
    action: "vpc:ActivateRouterInterface",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "inferred",
  },
  parameters: { RegionId: regionId, RouterInterfaceId: id },
  response: {},
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFoundOnModify) },
  check: [
    isPaidFor(routerInterfaceErrors.financialLocked),
    stateAllows("routerInterface", routerInterface, "ActivateRouterInterface", routerInterfaceErrors.statusOnActivate),
    oppositeIsThere(routerInterfaceErrors.oppositeDeleted),
  ],
  apply: async ({ state, targets }) => {
    await state.move(routerInterface, targets.routerInterface, "ActivateRouterInterface");
    return {};
  },
});
