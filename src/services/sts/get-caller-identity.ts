import { readOperation } from "../../contract/operation.ts";
import { Sts } from "../../contract/products.ts";
import { optional, text } from "../../contract/response.ts";

export const getCallerIdentity = readOperation({
  product: Sts,
  name: "GetCallerIdentity",
  summary: "Says who calls.",
  httpsOnly: true,
  authorisation: { action: null, resources: ["*"], source: "inferred" },
  parameters: {},
  response: { AccountId: text, Arn: text, IdentityType: text, PrincipalId: text, RoleId: optional(text), UserId: optional(text) },
  read: async ({ caller: { account, arn, type, principalId, session } }) => ({
    AccountId: account,
    Arn: arn,
    IdentityType: type,
    PrincipalId: session === undefined ? principalId : `${principalId}:${session.name}`,
    RoleId: session === undefined ? undefined : principalId,
    UserId: session === undefined ? principalId : undefined,
  }),
});
