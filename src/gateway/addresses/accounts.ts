import { adminErrors } from "../../contract/gateway-errors.ts";
import { accountName, accountUid } from "../../engine/seed.ts";
import { address } from "./address.ts";
import { listOf, objectOf, text, truth } from "./schemas.ts";

/** Accounts and their root keys. */

const account = objectOf({
  uid: text,
  name: text,
  state: text,
  keys: listOf(objectOf({ id: text, state: text, development: truth })),
});
const newKey = objectOf({ AccessKeyId: text, AccessKeySecret: text });
const named = { name: "name or UID of the account" };

const list = address({
  method: "GET",
  path: "/accounts",
  summary: "Accounts with their root keys, without secrets.",
  answers: { description: "All accounts.", schema: objectOf({ accounts: listOf(account) }) },
  handle: async ({ behind: { engine } }) => ({ accounts: await engine.accounts() }),
});

const create = address({
  method: "POST",
  path: "/accounts",
  summary: "Makes an account with a root key.",
  body: { fields: { name: accountName, uid: accountUid } },
  answers: { status: 201, description: "The key's secret is told this once.", schema: objectOf({ account, key: newKey }) },
  handle: ({ behind: { engine }, body }) => engine.createAccount({ ...body, keys: [], resourceGroups: [] }),
});

const createKey = address({
  method: "POST",
  path: "/accounts/{name}/keys",
  summary: "Makes another root key of an account.",
  inPath: named,
  answers: { status: 201, description: "Its secret is told this once.", schema: objectOf({ key: newKey }) },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, path }) => ({ key: await engine.createKey(path.name) }),
});

const disable = address({
  method: "DELETE",
  path: "/accounts/{name}",
  summary: "Stops all keys of an account at once. Its resources stay.",
  inPath: named,
  answers: { description: "The account as it is now.", schema: objectOf({ account }) },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, path }) => ({ account: await engine.disableAccount(path.name) }),
});

export const accountAddresses = [list, create, createKey, disable];
