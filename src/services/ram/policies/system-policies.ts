import type { PolicyBody } from "./policy.ts";
import type { Resource } from "../../../contract/resource-kind.ts";

/** When the policies of the system were made, in milliseconds since 1970: before any account. */
const madeAt = Date.UTC(2015, 3, 28, 17);

/** The policies that every account finds ready-made, by name. Their documents allow what their published descriptions say. */
const documents: Readonly<Record<string, readonly [description: string, actions: readonly string[]]>> = {
  AdministratorAccess: ["Provides full access to Alibaba Cloud services and resources.", ["*"]],
};

const policies = new Map(
  Object.entries(documents).map(([name, [description, Action]]) => [name.toLowerCase(), systemPolicyFrom(name, description, Action)]),
);

function systemPolicyFrom(name: string, description: string, Action: readonly string[]): Resource<PolicyBody> {
  const document = JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
  return {
    id: name,
    account: "system",
    region: "",
    state: "Active",
    version: 1,
    createdAt: madeAt,
    modifiedAt: madeAt,
    tags: {},
    resourceGroups: {},
    type: "System",
    name,
    description,
    versions: [{ id: "v1", document, createdAt: madeAt }],
    defaultVersion: "v1",
    nextVersion: 2,
  };
}

/** A policy of the system by its name, whatever its letter case. */
export function systemPolicy(name: string): Resource<PolicyBody> | undefined {
  return policies.get(name.toLowerCase());
}
/** All of them, in the order of their declaration. */
export const systemPolicies: readonly Resource<PolicyBody>[] = [...policies.values()];
