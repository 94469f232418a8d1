import { clientToken, id, regionId } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { text } from "../../../contract/response.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { routerInterface } from "./router-interface.ts";
import { interfaceTarget, isPaidFor, oppositeIsThere } from "./rules.ts";
import { specs } from "./specs.ts";

export const modifyRouterInterfaceSpec = writeOperation({
  product: Vpc,
  name: "ModifyRouterInterfaceSpec",
  summary: "Changes what an initiating router interface carries.",
  pollWith: "DescribeRouterInterfaceAttribute",
  authorisation: {
    action: "vpc:ModifyRouterInterfaceSpec",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    RouterInterfaceId: id,
    Spec: string({ required: true }),
    ClientToken: clientToken,
  },
  response: { Spec: text },
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFoundOnConnect) },
  check: [
    {
      rule: `Spec is one of ${Object.keys(specs).join(", ")}, and the router interface is the initiating side`,
      error: routerInterfaceErrors.specUnknownOnModify,
      holds: ({ input, targets }) => Object.hasOwn(specs, input.Spec) && targets.routerInterface.role === "InitiatingSide",
    },
    isPaidFor(routerInterfaceErrors.financialLockedOnSpec),
    stateAllows("routerInterface", routerInterface, "ModifyRouterInterfaceSpec", routerInterfaceErrors.statusOnSpec),
    { ...oppositeIsThere(routerInterfaceErrors.oppositeNotFound), source: "inferred" },
  ],
  apply: async ({ input, state, targets }) => {
    await state.move(routerInterface, targets.routerInterface, "ModifyRouterInterfaceSpec", { spec: input.Spec });
    return { Spec: input.Spec };
  },
});
