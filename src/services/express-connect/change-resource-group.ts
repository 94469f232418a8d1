import { id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { resourceGroupErrors, resourceGroupExists } from "../resource-groups/resource-group.ts";
import { vpcErrors } from "../vpc/errors.ts";
import { routerInterface } from "./router-interfaces/router-interface.ts";

/** No document tells the errors of this operation: it answers with those of its sibling for VPCs, MoveResourceGroup. */
export const changeResourceGroup = writeOperation({
  product: Vpc,
  name: "ChangeResourceGroup",
  summary: "Moves a router interface to another resource group.",
  authorisation: { action: "vpc:ChangeResourceGroup", resources: ["*"], source: "inferred" },
  parameters: {
    ResourceId: id,
    ResourceType: string({ required: true, lengthMax: 64 }),
    NewResourceGroupId: string({ required: true, invalid: resourceGroupErrors.vpcUnknown }),
    RegionId: regionId,
  },
  response: {},
  targets: { routerInterface: target({ kind: routerInterface, parameter: "ResourceId", missing: vpcErrors.resourceNotFound }) },
  check: [
    {
      rule: `ResourceType is ${routerInterface.tagType}`,
      error: vpcErrors.resourceTypeUnknown,
      source: "inferred",
      holds: ({ input }) => input.ResourceType.toUpperCase() === routerInterface.tagType,
    },
    { ...resourceGroupExists("NewResourceGroupId", resourceGroupErrors.vpcUnknown), source: "inferred" },
  ],
  apply: async ({ input, targets: { routerInterface: moved }, caller, state }) => {
    const resourceGroups = { ...moved.resourceGroups, [caller.account]: input.NewResourceGroupId };
    await state.change(routerInterface, moved, { resourceGroups });
    return {};
  },
});
