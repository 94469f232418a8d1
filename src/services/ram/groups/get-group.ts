import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { groupTarget } from "./group.ts";
import { changedGroupFields, changedGroupView } from "./group-view.ts";
import { groupName } from "./parameters.ts";

export const getGroup = readOperation({
  product: Ram,
  name: "GetGroup",
  summary: "Reads one group.",
  httpsOnly: true,
  authorisation: { action: "ram:GetGroup", resources: ["acs:ram:*:{accountId}:group/{GroupName}"], source: "public-docs" },
  parameters: { GroupName: groupName },
  response: { Group: structure(changedGroupFields) },
  targets: { group: groupTarget },
  read: async ({ targets }) => ({ Group: changedGroupView(targets.group) }),
});
