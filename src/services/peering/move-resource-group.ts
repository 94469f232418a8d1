import { id, regionId } from "../../contract/common-parameters.ts";
import { invalidParameter } from "../../contract/errors.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import { bool } from "../../contract/response.ts";
import { resourceGroupExists } from "../resource-groups/resource-group.ts";
import { peeringErrors } from "./errors.ts";
import { isParty, sides, vpcPeerConnection } from "./vpc-peer-connection.ts";

export const moveResourceGroup = writeOperation({
  product: VpcPeer,
  name: "MoveResourceGroup",
  summary: "Moves a peering connection to another resource group of the caller. The other side keeps its own.",
  authorisation: { action: "vpc:MoveResourceGroup", resources: ["*"], source: "inferred" },
  parameters: {
    ResourceId: id,
    ResourceType: string({ required: true, lengthMax: 64 }),
    NewResourceGroupId: string({ required: true }),
    RegionId: regionId,
  },
  response: { Success: bool },
  targets: {
    connection: target({
      kind: vpcPeerConnection,
      parameter: "ResourceId",
      missing: peeringErrors.moveNotFound,
      visible: (connection, { caller, input }) =>
        isParty(connection, caller.account) &&
        connection.state !== "Deleted" &&
        sides(connection).some(({ account, region }) => account === caller.account && region === input["RegionId"]),
    }),
  },
  check: [
    {
      rule: "ResourceType is PeerConnection",
      error: invalidParameter("ResourceType"),
      holds: ({ input }) => input.ResourceType.toLowerCase() === vpcPeerConnection.tagType?.toLowerCase(),
    },
    resourceGroupExists("NewResourceGroupId", peeringErrors.resourceGroupNotFound),
  ],
  apply: async ({ input, targets: { connection }, caller, state }) => {
    await state.change(vpcPeerConnection, connection, {
      resourceGroups: { ...connection.resourceGroups, [caller.account]: input.NewResourceGroupId },
    });
    return { Success: true };
  },
});
