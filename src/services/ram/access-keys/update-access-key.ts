import { id } from "../../../contract/common-parameters.ts";
import { writeOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { Ram } from "../../../contract/products.ts";
import { accessKey } from "./access-key.ts";
import { ramErrors } from "../errors.ts";
import { optionalUserName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { ownKeyTarget, ownKeysUnlessNamed } from "./key-owner.ts";

/** What moves a key into each state. */
const moves = { Active: "activateAccessKey", Inactive: "deactivateAccessKey" } as const;

export const updateAccessKey = writeOperation({
  product: Ram,
  name: "UpdateAccessKey",
  summary: "Makes an access key of a RAM user or of the caller inactive, so that it signs nothing from now on, or active again.",
  httpsOnly: true,
  authorisation: {
    action: "ram:UpdateAccessKey",
    resources: ["acs:ram:*:{accountId}:user/{UserName}"],
    fill: ownKeysUnlessNamed,
    source: "public-docs",
  },
  parameters: {
    UserName: optionalUserName,
    UserAccessKeyId: id,
    Status: string({
      required: true,
      valid: (status) => Object.hasOwn(moves, status),
      invalid: ramErrors.keyStatus,
      description: Object.keys(moves).join(", "),
    }),
  },
  response: {},
  targets: { user: userTarget, key: ownKeyTarget },
  apply: async ({ input, targets, state }) => {
    const wanted = input.Status as keyof typeof moves;
    if (targets.key.state !== wanted) await state.move(accessKey, targets.key, moves[wanted]);
    return {};
  },
});
