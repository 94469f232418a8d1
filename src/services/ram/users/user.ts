import { sharedIndexes } from "../../../contract/indexes.ts";
import { target } from "../../../contract/operation.ts";
import type { NewResource, Resource, ResourceKind, ResourceWriter } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { named, nameIndex, newNumericId } from "../names.ts";

/** A RAM user. Its id is the UserId, which outlives a change of its name; its keys and policies hang on it. */
export interface RamUserBody {
  readonly name: string;
  readonly displayName: string;
  readonly mobilePhone: string;
  readonly email: string;
  readonly comments: string;
}
export type RamUser = Resource<RamUserBody>;

export const ramUser: ResourceKind<RamUserBody> = {
  name: "ram-user",
  idPrefix: "2",
  idHasRegionCode: false,
  states: {
    initial: { CreateUser: "Active" },
    states: { Active: { meaning: "there", moves: { UpdateUser: "Active", DeleteUser: gone } } },
  },
  indexes: { ...sharedIndexes<RamUser>(), name: nameIndex },
  counted: ["scope"],
};

/** A user of an account that is still to be made. */
export function newUser(
  state: Pick<ResourceWriter, "randomHex">,
  account: string,
  // Terraform goes on to change what is not as its configuration says, so a display name that is not given stays empty.
  {
    name,
    displayName = "",
    mobilePhone = "",
    email = "",
    comments = "",
  }: { readonly [K in keyof RamUserBody]?: string | undefined } & {
    readonly name: string;
  },
): NewResource<RamUserBody> {
  return { id: newNumericId(state, "2"), account, region: "", name, displayName, mobilePhone, email, comments };
}

/** The user of the caller's account that `UserName` names. */
export const userTarget = target({
  kind: ramUser,
  parameter: "UserName",
  nameInArn: ({ name }) => name,
  missing: ramErrors.userNotFound,
  advice: "check the name: ListUsers lists the users of the account",
  find: (state, name, { caller }) => named(state, ramUser, caller.account, name),
});
