import type { ErrorDefinition, Source } from "../contract/errors.ts";
import { type JsonSchema, objectSchema } from "../contract/json-schema.ts";
import { type AnyOperation, operationKey, type Statement } from "../contract/operation.ts";
import { knownOperationNames, products } from "../contract/products.ts";
import type { Fields, Shape } from "../contract/response.ts";
import { isTransitional, movesOf } from "../contract/state-table.ts";
import type { AnyKind } from "../contract/resource-kind.ts";
import { operationRules } from "../engine/operation-rules.ts";
import { errorsOf } from "../engine/operation-errors.ts";
import { planOf } from "./protocol-rules.ts";

/** The contract as plain data: what `GET /_linkspan/operations` answers and what the documentation is generated from. */

export interface OperationView {
  readonly product: string;
  readonly version: string;
  readonly name: string;
  readonly summary: string;
  readonly access: "read" | "write";
  readonly pollWith: string | null;
  readonly deprecated: AnyOperation["deprecated"] | null;
  readonly authorisation: Omit<AnyOperation["authorisation"], "fill">;
  readonly parameters: JsonSchema;
  readonly response: Readonly<Record<string, unknown>>;
  /** In the order in which they are judged, behind those of the protocol and of the parameters. */
  readonly rules: readonly RuleView[];
  readonly errors: readonly ErrorDefinition[];
  readonly implemented: true;
}

export interface RuleView {
  readonly rule: string;
  readonly code: string;
  readonly http: number;
  readonly message: string;
  readonly source: Source;
}
export function ruleView({ rule, error, source }: Statement): RuleView {
  return { rule, code: error.code, http: error.http, message: error.message, source: source ?? error.source };
}

/** The rules that every request meets before those of its operation, in the order in which they are judged, by signature version. */
export function protocolView(): Readonly<Record<"V1" | "V3", readonly (RuleView & { readonly stage: string })[]>> {
  const view = (signatureVersion: string) =>
    planOf(signatureVersion, undefined).map(({ stage, statement }) => Object.assign({ stage }, ruleView(statement)));
  return { V1: view("V1"), V3: view("V3") };
}

/** Operations that the official SDKs know and this server lacks, by product and name. */
export function unimplementedOperations(
  implemented: ReadonlyMap<string, AnyOperation>,
): { readonly product: string; readonly version: string; readonly name: string; readonly implemented: false }[] {
  return products.flatMap((product) =>
    knownOperationNames(product.version)
      .filter((name) => !implemented.has(operationKey(product, name)))
      .map((name) => ({ product: product.name, version: product.version, name, implemented: false })),
  );
}

export function operationView(operation: AnyOperation): OperationView {
  const { fill: _fill, ...authorisation } = operation.authorisation;
  return {
    product: operation.product.name,
    version: operation.product.version,
    name: operation.name,
    summary: operation.summary,
    access: "read" in operation ? "read" : "write",
    pollWith: operation.pollWith ?? null,
    deprecated: operation.deprecated ?? null,
    authorisation,
    parameters: objectSchema(operation.parameters),
    response: fieldsView(operation.response),
    rules: operationRules(operation).map(ruleView),
    errors: errorsOf(operation),
    implemented: true,
  };
}

function fieldsView(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, shapeView(shape)]));
}
function shapeView(shape: Shape): unknown {
  switch (shape.type) {
    case "list":
      return [shapeView(shape.item)];
    case "object":
      return fieldsView(shape.fields);
    case "optional":
      return shapeView(shape.inner);
    default:
      return shape.type;
  }
}

export function kindView(kind: AnyKind): Readonly<Record<string, unknown>> {
  return {
    name: kind.name,
    idPrefix: kind.idPrefix,
    states: Object.entries(kind.states.states).map(([name, state]) => ({
      name,
      shownAs: state.shownAs ?? name,
      meaning: state.meaning,
      transitional: isTransitional(kind.states, name),
    })),
    moves: movesOf(kind.states),
    patchable: kind.patchable ?? {},
  };
}
