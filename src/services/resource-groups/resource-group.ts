import { type ErrorDefinition, error } from "../../contract/errors.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import type { Resource, ResourceKind, ResourceReader } from "../../contract/resource-kind.ts";

/** A resource group of one account. Every account has one named `default`. */
export interface ResourceGroupBody {
  readonly name: string;
}
export type ResourceGroup = Resource<ResourceGroupBody>;

export const defaultGroupName = "default";

export const resourceGroup: ResourceKind<ResourceGroupBody> = {
  name: "resource-group",
  idPrefix: "rg",
  idHasRegionCode: false,
  states: {
    initial: { createResourceGroup: "OK" },
    states: { OK: { meaning: "usable", moves: {} } },
  },
  indexes: {
    account: ({ account }) => [account],
    name: ({ account, name }) => [`${account} ${name}`],
  },
  counted: [],
};

/** Id of the group that takes an account's resources when the call names none. */
export async function defaultResourceGroupId(state: ResourceReader, account: string): Promise<string> {
  const [group] = await state.list(resourceGroup, [["name", `${account} ${defaultGroupName}`]], { limit: 1 });
  if (group === undefined) throw new Error(`account ${account} has no default resource group`);
  return group.resource.id;
}

/** The group that the call names, or the account's default one, as the field of a new resource. */
export async function resourceGroupsFor(
  state: ResourceReader,
  account: string,
  named: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  return { [account]: named ?? (await defaultResourceGroupId(state, account)) };
}

/** Rule: the resource group that the call names is the caller's. Its answer differs between families. */
export function resourceGroupExists<N extends string>(
  parameter: N,
  missing: ErrorDefinition,
): Rule<Pick<Call, "caller" | "state"> & { readonly input: { readonly [K in N]: string | undefined } }> {
  return {
    rule: `${parameter} is a resource group of the caller`,
    error: missing,
    holds: async ({ state, caller, input }) => {
      const id = input[parameter];
      return id === undefined || (await state.get(resourceGroup, id))?.account === caller.account;
    },
  };
}

export const resourceGroupErrors = {
  vpcUnknown: error(400, "InvalidResourceGroupId", "The specified ResourceGroupId does not exist.", "public-docs"),
  peeringUnknown: error(
    400,
    "OperationFailed.NotExist.ResourceGroup",
    "The operation failed because the resource group does not exist.",
    "public-docs",
  ),
} as const;
