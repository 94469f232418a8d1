import { scopeOf } from "../../../contract/indexes.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { ramErrors } from "../errors.ts";
import { named } from "../names.ts";
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
    {
      rule: "no user of the account has the name, whatever its letter case",
      error: ramErrors.userExists,
      holds: async ({ input, caller, state }) => (await named(state, ramUser, caller.account, input.UserName)) === undefined,
    },
    {
      rule: "the account has room for another user (quota UsersQuota)",
      error: ramErrors.userQuota,
      advice: quotaAdvice("UsersQuota"),
      holds: async ({ caller, state, settings }) =>
        (await state.count(ramUser, [["scope", scopeOf(caller.account, undefined)]])) < settings.quota("UsersQuota", caller.account, ""),
    },
  ],
  apply: async ({ input, caller, state }) => {
    const user = newUser(state, caller.account, {
      name: input.UserName,
      // Terraform goes on to change what is not as its configuration says, so a name that is not given stays empty.
      displayName: input.DisplayName ?? "",
      mobilePhone: input.MobilePhone ?? "",
      email: input.Email ?? "",
      comments: input.Comments ?? "",
    });
    return { User: userView(await state.create(ramUser, user, "CreateUser")) };
  },
});
