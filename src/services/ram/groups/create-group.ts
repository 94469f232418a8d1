import { scopeOf } from "../../../contract/indexes.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { ramErrors } from "../errors.ts";
import { named } from "../names.ts";
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
    {
      rule: "no group of the account has the name, whatever its letter case",
      error: ramErrors.groupExists,
      holds: async ({ input, caller, state }) => (await named(state, ramGroup, caller.account, input.GroupName)) === undefined,
    },
    {
      rule: "the account has room for another group (quota GroupsQuota)",
      error: ramErrors.groupQuota,
      advice: quotaAdvice("GroupsQuota"),
      holds: async ({ caller, state, settings }) =>
        (await state.count(ramGroup, [["scope", scopeOf(caller.account, undefined)]])) < settings.quota("GroupsQuota", caller.account, ""),
    },
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
