import { invalidParameter, Refusal } from "../contract/errors.ts";
import { remembered } from "../contract/worked-out-once.ts";
import { MalformedText, type Pair, parsePairs } from "./percent.ts";
import { nameRules, parametersMax, requestRules } from "./protocol-rules.ts";

/** A request as it came from the socket, read but not believed. */
export interface WireRequest {
  readonly method: string;
  /** Headers by lower-case name; equal names are sorted and joined with a comma, as V3 signs them. */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: readonly Pair[];
  readonly form: readonly Pair[];
  readonly body: Uint8Array;
  /** The IP address that it came from. */
  readonly address: string;
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
}

/**
 * Reads query and form: of each at most one parameter more than a request may have.
 * @throws {Refusal} for broken percent-encoding and text that is not UTF-8
 */
export function readParameters(url: string, contentType: string | undefined, body: Uint8Array): { query: Pair[]; form: Pair[] } {
  const mark = url.indexOf("?");
  try {
    return {
      query: mark < 0 ? [] : parsePairs(url.slice(mark + 1), parametersMax + 1),
      form: isForm(contentType) && body.length > 0 ? parsePairs(utf8.decode(body), parametersMax + 1) : [],
    };
  } catch (error) {
    if (error instanceof MalformedText || error instanceof TypeError) {
      const { error: definition, advice } = requestRules.encoding;
      throw new Refusal(definition, ["percent-encoding or UTF-8 is broken"], advice);
    }
    throw error;
  }
}
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A body without a content type counts as a form; old clients send none. */
function isForm(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/x-www-form-urlencoded\b/i.test(contentType);
}

/** Query and form as one list. A parameter sent in both places counts once; the form's value is the one that clients sign. */
export const mergedParameters = remembered(({ query, form }: Pick<WireRequest, "query" | "form">): readonly Pair[] => {
  if (query.length === 0 || form.length === 0) return form.length === 0 ? query : form;
  const inForm = new Set(form.map(({ name }) => name));
  return [...query.filter(({ name }) => !inForm.has(name)), ...form];
});

/** Names that parameters can have: anything else is a mistake or an attack, and is refused by name. */
const parameterName = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;
const parameterNameMax = 128;

/**
 * Refuses names that no parameter has.
 * @throws {Refusal} naming the first
 */
export function refuseImpossibleNames({ query, form }: Pick<WireRequest, "query" | "form">): void {
  const impossible = [...query, ...form].find(({ name }) => !parameterName.test(name) || name.length > parameterNameMax);
  if (impossible === undefined) return;
  const { error, advice } = nameRules.possible;
  throw new Refusal(error, [JSON.stringify(impossible.name.slice(0, parameterNameMax))], advice);
}

/**
 * Refuses parameters that are given twice, letter case aside.
 * @param declared the operation's parameters, for the spelling of the one at fault
 * @throws {Refusal} naming the parameter
 */
export function refuseAmbiguous(request: Pick<WireRequest, "query" | "form">, declared: readonly string[] = []): void {
  const values = new Map<string, string>();
  for (const place of [request.query, request.form]) {
    const here = new Set<string>();
    for (const { name, value } of place) {
      const key = name.toLowerCase();
      if (here.has(key) || (values.get(key) ?? value) !== value) {
        const root = name.split(".")[0] ?? name;
        const spelling = declared.find((one) => one.toLowerCase() === root.toLowerCase()) ?? root;
        throw new Refusal(invalidParameter(spelling), [], `${name} is given twice`);
      }
      here.add(key);
      values.set(key, value);
    }
  }
}
