import { readOperation } from "../../../contract/operation.ts";
import { Ram } from "../../../contract/products.ts";
import { listAll } from "../../../contract/resource-kind.ts";
import { structure, wrapped } from "../../../contract/response.ts";
import { accessKey, principalKey } from "./access-key.ts";
import { optionalUserName } from "../users/parameters.ts";
import { userTarget } from "../users/user.ts";
import { accessKeyFields, accessKeyView } from "./access-key-view.ts";
import { keyOwner, someoneHasKeys, ownKeysUnlessNamed } from "./key-owner.ts";

export const listAccessKeys = readOperation({
  product: Ram,
  name: "ListAccessKeys",
  summary: "Lists the access keys of a RAM user, or of the caller, without their secrets.",
  httpsOnly: true,
  authorisation: {
    action: "ram:ListAccessKeys",
    resources: ["acs:ram:*:{accountId}:user/{UserName}"],
    fill: ownKeysUnlessNamed,
    source: "public-docs",
  },
  parameters: { UserName: optionalUserName },
  response: { AccessKeys: wrapped("AccessKey", structure(accessKeyFields)) },
  targets: { user: userTarget },
  check: [someoneHasKeys],
  read: async (call) => {
    const keys = await listAll(call.state, accessKey, [["principal", principalKey(call.caller.account, keyOwner(call) ?? "")]]);
    return { AccessKeys: { AccessKey: keys.map(accessKeyView) } };
  },
});
