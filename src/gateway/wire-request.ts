import { Refusal } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import { invalidParameter } from "../contract/errors.ts";
import type { RawParameter } from "../contract/parameters.ts";
import { MalformedText, type Pair, parsePairs } from "./percent.ts";

/** Parameters of one request; more are refused before they are looked at. */
export const parametersMax = 2_000;

/** A request as it came from the socket, read but not believed. */
export interface WireRequest {
  readonly method: string;
  /** Headers by lower-case name; equal names are sorted and joined with a comma, as V3 signs them. */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: readonly Pair[];
  readonly form: readonly Pair[];
  readonly body: Uint8Array;
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
}

/**
 * Reads query and form.
 * @throws {Refusal} for broken percent-encoding, text that is not UTF-8, or too many parameters
 */
export function readParameters(url: string, contentType: string | undefined, body: Uint8Array): { query: Pair[]; form: Pair[] } {
  const mark = url.indexOf("?");
  try {
    const query = mark < 0 ? [] : parsePairs(url.slice(mark + 1));
    const form = isForm(contentType) && body.length > 0 ? parsePairs(utf8.decode(body)) : [];
    if (query.length + form.length > parametersMax) {
      throw new Refusal(gatewayErrors.requestMalformed, [`it has more than ${parametersMax} parameters`]);
    }
    return { query, form };
  } catch (error) {
    if (error instanceof MalformedText || error instanceof TypeError) {
      throw new Refusal(gatewayErrors.requestMalformed, ["percent-encoding or UTF-8 is broken"]);
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
export function mergedParameters({ query, form }: Pick<WireRequest, "query" | "form">): Pair[] {
  const inForm = new Set(form.map(({ name }) => name));
  return [...query.filter(({ name }) => !inForm.has(name)), ...form];
}

/** Names that parameters can have: anything else is a mistake or an attack, and is refused by name. */
const parameterName = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;
const parameterNameMax = 128;

/**
 * Refuses parameters that are given twice, letter case aside, and names that no parameter has.
 * @param declared the operation's parameters, for the spelling of the one at fault
 * @throws {Refusal} naming the parameter
 */
export function refuseAmbiguous(request: Pick<WireRequest, "query" | "form">, declared: readonly string[] = []): readonly RawParameter[] {
  const values = new Map<string, string>();
  for (const place of [request.query, request.form]) {
    const here = new Set<string>();
    for (const { name, value } of place) {
      if (!parameterName.test(name) || name.length > parameterNameMax) {
        throw new Refusal(
          gatewayErrors.parameterInvalid,
          [JSON.stringify(name.slice(0, parameterNameMax))],
          "no parameter has such a name",
        );
      }
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
  return mergedParameters(request);
}
