import { id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { boolean } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { routeTableErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { descriptionParameter, nameParameter, stateAllows } from "./rules.ts";

export const modifyRouteTableAttributes = writeOperation({
  product: Vpc,
  name: "ModifyRouteTableAttributes",
  summary: "Changes name, description and route propagation of a route table, the system's own included.",
  authorisation: {
    action: "vpc:ModifyRouteTableAttributes",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "inferred",
  },
  parameters: {
    RouteTableId: id,
    RouteTableName: nameParameter(routeTableErrors.nameMalformedOnModify),
    Description: descriptionParameter(routeTableErrors.descriptionMalformedOnModify),
    RegionId: regionId,
    RoutePropagationEnable: boolean(),
  },
  response: {},
  targets: { table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeTableErrors.notFoundOnModify }) },
  check: [stateAllows("table", routeTable, "ModifyRouteTableAttributes", routeTableErrors.conflict)],
  apply: async ({ input, state, targets: { table } }) => {
    await state.move(routeTable, table, "ModifyRouteTableAttributes", {
      name: input.RouteTableName ?? table.name,
      description: input.Description ?? table.description,
      routePropagationEnable: input.RoutePropagationEnable ?? table.routePropagationEnable,
    });
    return {};
  },
});
