import { randomBytes } from "node:crypto";
import { Refusal } from "../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../contract/gateway-errors.ts";
import { decodeJson } from "../contract/json-input.ts";
import { operationKey } from "../contract/operation.ts";
import { listAll, type ResourceBase, type ResourceReader } from "../contract/resource-kind.ts";
import { accessKey, newKeyPair, principalKey, principalOfUser, rootPrincipal, userIdOf } from "../services/ram/access-keys/access-key.ts";
import { type Account, account } from "../services/accounts/account.ts";
import { named } from "../services/ram/names.ts";
import { newUser, ramUser } from "../services/ram/users/user.ts";
import { defaultGroupName, resourceGroup } from "../services/resource-groups/resource-group.ts";
import { runWrite, type Surroundings } from "./calls.ts";
import { writeSettingsDocument } from "./stored-settings.ts";
import { type Clock, readClock, virtualTime } from "./clock.ts";
import type { AnyOperation } from "../contract/operation.ts";
import { rootCaller } from "./principals.ts";
import { WritableResources } from "./resources.ts";
import { developmentSecrets, type Seed, type SeedAccount, type SeedCall, toldError, withAnswers } from "./seed.ts";
import type { WritableRows } from "./store.ts";
import { newStory } from "./story.ts";

/** What no API call does: accounts and their root keys, seeds, and fields that only an administrator sets. */

export interface AccountSummary {
  readonly uid: string;
  readonly name: string;
  readonly state: string;
  /** Its root keys: those of its users are its own affair. */
  readonly keys: readonly { readonly id: string; readonly state: string; readonly development: boolean }[];
}
/** The only answer that holds a secret. */
export interface NewKey {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
}

/** @param cause what the events of its changes name as their cause */
export async function writableState(rows: WritableRows, around: Surroundings, cause = "administration"): Promise<WritableResources> {
  const clock = await readClock(rows);
  return new WritableResources(rows, around.kinds, around.secrets, {
    now: virtualTime(clock, Date.now()),
    pace: clock.pace,
    cause,
    principal: "system",
  });
}

/** @throws {Refusal} when the name or the id is taken */
export async function createAccount(state: WritableResources, given: SeedAccount): Promise<Account> {
  const [namesake] = await state.list(account, [["name", given.name]], { limit: 1 });
  if (namesake !== undefined) throw new Refusal(gatewayErrors.parameterInvalid, ["name"], `an account named ${given.name} exists`);
  const uid = given.uid ?? newUid();
  if ((await state.find(uid)) !== undefined) throw new Refusal(gatewayErrors.parameterInvalid, ["uid"], `an account ${uid} exists`);
  const created = await state.create(account, { id: uid, account: uid, region: "", name: given.name }, "createAccount");
  for (const name of new Set([defaultGroupName, ...given.resourceGroups])) {
    await state.create(resourceGroup, { id: state.newId(resourceGroup), account: uid, region: "", name }, "createResourceGroup");
  }
  for (const key of given.keys) await createKey(state, uid, key);
  return created;
}

/** Account ids of 16 digits stay below 2^53, so that clients that read them as doubles lose nothing. */
function newUid(): string {
  return `1${(BigInt(`0x${randomBytes(8).toString("hex")}`) % 10n ** 15n).toString().padStart(15, "0")}`;
}

/** Makes a key; a fresh root key unless given. */
export async function createKey(
  state: WritableResources,
  uid: string,
  given?: { readonly id: string; readonly secret: string; readonly principal: string | undefined },
): Promise<NewKey> {
  const { id, secret } = given ?? newKeyPair(state);
  if ((await state.find(id)) !== undefined) throw new Refusal(gatewayErrors.parameterInvalid, ["keys"], `the key ${id} exists`);
  const principal = await principalOf(state, uid, given?.principal ?? rootPrincipal);
  const key = { id, account: uid, region: "", principal, secret, development: developmentSecrets.has(secret) };
  await state.create(accessKey, key, "createAccessKey");
  return { AccessKeyId: id, AccessKeySecret: secret };
}

/** Whose a key is: `user/NAME` of a seed file makes the user if there is none. */
async function principalOf(state: WritableResources, uid: string, principal: string): Promise<string> {
  if (principal === rootPrincipal) return principal;
  const name = userIdOf(principal);
  const user = (await named(state, ramUser, uid, name)) ?? (await state.create(ramUser, newUser(state, uid, { name }), "CreateUser"));
  return principalOfUser(user.id);
}

/** The account of a name or UID. */
export async function accountByName(state: ResourceReader, name: string): Promise<Account | undefined> {
  const [named] = await state.list(account, [["name", name]], { limit: 1 });
  return named?.resource ?? (await state.get(account, name));
}

export async function summarise(state: ResourceReader, of: Account): Promise<AccountSummary> {
  const keys = await listAll(state, accessKey, [["principal", principalKey(of.id, rootPrincipal)]]);
  return {
    uid: of.id,
    name: of.name,
    state: of.state,
    keys: keys.map(({ id, state: keyState, development }) => ({ id, state: keyState, development })),
  };
}

/** Whether a key that the documentation publishes opens this server. */
export async function developmentKeysWork(state: ResourceReader): Promise<boolean> {
  for (const key of await listAll(state, accessKey, [["development", "*"]])) {
    if ((await state.get(account, key.account))?.state === "Enabled") return true;
  }
  return false;
}
/** Whether no account holds a root key of its own yet. (Whoever can sign for an account can make keys for its users.) */
export async function onlyDevelopmentKeysExist(state: ResourceReader): Promise<boolean> {
  for (const { id } of await listAll(state, account, [["all", "*"]])) {
    const keys = await listAll(state, accessKey, [["principal", principalKey(id, rootPrincipal)]]);
    if (keys.length === 0 || keys.some(({ development }) => !development)) return false;
  }
  return true;
}

/** What a patch answers: the fields that it set, and nothing else of the resource, which may hold secrets. */
export interface Patched {
  readonly id: string;
  readonly kind: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Sets fields that no API call can cause.
 * @throws {Refusal} naming the field at fault, or the id when there is no such resource
 */
export async function patchResource(state: WritableResources, id: string, fields: Readonly<Record<string, unknown>>): Promise<Patched> {
  const found = await state.find(id);
  if (found === undefined) throw new Refusal(adminErrors.notFound, [`resource ${id}`]);
  const patchable = found.kind.patchable ?? {};
  const allowed = `fields of a ${found.kind.name} that can be set: ${Object.keys(patchable).join(", ") || "none"}`;
  if (Object.keys(fields).length === 0) throw new Refusal(gatewayErrors.parameterInvalid, ["body"], allowed);
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.hasOwn(patchable, name) ? patchable[name] : undefined;
    if (field === undefined) throw new Refusal(gatewayErrors.parameterInvalid, [name], allowed);
    if (typeof value !== "string" || value.length > 256 || field.values?.includes(value) === false) {
      throw new Refusal(
        gatewayErrors.parameterInvalid,
        [name],
        `allowed values: ${field.values?.join(", ") ?? "text of up to 256 characters"}`,
      );
    }
    set[name] = value;
  }
  const resource = (await state.get<object>(found.kind, id)) as ResourceBase;
  await state.change<object>(found.kind, resource, set);
  return { id, kind: found.kind.name, fields: set };
}

/** Applies a seed to an empty store, as one transaction. Its calls are done at once, whatever the pace. */
export async function applySeed(
  rows: WritableRows,
  around: Surroundings,
  operations: ReadonlyMap<string, AnyOperation>,
  seed: Seed,
): Promise<void> {
  const state = await writableState(rows, around);
  for (const given of seed.accounts) {
    await createAccount(state, given).catch((error: unknown) => {
      throw toldError(`seed file: account ${given.name}`, error);
    });
  }
  await writeSettingsDocument(rows, seed.settings);
  const clock: Clock = { ...(await readClock(rows)), pace: "instant" };
  const answers = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [index, entry] of seed.resources.entries()) {
    try {
      if ("patch" in entry) await patchResource(state, withAnswers(entry.patch, answers) as string, entry.fields);
      else {
        const answer = await makeSeedCall(rows, around, operations, clock, entry, answers);
        if (entry.as !== undefined) answers.set(entry.as, answer);
      }
    } catch (error) {
      throw toldError(`seed file: resource ${index + 1} (${"patch" in entry ? entry.patch : entry.operation})`, error);
    }
  }
}

/** Calls of a seed come from the server itself. */
const seedOrigin = { address: "127.0.0.1", isEncrypted: true };

async function makeSeedCall(
  rows: WritableRows,
  around: Surroundings,
  operations: ReadonlyMap<string, AnyOperation>,
  clock: Clock,
  call: SeedCall,
  answers: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Promise<Readonly<Record<string, unknown>>> {
  const operation = operations.get(operationKey(call, call.operation));
  if (operation === undefined || !("apply" in operation)) throw new Error(`${call.operation} ${call.version} is not a write operation`);
  const owner = await accountByName(await writableState(rows, around), call.account);
  const [key] =
    owner === undefined
      ? []
      : await (await writableState(rows, around)).list(accessKey, [["principal", principalKey(owner.id, rootPrincipal)]], { limit: 1 });
  if (owner === undefined || key === undefined) throw new Error(`account ${call.account} does not exist or has no root key`);
  const input = decodeJson(operation.parameters, withAnswers(call.parameters, answers));
  const invocation = {
    requestId: "seed",
    operation,
    input,
    caller: rootCaller(owner.id, key.resource.id),
    host: "localhost",
    origin: seedOrigin,
  };
  const story = newStory();
  const answer = await runWrite(rows, clock, around, invocation, story);
  // A batch succeeds although members of it fail; a seed is applied whole or not at all.
  const [failed] = story.failedMembers;
  if (failed !== undefined)
    throw new Error(`${call.operation}: ${failed.member}: ${failed.statement.error.code} (${failed.statement.rule})`);
  return answer;
}
