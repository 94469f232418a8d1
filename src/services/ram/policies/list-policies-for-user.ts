import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { userName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { attachedPolicies, attachedPolicyFields } from "./attachments.ts";

export const listPoliciesForUser = readOperation({
  product: Ram,
  name: "ListPoliciesForUser",
  summary: "Lists the policies that are attached to a user.",
  httpsOnly: true,
  authorisation: { action: "ram:ListPoliciesForUser", resources: ["acs:ram:*:{accountId}:user/{UserName}"], source: "inferred" },
  parameters: { UserName: userName },
  response: attachedPolicyFields,
  targets: { entity: userTarget },
  read: (call) => attachedPolicies("user", call),
});
