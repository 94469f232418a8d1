import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { groupName } from "../groups/parameters.ts";
import { groupTarget } from "../groups/group.ts";
import { attachmentParameters, detach, isAttached } from "./attachments.ts";
import { policyTarget } from "./policy.ts";

export const detachPolicyFromGroup = writeOperation({
  product: Ram,
  name: "DetachPolicyFromGroup",
  summary: "Takes the permissions of a policy from a group again.",
  httpsOnly: true,
  authorisation: {
    action: "ram:DetachPolicyFromGroup",
    resources: ["acs:ram:*:{accountId}:group/{GroupName}", "acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { ...attachmentParameters, GroupName: groupName },
  response: {},
  targets: { entity: groupTarget, policy: policyTarget },
  check: [isAttached("group")],
  apply: (call) => detach("group", call),
});
