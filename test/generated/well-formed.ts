import assert from "node:assert/strict";
import { invalidParameter, missingParameter } from "../../src/contract/errors.ts";
import { gatewayErrors } from "../../src/contract/gateway-errors.ts";
import type { AnyOperation } from "../../src/contract/operation.ts";
import { optional, structure } from "../../src/contract/response.ts";
import { errorsOf } from "../../src/engine/operation-errors.ts";
import { assertFields, assertXmlFields, parsedXml } from "../support/answers.ts";
import { requestIdPattern } from "../wire/raw.ts";

/** What every answer has in common, whatever was asked. */

export interface Received {
  readonly status: number;
  readonly headers: { get(name: string): string | null | undefined };
  readonly text: string;
}
/** An answer as it was read. */
export interface Read {
  /** `OK`, or the code of the error. */
  readonly code: string;
  readonly requestId: string;
  readonly format: "JSON" | "XML";
  /** The body without its RequestId. */
  readonly said: unknown;
}

/** Elements of the protocol, by the names that errors have for them. */
const protocolElements = [
  "Version",
  "Action",
  "AccessKeyId",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "SignatureNonce",
  "Timestamp",
];
/** HTTP status by code: what any call can meet before its operation is asked. */
const protocolStatus = new Map(
  [
    ...Object.values(gatewayErrors),
    ...protocolElements.map((name) => missingParameter(name)),
    invalidParameter("SignatureVersion"),
    invalidParameter("SignatureNonce"),
  ].map(({ code, http }) => [code, http]),
);
const text = { type: "string" } as const;
const errorFields = { RequestId: text, HostId: text, Code: text, Message: text, Recommend: text } as const;
/** What a denied caller is told besides. */
const denialFields = structure({
  AuthAction: text,
  AuthPrincipalDisplayName: text,
  AuthPrincipalOwnerId: text,
  AuthPrincipalType: text,
  NoPermissionType: text,
  PolicyType: text,
  EncodedDiagnosticMessage: text,
});

/**
 * Asserts that an answer has the form that its status calls for: bytes that say what the headers say, exactly the declared fields,
 * a code that the operation or the protocol declares, with its status; and that it is no fault of the server.
 * @param operation the operation that was asked; `undefined` where the request cannot have reached one
 * @param names of the parameters that were sent: one that comes twice is refused by its name, declared or not
 */
export function assertWellFormed(answer: Received, operation: AnyOperation | undefined, names: readonly string[] = []): Read {
  assert.ok(answer.status < 500, `status ${answer.status}`);
  const type = answer.headers.get("content-type") ?? "";
  const format = type === "application/json" ? "JSON" : "XML";
  const isXml = format === "XML";
  const isError = answer.status !== 200;
  if (isXml) assert.equal(type, isError ? "text/xml;charset=utf-8" : "application/xml");
  const fields = { RequestId: text, ...(isError ? { ...errorFields, AccessDeniedDetail: optional(denialFields) } : operation?.response) };
  const body = isXml
    ? elementOf(answer.text, isError ? "Error" : `${operation?.name}Response`)
    : (JSON.parse(answer.text) as Record<string, any>);
  if (isXml) assertXmlFields(fields, body, "answer");
  else assertFields(fields, body, "answer");
  assert.ok(answer.text.isWellFormed());

  const { RequestId: requestId, ...said } = body;
  assert.match(requestId, requestIdPattern);
  assert.equal(answer.headers.get("x-acs-request-id"), requestId, "the header repeats the RequestId");
  if (!isError) {
    assert.ok(operation !== undefined, "nothing that has no operation succeeds");
    return { code: "OK", requestId, format, said };
  }
  const { Code: code, Recommend, HostId } = said;
  assert.equal(Recommend, `http://${HostId}/_linkspan/requests/${requestId}`);
  // Some codes are documented with two statuses.
  const declared = operation === undefined ? [] : errorsOf(operation).flatMap((error) => (error.code === code ? [error.http] : []));
  const other = protocolStatus.get(code) ?? (isOfOneGivenTwice(code, names) ? invalidParameter("").http : undefined);
  const statuses = declared.length > 0 ? declared : [other];
  assert.ok(statuses.includes(answer.status), `${code} is declared with status ${statuses.join(" or ")}, not ${answer.status}`);
  return { code, requestId, format, said };
}

function elementOf(document: string, name: string): Record<string, any> {
  const tree = parsedXml(document);
  assert.deepEqual(Object.keys(tree), [name]);
  return tree[name];
}
function isOfOneGivenTwice(code: string, names: readonly string[]): boolean {
  const sameRoot = names.map((name) => name.toLowerCase()).filter((name) => code.toLowerCase() === `invalid${name.split(".")[0] ?? ""}`);
  return new Set(sameRoot).size < sameRoot.length;
}
