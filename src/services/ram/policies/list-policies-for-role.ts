import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { roleName } from "../roles/parameters.ts";
import { roleTarget } from "../roles/role.ts";
import { attachedPolicies, attachedPolicyFields } from "./attachments.ts";

export const listPoliciesForRole = readOperation({
  product: Ram,
  name: "ListPoliciesForRole",
  summary: "Lists the policies that are attached to a role.",
  httpsOnly: true,
  authorisation: { action: "ram:ListPoliciesForRole", resources: ["acs:ram:*:{accountId}:role/{RoleName}"], source: "inferred" },
  parameters: { RoleName: roleName },
  response: attachedPolicyFields,
  targets: { entity: roleTarget },
  read: (call) => attachedPolicies("role", call),
});
