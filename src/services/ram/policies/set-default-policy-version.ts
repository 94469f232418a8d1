import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { policyName, versionId } from "./parameters.ts";
import { policyTarget, ramPolicy } from "./policy.ts";
import { versionExists } from "./versions.ts";

export const setDefaultPolicyVersion = writeOperation({
  product: Ram,
  name: "SetDefaultPolicyVersion",
  summary: "Makes a version of a custom policy the one that counts wherever the policy is attached.",
  httpsOnly: true,
  authorisation: {
    action: "ram:SetDefaultPolicyVersion",
    resources: ["acs:ram:*:{accountId}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { PolicyName: policyName, VersionId: versionId },
  response: {},
  targets: { policy: policyTarget },
  check: [versionExists],
  apply: async ({ input, targets, state }) => {
    await state.move(ramPolicy, targets.policy, "SetDefaultPolicyVersion", { defaultVersion: input.VersionId });
    return {};
  },
});
