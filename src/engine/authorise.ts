import { Refusal } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { AnyOperation, Caller } from "../contract/operation.ts";
import type { ResourceBase, ResourceReader } from "../contract/resource-kind.ts";
import { accessKey } from "../services/accounts/access-key.ts";
import { account } from "../services/accounts/account.ts";

/**
 * Decides, inside the transaction of the call, whether the caller may make it.
 * Root keys have full rights over their own account, so only their being alive is asked today; policies of RAM users and
 * roles will be judged here by `operation.authorisation`, the input and the targets.
 * @throws {Refusal} `InvalidAccessKeyId.NotFound` or `InvalidAccessKeyId.Inactive`
 */
export async function authorise(
  state: ResourceReader,
  caller: Caller,
  _call: {
    readonly operation: AnyOperation;
    readonly input: Readonly<Record<string, unknown>>;
    readonly targets: Readonly<Record<string, ResourceBase | undefined>>;
  },
): Promise<void> {
  const key = await state.get(accessKey, caller.accessKeyId);
  if (key === undefined) throw new Refusal(gatewayErrors.accessKeyNotFound);
  const owner = await state.get(account, key.account);
  if (key.state !== "Active" || owner?.state !== "Enabled") throw new Refusal(gatewayErrors.accessKeyInactive);
}
