import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { ramErrors } from "../errors.ts";
import { accountHasRoom, nameIsFree } from "../names.ts";
import { ramGroup } from "./group.ts";
import { groupFields, groupView } from "./group-view.ts";
import { groupComments, groupName } from "./parameters.ts";

export const createGroup = writeOperation({
  product: Ram,
  name: "CreateGroup",
  summary: "Makes a group of RAM users without members.",
  httpsOnly: true,
  authorisation: { action: "ram:CreateGroup", resources: ["acs:ram:*:{accountId}:group/*"], source: "public-docs" },
  parameters: { GroupName: groupName, Comments: groupComments },
  response: { Group: structure(groupFields) },
  check: [
    nameIsFree(ramGroup, "group", "GroupName", ramErrors.groupExists),
    accountHasRoom(ramGroup, "group", "GroupsQuota", ramErrors.groupQuota),
  ],
  apply: async ({ input, caller, state }) => {
    const group = {
      id: state.newId(ramGroup),
      account: caller.account,
      region: "",
      name: input.GroupName,
      comments: input.Comments ?? "",
    };
    return { Group: groupView(await state.create(ramGroup, group, "CreateGroup")) };
  },
});
