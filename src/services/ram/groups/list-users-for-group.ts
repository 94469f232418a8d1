import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text, wrapped } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { listByMarker, markerFields, markerIsOurs, markerParameters } from "../paging.ts";
import { type RamUser, ramUser } from "../users/user.ts";
import { groupTarget } from "./group.ts";
import { membership } from "./membership.ts";
import { groupName } from "./parameters.ts";

export const listUsersForGroup = readOperation({
  product: Ram,
  name: "ListUsersForGroup",
  summary: "Lists the members of a group, and since when they are in it.",
  httpsOnly: true,
  authorisation: { action: "ram:ListUsersForGroup", resources: ["acs:ram:*:{accountId}:group/{GroupName}"], source: "public-docs" },
  parameters: { GroupName: groupName, ...markerParameters },
  response: { ...markerFields, Users: wrapped("User", structure({ DisplayName: text, JoinDate: text, UserName: text })) },
  targets: { group: groupTarget },
  check: [markerIsOurs],
  read: async ({ input, targets, state }) => {
    const { items, ...rest } = await listByMarker(state, membership, [["group", targets.group.id]], input);
    const User = [];
    for (const { userId, createdAt } of items) {
      // A user that is in a group cannot be deleted.
      const { name, displayName } = (await state.get(ramUser, userId)) as RamUser;
      User.push({ DisplayName: displayName, JoinDate: utcSeconds(createdAt), UserName: name });
    }
    return { ...rest, Users: { User } };
  },
});
