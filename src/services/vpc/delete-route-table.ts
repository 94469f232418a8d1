import { idOr, regionId } from "../../contract/common-parameters.ts";
import { type Call, target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { nothingDependsOn } from "../dependencies.ts";
import { routeTableErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { stateAllows, vpcIsSteady } from "./rules.ts";

export const deleteRouteTable = writeOperation({
  product: Vpc,
  name: "DeleteRouteTable",
  summary: "Deletes a custom route table that rules no vSwitch and has no custom entry.",
  pollWith: "DescribeRouteTableList",
  authorisation: {
    action: "vpc:DeleteRouteTable",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "public-docs",
  },
  parameters: { RegionId: regionId, RouteTableId: idOr(routeTableErrors.idMissing) },
  response: {},
  targets: { table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeTableErrors.notFound }) },
  check: [
    {
      rule: "the table is a custom one",
      error: routeTableErrors.isSystem,
      holds: ({ targets }) => targets.table.type === "Custom",
    },
    stateAllows("table", routeTable, "DeleteRouteTable", routeTableErrors.status),
    ...nothingDependsOn("table", routeTable),
    ...vpcIsSteady<Pick<Call, "state"> & { readonly targets: { readonly table: { readonly vpcId: string } } }>(
      ({ targets }) => [targets.table.vpcId],
      {
        vpc: routeTableErrors.conflict,
        vSwitch: routeTableErrors.conflict,
        routeTable: routeTableErrors.conflict,
        routeEntry: routeTableErrors.conflict,
      },
    ),
  ],
  apply: async ({ state, targets }) => {
    await state.move(routeTable, targets.table, "DeleteRouteTable");
    return {};
  },
});
