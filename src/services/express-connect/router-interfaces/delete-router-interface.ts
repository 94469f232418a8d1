import { regionId, clientToken } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { idToDelete } from "./parameters.ts";
import { routerInterface } from "./router-interface.ts";
import { interfaceTarget, isNotLocked } from "./rules.ts";
import { entriesTo } from "../../vpc/route-entry.ts";

export const deleteRouterInterface = writeOperation({
  product: Vpc,
  name: "DeleteRouterInterface",
  summary: "Deletes one end of a link that carries nothing and over which no route entry leads. The other end stays.",
  pollWith: "DescribeRouterInterfaceAttribute",
  authorisation: {
    action: "vpc:DeleteRouterInterface",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    source: "seed",
  },
  parameters: { RegionId: regionId, RouterInterfaceId: idToDelete, ClientToken: clientToken },
  response: {},
  targets: { routerInterface: interfaceTarget(routerInterfaceErrors.notFound) },
  check: [
    {
      rule: "the router interface is not paid in advance",
      error: routerInterfaceErrors.prepaid,
      source: "inferred",
      holds: ({ targets }) => targets.routerInterface.ChargeType !== "Prepaid",
    },
    isNotLocked,
    stateAllows("routerInterface", routerInterface, "DeleteRouterInterface", routerInterfaceErrors.status),
    {
      rule: "no route entry leads over the router interface",
      error: routerInterfaceErrors.routeEntryLeft,
      advice: "delete the route entries that lead over it first, or both ends with DeleteExpressConnect and Force",
      holds: async ({ state, targets }) => (await entriesTo(state, "RouterInterface", targets.routerInterface.id)).length === 0,
    },
  ],
  apply: async ({ state, targets }) => {
    await state.move(routerInterface, targets.routerInterface, "DeleteRouterInterface");
    return {};
  },
});
