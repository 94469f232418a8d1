import { clientToken, dryRun, id, tagList } from "../../contract/common-parameters.ts";
import { writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { VpcPeer } from "../../contract/products.ts";
import { featureAdvice } from "../../contract/settings.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { peeringErrors, peeringDenied } from "./errors.ts";
import { businessIsNormal, callerIsAccepter, connectionAllows, connectionTarget } from "./rules.ts";
import { crossesBorder } from "./border.ts";
import { vpcPeerConnection } from "./vpc-peer-connection.ts";

export const acceptVpcPeerConnection = writeOperation({
  product: VpcPeer,
  name: "AcceptVpcPeerConnection",
  summary: "Accepts a request for a peering connection from another account.",
  pollWith: "GetVpcPeerConnectionAttribute",
  authorisation: { action: "vpc:AcceptVpcPeerConnection", resources: ["*"], source: "public-docs", denied: peeringDenied },
  parameters: { InstanceId: id, DryRun: dryRun, ClientToken: clientToken, ResourceGroupId: string(), Tag: tagList },
  response: {},
  targets: { connection: connectionTarget },
  check: [
    callerIsAccepter,
    businessIsNormal,
    connectionAllows("AcceptVpcPeerConnection"),
    {
      rule: "data transfer is open for the account (feature Cdt)",
      error: peeringErrors.cdtClosed,
      advice: featureAdvice("Cdt"),
      holds: ({ targets: { connection }, settings, caller }) => settings.isOpen("Cdt", caller.account, connection.acceptingRegion),
    },
    {
      rule: "cross-border data transfer is open for the account, if the connection crosses the border (feature CrossBorderCdt)",
      error: peeringErrors.acceptCrossBorderCdtClosed,
      advice: featureAdvice("CrossBorderCdt"),
      holds: ({ targets: { connection }, settings, caller }) =>
        !crossesBorder(connection) || settings.isOpen("CrossBorderCdt", caller.account, connection.acceptingRegion),
    },
    ...tagRules("Tag"),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.peeringUnknown),
  ],
  apply: async ({ input, targets: { connection }, caller, state }) => {
    await state.move(vpcPeerConnection, connection, "AcceptVpcPeerConnection", {
      resourceGroups: { ...connection.resourceGroups, ...(await resourceGroupsFor(state, caller.account, input.ResourceGroupId)) },
      tags: { ...connection.tags, ...tagsFor(caller.account, input.Tag) },
    });
    return {};
  },
});
