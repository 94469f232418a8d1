import { scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, wrapped } from "../../../contract/response.ts";
import { listByMarker, markerFields, markerIsOurs, markerParameters } from "../paging.ts";
import { ramUser } from "./user.ts";
import { changedUserFields, changedUserView } from "./user-view.ts";

export const listUsers = readOperation({
  product: Ram,
  name: "ListUsers",
  summary: "Lists the RAM users of the account.",
  httpsOnly: true,
  authorisation: { action: "ram:ListUsers", resources: ["acs:ram:*:{accountId}:user/*"], source: "public-docs" },
  parameters: markerParameters,
  response: { ...markerFields, Users: wrapped("User", structure(changedUserFields)) },
  check: [markerIsOurs],
  read: async ({ input, caller, state }) => {
    const { items, ...rest } = await listByMarker(state, ramUser, [["scope", scopeOf(caller.account, undefined)]], input);
    return { ...rest, Users: { User: items.map(changedUserView) } };
  },
});
