import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { groupName } from "../groups/parameters.ts";
import { groupTarget } from "../groups/group.ts";
import { attach, attachingRules, attachmentParameters } from "./attachments.ts";
import { policyTarget } from "./policy.ts";

export const attachPolicyToGroup = writeOperation({
  product: Ram,
  name: "AttachPolicyToGroup",
  summary: "Gives a group the permissions of a policy, in the whole account or in one resource group.",
  httpsOnly: true,
  authorisation: {
    action: "ram:AttachPolicyToGroup",
    resources: ["acs:ram:*:{accountId}:group/{GroupName}", "acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { ...attachmentParameters, GroupName: groupName },
  response: {},
  targets: { entity: groupTarget, policy: policyTarget },
  check: attachingRules("group"),
  apply: (call) => attach("group", call),
});
