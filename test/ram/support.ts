import assert from "node:assert/strict";
import { Caller, type Key, type Parameters } from "../support/caller.ts";
import { succeeded } from "../support/networks.ts";
import { ramClient, ramSdk } from "../support/official.ts";
import type { Expected } from "../support/outcomes.ts";
import { freshName } from "../support/principals.ts";
import type { TestServer } from "../support/server.ts";

/** Users, groups and keys that many tests start from. Every step asserts that it succeeded. */

export type Sdk = ReturnType<typeof ramClient>;
export function sdkOf(server: TestServer, key: Key): Sdk {
  return ramClient(server.endpoint, key);
}

/** Calls an operation of the SDK, whose request class is named after it; answers its body as plain data. */
export async function ask<O extends Operation>(sdk: Sdk, operation: O, options: object = {}): Promise<Plain<BodyOf<O>>> {
  const name = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Request`;
  const Request = (ramSdk as unknown as Readonly<Record<string, new (options: object) => unknown>>)[name];
  assert.ok(Request, name);
  const methods = sdk as unknown as Record<O, (request: unknown) => Promise<{ body?: BodyOf<O> }>>;
  const { body } = await methods[operation](new Request(options));
  assert.ok(body !== undefined);
  return JSON.parse(JSON.stringify(body)) as Plain<BodyOf<O>>;
}
type Operation = keyof Sdk;
type BodyOf<O extends Operation> = Sdk[O] extends (request: any) => Promise<{ body?: infer B }> ? NonNullable<B> : never;
type Plain<T> = { [K in keyof T]: T[K] extends (...args: any) => unknown ? never : Plain<T[K]> };

/** A user of an account; answers its name. */
export async function userIn(owner: Caller, parameters: Parameters = {}): Promise<string> {
  return succeeded(await owner.ram("CreateUser", { UserName: freshName("user"), ...parameters })).body.User.UserName;
}
/** A group of an account; answers its name. */
export async function groupIn(owner: Caller, parameters: Parameters = {}): Promise<string> {
  return succeeded(await owner.ram("CreateGroup", { GroupName: freshName("group"), ...parameters })).body.Group.GroupName;
}
/** Who signs with a new key: of a user, or of the account itself. */
export async function signerOf(owner: Caller, UserName?: string): Promise<Caller> {
  const { AccessKey } = succeeded(await owner.ram("CreateAccessKey", { UserName })).body;
  return new Caller(owner.url, { account: owner.key.account, id: AccessKey.AccessKeyId, secret: AccessKey.AccessKeySecret });
}

/** Lets a user of an account do everything in it. */
export async function empower(owner: Caller, UserName: string): Promise<void> {
  succeeded(await owner.ram("AttachPolicyToUser", { PolicyType: "System", PolicyName: "AdministratorAccess", UserName }));
}

const refusal = (status: number, code: string, message: string): Expected => ({ status, code, message });
/** The refusals that many calls share. */
export const refusals = {
  user: refusal(404, "EntityNotExist.User", "The user does not exist."),
  group: refusal(404, "EntityNotExist.Group", "The group does not exist."),
  key: refusal(404, "EntityNotExist.User.AccessKey", "The user access key does not exist."),
  marker: refusal(400, "InvalidMarker", "Specified parameter Marker is not valid."),
  maxItems: refusal(400, "InvalidMaxItems", "Specified parameter MaxItems is not valid."),
  missing: (name: string) => refusal(400, `Missing${name}`, `${name} is mandatory for this action.`),
  chars: (name: string) => refusal(400, `InvalidParameter.${name}.InvalidChars`, `The parameter - "${name}" contains invalid chars.`),
  length: (name: string) => refusal(400, `InvalidParameter.${name}.Length`, `The parameter - "${name}" beyond the length limit.`),
  form: (name: string) => refusal(400, `InvalidParameter.${name}.Format`, `The format of the parameter - "${name}" is incorrect.`),
} as const;
/** Names that no user and no group can have, by what is wrong with them. */
export const wrongNames = {
  chars: ["a b", "a/b", "a@b", "a*", "ä", "名", "a,b", "a\n"],
  length: ["x".repeat(65), "x".repeat(200)],
} as const;
export const rightNames = ["a", "9", "A.b-c_D", "..", "x".repeat(64)] as const;

/** Reads a whole list, `MaxItems` at a time. */
export async function pages<T>(
  read: (page: { MaxItems: number; Marker: string | undefined }) => Promise<{ items: T[]; IsTruncated: boolean; Marker?: string }>,
  MaxItems: number,
): Promise<T[][]> {
  const all: T[][] = [];
  for (let Marker: string | undefined; ;) {
    const page = await read({ MaxItems, Marker });
    all.push(page.items);
    assert.equal(page.IsTruncated, page.Marker !== undefined, "a Marker is there exactly if more follows");
    if (!page.IsTruncated) return all;
    Marker = page.Marker;
  }
}
