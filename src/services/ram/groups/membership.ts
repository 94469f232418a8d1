import type { Resource, ResourceKind, ResourceReader } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { ramUser } from "../users/user.ts";
import { ramGroup } from "./group.ts";

/** That a user is in a group; its time of creation is the JoinDate. */
export interface MembershipBody {
  readonly userId: string;
  readonly groupId: string;
}
export type Membership = Resource<MembershipBody>;

export const membership: ResourceKind<MembershipBody> = {
  name: "ram-group-membership",
  idPrefix: "gm",
  idHasRegionCode: false,
  states: {
    initial: { AddUserToGroup: "Joined" },
    states: { Joined: { meaning: "the user has the policies of the group", moves: { RemoveUserFromGroup: gone } } },
  },
  indexes: {
    user: ({ userId }) => [userId],
    group: ({ groupId }) => [groupId],
    pair: ({ userId, groupId }) => [`${userId} ${groupId}`],
  },
  counted: [],
  decidesPermissions: true,
  dependencies: [
    {
      kind: ramUser.name,
      index: "user",
      rule: "the user is in no group",
      error: ramErrors.userInGroup,
      advice: "take it out with RemoveUserFromGroup; ListGroupsForUser lists its groups",
    },
    {
      kind: ramGroup.name,
      index: "group",
      rule: "the group has no members",
      error: ramErrors.groupHasUser,
      advice: "take them out with RemoveUserFromGroup; ListUsersForGroup lists them",
    },
  ],
};

/** The membership of a user in a group, if there is one. */
export async function membershipOf(state: ResourceReader, userId: string, groupId: string): Promise<Membership | undefined> {
  const [found] = await state.list(membership, [["pair", `${userId} ${groupId}`]], { limit: 1 });
  return found?.resource;
}
