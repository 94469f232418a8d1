import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { ramErrors } from "../errors.ts";
import { policyName, versionId } from "./parameters.ts";
import { policyTarget, ramPolicy } from "./policy.ts";
import { versionExists } from "./versions.ts";

export const deletePolicyVersion = writeOperation({
  product: Ram,
  name: "DeletePolicyVersion",
  summary: "Deletes a version of a custom policy that is not its default one. Its number is not used again.",
  httpsOnly: true,
  authorisation: { action: "ram:DeletePolicyVersion", resources: ["acs:ram:*:{accountId}:policy/{PolicyName}"], source: "public-docs" },
  parameters: { PolicyName: policyName, VersionId: versionId },
  response: {},
  targets: { policy: policyTarget },
  check: [
    versionExists,
    {
      rule: "the version is not the default one",
      error: ramErrors.defaultVersionStays,
      advice: "make another version the default one first, with SetDefaultPolicyVersion",
      holds: ({ input, targets }) => targets.policy.defaultVersion !== input.VersionId,
    },
  ],
  apply: async ({ input, targets: { policy }, state }) => {
    const versions = policy.versions.filter(({ id }) => id !== input.VersionId);
    await state.move(ramPolicy, policy, "DeletePolicyVersion", { versions });
    return {};
  },
});
