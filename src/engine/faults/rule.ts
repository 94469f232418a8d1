import type { ErrorDefinition } from "../../contract/errors.ts";
import { missingParameter, Refusal } from "../../contract/errors.ts";
import { gatewayErrors } from "../../contract/gateway-errors.ts";
import { decodeJson } from "../../contract/json-input.ts";
import type { AnyOperation } from "../../contract/operation.ts";
import { type InputOf, integer, long, number, string } from "../../contract/parameters.ts";
import { products } from "../../contract/products.ts";
import type { AnyKind } from "../../contract/resource-kind.ts";
import { globMatcher } from "../../policy/glob.ts";
import { documentedErrors, nearest } from "./documented.ts";

/** What a fault rule can be, and which operations it can act on. */

/** Milliseconds that a call can be delayed at most. */
export const delayMax = 60_000;

const product = string({
  valid: (name) => products.some((one) => one.name === name),
  description: products.map(({ name }) => name).join(", "),
});
const pattern = { lengthMax: 128, pattern: /^[\w.*?/@-]+$/ } as const;

/** Members that a rule of any kind can have. */
const common = {
  product,
  operation: string({ ...pattern, description: "name of an operation, * and ? are wildcards; all operations if absent" }),
  account: long({ description: "UID of the account that calls; all accounts if absent" }),
  resource: string({ ...pattern, description: "id of a resource that the call names or makes, * and ? are wildcards" }),
  probability: number({ min: 0, max: 1, description: "share of the matching calls, 0 to 1, that the rule acts on; 1 if absent" }),
  seed: integer({ min: 0, description: "decides which calls these are, so that a run can be repeated; made if absent" }),
  after: integer({ min: 0, description: "how many matching calls pass first" }),
  count: integer({ min: 1, description: "how often the rule acts at most" }),
};
/** Members that only some kinds have, see `faultKinds`. */
const special = {
  code: string({ lengthMax: 128, pattern: /^[\w.-]+$/, description: "code of the error to answer" }),
  status: integer({ min: 400, max: 599, description: "HTTP status of the error" }),
  message: string({ lengthMax: 512, description: "text of the error; the documented one if absent" }),
  milliseconds: integer({ min: 1, description: "how long, see the kinds" }),
  state: string({ lengthMax: 64, description: "name of a state that ends by itself" }),
};
type Special = keyof typeof special;

/** Every kind of fault: what it does, and which members it has beside those that all have. */
export const faultKinds = {
  answer: {
    does: "answers with the error `code` instead of making the call; `status` and `message` follow from its documentation unless given",
    needs: ["code"],
    takes: ["status", "message"],
  },
  delay: { does: `holds the call back for so many milliseconds of wall time, at most ${delayMax}`, needs: ["milliseconds"], takes: [] },
  throttle: {
    does: "answers as the flow control does, asking to be called again after so many milliseconds (1000 if absent)",
    needs: [],
    takes: ["milliseconds"],
  },
  "server-error": { does: "answers with a server error, `status` 500 (if absent) or 503, and does nothing", needs: [], takes: ["status"] },
  "lose-answer": { does: "makes the call and then cuts the connection instead of answering", needs: [], takes: [] },
  "commit-then-error": {
    does: "makes the write and then answers with a server error, `status` 500 (if absent) or 503",
    needs: [],
    takes: ["status"],
  },
  "late-visibility": {
    does: "hides a resource from calls until it is so many milliseconds of virtual time old",
    needs: ["milliseconds"],
    takes: [],
  },
  "stuck-state": {
    does: "keeps a resource in a state that would end by itself (`state`; any in which work is being done if absent), for so many milliseconds of virtual time or else until the rule is removed",
    needs: [],
    takes: ["milliseconds", "state"],
  },
  "conflict-window": {
    does: "refuses with the error `code` every write that names a resource which a write has named or made in the last so many milliseconds of virtual time",
    needs: ["milliseconds", "code"],
    takes: ["status", "message"],
  },
} as const satisfies Readonly<
  Record<string, { readonly does: string; readonly needs: readonly Special[]; readonly takes: readonly Special[] }>
>;
export type FaultKind = keyof typeof faultKinds;
/** Kinds that only writes can meet. */
const ofWrites: readonly FaultKind[] = ["commit-then-error", "stuck-state", "conflict-window"];

export function isFaultKind(kind: string): kind is FaultKind {
  return Object.hasOwn(faultKinds, kind);
}
const kindOptions = { valid: isFaultKind, description: Object.keys(faultKinds).join(", ") } as const;
/** All members of a rule but its kind. */
export const faultMembers = { ...common, ...special };
/** A rule as it is declared. */
export const faultParameters = { kind: string({ ...kindOptions, required: true }), ...faultMembers };
/** The same where something else can stand in its place. */
export const optionalFaultParameters = { kind: string(kindOptions), ...faultMembers };

export type FaultRule = InputOf<typeof faultParameters> & { readonly kind: FaultKind };

/** A rule with the operations that it can act on, and the error that it answers to each, if it does. */
export interface ReadyRule {
  readonly rule: FaultRule;
  readonly operations: ReadonlyMap<AnyOperation, ErrorDefinition | undefined>;
}

/** @throws {Refusal} naming the member at fault */
export function faultRule(value: unknown): FaultRule {
  return decodeJson(faultParameters, value) as FaultRule;
}

/**
 * Holds a rule against the contract.
 * @param path stands before the names of members in refusals
 * @throws {Refusal} naming the member at fault, and what comes near it
 */
export function readyRule(
  rule: FaultRule,
  operations: ReadonlyMap<string, AnyOperation>,
  kinds: Iterable<AnyKind>,
  path: string = "",
): ReadyRule {
  const refuse = (member: string, advice: string): never => {
    throw new Refusal(gatewayErrors.parameterInvalid, [`${path}${member}`], `${path}${member}: ${advice}`);
  };
  const { needs, takes }: { needs: readonly Special[]; takes: readonly Special[] } = faultKinds[rule.kind];
  for (const member of Object.keys(special) as Special[]) {
    if (needs.includes(member) && rule[member] === undefined) {
      throw new Refusal(missingParameter(`${path}${member}`), [], `${rule.kind} ${faultKinds[rule.kind].does}`);
    }
    if (rule[member] !== undefined && ![...needs, ...takes].includes(member)) refuse(member, `a fault of kind ${rule.kind} has none`);
  }
  if (rule.kind === "delay" && (rule.milliseconds ?? 0) > delayMax) refuse("milliseconds", `at most ${delayMax}`);
  if (isServerError(rule.kind) && ![undefined, 500, 503].includes(rule.status)) refuse("status", "500 or 503");
  if (rule.state !== undefined) {
    const states = [...kinds].flatMap((kind) => Object.entries(kind.states.states).flatMap(([name, { task }]) => (task ? [name] : [])));
    if (!states.includes(rule.state)) refuse("state", `states that end by themselves are ${[...new Set(states)].join(", ")}`);
  }

  const name = globMatcher(rule.operation ?? "*");
  const ofProduct = [...operations.values()].filter((one) => rule.product === undefined || one.product.name === rule.product);
  const named = ofProduct.filter((one) => name(one.name));
  if (named.length === 0) {
    const near = nearest(
      rule.operation ?? "",
      ofProduct.map((one) => one.name),
    );
    refuse("operation", `no operation here is named so${near.length === 0 ? "" : `; near it: ${near.join(", ")}`}`);
  }
  const met = named.filter((one) => "apply" in one || !ofWrites.includes(rule.kind));
  if (met.length === 0) refuse("operation", `a fault of kind ${rule.kind} acts on writes only`);
  if (rule.code === undefined) return { rule, operations: new Map(met.map((one) => [one, undefined])) };

  const errors = new Map(met.flatMap((one) => [[one, errorFor(rule, one)] as const]).filter(([, error]) => error !== undefined));
  if (errors.size === 0) refuse("code", codeAdvice(rule, rule.code, met, operations.values()));
  return { rule, operations: errors };
}

export function isServerError(kind: FaultKind): boolean {
  return kind === "server-error" || kind === "commit-then-error";
}

/** The error of a rule at an operation: documented, or said whole by the rule; `undefined` for neither. */
function errorFor({ code = "", status, message }: FaultRule, operation: AnyOperation): ErrorDefinition | undefined {
  const rows = documentedErrors(operation).filter((one) => one.code === code);
  const documented = rows.find(({ http }) => http === status) ?? rows[0];
  if (documented !== undefined) return { ...documented, http: status ?? documented.http, message: message ?? documented.message };
  return status === undefined || message === undefined ? undefined : { http: status, code, message, source: "inferred" };
}

function codeAdvice({ operation = "*" }: FaultRule, code: string, met: readonly AnyOperation[], all: Iterable<AnyOperation>): string {
  const near = nearest(
    code,
    met.flatMap((one) => documentedErrors(one).map((error) => error.code)),
  );
  const elsewhere = [...all].filter((one) => documentedErrors(one).some((error) => error.code === code)).map((one) => one.name);
  return [
    `no documentation has this code for ${operation === "*" ? "any operation" : operation}`,
    ...(elsewhere.length === 0 ? [] : [`it is an error of ${[...new Set(elsewhere)].slice(0, 10).join(", ")}`]),
    ...(near.length === 0 ? [] : [`near it: ${near.join(", ")}`]),
    "to answer it all the same, give status and message too",
  ].join("; ");
}
