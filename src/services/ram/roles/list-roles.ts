import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text, wrapped } from "../../../contract/response.ts";
import { utcSeconds } from "../../../contract/time.ts";
import { listByMarker, markerFields, markerIsOurs, markerParameters } from "../paging.ts";
import { ramTagFields, ramTagList, ramTagView } from "../tags/tag-form.ts";
import { ramRole } from "./role.ts";
import { roleFields, roleView } from "./role-view.ts";

export const listRoles = readOperation({
  product: Ram,
  name: "ListRoles",
  summary: "Lists the roles of the account.",
  httpsOnly: true,
  authorisation: { action: "ram:ListRoles", resources: ["acs:ram:*:{accountId}:role/*"], source: "public-docs" },
  parameters: { ...markerParameters, Tag: ramTagList },
  response: { ...markerFields, Roles: wrapped("Role", structure({ ...roleFields, Tags: ramTagFields, UpdateDate: text })) },
  check: [markerIsOurs],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(scopeOf(caller.account, undefined), {}, input.Tag);
    const { items, ...page } = await listByMarker(state, ramRole, filter, input);
    const Role = [];
    for (const role of items) {
      Role.push({ ...roleView(role), Tags: ramTagView(role, caller.account), UpdateDate: utcSeconds(role.modifiedAt) });
    }
    return { ...page, Roles: { Role } };
  },
});
