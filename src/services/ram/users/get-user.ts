import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text } from "../../../contract/response.ts";
import { userName } from "./parameters.ts";
import { userTarget } from "./user.ts";
import { changedUserFields, changedUserView } from "./user-view.ts";

export const getUser = readOperation({
  product: Ram,
  name: "GetUser",
  summary: "Reads one RAM user.",
  httpsOnly: true,
  authorisation: { action: "ram:GetUser", resources: ["acs:ram:*:{accountId}:user/{UserName}"], source: "public-docs" },
  parameters: { UserName: userName },
  response: { User: structure({ ...changedUserFields, LastLoginDate: text }) },
  targets: { user: userTarget },
  // There is no console that a user could have logged on to.
  read: async ({ targets }) => ({ User: { ...changedUserView(targets.user), LastLoginDate: "" } }),
});
