import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { userName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { attachmentParameters, detach, isAttached } from "./attachments.ts";
import { policyTarget } from "./policy.ts";

export const detachPolicyFromUser = writeOperation({
  product: Ram,
  name: "DetachPolicyFromUser",
  summary: "Takes the permissions of a policy from a user again.",
  httpsOnly: true,
  authorisation: {
    action: "ram:DetachPolicyFromUser",
    resources: ["acs:ram:*:{accountId}:user/{UserName}", "acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { ...attachmentParameters, UserName: userName },
  response: {},
  targets: { entity: userTarget, policy: policyTarget },
  check: [isAttached("user")],
  apply: (call) => detach("user", call),
});
