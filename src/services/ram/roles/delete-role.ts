import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { nothingDependsOn } from "../../dependencies.ts";
import { roleName } from "./parameters.ts";
import { ramRole, roleTarget } from "./role.ts";

export const deleteRole = writeOperation({
  product: Ram,
  name: "DeleteRole",
  summary: "Deletes a role. Temporary keys of it count no more.",
  httpsOnly: true,
  authorisation: { action: "ram:DeleteRole", resources: ["acs:ram:*:{accountId}:role/{RoleName}"], source: "public-docs" },
  parameters: { RoleName: roleName },
  response: {},
  targets: { role: roleTarget },
  check: nothingDependsOn("role", ramRole),
  apply: async ({ targets, state }) => {
    await state.move(ramRole, targets.role, "DeleteRole");
    return {};
  },
});
