import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { userName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { attach, attachingRules, attachmentParameters } from "./attachments.ts";
import { policyTarget } from "./policy.ts";

export const attachPolicyToUser = writeOperation({
  product: Ram,
  name: "AttachPolicyToUser",
  summary: "Gives a user the permissions of a policy, in the whole account or in one resource group.",
  httpsOnly: true,
  authorisation: {
    action: "ram:AttachPolicyToUser",
    resources: ["acs:ram:*:{accountId}:user/{UserName}", "acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { ...attachmentParameters, UserName: userName },
  response: {},
  targets: { entity: userTarget, policy: policyTarget },
  check: attachingRules("user"),
  apply: (call) => attach("user", call),
});
