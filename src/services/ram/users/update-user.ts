import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { ramErrors } from "../errors.ts";
import { named } from "../names.ts";
import { newProfile, userName } from "./parameters.ts";
import { ramUser, userTarget } from "./user.ts";
import { changedUserFields, changedUserView } from "./user-view.ts";

export const updateUser = writeOperation({
  product: Ram,
  name: "UpdateUser",
  summary: "Changes the name and the profile of a RAM user. Its keys, groups and policies stay with it under a new name.",
  httpsOnly: true,
  authorisation: { action: "ram:UpdateUser", resources: ["acs:ram:*:{accountId}:user/{UserName}"], source: "public-docs" },
  parameters: { UserName: userName, ...newProfile },
  response: { User: structure(changedUserFields) },
  targets: { user: userTarget },
  check: [
    {
      rule: "no other user of the account has the new name, whatever its letter case",
      error: ramErrors.userExists,
      holds: async ({ input, targets, caller, state }) => {
        const namesake = input.NewUserName && (await named(state, ramUser, caller.account, input.NewUserName));
        return !namesake || namesake.id === targets.user.id;
      },
    },
  ],
  apply: async ({ input, targets, state }) => {
    const { user } = targets;
    const changes = {
      name: input.NewUserName ?? user.name,
      displayName: input.NewDisplayName ?? user.displayName,
      mobilePhone: input.NewMobilePhone ?? user.mobilePhone,
      email: input.NewEmail ?? user.email,
      comments: input.NewComments ?? user.comments,
    };
    await state.move(ramUser, user, "UpdateUser", changes);
    return { User: changedUserView({ ...user, ...changes, modifiedAt: state.now }) };
  },
});
