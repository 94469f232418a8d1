import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { int, structure, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { policyName, policyType } from "./parameters.ts";
import { defaultVersionOf, policyTarget } from "./policy.ts";
import { attachmentCount, policyFields, policyView, versionFields, versionView } from "./policy-view.ts";

export const getPolicy = readOperation({
  product: Ram,
  name: "GetPolicy",
  summary: "Tells about a policy and its default version.",
  httpsOnly: true,
  authorisation: { action: "ram:GetPolicy", resources: ["acs:ram:*:{accountId|system}:policy/{PolicyName}"], source: "public-docs" },
  parameters: { PolicyType: policyType, PolicyName: policyName },
  response: {
    DefaultPolicyVersion: structure(versionFields),
    Policy: structure({ ...policyFields, AttachmentCount: int, CreateDate: text, PolicyDocument: text, UpdateDate: text }),
  },
  targets: { policy: policyTarget },
  read: async ({ targets: { policy }, caller, state }) => {
    const version = defaultVersionOf(policy);
    return {
      DefaultPolicyVersion: versionView(policy, version),
      Policy: {
        ...policyView(policy),
        AttachmentCount: await attachmentCount(state, caller.account, policy),
        CreateDate: utcSeconds(policy.createdAt),
        PolicyDocument: version.document,
        UpdateDate: utcSeconds(policy.modifiedAt),
      },
    };
  },
});
