import type { Resource, ResourceKind, ResourceWriter } from "../../../contract/resource-kind.ts";
import { gone } from "../../../contract/state-table.ts";
import { ramErrors } from "../errors.ts";
import { ramUser } from "../users/user.ts";

/** An access key; its id is the AccessKeyId. */
export interface AccessKeyBody {
  /** Whose it is within the account: `root`, or `user/<UserId>`. */
  readonly principal: string;
  readonly secret: string;
  /** One of the keys that this documentation publishes. */
  readonly development: boolean;
}
export const rootPrincipal = "root";
export type AccessKey = Resource<AccessKeyBody>;

export const accessKey: ResourceKind<AccessKeyBody> = {
  name: "access-key",
  idPrefix: "LTAI",
  idHasRegionCode: false,
  states: {
    initial: { createAccessKey: "Active" },
    states: {
      Active: {
        meaning: "signs requests, unless its account is disabled",
        moves: { deactivateAccessKey: "Inactive", DeleteAccessKey: gone },
      },
      Inactive: { meaning: "signs nothing until it is made active again", moves: { activateAccessKey: "Active", DeleteAccessKey: gone } },
    },
  },
  indexes: {
    principal: ({ account, principal }) => [principalKey(account, principal)],
    user: ({ principal }) => (principal === rootPrincipal ? [] : [userIdOf(principal)]),
    development: ({ development, state }) => (development && state === "Active" ? ["*"] : []),
  },
  counted: [],
  laterFields: { principal: rootPrincipal },
  secretFields: ["secret"],
  dependencies: [
    {
      kind: ramUser.name,
      index: "user",
      rule: "the user has no access key",
      error: ramErrors.userHasAccessKey,
      advice: "delete its keys with DeleteAccessKey; ListAccessKeys lists them",
    },
  ],
};

/** Value of the index `principal`: whose keys. */
export function principalKey(account: string, principal: string): string {
  return `${account} ${principal}`;
}
/** The `principal` of a user's keys. */
export function principalOfUser(userId: string): string {
  return `user/${userId}`;
}
/** The UserId in the `principal` of a user's keys. */
export function userIdOf(principal: string): string {
  return principal.slice("user/".length);
}

/** A fresh AccessKeyId with its secret. */
export function newKeyPair(state: Pick<ResourceWriter, "randomHex">): { id: string; secret: string } {
  const text = (bytes: number): string => Buffer.from(state.randomHex(bytes), "hex").toString("base64url").replace(/[-_]/g, "x");
  return { id: `LTAI${text(15)}`, secret: text(24) };
}
