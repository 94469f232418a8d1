import { type Arn, arnOf, patternTest } from "./resource.ts";

/** Policies that allow what was called, and nothing else. */

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The policy of one statement that allows an action on these resources, as `parsePolicy` reads it. */
export function smallestPolicy(action: string, resources: readonly string[]): object {
  const kept = new Set(narrowed(resources));
  // In the order in which they are asked for: whoever reads it compares it with the call.
  return documentOf([{ actions: [action], resources: [...new Set(resources)].filter((one) => kept.has(one)) }]);
}

/**
 * The least policies that allow all calls. Actions with the same resources share a statement; the result depends on neither the order
 * of the calls nor on repetitions.
 * @param documentLengthMax characters of a document's JSON; only one action on one resource may be longer
 */
export function leastPolicies(
  calls: Iterable<{ readonly action: string; readonly resources: readonly string[] }>,
  documentLengthMax: number,
): object[] {
  const resourcesOf = new Map<string, Set<string>>();
  for (const { action, resources } of calls) {
    const known = resourcesOf.get(action) ?? new Set();
    for (const resource of resources) known.add(resource);
    resourcesOf.set(action, known);
  }
  const byResources = new Map<string, { actions: string[]; resources: string[] }>();
  for (const action of [...resourcesOf.keys()].sort()) {
    const resources = narrowed([...(resourcesOf.get(action) ?? [])]);
    const key = JSON.stringify(resources);
    const group = byResources.get(key) ?? { actions: [], resources };
    group.actions.push(action);
    byResources.set(key, group);
  }
  return packed(
    [...byResources.values()].flatMap((statement) => cut(statement, documentLengthMax)),
    documentLengthMax,
  ).map(documentOf);
}

/** Sorted, without repetitions and without what another of them covers as a pattern. */
function narrowed(resources: readonly string[]): string[] {
  if (resources.includes("*")) return ["*"];
  const arns = [...new Set(resources)].sort().map(arnOf);
  const namesakes = Map.groupBy(arns, ({ relative }) => relative);
  const covered = new Set<Arn>();
  for (const pattern of arns.filter(({ text }) => isPattern(text))) {
    // Of two that cover each other one stays.
    if (covered.has(pattern)) continue;
    const isCovered = patternTest(pattern.text);
    // Recordings have thousands that are patterns in their region alone. Those cover nothing but their namesakes.
    const candidates = isPattern(pattern.relative) ? arns : (namesakes.get(pattern.relative) ?? []);
    for (const arn of candidates) if (arn !== pattern && isCovered(arn)) covered.add(arn);
  }
  return arns.filter((arn) => !covered.has(arn)).map(({ text }) => text);
}
function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** Halves a statement until each part fits into a document of its own. */
function cut(statement: Statement, lengthMax: number): Statement[] {
  const { actions, resources } = statement;
  if (lengthOf([statement]) <= lengthMax) return [statement];
  if (resources.length > 1) return halves(resources).flatMap((half) => cut({ actions, resources: half }, lengthMax));
  if (actions.length > 1) return halves(actions).flatMap((half) => cut({ actions: half, resources }, lengthMax));
  return [statement];
}
function halves<T>(list: readonly T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

function packed(statements: readonly Statement[], lengthMax: number): Statement[][] {
  const documents: Statement[][] = [];
  let open: Statement[] | undefined;
  for (const statement of statements) {
    if (open !== undefined && lengthOf([...open, statement]) <= lengthMax) {
      open.push(statement);
    } else {
      open = [statement];
      documents.push(open);
    }
  }
  return documents;
}

function lengthOf(statements: readonly Statement[]): number {
  return JSON.stringify(documentOf(statements)).length;
}
function documentOf(statements: readonly Statement[]): object {
  return {
    Version: "1",
    Statement: statements.map(({ actions, resources }) => ({ Effect: "Allow", Action: single(actions), Resource: single(resources) })),
  };
}
function single<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? (list[0] as T) : list;
}
