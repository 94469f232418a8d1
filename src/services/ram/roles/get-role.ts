import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { roleName } from "./parameters.ts";
import { roleTarget } from "./role.ts";
import { wholeRoleFields, wholeRoleView } from "./role-view.ts";

export const getRole = readOperation({
  product: Ram,
  name: "GetRole",
  summary: "Tells about a role.",
  httpsOnly: true,
  authorisation: { action: "ram:GetRole", resources: ["acs:ram:*:{accountId}:role/{RoleName}"], source: "public-docs" },
  parameters: { RoleName: roleName },
  response: { Role: structure(wholeRoleFields) },
  targets: { role: roleTarget },
  read: async ({ targets }) => ({ Role: wholeRoleView(targets.role) }),
});
