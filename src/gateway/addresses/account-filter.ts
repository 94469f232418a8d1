import { string } from "../../contract/parameters.ts";
import type { Engine } from "../../engine/engine.ts";

/** Accounts are named alike wherever an address can be narrowed to one: by name or UID. */
export function accountFilter(what: string) {
  return string({ lengthMax: 64, description: `name or UID of an account: ${what}` });
}

/**
 * What was asked, with the account's UID in the place of its name.
 * @throws {Refusal} for a name that no account has
 */
export async function withAccountUid<T extends { readonly account?: string | undefined }>(engine: Engine, asked: T): Promise<T> {
  return asked.account === undefined ? asked : { ...asked, account: await engine.accountUid(asked.account) };
}
