import { writeOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { structure, text } from "../../../contract/response.ts";
import { quotaAdvice } from "../../../contract/settings.ts";
import { accessKey, newKeyPair, principalKey } from "./access-key.ts";
import { ramErrors } from "../errors.ts";
import { optionalUserName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { accessKeyFields, accessKeyView } from "./access-key-view.ts";
import { keyOwner, someoneHasKeys, ownKeysUnlessNamed } from "./key-owner.ts";

export const createAccessKey = writeOperation({
  product: Ram,
  name: "CreateAccessKey",
  summary: "Makes an access key for a RAM user, or for the caller. Its secret stands in this answer and in no other.",
  httpsOnly: true,
  authorisation: {
    action: "ram:CreateAccessKey",
    resources: ["acs:ram:*:{accountId}:user/{UserName}"],
    fill: ownKeysUnlessNamed,
    source: "public-docs",
  },
  parameters: { UserName: optionalUserName },
  response: { AccessKey: structure({ ...accessKeyFields, AccessKeySecret: text }) },
  targets: { user: userTarget },
  check: [
    someoneHasKeys,
    {
      rule: "the user, or the account itself, has room for another access key (quota AccessKeysPerUserQuota)",
      error: ramErrors.accessKeyQuota,
      advice: quotaAdvice("AccessKeysPerUserQuota"),
      holds: async (call) => {
        const { account } = call.caller;
        const keys = await call.state.count(accessKey, [["principal", principalKey(account, keyOwner(call) ?? "")]]);
        return keys < call.settings.quota("AccessKeysPerUserQuota", account, "");
      },
    },
  ],
  apply: async (call) => {
    const { id, secret } = newKeyPair(call.state);
    const key = { id, account: call.caller.account, region: "", principal: keyOwner(call) ?? "", secret, development: false };
    const created = await call.state.create(accessKey, key, "createAccessKey");
    return { AccessKey: { ...accessKeyView(created), AccessKeySecret: secret } };
  },
});
