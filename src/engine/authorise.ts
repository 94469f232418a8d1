import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { Caller, Statement } from "../contract/operation.ts";
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

/** What `authorise` judges, in its order. */
export const permissionRules: readonly Statement[] = Object.values(rules);

/**
 * Decides, inside the transaction of the call, whether the caller may make it.
 * Root keys have full rights over their own account, so only their being alive is asked today; policies of RAM users and
 * roles will be judged here by `operation.authorisation`, the input and the targets.
 * @throws {Refusal} `InvalidAccessKeyId.NotFound` or `InvalidAccessKeyId.Inactive`
 */
export async function authorise(state: ResourceReader, caller: Caller, story: Story): Promise<void> {
  const key = await state.get(accessKey, caller.accessKeyId);
  demand(story, rules.keyIsThere, key !== undefined);
  const owner = await state.get(account, key.account);
  demand(story, rules.keyIsEnabled, key.state === "Active" && owner?.state === "Enabled");
}
