import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { ramErrors } from "../errors.ts";
import { userName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { groupTarget } from "./group.ts";
import { type Membership, membership, membershipOf } from "./membership.ts";
import { groupName } from "./parameters.ts";

export const removeUserFromGroup = writeOperation({
  product: Ram,
  name: "RemoveUserFromGroup",
  summary: "Takes a RAM user out of a group and thereby the group's policies from it.",
  httpsOnly: true,
  authorisation: {
    action: "ram:RemoveUserFromGroup",
    resources: ["acs:ram:*:{accountId}:user/{UserName}", "acs:ram:*:{accountId}:group/{GroupName}"],
    source: "public-docs",
  },
  parameters: { UserName: userName, GroupName: groupName },
  response: {},
  targets: { user: userTarget, group: groupTarget },
  check: [
    {
      rule: "the user is in the group",
      error: ramErrors.membershipNotFound,
      holds: async ({ targets, state }) => (await membershipOf(state, targets.user.id, targets.group.id)) !== undefined,
    },
  ],
  apply: async ({ targets, state }) => {
    const joined = (await membershipOf(state, targets.user.id, targets.group.id)) as Membership;
    await state.move(membership, joined, "RemoveUserFromGroup");
    return {};
  },
});
