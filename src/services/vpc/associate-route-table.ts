import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { routeTableErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { othersAreSteady, stateAllows } from "./rules.ts";
import { vSwitch } from "./vswitch.ts";

export const associateRouteTable = writeOperation({
  product: Vpc,
  name: "AssociateRouteTable",
  summary: "Puts a vSwitch under a custom route table of its VPC.",
  pollWith: "DescribeVSwitchAttributes",
  authorisation: {
    action: "vpc:AssociateRouteTable",
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
      rule: "the vSwitch and the table are of one VPC",
      error: routeTableErrors.otherVpc,
      holds: ({ targets }) => targets.table.vpcId === targets.vSwitch.vpcId,
    },
    {
      rule: "the vSwitch is not under this table already",
      error: routeTableErrors.alreadyAssociated,
      holds: ({ targets }) => targets.vSwitch.routeTableType === "System" || targets.vSwitch.routeTableId !== targets.table.id,
    },
    {
      rule: "the table is a custom one: UnassociateRouteTable leads back to the system table",
      error: routeTableErrors.toSystem,
      holds: ({ targets }) => targets.table.type === "Custom",
    },
    {
      rule: "the table is one for vSwitches, and not for a gateway",
      error: routeTableErrors.forGateway,
      holds: ({ targets }) => targets.table.associateType === "VSwitch",
    },
    {
      rule: "the vSwitch is under no other custom table",
      error: routeTableErrors.otherAssociated,
      holds: ({ targets }) => targets.vSwitch.routeTableType === "System",
    },
    {
      rule: "the table is Available",
      error: routeTableErrors.statusOnAssociate,
      holds: ({ targets }) => routeTable.states.states[targets.table.state]?.task === undefined,
      subject: ({ targets }) => ({ kind: routeTable, resource: targets.table }),
    },
    stateAllows("vSwitch", vSwitch, "AssociateRouteTable", routeTableErrors.vSwitchStatus),
    ...othersAreSteady,
  ],
  apply: async ({ state, targets: { table, vSwitch: associated } }) => {
    await state.move(vSwitch, associated, "AssociateRouteTable", { routeTableId: table.id, routeTableType: "Custom" });
    return {};
  },
});
