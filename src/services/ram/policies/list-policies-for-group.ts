import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { groupName } from "../groups/parameters.ts";
import { groupTarget } from "../groups/group.ts";
import { attachedPolicies, attachedPolicyFields } from "./attachments.ts";

export const listPoliciesForGroup = readOperation({
  product: Ram,
  name: "ListPoliciesForGroup",
  summary: "Lists the policies that are attached to a group.",
  httpsOnly: true,
  authorisation: { action: "ram:ListPoliciesForGroup", resources: ["acs:ram:*:{accountId}:group/{GroupName}"], source: "inferred" },
  parameters: { GroupName: groupName },
  response: attachedPolicyFields,
  targets: { entity: groupTarget },
  read: (call) => attachedPolicies("group", call),
});
