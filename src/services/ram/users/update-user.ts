import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure } from "../../../contract/response.ts";
import { ramErrors } from "../errors.ts";
import { newNameIsFree } from "../names.ts";
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
  check: [newNameIsFree(ramUser, "user", "NewUserName", ramErrors.userExists)],
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
