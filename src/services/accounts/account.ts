import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";

/** An Alibaba Cloud account. Its id is the UID, a decimal number of 16 to 18 digits as text. */
export interface AccountBody {
  readonly name: string;
}
export type Account = Resource<AccountBody>;

export const account: ResourceKind<AccountBody> = {
  name: "account",
  idPrefix: "",
  idHasRegionCode: false,
  states: {
    initial: { createAccount: "Enabled" },
    states: {
      Enabled: { meaning: "its keys work", moves: { disableAccount: "Disabled" } },
      Disabled: { meaning: "none of its keys works; its resources stay", moves: {} },
    },
  },
  indexes: {
    all: () => ["*"],
    name: ({ name }) => [name],
  },
  counted: [],
};
