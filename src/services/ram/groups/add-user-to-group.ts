import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { ramErrors } from "../errors.ts";
import { userName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { groupTarget } from "./group.ts";
import { membership, membershipOf } from "./membership.ts";
import { groupName } from "./parameters.ts";

export const addUserToGroup = writeOperation({
  product: Ram,
  name: "AddUserToGroup",
  summary: "Makes a RAM user a member of a group, whose policies it has from now on.",
  httpsOnly: true,
  authorisation: {
    action: "ram:AddUserToGroup",
    resources: ["acs:ram:*:{accountId}:user/{UserName}", "acs:ram:*:{accountId}:group/{GroupName}"],
    source: "public-docs",
  },
  parameters: { UserName: userName, GroupName: groupName },
  response: {},
  targets: { user: userTarget, group: groupTarget },
  check: [
    {
      rule: "the user is not in the group yet",
      error: ramErrors.membershipExists,
      holds: async ({ targets, state }) => (await membershipOf(state, targets.user.id, targets.group.id)) === undefined,
    },
    {
      rule: "the user is in fewer groups than it may be (quota GroupsPerUserQuota)",
      error: ramErrors.membershipQuota,
      advice: quotaAdvice("GroupsPerUserQuota"),
      holds: async ({ targets, caller, state, settings }) =>
        (await state.count(membership, [["user", targets.user.id]])) < settings.quota("GroupsPerUserQuota", caller.account, ""),
    },
  ],
  apply: async ({ targets, caller, state }) => {
    const pair = { userId: targets.user.id, groupId: targets.group.id };
    await state.create(membership, { id: state.newId(membership), account: caller.account, region: "", ...pair }, "AddUserToGroup");
    return {};
  },
});
