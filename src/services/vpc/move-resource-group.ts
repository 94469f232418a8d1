import { id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { resourceGroupErrors, resourceGroupExists } from "../resource-groups/resource-group.ts";
import { vpcErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { stateAllows } from "./rules.ts";
import { vpc } from "./vpc.ts";
import { vRouter } from "./vrouter.ts";
import { vSwitch, vSwitchesOf } from "./vswitch.ts";

export const moveResourceGroup = writeOperation({
  product: Vpc,
  name: "MoveResourceGroup",
  summary: "Moves a VPC to another resource group, with its router, route tables and vSwitches.",
  authorisation: {
    action: "vpc:MoveResourceGroup",
    resources: ["acs:vpc:{regionId}:{accountId}:vpc/{ResourceId}"],
    source: "inferred",
  },
  parameters: {
    ResourceId: id,
    ResourceType: string({ required: true, lengthMax: 64 }),
    NewResourceGroupId: string({ required: true, invalid: resourceGroupErrors.vpcUnknown }),
    RegionId: regionId,
  },
  response: {},
  targets: { vpc: target({ kind: vpc, parameter: "ResourceId", missing: vpcErrors.resourceNotFound }) },
  check: [
    {
      rule: "ResourceType is Vpc",
      error: vpcErrors.resourceTypeUnknown,
      holds: ({ input }) => input.ResourceType.toLowerCase() === "vpc",
    },
    resourceGroupExists("NewResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      ...stateAllows("vpc", vpc, "MoveResourceGroup", vpcErrors.statusOnMove),
      fill: ({ targets }) => ["Vpc", targets.vpc.id],
    },
  ],
  apply: async ({ input, targets: { vpc: moved }, caller, state }) => {
    const resourceGroups = { ...moved.resourceGroups, [caller.account]: input.NewResourceGroupId };
    await state.move(vpc, moved, "MoveResourceGroup", { resourceGroups });
    const router = await state.get(vRouter, moved.vRouterId);
    if (router !== undefined) await state.change(vRouter, router, { resourceGroups });
    for (const table of await listAll(state, routeTable, [["vpc", moved.id]])) await state.change(routeTable, table, { resourceGroups });
    for (const other of await vSwitchesOf(state, moved.id)) await state.change(vSwitch, other, { resourceGroups });
    return {};
  },
});
