import { dryRun, id, optionalRegionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import type { ResourceReader } from "../../contract/resource-kind.ts";
import { nothingDependsOn } from "../dependencies.ts";
import { vSwitchErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { stateAllows, vpcIsSteady } from "./rules.ts";
import { vSwitch } from "./vswitch.ts";

export const deleteVSwitch = writeOperation({
  product: Vpc,
  name: "DeleteVSwitch",
  summary: "Deletes a vSwitch in which nothing is left.",
  pollWith: "DescribeVSwitchAttributes",
  authorisation: { action: "vpc:DeleteVSwitch", resources: ["acs:vpc:{regionId}:{accountId}:vswitch/{VSwitchId}"], source: "public-docs" },
  parameters: { VSwitchId: id, RegionId: optionalRegionId, DryRun: dryRun },
  response: {},
  targets: { vSwitch: target({ kind: vSwitch, parameter: "VSwitchId", missing: vSwitchErrors.notFound }) },
  check: [
    stateAllows("vSwitch", vSwitch, "DeleteVSwitch", vSwitchErrors.status),
    {
      rule: "the vSwitch uses the system route table",
      error: vSwitchErrors.hasOwnRouteTable,
      holds: ({ targets }) => targets.vSwitch.routeTableType === "System",
      subject: async ({ state, targets }) => {
        const resource = await state.get(routeTable, targets.vSwitch.routeTableId);
        return resource && { kind: routeTable, resource };
      },
    },
    ...nothingDependsOn("vSwitch", vSwitch),
    ...vpcIsSteady<{ readonly state: ResourceReader; readonly targets: { readonly vSwitch: { readonly vpcId: string } } }>(
      ({ targets }) => [targets.vSwitch.vpcId],
      {
        vpc: vSwitchErrors.vpcStatus,
        vSwitch: vSwitchErrors.otherBusyOnDelete,
        routeTable: vSwitchErrors.routeTableBusy,
        routeEntry: vSwitchErrors.routeBusy,
      },
    ),
  ],
  apply: async ({ state, targets }) => {
    await state.move(vSwitch, targets.vSwitch, "DeleteVSwitch");
    return {};
  },
});
