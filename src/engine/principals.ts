import type { Caller, Session } from "../contract/operation.ts";
import type { RamRole } from "../services/ram/roles/role.ts";
import type { RamUser } from "../services/ram/users/user.ts";

/** The callers that keys stand for. */

export function rootCaller(account: string, accessKeyId: string): Caller {
  return { account, accessKeyId, type: "Account", principal: "root", arn: `acs:ram::${account}:root`, principalId: account };
}

export function userCaller({ account, id, name }: RamUser, accessKeyId: string): Caller {
  return { account, accessKeyId, type: "RAMUser", principal: `user/${name}`, arn: `acs:ram::${account}:user/${name}`, principalId: id };
}

export function sessionCaller(
  { account, id, name }: Pick<RamRole, "account" | "id" | "name">,
  accessKeyId: string,
  session: Session,
): Caller {
  return {
    account,
    accessKeyId,
    type: "AssumedRoleUser",
    principal: `role/${name}`,
    arn: `acs:ram::${account}:assumed-role/${name}/${session.name}`,
    principalId: id,
    session,
  };
}

/** The ARN of a user, of an account's root, or of the role that is behind a session. */
export function principalArn({ account, principal }: Caller): string {
  return `acs:ram::${account}:${principal}`;
}
