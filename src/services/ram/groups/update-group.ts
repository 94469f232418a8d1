import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { ramErrors } from "../errors.ts";
import { newNameIsFree } from "../names.ts";
import { groupTarget, ramGroup } from "./group.ts";
import { changedGroupFields, changedGroupView } from "./group-view.ts";
import { groupName, newGroupComments, newGroupName } from "./parameters.ts";

export const updateGroup = writeOperation({
  product: Ram,
  name: "UpdateGroup",
  summary: "Changes the name and the comments of a group. Its members and policies stay with it under a new name.",
  httpsOnly: true,
  authorisation: { action: "ram:UpdateGroup", resources: ["acs:ram:*:{accountId}:group/{GroupName}"], source: "public-docs" },
  parameters: { GroupName: groupName, NewGroupName: newGroupName, NewComments: newGroupComments },
  response: { Group: structure(changedGroupFields) },
  targets: { group: groupTarget },
  check: [newNameIsFree(ramGroup, "group", "NewGroupName", ramErrors.groupExists)],
  apply: async ({ input, targets, state }) => {
    const { group } = targets;
    const changes = { name: input.NewGroupName ?? group.name, comments: input.NewComments ?? group.comments };
    await state.move(ramGroup, group, "UpdateGroup", changes);
    return { Group: changedGroupView({ ...group, ...changes, modifiedAt: state.now }) };
  },
});
