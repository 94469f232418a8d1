import type { AnyOperation } from "../../contract/operation.ts";
import type { AnyKind } from "../../contract/resource-kind.ts";
import { resourceGroup } from "../../services/resource-groups/resource-group.ts";
import { targetsOf } from "../operation-rules.ts";

/** Members of a call that are texts of the caller's own, whatever they look like. */
const labels: ReadonlySet<string> = new Set(["ClientToken", "Token", "Tag", "Tags"]);
/** Names of members that can hold ids of resources. */
const idName = /(Ids?|NextHop|Value)$/i;

/**
 * Makes the reader of what calls name: the values of their targets, names of users and roles among them, and every id of a resource
 * besides. Resource groups, which everything is in, do not count.
 */
export function namedReader(
  kinds: Iterable<AnyKind>,
): (operation: AnyOperation, input: Readonly<Record<string, unknown>>) => ReadonlySet<string> {
  const prefixes = new Set([...kinds].filter((kind) => kind.name !== resourceGroup.name).map(({ idPrefix }) => idPrefix));
  const isId = (text: string): boolean => prefixes.has(text.slice(0, Math.max(0, text.indexOf("-"))));
  return (operation, input) => {
    const named = new Set<string>();
    for (const [, { parameter }] of targetsOf(operation)) {
      const value = input[parameter];
      if (typeof value === "string") named.add(value);
    }
    const visit = (name: string, value: unknown): void => {
      if (typeof value === "string") {
        if (idName.test(name) && isId(value)) named.add(value);
      } else if (Array.isArray(value)) {
        for (const member of value) visit(name, member);
      } else if (typeof value === "object" && value !== null) {
        for (const [field, member] of Object.entries(value)) visit(field, member);
      }
    };
    for (const [name, value] of Object.entries(input)) if (!labels.has(name)) visit(name, value);
    return named;
  };
}
