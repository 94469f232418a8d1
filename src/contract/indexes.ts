import type { Filter, ResourceBase, Tag } from "./resource-kind.ts";

/**
 * Index values that most kinds share. They begin with a scope: an account, in one region or in all of them.
 * Line breaks separate the parts, because no parameter value holds one.
 */

/** The lists of an account: in `region`, or in all regions. */
export function scopeOf(account: string, region: string | undefined): string {
  return `${account}\n${region ?? ""}`;
}
/** A value within a scope. */
export function scoped(scope: string, ...parts: readonly string[]): string {
  return [scope, ...parts].join("\n");
}

type Indexes<R> = Readonly<Record<string, (resource: R) => readonly string[]>>;
interface Party {
  readonly account: string;
  readonly region: string;
}

/**
 * `scope`, `tag` and `resourceGroup` for everyone in whose lists a resource stands:
 * its owner unless `partiesOf` names others.
 */
export function sharedIndexes<R extends ResourceBase>(partiesOf: (resource: R) => readonly Party[] = (resource) => [resource]): Indexes<R> {
  const scopes = (resource: R): { account: string; scope: string }[] =>
    partiesOf(resource).flatMap(({ account, region }) => [
      { account, scope: scopeOf(account, undefined) },
      { account, scope: scopeOf(account, region) },
    ]);
  return {
    scope: (resource) => scopes(resource).map(({ scope }) => scope),
    tag: (resource) =>
      scopes(resource).flatMap(({ account, scope }) =>
        (resource.tags[account] ?? []).flatMap(({ Key, Value }) => [scoped(scope, Key), scoped(scope, Key, Value)]),
      ),
    resourceGroup: (resource) =>
      scopes(resource).flatMap(({ account, scope }) => {
        const group = resource.resourceGroups[account];
        return group === undefined ? [] : [scoped(scope, group)];
      }),
  };
}

/**
 * An index of one field within the scopes of the owner, or of those that `partiesOf` names. It has one value or several,
 * as each party reads them.
 */
export function fieldIndex<R extends ResourceBase>(
  valueOf: (resource: R, party: string) => string | readonly string[],
  partiesOf: (resource: R) => readonly Party[] = (resource) => [resource],
): (resource: R) => readonly string[] {
  return (resource) =>
    partiesOf(resource).flatMap(({ account, region }) =>
      [scopeOf(account, undefined), scopeOf(account, region)].flatMap((scope) =>
        [valueOf(resource, account)].flat().map((value) => scoped(scope, value)),
      ),
    );
}

/**
 * A filter for the lists of one scope. Conditions without a value are left out; without any, the whole scope is listed.
 * A tag condition without `Value` matches any value. The first condition is walked, so conditions are given the most selective first;
 * tags come before them.
 */
export function scopeFilter(
  scope: string,
  conditions: Readonly<Record<string, string | undefined>>,
  tags: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[] = [],
): Filter {
  const filter: [string, string][] = [];
  for (const { Key, Value } of tags) filter.push(["tag", Value === undefined ? scoped(scope, Key ?? "") : scoped(scope, Key ?? "", Value)]);
  for (const [index, value] of Object.entries(conditions)) if (value !== undefined) filter.push([index, scoped(scope, value)]);
  return filter.length === 0 ? [["scope", scope]] : filter;
}

/** The tags that one account set on a resource. */
export function tagsOf(resource: ResourceBase, account: string): readonly Tag[] {
  return resource.tags[account] ?? [];
}
