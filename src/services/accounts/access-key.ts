import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";

/** An access key; its id is the AccessKeyId. It belongs to `account` itself: a root key. */
export interface AccessKeyBody {
  readonly secret: string;
  /** One of the keys that this documentation publishes. */
  readonly development: boolean;
}
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
  secretFields: ["secret"],
};
