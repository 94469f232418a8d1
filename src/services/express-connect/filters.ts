import { numberedPage } from "../../contract/common-parameters.ts";
import type { ErrorDefinition } from "../../contract/errors.ts";
import { scoped } from "../../contract/indexes.ts";
import { matches, type NumberedList } from "../../contract/lists.ts";
import type { Naming, Rule } from "../../contract/operation.ts";
import { list, object, string } from "../../contract/parameters.ts";
import { type Filter, listAll, type ResourceKind, type ResourceReader } from "../../contract/resource-kind.ts";

/** `Filter.N.Key` with `Filter.N.Value.M`, as the Express Connect lists take them: values of a key are joined by OR, keys by AND. */

const keysMax = 5;
const valuesMax = 50;
export const filterList = list(object({ Key: string(), Value: list(string(), { itemsMax: valuesMax }) }), { itemsMax: keysMax });
interface Given {
  readonly Filter: readonly { readonly Key: string | undefined; readonly Value: readonly string[] }[];
}

/** The values of a filter key as the resource of a permission; `undefined` without that key. */
export function filteredIds(key: string): ({ input }: Naming) => readonly string[] | undefined {
  return ({ input }) => {
    const values = (input as Given).Filter.find(({ Key }) => Key === key)?.Value ?? [];
    return values.length === 0 ? undefined : values;
  };
}

/** Rule: the list has each key that is filtered by. */
export function filterKeysAreKnown(keys: readonly string[], error: ErrorDefinition): Rule<{ readonly input: Given }> {
  return {
    rule: `each Filter.N.Key is one of ${keys.join(", ")}`,
    error,
    holds: ({ input }) => input.Filter.every(({ Key }) => Key !== undefined && keys.includes(Key)),
  };
}

/**
 * A numbered page of what matches every key by one of its values.
 * The resources of the first key with one value are walked whole, or without such a key those of the scope, so it costs their number.
 */
export async function listFiltered<B extends object>(
  state: ResourceReader,
  kind: ResourceKind<B>,
  { scope, base, indexOfKey }: { readonly scope: string; readonly base: Filter; readonly indexOfKey: Readonly<Record<string, string>> },
  input: Given & { readonly PageNumber: number; readonly PageSize: number },
): Promise<NumberedList<B>> {
  const conditions = input.Filter.map(({ Key = "", Value }) =>
    Value.map((value) => [indexOfKey[Key] ?? "", scoped(scope, value)] as const),
  );
  const walked = conditions.find(({ length }) => length === 1) ?? [];
  const matching = (await listAll(state, kind, [...walked, ...base])).filter((one) =>
    conditions.every((alternatives) => alternatives.some((condition) => matches(kind, one, [condition]))),
  );
  const { offset, limit } = numberedPage(input);
  const items = matching.slice(offset, offset + limit);
  return { items, TotalCount: matching.length, PageNumber: input.PageNumber, PageSize: input.PageSize };
}
