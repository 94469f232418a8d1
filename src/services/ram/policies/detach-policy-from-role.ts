import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { roleName } from "../roles/parameters.ts";
import { roleTarget } from "../roles/role.ts";
import { attachmentParameters, detach, isAttached } from "./attachments.ts";
import { policyTarget } from "./policy.ts";

export const detachPolicyFromRole = writeOperation({
  product: Ram,
  name: "DetachPolicyFromRole",
  summary: "Takes the permissions of a policy from a role again.",
  httpsOnly: true,
  authorisation: {
    action: "ram:DetachPolicyFromRole",
    resources: ["acs:ram:*:{accountId}:role/{RoleName}", "acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { ...attachmentParameters, RoleName: roleName },
  response: {},
  targets: { entity: roleTarget, policy: policyTarget },
  check: [isAttached("role")],
  apply: (call) => detach("role", call),
});
