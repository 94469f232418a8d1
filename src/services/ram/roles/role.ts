import { sharedIndexes } from "../../../contract/indexes.ts";
import { target } from "../../../contract/operation.ts";
import type { Resource, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { named, nameIndex } from "../names.ts";

/** A role: who may take it (its trust policy), for how long at most; what it may do hangs on its id. */
export interface RamRoleBody {
  readonly name: string;
  readonly description: string;
  /** The AssumeRolePolicyDocument, as it was given. */
  readonly trustPolicy: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
}
export type RamRole = Resource<RamRoleBody>;

export const ramRole: ResourceKind<RamRoleBody> = {
  name: "ram-role",
  idPrefix: "3",
  idHasRegionCode: false,
  tagType: "role",
  states: {
    initial: { CreateRole: "Active" },
    states: { Active: { meaning: "can be assumed by those whom it trusts", moves: { UpdateRole: "Active", DeleteRole: gone } } },
  },
  indexes: { ...sharedIndexes<RamRole>(), name: nameIndex },
  counted: ["scope"],
  // It may ask for an ExternalId, with which whoever knows it can take the role.
  secretFields: ["trustPolicy"],
};

export function roleArn({ account, name }: Pick<RamRole, "account" | "name">): string {
  return `acs:ram::${account}:role/${name}`;
}

/** The role of the caller's account that `RoleName` names. */
export const roleTarget = target({
  kind: ramRole,
  parameter: "RoleName",
  nameInArn: ({ name }) => name,
  missing: ramErrors.roleNotFound,
  advice: "check the name: ListRoles lists the roles of the account",
  find: (state, name, { caller }) => named(state, ramRole, caller.account, name),
});
