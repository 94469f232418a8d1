import { id } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { accessKey } from "./access-key.ts";
import { optionalUserName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { ownKeyTarget, ownKeysUnlessNamed } from "./key-owner.ts";

export const deleteAccessKey = writeOperation({
  product: Ram,
  name: "DeleteAccessKey",
  summary: "Deletes an access key of a RAM user or of the caller, be it the one that signs this call. It stops at once.",
  httpsOnly: true,
  authorisation: {
    action: "ram:DeleteAccessKey",
    resources: ["acs:ram:*:{accountId}:user/{UserName}"],
    fill: ownKeysUnlessNamed,
    source: "public-docs",
  },
  parameters: { UserName: optionalUserName, UserAccessKeyId: id },
  response: {},
  targets: { user: userTarget, key: ownKeyTarget },
  apply: async ({ targets, state }) => {
    await state.move(accessKey, targets.key, "DeleteAccessKey");
    return {};
  },
});
