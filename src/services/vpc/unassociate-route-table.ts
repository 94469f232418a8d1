import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { routeTableErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { othersAreSteady, stateAllows } from "./rules.ts";
import { vpc } from "./vpc.ts";
import { vSwitch } from "./vswitch.ts";

export const unassociateRouteTable = writeOperation({
  product: Vpc,
  name: "UnassociateRouteTable",
  summary: "Puts a vSwitch back under the system route table of its VPC.",
  pollWith: "DescribeVSwitchAttributes",
  authorisation: {
    action: "vpc:UnassociateRouteTable",
    resources: ["acs:vpc:{regionId}:{accountId}:vswitch/{VSwitchId}"],
    source: "public-docs",
  },
  parameters: { RegionId: regionId, RouteTableId: id, VSwitchId: id, ClientToken: clientToken },
  response: {},
  targets: {
    table: target({ kind: routeTable, parameter: "RouteTableId", missing: routeTableErrors.notFound }),
    vSwitch: target({ kind: vSwitch, parameter: "VSwitchId", missing: routeTableErrors.vSwitchNotFound }),
  },
  check: [
    {
      rule: "the table is a custom one",
      error: routeTableErrors.systemOnUnassociate,
      holds: ({ targets }) => targets.table.type === "Custom",
    },
    {
      rule: "the vSwitch is under this table",
      error: routeTableErrors.notBound,
      holds: ({ targets }) => targets.vSwitch.routeTableId === targets.table.id,
    },
    stateAllows("vSwitch", vSwitch, "UnassociateRouteTable", routeTableErrors.vSwitchStatus),
    ...othersAreSteady,
  ],
  apply: async ({ state, targets: { vSwitch: associated } }) => {
    const systemTable = (await state.get(vpc, associated.vpcId))?.routeTableId ?? "";
    await state.move(vSwitch, associated, "UnassociateRouteTable", { routeTableId: systemTable, routeTableType: "System" });
    return {};
  },
});
