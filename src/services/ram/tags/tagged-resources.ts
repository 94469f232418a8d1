import type { ErrorDefinition } from "../../../contract/errors.ts";
import type { Call, Rule } from "../../../contract/operation.ts";
import { list, string } from "../../../contract/parameters.ts";
import type { AnyKind, Resource, ResourceKind, ResourceReader } from "../../../contract/resource-kind.ts";
import { ramErrors } from "../errors.ts";
import { named } from "../names.ts";
import { ramPolicy } from "../policies/policy.ts";
import { ramRole } from "../roles/role.ts";

/** The roles and policies that tag calls name; only custom policies have tags. */

type NamedBody = { readonly name: string };
const kinds: readonly { readonly kind: ResourceKind<NamedBody>; readonly missing: ErrorDefinition }[] = [
  { kind: ramRole as AnyKind, missing: ramErrors.roleNotFound },
  { kind: ramPolicy as AnyKind, missing: ramErrors.policyNotFound },
];

/** The kind that `ResourceType` means. */
export function taggedKind(type: string): ResourceKind<NamedBody> {
  return (type === ramRole.tagType ? ramRole : ramPolicy) as AnyKind;
}

export const taggedType = string({
  required: true,
  valid: (type) => kinds.some(({ kind }) => kind.tagType === type),
  invalid: ramErrors.tagResourceType,
  description: kinds.map(({ kind }) => kind.tagType).join(", "),
});
const namesMax = { itemsMax: 50, also: ["json"] } as const;
const name = string({ lengthMax: 128 });
export const resourceNames = list(name, namesMax);
export const someResourceNames = list(name, { ...namesMax, required: true });

interface OnNamed {
  readonly input: { readonly ResourceType: string; readonly ResourceNames: readonly string[] };
  readonly caller: Call["caller"];
  readonly state: ResourceReader;
}

/** The resources of the caller's account that a call names, each once. */
export async function resourcesNamed({ input, caller, state }: OnNamed): Promise<Resource<NamedBody>[]> {
  const found = new Map<string, Resource<NamedBody>>();
  for (const one of input.ResourceNames) {
    const resource = await named(state, taggedKind(input.ResourceType), caller.account, one);
    if (resource !== undefined) found.set(resource.id, resource);
  }
  return [...found.values()];
}

/** Rules: what the call names is there. */
export const namesAreKnown: readonly Rule<OnNamed>[] = kinds.map(({ kind, missing }) => ({
  rule: `each of ResourceNames names a ${kind.tagType} of the account, where ResourceType is ${kind.tagType}`,
  error: missing,
  source: "inferred",
  holds: async ({ input, caller, state }) => {
    if (input.ResourceType !== kind.tagType) return true;
    for (const one of input.ResourceNames) if ((await named(state, kind, caller.account, one)) === undefined) return false;
    return true;
  },
}));
