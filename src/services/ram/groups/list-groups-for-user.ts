import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { structure, text, wrapped } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { userName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { type RamGroup, ramGroup } from "./group.ts";
import { membership } from "./membership.ts";

export const listGroupsForUser = readOperation({
  product: Ram,
  name: "ListGroupsForUser",
  summary: "Lists the groups that a RAM user is in, and since when.",
  httpsOnly: true,
  authorisation: { action: "ram:ListGroupsForUser", resources: ["acs:ram:*:{accountId}:user/{UserName}"], source: "public-docs" },
  parameters: { UserName: userName },
  response: { Groups: wrapped("Group", structure({ Comments: text, GroupId: text, GroupName: text, JoinDate: text })) },
  targets: { user: userTarget },
  read: async ({ targets, state }) => {
    const Group = [];
    for (const { groupId, createdAt } of await listAll(state, membership, [["user", targets.user.id]])) {
      // A group with members cannot be deleted.
      const { id, name, comments } = (await state.get(ramGroup, groupId)) as RamGroup;
      Group.push({ Comments: comments, GroupId: id, GroupName: name, JoinDate: utcSeconds(createdAt) });
    }
    return { Groups: { Group } };
  },
});
