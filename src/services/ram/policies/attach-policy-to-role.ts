import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { roleName } from "../roles/parameters.ts";
import { roleTarget } from "../roles/role.ts";
import { attach, attachingRules, attachmentParameters } from "./attachments.ts";
import { policyTarget } from "./policy.ts";

export const attachPolicyToRole = writeOperation({
  product: Ram,
  name: "AttachPolicyToRole",
  summary: "Gives a role the permissions of a policy, in the whole account or in one resource group.",
  httpsOnly: true,
  authorisation: {
    action: "ram:AttachPolicyToRole",
    resources: ["acs:ram:*:{accountId}:role/{RoleName}", "acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { ...attachmentParameters, RoleName: roleName },
  response: {},
  targets: { entity: roleTarget, policy: policyTarget },
  check: attachingRules("role"),
  apply: (call) => attach("role", call),
});
