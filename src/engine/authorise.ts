import type { ErrorDefinition } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { AnyOperation, Caller, Statement } from "../contract/operation.ts";
import type { ResourceReader } from "../contract/resource-kind.ts";
import { accessKey } from "../services/accounts/access-key.ts";
import { account } from "../services/accounts/account.ts";
import { demand, type Story } from "./story.ts";

const rules = {
  keyIsThere: { rule: "the access key is still there when the call runs", error: gatewayErrors.accessKeyNotFound },
  keyIsEnabled: {
    rule: "the access key and its account are still enabled when the call runs",
    error: gatewayErrors.accessKeyInactive,
  },
} as const satisfies Readonly<Record<string, Statement>>;

/** What `authorise` judges of a call of this operation, in its order. */
export function permissionRules(operation: AnyOperation): readonly Statement[] {
  return [
    ...Object.values(rules),
    ...(operation.authorisation.action === null ? [] : [permission(operation, "user"), permission(operation, "role")]),
  ];
}

/** What an operation answers to users and to roles without permission. */
export function denials(operation: AnyOperation): readonly ErrorDefinition[] {
  return permissionRules(operation)
    .slice(Object.keys(rules).length)
    .map(({ error }) => error);
}

/** The rule of users, or that of roles: they differ in their answer. */
function permission({ authorisation }: AnyOperation, who: "user" | "role"): Statement {
  return {
    rule: `the caller has the permission ${authorisation.action}; a ${who} has none, because policies are not here yet`,
    error: authorisation.denied?.[who] ?? gatewayErrors.notPermitted,
    source: "inferred",
    advice: "call with a root key of the account, which may do everything in it",
  };
}

/**
 * Decides, inside the transaction of the call, whether the caller may make it.
 * Root keys have full rights over their own account; users and roles have none, until policies are judged here by
 * `operation.authorisation`, the input and the targets.
 * @throws {Refusal} `InvalidAccessKeyId.NotFound`, `InvalidAccessKeyId.Inactive`, or what the operation answers to those without permission
 */
export async function authorise(state: ResourceReader, caller: Caller, operation: AnyOperation, story: Story): Promise<void> {
  const key = await state.get(accessKey, caller.accessKeyId);
  demand(story, rules.keyIsThere, key !== undefined);
  const owner = await state.get(account, key.account);
  demand(story, rules.keyIsEnabled, key.state === "Active" && owner?.state === "Enabled");
  if (operation.authorisation.action === null) return;
  demand(story, permission(operation, "user"), caller.type !== "RAMUser");
  demand(story, permission(operation, "role"), caller.type !== "AssumedRoleUser");
}
