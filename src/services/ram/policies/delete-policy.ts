import { writeOperation } from "../../../contract/operation.ts";
import { boolean } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { nothingDependsOn } from "../../dependencies.ts";
import { ramErrors } from "../errors.ts";
import { policyName } from "./parameters.ts";
import { policyTarget, ramPolicy } from "./policy.ts";

export const deletePolicy = writeOperation({
  product: Ram,
  name: "DeletePolicy",
  summary: "Deletes a custom policy that is attached to nothing, with CascadingDelete together with its versions.",
  httpsOnly: true,
  authorisation: { action: "ram:DeletePolicy", resources: ["acs:ram:*:{accountId}:policy/{PolicyName}"], source: "public-docs" },
  parameters: { PolicyName: policyName, CascadingDelete: boolean({ default: false }) },
  response: {},
  targets: { policy: policyTarget },
  check: [
    ...nothingDependsOn("policy", ramPolicy),
    {
      rule: "the policy has no version but its default one, or CascadingDelete is set",
      error: ramErrors.policyHasVersion,
      advice: "delete the other versions with DeletePolicyVersion, or set CascadingDelete",
      holds: ({ input, targets }) => input.CascadingDelete || targets.policy.versions.length === 1,
    },
  ],
  apply: async ({ targets, state }) => {
    await state.move(ramPolicy, targets.policy, "DeletePolicy");
    return {};
  },
});
