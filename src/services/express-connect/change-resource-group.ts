import { id, regionId } from "../../contract/common-parameters.ts";
import { type Call, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import type { AnyKind, Resource } from "../../contract/resource-kind.ts";
import { resourceGroupErrors, resourceGroupExists } from "../resource-groups/resource-group.ts";
import { vpcErrors } from "../vpc/errors.ts";
import { virtualBorderRouter } from "./border-routers/virtual-border-router.ts";
import { physicalConnection } from "./physical-connections/physical-connection.ts";
import { routerInterface } from "./router-interfaces/router-interface.ts";

/** What can be moved, by `ResourceType` in any letter case. */
const movable: readonly AnyKind[] = [physicalConnection, virtualBorderRouter, routerInterface];

/** No document tells the errors of this operation: it answers with those of its sibling for VPCs, MoveResourceGroup. */
export const changeResourceGroup = writeOperation({
  product: Vpc,
  name: "ChangeResourceGroup",
  summary: "Moves a physical connection, a virtual border router or a router interface to another resource group.",
  authorisation: {
    action: "vpc:ChangeResourceGroup",
    resources: ["acs:vpc:{regionId}:{accountId}:{resourceType}/{ResourceId}"],
    fill: { resourceType: ({ input }) => kindOf({ ResourceType: String(input["ResourceType"]) })?.tagType?.toLowerCase() },
    source: "inferred",
  },
  parameters: {
    ResourceId: id,
    ResourceType: string({ required: true, lengthMax: 64 }),
    NewResourceGroupId: string({ required: true, invalid: resourceGroupErrors.vpcUnknown }),
    RegionId: regionId,
  },
  response: {},
  check: [
    {
      rule: `ResourceType is one of ${movable.map(({ tagType }) => tagType).join(", ")}`,
      error: vpcErrors.resourceTypeUnknown,
      source: "inferred",
      holds: ({ input }) => kindOf(input) !== undefined,
    },
    {
      rule: "ResourceId names a resource of this type that the caller has in this region",
      error: vpcErrors.resourceNotFound,
      source: "inferred",
      holds: async (call) => (await moved(call)) !== undefined,
    },
    { ...resourceGroupExists("NewResourceGroupId", resourceGroupErrors.vpcUnknown), source: "inferred" },
  ],
  apply: async (call) => {
    const { input, caller, state } = call;
    const kind = kindOf(input);
    const resource = await moved(call);
    if (kind === undefined || resource === undefined) throw new Error(`${input.ResourceId} is not there`);
    const resourceGroups = { ...resource.resourceGroups, [caller.account]: input.NewResourceGroupId };
    await state.change<object>(kind, resource, { resourceGroups });
    return {};
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly ResourceId: string; readonly ResourceType: string; readonly RegionId: string };
}
function kindOf({ ResourceType }: Pick<Request["input"], "ResourceType">): AnyKind | undefined {
  return movable.find(({ tagType }) => tagType?.toLowerCase() === ResourceType.toLowerCase());
}
async function moved({ input, caller, state }: Request): Promise<Resource<object> | undefined> {
  const kind = kindOf(input);
  const resource = kind && (await state.get<object>(kind, input.ResourceId));
  return resource?.account === caller.account && resource.region === input.RegionId ? resource : undefined;
}
