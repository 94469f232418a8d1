import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { newPolicyDescription, policyName } from "./parameters.ts";
import { policyTarget, ramPolicy } from "./policy.ts";
import { policyFields, policyView } from "./policy-view.ts";

export const updatePolicyDescription = writeOperation({
  product: Ram,
  name: "UpdatePolicyDescription",
  summary: "Changes the description of a custom policy.",
  httpsOnly: true,
  authorisation: {
    action: "ram:UpdatePolicyDescription",
    resources: ["acs:ram:*:{accountId}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { PolicyName: policyName, NewDescription: newPolicyDescription },
  response: { Policy: structure({ ...policyFields, CreateDate: text, UpdateDate: text }) },
  targets: { policy: policyTarget },
  apply: async ({ input, targets: { policy }, state }) => {
    const description = input.NewDescription ?? policy.description;
    await state.move(ramPolicy, policy, "UpdatePolicyDescription", { description });
    return {
      Policy: {
        ...policyView({ ...policy, description }),
        CreateDate: utcSeconds(policy.createdAt),
        UpdateDate: utcSeconds(state.now),
      },
    };
  },
});
