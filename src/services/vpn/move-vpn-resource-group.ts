import { id, regionId } from "../../contract/common-parameters.ts";
import { error } from "../../contract/errors.ts";
import { type Call, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { type AnyKind, listAll, type Resource } from "../../contract/resource-kind.ts";
import { resourceGroupErrors, resourceGroupExists } from "../resource-groups/resource-group.ts";
import { customerGateway } from "./customer-gateway.ts";
import { vpnAttachment } from "./vpn-attachment.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnGateway } from "./vpn-gateway.ts";

/** What can be moved, by `ResourceType` in any letter case. */
const movable: readonly AnyKind[] = [vpnGateway, customerGateway, vpnAttachment];

const errors = {
  typeUnknown: error(400, "IllegalParam.ResourceType", "Invalid Resource Type value.", "public-docs"),
  notFound: error(400, "InvalidInstanceId.NotFound", "InstanceId is not found.", "public-docs"),
} as const;
import { vpnDeniedAlike } from "./errors.ts";

export const moveVpnResourceGroup = writeOperation({
  product: Vpc,
  name: "MoveVpnResourceGroup",
  summary: "Moves a VPN gateway with its connections, a customer gateway or an attachment to another resource group.",
  httpsOnly: true,
  authorisation: {
    action: "vpc:MoveVpnResourceGroup",
    resources: ["acs:vpc:{regionId}:{accountId}:{resourceType}/{InstanceId}"],
    fill: { resourceType: ({ input }) => kindOf({ ResourceType: String(input["ResourceType"]) })?.tagType?.toLowerCase() },
    source: "inferred",
    denied: vpnDeniedAlike,
  },
  parameters: {
    InstanceId: id,
    ResourceType: string({ required: true, lengthMax: 64 }),
    NewResourceGroupId: string({ required: true, invalid: resourceGroupErrors.vpcUnknown }),
    RegionId: regionId,
  },
  response: {},
  check: [
    {
      rule: `ResourceType is one of ${movable.map(({ tagType }) => tagType).join(", ")}`,
      error: errors.typeUnknown,
      holds: ({ input }) => kindOf(input) !== undefined,
    },
    {
      rule: "InstanceId names a resource of this type that the caller has in this region",
      error: errors.notFound,
      holds: async (call) => (await moved(call)) !== undefined,
    },
    resourceGroupExists("NewResourceGroupId", resourceGroupErrors.vpcUnknown),
  ],
  apply: async (call) => {
    const { input, caller, state } = call;
    const kind = kindOf(input);
    const resource = await moved(call);
    if (kind === undefined || resource === undefined) throw new Error(`${input.InstanceId} is not there`);
    const groupsOf = (one: Resource<object>): Resource<object>["resourceGroups"] => ({
      ...one.resourceGroups,
      [caller.account]: input.NewResourceGroupId,
    });
    await state.change<object>(kind, resource, { resourceGroups: groupsOf(resource) });
    // The connections of a gateway always are in its group.
    for (const one of await listAll(state, vpnConnection, [["ofGateway", resource.id]])) {
      await state.change(vpnConnection, one, { resourceGroups: groupsOf(one) });
    }
    return {};
  },
});

interface Request extends Pick<Call, "caller" | "state"> {
  readonly input: { readonly InstanceId: string; readonly ResourceType: string; readonly RegionId: string };
}
function kindOf({ ResourceType }: Pick<Request["input"], "ResourceType">): AnyKind | undefined {
  return movable.find(({ tagType }) => tagType?.toLowerCase() === ResourceType.toLowerCase());
}
async function moved({ input, caller, state }: Request): Promise<Resource<object> | undefined> {
  const kind = kindOf(input);
  const resource = kind && (await state.get<object>(kind, input.InstanceId));
  return resource?.account === caller.account && resource.region === input.RegionId ? resource : undefined;
}
