import type { Rule } from "../../../contract/operation.ts";
import { ramErrors } from "../errors.ts";
import type { Policy, PolicyVersion } from "./policy.ts";

interface OnVersion {
  readonly input: { readonly VersionId: string };
  readonly targets: { readonly policy: Policy };
}

/** The version of the policy that the call names. */
export function versionNamed({ input, targets }: OnVersion): PolicyVersion | undefined {
  return targets.policy.versions.find(({ id }) => id === input.VersionId);
}
export const versionExists: Rule<OnVersion> = {
  rule: "VersionId names a version of the policy",
  error: ramErrors.policyVersionNotFound,
  holds: (call) => versionNamed(call) !== undefined,
};

/** The oldest versions that must go, beside the default one, before the policy can have one more. */
export function versionsInTheWay({ versions, defaultVersion }: Policy, quota: number): readonly PolicyVersion[] {
  return versions.filter(({ id }) => id !== defaultVersion).slice(0, Math.max(versions.length + 1 - quota, 0));
}
