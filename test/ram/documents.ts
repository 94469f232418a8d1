import type { Caller, Parameters } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import type { Expected } from "../support/outcomes.ts";
import { freshName, policyDocument, trustPolicy } from "../support/principals.ts";

/** Roles and policies that many tests start from, and their documents. Every step asserts that it succeeded. */

export const allowing = (Action: string | readonly string[], Resource = "*"): string =>
  policyDocument({ Effect: "Allow", Action, Resource });
export const trusting = (account: string): string => trustPolicy([`acs:ram::${account}:root`]);

/** A role that trusts its own account; answers its name. */
export async function roleIn(owner: Caller, parameters: Parameters = {}): Promise<string> {
  const role = { RoleName: freshName("role"), AssumeRolePolicyDocument: trusting(owner.key.account), ...parameters };
  return succeeded(await owner.ram("CreateRole", role)).body.Role.RoleName;
}
/** A custom policy; answers its name. */
export async function policyIn(owner: Caller, parameters: Parameters = {}): Promise<string> {
  const policy = { PolicyName: freshName("policy"), PolicyDocument: allowing("vpc:Describe*"), ...parameters };
  return succeeded(await owner.ram("CreatePolicy", policy)).body.Policy.PolicyName;
}

/** A document of exactly this many characters; some of them take several bytes. */
export function documentOf(characters: number): string {
  const start = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"vpc:*","Resource":"acs:vpc:*:*:vpc/名𝄞`;
  const end = '"}]}';
  return start + "x".repeat(characters - Array.from(start).length - end.length) + end;
}
/** What is no policy of either kind, and what the refusal says. */
export const malformed: readonly (readonly [document: string, message: RegExp])[] = [
  ["{", /not a JSON document/],
  ["[]", /must be an object/],
  ["{}", /Version is missing/],
  ['{"Version":"2","Statement":[]}', /Version: must be "1", not "2"/],
  ['{"Version":"1","Statement":[]}', /at least one statement/],
  ['{"Version":"1","Statement":[{"Effect":"allow"}]}', /Statement\[1\]\.Effect: must be "Allow" or "Deny", not "allow"/],
];

export const missingRole: Expected = { status: 404, code: "EntityNotExist.Role", message: "The role does not exist." };
export const missingPolicy: Expected = { status: 404, code: "EntityNotExist.Policy", message: "The policy does not exist." };
export const missingVersion: Expected = {
  status: 404,
  code: "EntityNotExist.Policy.Version",
  message: "The policy version does not exist.",
};
