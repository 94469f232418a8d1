import type { ErrorDefinition } from "../../contract/errors.ts";
import { scoped, scopeOf } from "../../contract/indexes.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import type { AnyKind, Resource, ResourceKind, ResourceReader, ResourceWriter } from "../../contract/resource-kind.ts";
import { quotaAdvice, type QuotaName } from "../../contract/settings.ts";

/** Users, groups, roles and policies are known by names, which are unique in their account whatever their letter case. */

/** What a name of a user or a group may be, as options of its parameter. */
export const nameForm = { lengthMax: 64, pattern: /^[\w.-]+$/, description: "letters, digits, periods, hyphens and underscores" } as const;

/** Names of roles know no underscores. */
export const roleNameForm = { lengthMax: 64, pattern: /^[A-Za-z0-9.-]+$/, description: "letters, digits, periods and hyphens" } as const;

/** The index by which `named` finds a resource. */
export function nameIndex({ account, name }: { readonly account: string; readonly name: string }): readonly string[] {
  return [scoped(scopeOf(account, undefined), name.toLowerCase())];
}

/** The resource of an account that has this name; letter case does not count. */
export async function named<B extends object>(
  state: ResourceReader,
  kind: ResourceKind<B>,
  account: string,
  name: string,
): Promise<Resource<B> | undefined> {
  const [found] = await state.list(kind, [["name", scoped(scopeOf(account, undefined), name.toLowerCase())]], { limit: 1 });
  return found?.resource;
}

/** A fresh id of 18 digits: users' begin with 2, roles' with 3. */
export function newNumericId(state: Pick<ResourceWriter, "randomHex">, first: "2" | "3"): string {
  return `${first}${(BigInt(`0x${state.randomHex(16)}`) % 10n ** 17n).toString().padStart(17, "0")}`;
}

/** Rule of what makes a user, group, role or policy: its name is free. */
export function nameIsFree<P extends string>(
  kind: AnyKind,
  what: string,
  parameter: P,
  error: ErrorDefinition,
): Rule<Pick<Call, "caller" | "state"> & { readonly input: { readonly [K in P]: string } }> {
  return {
    rule: `no ${what} of the account has the name, whatever its letter case`,
    error,
    holds: async ({ input, caller, state }) => (await named<object>(state, kind, caller.account, input[parameter])) === undefined,
  };
}
/** Rule of what makes one: the account has room for it. */
export function accountHasRoom(
  kind: AnyKind,
  what: string,
  quota: QuotaName,
  error: ErrorDefinition,
): Rule<Pick<Call, "caller" | "state" | "settings">> {
  return {
    rule: `the account has room for another ${what} (quota ${quota})`,
    error,
    advice: quotaAdvice(quota),
    holds: async ({ caller, state, settings }) =>
      (await state.count(kind, [["scope", scopeOf(caller.account, undefined)]])) < settings.quota(quota, caller.account, ""),
  };
}
/** Rule of what renames one: no other has the new name, if there is a new one. */
export function newNameIsFree<T extends string, P extends string>(
  kind: AnyKind,
  what: T,
  parameter: P,
  error: ErrorDefinition,
): Rule<
  Pick<Call, "caller" | "state"> & {
    readonly input: { readonly [K in P]: string | undefined };
    readonly targets: { readonly [K in T]: { readonly id: string } };
  }
> {
  return {
    rule: `no other ${what} of the account has the new name, whatever its letter case`,
    error,
    holds: async ({ input, targets, caller, state }) => {
      const name: string | undefined = input[parameter];
      const namesake = name === undefined ? undefined : await named<object>(state, kind, caller.account, name);
      return namesake === undefined || namesake.id === targets[what].id;
    },
  };
}
