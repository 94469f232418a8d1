import { utcSeconds } from "../../../contract/time.ts";
import { long, text } from "../../../contract/response.ts";
import { type RamRole, roleArn } from "./role.ts";

/** What every answer about a role has. */
export const roleFields = {
  Arn: text,
  CreateDate: text,
  Description: text,
  MaxSessionDuration: long,
  RoleId: text,
  RoleName: text,
} as const;

export function roleView(role: RamRole): { readonly [N in keyof typeof roleFields]: string } {
  return {
    Arn: roleArn(role),
    CreateDate: utcSeconds(role.createdAt),
    Description: role.description,
    MaxSessionDuration: String(role.maxSessionDuration),
    RoleId: role.id,
    RoleName: role.name,
  };
}

/** The role with all that it has but its tags, as GetRole and UpdateRole answer. */
export const wholeRoleFields = { ...roleFields, AssumeRolePolicyDocument: text, UpdateDate: text } as const;

export function wholeRoleView(role: RamRole): { readonly [N in keyof typeof wholeRoleFields]: string } {
  return { ...roleView(role), AssumeRolePolicyDocument: role.trustPolicy, UpdateDate: utcSeconds(role.modifiedAt) };
}
