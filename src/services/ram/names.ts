import { scoped, scopeOf } from "../../contract/indexes.ts";
import type { Resource, ResourceKind, ResourceReader, ResourceWriter } from "../../contract/resource-kind.ts";

/** Users, groups, roles and policies are known by names, which are unique in their account whatever their letter case. */

/** What a name of a user, a group or a role may be, as options of its parameter. */
export const nameForm = { lengthMax: 64, pattern: /^[\w.-]+$/, description: "letters, digits, periods, hyphens and underscores" } as const;

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
