import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { Call, Rule } from "../contract/operation.ts";
import { accessKey } from "../services/accounts/access-key.ts";
import { account } from "../services/accounts/account.ts";

/**
 * Who may call, judged inside the transaction of the call before anything that could tell of a resource.
 * Root keys have full rights over their own account, so only their being alive is asked today; policies of RAM users and
 * roles will be judged here by `operation.authorisation`, the input and the targets.
 */
export const permissionRules: readonly Rule<Pick<Call, "state" | "caller">>[] = [
  {
    rule: "the access key is still there when the call runs",
    error: gatewayErrors.accessKeyNotFound,
    holds: async ({ state, caller }) => (await state.get(accessKey, caller.accessKeyId)) !== undefined,
  },
  {
    rule: "the access key and its account are still enabled when the call runs",
    error: gatewayErrors.accessKeyInactive,
    holds: async ({ state, caller }) => {
      const key = await state.get(accessKey, caller.accessKeyId);
      return key?.state === "Active" && (await state.get(account, key.account))?.state === "Enabled";
    },
  },
];
