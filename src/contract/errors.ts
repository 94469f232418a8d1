/** Where a statement of the contract comes from, strongest first. */
export type Source = "seed" | "client" | "public-docs" | "sdk-metadata" | "inferred";

/** One row of an error table: what a refused caller gets, word for word. */
export interface ErrorDefinition {
  readonly http: number;
  readonly code: string;
  /** Text of the answer; each `%s` is filled in by the rule that refuses. */
  readonly message: string;
  readonly source: Source;
}

/** Declares an error of the catalogue. Every code that a caller can meet is declared by this function, and nowhere else. */
export function error(http: number, code: string, message: string, source: Source): ErrorDefinition {
  return { http, code, message, source };
}

/** The documented answer of a refused call. Thrown by the gateway, the decoder and the engine; never by `apply`. */
export class Refusal extends Error {
  readonly definition: ErrorDefinition;
  /** For the reader of the request's story only: what was expected, in words. Not part of the answer. */
  readonly advice: string | undefined;
  /** Milliseconds after which the same call may succeed, where that is known: an integer of at least 1. */
  readonly retryAfter: number | undefined;

  constructor(definition: ErrorDefinition, fill: readonly string[] = [], advice?: string, retryAfter?: number) {
    super(fillIn(definition.message, fill));
    this.name = "Refusal";
    this.definition = definition;
    this.advice = advice;
    this.retryAfter = retryAfter;
  }
}

function fillIn(template: string, values: readonly string[]): string {
  let next = 0;
  return template.replace(/%s/g, () => values[next++] ?? "");
}

/** `Missing{Name}`: the gateway's answer for a mandatory parameter that is absent. */
export function missingParameter(name: string): ErrorDefinition {
  return error(400, `Missing${name}`, `${name} is mandatory for this action.`, "public-docs");
}

/** `Invalid{Name}`: the gateway's answer for a parameter outside its type or limits. */
export function invalidParameter(name: string): ErrorDefinition {
  return error(400, `Invalid${name}`, `Specified parameter ${name} is not valid.`, "public-docs");
}
