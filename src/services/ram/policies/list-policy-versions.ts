import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, wrapped } from "../../../contract/response.ts";
import { policyName, policyType } from "./parameters.ts";
import { policyTarget } from "./policy.ts";
import { versionFields, versionView } from "./policy-view.ts";

export const listPolicyVersions = readOperation({
  product: Ram,
  name: "ListPolicyVersions",
  summary: "Lists the versions of a policy, oldest first.",
  httpsOnly: true,
  authorisation: {
    action: "ram:ListPolicyVersions",
    resources: ["acs:ram:*:{accountId|system}:policy/{PolicyName}"],
    source: "public-docs",
  },
  parameters: { PolicyType: policyType, PolicyName: policyName },
  response: { PolicyVersions: wrapped("PolicyVersion", structure(versionFields)) },
  targets: { policy: policyTarget },
  read: async ({ targets: { policy } }) => ({
    PolicyVersions: { PolicyVersion: policy.versions.map((version) => versionView(policy, version)) },
  }),
});
