import { type Caller, readOperation } from "../../contract/operation.ts";
import { Sts } from "../../contract/products.ts";
import { text } from "../../contract/response.ts";

export const getCallerIdentity = readOperation({
  product: Sts,
  name: "GetCallerIdentity",
  summary: "Says who calls.",
  httpsOnly: true,
  authorisation: { action: null, resources: ["*"], source: "inferred" },
  parameters: {},
  response: { AccountId: text, Arn: text, IdentityType: text, PrincipalId: text, RoleId: text, UserId: text },
  read: async ({ caller }) => ({
    AccountId: caller.account,
    Arn: caller.arn,
    IdentityType: caller.type,
    PrincipalId: principalOf(caller),
    RoleId: caller.type === "AssumedRoleUser" ? nameIn(caller, 1) : "",
    UserId: caller.type === "AssumedRoleUser" ? "" : principalOf(caller),
  }),
});

/** The account's id, the user's name, or role and session. */
function principalOf(caller: Caller): string {
  if (caller.type === "Account") return caller.account;
  return caller.type === "RAMUser" ? nameIn(caller, 1) : `${nameIn(caller, 1)}:${nameIn(caller, 2)}`;
}
/** A part of the end of an ARN: `user/<1>`, `assumed-role/<1>/<2>`. */
function nameIn({ arn }: Caller, part: number): string {
  return arn.split(":").at(-1)?.split("/")[part] ?? "";
}
