import { scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, wrapped } from "../../../contract/response.ts";
import { listByMarker, markerFields, markerIsOurs, markerParameters } from "../paging.ts";
import { ramGroup } from "./group.ts";
import { changedGroupFields, changedGroupView } from "./group-view.ts";

export const listGroups = readOperation({
  product: Ram,
  name: "ListGroups",
  summary: "Lists the groups of the account.",
  httpsOnly: true,
  authorisation: { action: "ram:ListGroups", resources: ["acs:ram:*:{accountId}:group/*"], source: "public-docs" },
  // Documented up to 100 a page, but Terraform asks for 1000.
  parameters: markerParameters,
  response: { ...markerFields, Groups: wrapped("Group", structure(changedGroupFields)) },
  check: [markerIsOurs],
  read: async ({ input, caller, state }) => {
    const { items, ...rest } = await listByMarker(state, ramGroup, [["scope", scopeOf(caller.account, undefined)]], input);
    return { ...rest, Groups: { Group: items.map(changedGroupView) } };
  },
});
