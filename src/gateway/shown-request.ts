import type { AnyOperation } from "../contract/operation.ts";
import type { Parameter, Parameters, RawParameter } from "../contract/parameters.ts";
import { remembered } from "../contract/worked-out-once.ts";
import { mask } from "../engine/secrets.ts";
import { canonicalRequestOf, protocolOf, stringToSignOf, type Verified } from "./authenticate.ts";
import { cut, type RequestRecord } from "./request-log.ts";
import { mergedParameters, type WireRequest } from "./wire-request.ts";

/** What the request log shows of a request: nothing that may be secret, and nothing without end. */

/** What the request log keeps of one request at most: parameters, and characters of a name, a value and the string to sign. */
const shownParametersMax = 50;
export const shownNameMax = 128;
const shownValueMax = 256;
const shownStringMax = 4_096;
/** Characters of all parameters together. */
const shownParametersLengthMax = 4_096;

/**
 * Parameters and string to sign as they may be shown. What the operation declares is shown unless it is secret; what it does not declare,
 * and all that comes for an operation which is not there, may be a secret and is masked. The signature itself tells nothing and is left out.
 */
export function shownRequest({
  request,
  operation,
  verified,
}: {
  readonly request: WireRequest | undefined;
  readonly operation: AnyOperation | undefined;
  readonly verified: Verified | undefined;
}): Pick<RequestRecord, "parameters" | "stringToSign" | "canonicalRequest" | "masked"> {
  if (request === undefined) return { parameters: {}, stringToSign: "", canonicalRequest: "", masked: false };
  const shown = shownNames(operation?.parameters ?? noParameters);
  const isMasked = ({ name, value }: RawParameter): boolean => shown.get(withoutNumbers(name))?.(value) !== true;
  const show = (pairs: readonly RawParameter[]): RawParameter[] =>
    pairs
      .filter(({ name }) => name.toLowerCase() !== "signature")
      .map((pair) => ({ name: pair.name, value: isMasked(pair) ? mask : pair.value }));
  const all = mergedParameters(request);
  const masked = all.some((pair) => pair.name.toLowerCase() !== "signature" && isMasked(pair));
  const isV3 = protocolOf(request).signatureVersion === "V3";
  const asShown = masked ? { ...request, query: show(request.query), form: show(request.form) } : request;
  let length = 0;
  const parameters = show(all.slice(0, shownParametersMax))
    .map(({ name, value }): [string, string] => [cut(name, shownNameMax), cut(value, shownValueMax)])
    .filter(([name, value]) => (length += name.length + value.length) <= shownParametersLengthMax);
  return {
    parameters: Object.fromEntries(parameters),
    stringToSign: cut(masked || verified === undefined ? stringToSignOf(asShown) : verified.stringToSign, shownStringMax),
    canonicalRequest: isV3 ? cut(shownCanonicalRequest(asShown, !masked), shownStringMax) : "",
    masked,
  };
}

/** Signed headers that tell nothing secret. Which headers a caller signs is up to the caller. */
const shownHeaders = new Set(["host", "content-type", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"]);
const contentHash = "x-acs-content-sha256";

/** The canonical request of V3 as it may be shown. The hash of a body in which something is masked could be guessed from, so it is masked too. */
function shownCanonicalRequest(request: WireRequest, formIsShown: boolean): string {
  const bodyIsShown = request.body.length === 0 || (request.form.length > 0 && formIsShown);
  const headers = new Map(
    [...request.headers].map(([name, value]) => [name, shownHeaders.has(name) || (name === contentHash && bodyIsShown) ? value : mask]),
  );
  const canonical = canonicalRequestOf(request, headers);
  return bodyIsShown ? canonical : canonical.replace(/[0-9a-f]{64}$/, mask);
}

/** Names of the protocol's own parameters that tell nothing secret. */
const protocolNames = [
  "action",
  "version",
  "format",
  "accesskeyid",
  "signaturemethod",
  "signatureversion",
  "signaturenonce",
  "signaturetype",
  "timestamp",
];

/**
 * Lower-case names of parameters that may be shown, list numbers left out, each with what tells whether a value may be.
 * An object has no value of its own, so what is sent as one is nothing that the operation declares.
 */
const shownNames = remembered((parameters: Parameters): Map<string, (value: string) => boolean> => {
  const names = new Map<string, (value: string) => boolean>(protocolNames.map((name) => [name, () => true]));
  const visit = (name: string, parameter: Parameter): void => {
    if (parameter.options.secret === true) return;
    if (parameter.type === "json") names.set(name.toLowerCase(), (value) => holdsOnly(parameter.fields ?? {}, value));
    else if (parameter.type === "list" && parameter.item !== undefined) visit(name, parameter.item);
    else if (parameter.type !== "object") names.set(name.toLowerCase(), () => true);
    for (const [field, inner] of Object.entries(parameter.fields ?? {})) visit(`${name}.${field}`, inner);
  };
  for (const [name, parameter] of Object.entries(parameters)) visit(name, parameter);
  return names;
});
const noParameters: Parameters = {};
/** Whether a text is a JSON object with no other members than those declared, none of them secret. */
function holdsOnly(fields: Parameters, value: string): boolean {
  const known = new Set(Object.entries(fields).flatMap(([name, { options }]) => (options.secret === true ? [] : [name.toLowerCase()])));
  try {
    const given: unknown = JSON.parse(value);
    if (typeof given !== "object" || given === null) return false;
    return Object.entries(given).every(([name, member]) => known.has(name.toLowerCase()) && typeof member !== "object");
  } catch {
    return false;
  }
}
function withoutNumbers(name: string): string {
  const lower = name.toLowerCase();
  return lower.includes(".") ? lower.replace(/\.\d+(?=\.|$)/g, "") : lower;
}
