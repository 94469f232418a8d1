import { scopeOf, scoped } from "../../../contract/indexes.ts";
import type { ResourceReader } from "../../../contract/resource-kind.ts";
import { bool, text } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { policyAttachment } from "./policy-attachment.ts";
import type { Policy, PolicyVersion } from "./policy.ts";

/** What every answer about a policy has. */
export const policyFields = { DefaultVersion: text, Description: text, PolicyName: text, PolicyType: text } as const;

export function policyView(policy: Policy): { readonly [N in keyof typeof policyFields]: string } {
  return {
    DefaultVersion: policy.defaultVersion,
    Description: policy.description,
    PolicyName: policy.name,
    PolicyType: policy.type,
  };
}

/** How often the policy is attached in one account. */
export function attachmentCount(state: ResourceReader, account: string, policy: Policy): Promise<number> {
  return state.count(policyAttachment, [["policy", scoped(scopeOf(account, undefined), policy.id)]]);
}

export const versionFields = { CreateDate: text, IsDefaultVersion: bool, PolicyDocument: text, VersionId: text } as const;

export function versionView(
  { defaultVersion }: Pick<Policy, "defaultVersion">,
  { id, document, createdAt }: PolicyVersion,
): { CreateDate: string; IsDefaultVersion: boolean; PolicyDocument: string; VersionId: string } {
  return { CreateDate: utcSeconds(createdAt), IsDefaultVersion: id === defaultVersion, PolicyDocument: document, VersionId: id };
}
