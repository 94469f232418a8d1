import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clientErrors } from "../../contract/client-errors.ts";
import type { ErrorDefinition } from "../../contract/errors.ts";
import { gatewayErrors } from "../../contract/gateway-errors.ts";
import { type AnyOperation, operationKey } from "../../contract/operation.ts";
import { globMatcher } from "../../policy/glob.ts";
import { errorsOf } from "../operation-errors.ts";

/** The documented API: of each operation, among other things, the errors that its page lists. */
const referencePath = join(import.meta.dirname, "..", "..", "..", "docs", "reference", "api.json");

type Reference = Readonly<Record<string, { readonly errors: readonly Omit<ErrorDefinition, "source">[] } | undefined>>;
let reference: Reference | undefined;

const known = new WeakMap<AnyOperation, readonly ErrorDefinition[]>();

/**
 * Every error that an operation can answer in the cloud: those that it has here, those that its page lists, those that clients expect of
 * it, and those of all operations. One code can have several entries; the first is meant where nothing else is said.
 * The first call reads the documentation from the disk.
 */
export function documentedErrors(operation: AnyOperation): readonly ErrorDefinition[] {
  let errors = known.get(operation);
  if (errors === undefined) {
    reference ??= JSON.parse(readFileSync(referencePath, "utf8")) as Reference;
    const listed = reference[operationKey(operation.product, operation.name)]?.errors ?? [];
    errors = [
      ...errorsOf(operation),
      ...listed.map(({ http, code, message }): ErrorDefinition => ({ http, code, message, source: "public-docs" })),
      ...clientErrors.flatMap(({ error, operations }) => (operations.some((name) => globMatcher(name)(operation.name)) ? [error] : [])),
      ...Object.values(gatewayErrors),
    ];
    known.set(operation, errors);
  }
  return errors;
}

/** How many texts are offered to somebody who has misspelt one. */
const nearMax = 5;

/** Those of `texts` that are closest to `text`, the closest first. */
export function nearest(text: string, texts: Iterable<string>): string[] {
  const wanted = text.toLowerCase();
  const rated = [...new Set(texts)].map((one) => {
    const other = one.toLowerCase();
    const contains = wanted !== "" && (other.includes(wanted) || wanted.includes(other));
    return { one, distance: contains ? 0 : editDistance(wanted, other) };
  });
  const far = Math.max(3, Math.ceil(text.length / 2));
  return rated
    .filter(({ distance }) => distance <= far)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, nearMax)
    .map(({ one }) => one);
}

/** How many characters have to be put in, taken out or replaced to make one text of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
