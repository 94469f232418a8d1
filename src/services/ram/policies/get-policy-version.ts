import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { policyName, policyType, versionId } from "./parameters.ts";
import { defaultVersionOf, policyTarget } from "./policy.ts";
import { versionFields, versionView } from "./policy-view.ts";
import { versionExists, versionNamed } from "./versions.ts";

export const getPolicyVersion = readOperation({
  product: Ram,
  name: "GetPolicyVersion",
  summary: "Tells about one version of a policy.",
  httpsOnly: true,
  authorisation: {
    action: "ram:GetPolicyVersion",
    resources: ["acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { PolicyType: policyType, PolicyName: policyName, VersionId: versionId },
  response: { PolicyVersion: structure(versionFields) },
  targets: { policy: policyTarget },
  check: [versionExists],
  read: async (call) => {
    const { policy } = call.targets;
    return { PolicyVersion: versionView(policy, versionNamed(call) ?? defaultVersionOf(policy)) };
  },
});
