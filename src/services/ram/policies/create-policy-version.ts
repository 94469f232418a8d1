import { writeOperation } from "../../../contract/operation.ts";
import { boolean } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { parsePolicy } from "../../../policy/document.ts";
import { ramErrors } from "../errors.ts";
import { documentIsValid } from "../policy-documents.ts";
import { policyDocument, policyName, rotateStrategy } from "./parameters.ts";
import { policyTarget, ramPolicy } from "./policy.ts";
import { versionFields, versionView } from "./policy-view.ts";
import { versionsInTheWay } from "./versions.ts";

export const createPolicyVersion = writeOperation({
  product: Ram,
  name: "CreatePolicyVersion",
  summary: "Adds a version to a custom policy, and makes it the default one with SetAsDefault.",
  httpsOnly: true,
  authorisation: { action: "ram:CreatePolicyVersion", resources: ["acs:ram:*:{accountId}:policy/{PolicyName}"], source: "public-docs" },
  parameters: {
    PolicyName: policyName,
    PolicyDocument: policyDocument,
    SetAsDefault: boolean({ default: false }),
    RotateStrategy: rotateStrategy,
  },
  response: { PolicyVersion: structure(versionFields) },
  targets: { policy: policyTarget },
  check: [
    documentIsValid("PolicyDocument", parsePolicy),
    {
      rule: "the policy has room for another version (quota VersionsPerPolicyQuota), or RotateStrategy makes it",
      error: ramErrors.policyVersionQuota,
      advice: `${quotaAdvice("VersionsPerPolicyQuota")}, or set RotateStrategy`,
      holds: ({ input, targets: { policy }, caller, settings }) => {
        const quota = settings.quota("VersionsPerPolicyQuota", caller.account, "");
        const gone = input.RotateStrategy === "None" ? 0 : versionsInTheWay(policy, quota).length;
        return policy.versions.length - gone < quota;
      },
    },
  ],
  apply: async ({ input, targets: { policy }, caller, settings, state }) => {
    const goes = versionsInTheWay(policy, settings.quota("VersionsPerPolicyQuota", caller.account, ""));
    const version = { id: `v${policy.nextVersion}`, document: input.PolicyDocument, createdAt: state.now };
    const defaultVersion = input.SetAsDefault ? version.id : policy.defaultVersion;
    await state.move(ramPolicy, policy, "CreatePolicyVersion", {
      versions: [...policy.versions.filter((one) => !goes.includes(one)), version],
      defaultVersion,
      nextVersion: policy.nextVersion + 1,
    });
    return { PolicyVersion: versionView({ defaultVersion }, version) };
  },
});
