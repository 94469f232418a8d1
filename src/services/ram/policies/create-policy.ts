import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { parsePolicy } from "../../../policy/document.ts";
import { tagRules, tagsFor } from "../../tags/tag-rules.ts";
import { ramErrors } from "../errors.ts";
import { accountHasRoom, nameIsFree } from "../names.ts";
import { documentIsValid } from "../policy-documents.ts";
import { ramTagList } from "../tags/tag-form.ts";
import { policyDescription, policyDocument, policyName } from "./parameters.ts";
import { ramPolicy } from "./policy.ts";
import { policyFields, policyView } from "./policy-view.ts";

export const createPolicy = writeOperation({
  product: Ram,
  name: "CreatePolicy",
  summary: "Creates a custom policy, whose first version is v1.",
  httpsOnly: true,
  authorisation: { action: "ram:CreatePolicy", resources: ["acs:ram:*:{accountId}:policy/*"], source: "public-docs" },
  parameters: { PolicyName: policyName, Description: policyDescription, PolicyDocument: policyDocument, Tag: ramTagList },
  response: { Policy: structure({ ...policyFields, CreateDate: text }) },
  check: [
    documentIsValid("PolicyDocument", parsePolicy),
    ...tagRules("Tag"),
    nameIsFree(ramPolicy, "custom policy", "PolicyName", ramErrors.policyExists),
    accountHasRoom(ramPolicy, "custom policy", "PoliciesQuota", ramErrors.policyQuota),
  ],
  apply: async ({ input, caller, state }) => {
    const policy = await state.create(
      ramPolicy,
      {
        id: state.newId(ramPolicy),
        account: caller.account,
        region: "",
        type: "Custom",
        name: input.PolicyName,
        description: input.Description ?? "",
        versions: [{ id: "v1", document: input.PolicyDocument, createdAt: state.now }],
        defaultVersion: "v1",
        nextVersion: 2,
        tags: tagsFor(caller.account, input.Tag),
      },
      "CreatePolicy",
    );
    return { Policy: { ...policyView(policy), CreateDate: utcSeconds(policy.createdAt) } };
  },
});
