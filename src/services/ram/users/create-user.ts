import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { ramErrors } from "../errors.ts";
import { accountHasRoom, nameIsFree } from "../names.ts";
import { profile, userName } from "./parameters.ts";
import { newUser, ramUser } from "./user.ts";
import { userFields, userView } from "./user-view.ts";

export const createUser = writeOperation({
  product: Ram,
  name: "CreateUser",
  summary: "Makes a RAM user, who may do nothing and has no access key yet.",
  httpsOnly: true,
  authorisation: { action: "ram:CreateUser", resources: ["acs:ram:*:{accountId}:user/*"], source: "public-docs" },
  parameters: { UserName: userName, ...profile },
  response: { User: structure(userFields) },
  check: [
    nameIsFree(ramUser, "user", "UserName", ramErrors.userExists),
    accountHasRoom(ramUser, "user", "UsersQuota", ramErrors.userQuota),
  ],
  apply: async ({ input, caller, state }) => {
    const { UserName: name, DisplayName: displayName, MobilePhone: mobilePhone, Email: email, Comments: comments } = input;
    const user = newUser(state, caller.account, { name, displayName, mobilePhone, email, comments });
    return { User: userView(await state.create(ramUser, user, "CreateUser")) };
  },
});
