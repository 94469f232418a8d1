import type { Caller } from "../contract/operation.ts";
import type { PermissionStory } from "../engine/authorise.ts";
import type { AccessDeniedDetail } from "./render.ts";

/** What a denied caller is told beside code and text; `undefined` when permission was not what was lacking. */
export function accessDeniedDetail(
  requestId: string,
  { account, type, principalId, session }: Caller,
  permission: PermissionStory | undefined,
): AccessDeniedDetail | undefined {
  if (permission === undefined || permission.decision === "Allow") return undefined;
  const { action, principal, decision, verdicts } = permission;
  const deciding = verdicts.find((one) => one.decision === decision);
  const level = deciding?.decidedBy?.resourceGroup ? "ResourceGroupLevelIdentityBasedPolicy" : "AccountLevelIdentityBasedPolicy";
  const resources = [...new Set(verdicts.map(({ resource }) => resource))];
  const message = { RequestId: requestId, Principal: principal, Action: action, Resources: resources, Decision: decision };
  return {
    AuthAction: action,
    AuthPrincipalDisplayName: session === undefined ? principalId : `${principalId}:${session.name}`,
    AuthPrincipalOwnerId: account,
    AuthPrincipalType: type === "AssumedRoleUser" ? "AssumedRoleUser" : "SubUser",
    NoPermissionType: decision,
    PolicyType: deciding?.by === "session" ? "SessionPolicy" : deciding?.by === "trust" ? "AssumeRolePolicy" : level,
    EncodedDiagnosticMessage: Buffer.from(JSON.stringify(message)).toString("base64"),
  };
}
