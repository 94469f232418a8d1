import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { nothingDependsOn } from "../../dependencies.ts";
import { userName } from "./parameters.ts";
import { ramUser, userTarget } from "./user.ts";

export const deleteUser = writeOperation({
  product: Ram,
  name: "DeleteUser",
  summary: "Deletes a RAM user that has no access key and no policy any more, and is in no group.",
  httpsOnly: true,
  authorisation: { action: "ram:DeleteUser", resources: ["acs:ram:*:{accountId}:user/{UserName}"], source: "public-docs" },
  parameters: { UserName: userName },
  response: {},
  targets: { user: userTarget },
  check: nothingDependsOn("user", ramUser),
  apply: async ({ targets, state }) => {
    await state.move(ramUser, targets.user, "DeleteUser");
    return {};
  },
});
