import { sharedIndexes } from "../../../contract/indexes.ts";
import { target } from "../../../contract/operation.ts";
import type { Resource, ResourceKind } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { named, nameIndex } from "../names.ts";

/** A group of RAM users, who have its policies beside their own. */
export interface RamGroupBody {
  readonly name: string;
  readonly comments: string;
}
export type RamGroup = Resource<RamGroupBody>;

export const ramGroup: ResourceKind<RamGroupBody> = {
  name: "ram-group",
  idPrefix: "g",
  idHasRegionCode: false,
  states: {
    initial: { CreateGroup: "Active" },
    states: { Active: { meaning: "there", moves: { UpdateGroup: "Active", DeleteGroup: gone } } },
  },
  indexes: { ...sharedIndexes<RamGroup>(), name: nameIndex },
  counted: ["scope"],
};

/** The group of the caller's account that `GroupName` names. */
export const groupTarget = target({
  kind: ramGroup,
  parameter: "GroupName",
  nameInArn: ({ name }) => name,
  missing: ramErrors.groupNotFound,
  advice: "check the name: ListGroups lists the groups of the account",
  find: (state, name, { caller }) => named(state, ramGroup, caller.account, name),
});
