import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";

/** An access key; its id is the AccessKeyId. */
export interface AccessKeyBody {
  /** Whose it is within the account: `root`, `user/<name>` or `assumed-role/<role>/<session>`, the end of the caller's ARN. */
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
      Active: { meaning: "signs requests, unless its account is disabled", moves: {} },
    },
  },
  indexes: {
    account: ({ account }) => [account],
    development: ({ development, state }) => (development && state === "Active" ? ["*"] : []),
  },
  counted: [],
  laterFields: { principal: rootPrincipal },
  secretFields: ["secret"],
};
