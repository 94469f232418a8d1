import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { nothingDependsOn } from "../../dependencies.ts";
import { groupTarget, ramGroup } from "./group.ts";
import { groupName } from "./parameters.ts";

export const deleteGroup = writeOperation({
  product: Ram,
  name: "DeleteGroup",
  summary: "Deletes a group that has no members and no policy any more.",
  httpsOnly: true,
  authorisation: { action: "ram:DeleteGroup", resources: ["acs:ram:*:{accountId}:group/{GroupName}"], source: "public-docs" },
  parameters: { GroupName: groupName },
  response: {},
  targets: { group: groupTarget },
  check: nothingDependsOn("group", ramGroup),
  apply: async ({ targets, state }) => {
    await state.move(ramGroup, targets.group, "DeleteGroup");
    return {};
  },
});
