import { invalidParameter, missingParameter } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { AnyOperation, Statement } from "../contract/operation.ts";
import { parameterRules } from "../contract/parameter-rules.ts";
import { products } from "../contract/products.ts";
import { admissionRules, operationRules } from "../engine/operation-rules.ts";
import { algorithmV3 } from "./signature.ts";

/**
 * The rules of the protocol itself, in the order in which they are judged, with the limits that they speak of.
 * The code that judges names them from here, so a refusal, its story and the documentation cannot differ.
 */

/** A request must have arrived whole within this, in milliseconds; its headers earlier. */
export const requestTimeout = 30_000;
export const headersTimeout = 15_000;
export const headerBytesMax = 16 * 1024;
export const bodyBytesMax = 1024 * 1024;

/** What bytes must meet to become a request of the protocol. */
export const transportRules = {
  inTime: {
    rule: `the headers arrive within ${headersTimeout / 1000} seconds, and the whole request within ${requestTimeout / 1000}`,
    error: gatewayErrors.requestTimeout,
    advice: "send the request without pauses",
  },
  headersFit: {
    rule: `the headers have at most ${headerBytesMax} bytes`,
    error: gatewayErrors.headersTooLarge,
    advice: "send parameters in the body of a POST, as a form",
  },
  wellFormed: {
    rule: "the request is well-formed HTTP",
    error: gatewayErrors.requestMalformed,
    advice: "let an HTTP library write the request",
  },
  bodyFits: {
    rule: `the body has at most ${bodyBytesMax} bytes`,
    error: gatewayErrors.bodyTooLarge,
    advice: "send less in one request",
  },
  address: {
    rule: "the address is /, the only one of the API",
    error: gatewayErrors.apiNotFound,
    advice: "call the API at /; Linkspan's own addresses lie under /_linkspan/",
  },
  method: {
    rule: "the method is GET or POST",
    error: gatewayErrors.methodUnsupported,
    advice: "send the same parameters with GET or POST, and sign them with that method",
  },
} as const satisfies Readonly<Record<string, Statement>>;

/** Parameters of one request. No more than one beyond is read. */
export const parametersMax = 2_000;
export const formats = ["JSON", "XML"] as const;

/** What a request must meet to name an operation. */
export const requestRules = {
  ownPage: {
    rule: "no web page of another site made the request",
    error: gatewayErrors.foreignPage,
    advice: "call from a program, or from a page that this server delivered",
  },
  encoding: {
    rule: "query and form are UTF-8 in valid percent-encoding",
    error: gatewayErrors.requestMalformed,
    advice: "encode names and values as UTF-8, each reserved byte as %XX",
  },
  parameterCount: {
    rule: `there are at most ${parametersMax} parameters`,
    error: gatewayErrors.requestMalformed,
    advice: "send fewer parameters in one request",
  },
  format: {
    rule: `Format, if given, is ${formats.join(" or ")}`,
    error: gatewayErrors.formatInvalid,
    advice: `${formats.join(" and ")} are the formats`,
  },
  versionGiven: given("Version"),
  actionGiven: given("Action"),
  versionKnown: {
    rule: "Version is the API version of a product",
    error: gatewayErrors.versionInvalid,
    advice: `known versions: ${products.map(({ name, version }) => `${version} (${name})`).join(", ")}`,
  },
  actionKnown: {
    rule: "Action is an operation of this version, in the same letter case",
    error: gatewayErrors.actionNotFound,
    advice: "check the spelling of Action, and that Version is that of its product",
  },
  implemented: {
    rule: "this server implements the operation",
    error: gatewayErrors.unsupportedOperation,
    advice: "GET /_linkspan/operations lists what is implemented",
  },
  encrypted: {
    rule: "the request is encrypted or comes from this machine, where the operation asks for it",
    error: gatewayErrors.needSsl,
    advice: "send it over TLS; LINKSPAN_TLS_PORT opens a listener for it",
  },
} as const satisfies Readonly<Record<string, Statement>>;

/** Longest nonce that is accepted, in characters. */
export const nonceLengthMax = 256;
const nonceFits: Statement = {
  rule: `SignatureNonce has at most ${nonceLengthMax} characters`,
  error: invalidParameter("SignatureNonce"),
  source: "inferred",
  advice: `at most ${nonceLengthMax} characters`,
};

/**
 * Headers that a V3 signature must cover: without them a request could be turned into another. (The content type is not among them,
 * because HTTP libraries add one after the SDK has signed.)
 */
export const mustBeSigned = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];

/** What a request must say of its own signature, by signature version. */
export const claimRules = {
  V1: {
    AccessKeyId: given("AccessKeyId"),
    Signature: given("Signature"),
    SignatureMethod: given("SignatureMethod"),
    SignatureVersion: given("SignatureVersion"),
    SignatureNonce: given("SignatureNonce"),
    Timestamp: given("Timestamp"),
    method: {
      rule: "SignatureMethod is HMAC-SHA1",
      error: gatewayErrors.signatureMethodInvalid,
      advice: "HMAC-SHA1 is the only one",
    },
    version: {
      rule: "SignatureVersion is 1.0",
      error: invalidParameter("SignatureVersion"),
      advice: "1.0 is the only one",
    },
    nonceFits,
  },
  V3: {
    wellFormed: {
      rule: "the Authorization header has the form of a V3 signature",
      error: gatewayErrors.signatureIncomplete,
      advice: `Authorization: ${algorithmV3} Credential=…,SignedHeaders=…,Signature=…`,
    },
    algorithm: {
      rule: `the Authorization header names ${algorithmV3}`,
      error: gatewayErrors.signatureMethodInvalid,
      advice: `${algorithmV3} is the only one`,
    },
    SignatureNonce: given("SignatureNonce", "x-acs-signature-nonce"),
    Timestamp: given("Timestamp", "x-acs-date"),
    nonceFits,
    coverage: {
      rule: `SignedHeaders names ${mustBeSigned.join(", ")}`,
      error: gatewayErrors.signatureIncomplete,
      source: "inferred",
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Statement>>>>;

/** How far a timestamp may lie from the server's wall clock, in milliseconds, both ways. */
export const timestampWindow = 15 * 60 * 1000;

/**
 * Requests with unknown keys or wrong signatures that an address other than loopback may send at once, and the milliseconds in which it
 * earns one more.
 */
export const failedSignaturesAtOnce = 20;
export const failedSignatureInterval = 3_000;

/** What key, time and signature must meet, whatever the signature version. */
export const signatureRules = {
  addressWithinLimit: {
    rule:
      `the address, unless it is this machine's own, has not sent more than ${failedSignaturesAtOnce} requests with unknown keys or ` +
      `wrong signatures, and one in ${failedSignatureInterval / 1000} seconds since`,
    error: gatewayErrors.userThrottled,
    source: "inferred",
  },
  tokenGiven: {
    rule: "a temporary access key comes with its SecurityToken",
    error: gatewayErrors.securityTokenMissing,
    advice: "send the SecurityToken that AssumeRole answered together with the key",
  },
  tokenWellFormed: {
    rule: "the SecurityToken of a temporary access key is one that AssumeRole answered here",
    error: gatewayErrors.securityTokenMalformed,
    advice: "send the SecurityToken as AssumeRole answered it, to the server that answered it",
  },
  keyKnown: {
    rule: "the access key exists",
    error: gatewayErrors.accessKeyNotFound,
    advice: "check the AccessKeyId, and that the client calls the server that the key was made on",
  },
  keyEnabled: {
    rule: "the access key, its account, and its user or role are there and enabled",
    error: gatewayErrors.accessKeyInactive,
    advice:
      "make the key active with UpdateAccessKey, or sign with another; a temporary key ends with its role, and every key with its account",
  },
  tokenFitsKey: {
    rule: "a SecurityToken comes with the temporary access key that it was made for, and with no other",
    error: gatewayErrors.securityTokenMismatch,
    advice: "send the AccessKeyId, the secret and the SecurityToken of one answer of AssumeRole; with other keys leave SecurityToken out",
  },
  tokenCurrent: {
    rule: "the SecurityToken is not past its Expiration, by the server's virtual time",
    error: gatewayErrors.securityTokenExpired,
    advice: "call AssumeRole again",
  },
  timestampWellFormed: {
    rule: "Timestamp is written as YYYY-MM-DDThh:mm:ssZ",
    error: gatewayErrors.timestampMalformed,
    advice: "write it as YYYY-MM-DDThh:mm:ssZ, in UTC",
  },
  timestampCurrent: {
    rule: `Timestamp is within ${timestampWindow / 60_000} minutes of the server's clock`,
    error: gatewayErrors.timestampExpired,
  },
  match: {
    rule: "the signature is the one that the secret of this key gives for the string to sign",
    error: gatewayErrors.signatureMismatch,
    advice: "compare the string to sign with your own; if they agree, the secret differs",
  },
  nonceIsNew: {
    rule: "no recent request of this key had the same SignatureNonce",
    error: gatewayErrors.nonceUsed,
    advice: "give every request a SignatureNonce of its own, also one that is sent again",
  },
  keyWithinLimit: { rule: "the access key keeps within its rate limit, if it has one", error: gatewayErrors.userThrottled },
  accountWithinLimit: { rule: "the account keeps within its rate limit, if it has one", error: gatewayErrors.userThrottled },
} as const satisfies Readonly<Record<string, Statement>>;

/** What the names of a request's parameters must meet; which parameter is at fault, the answer names. */
export const nameRules = {
  possible: {
    rule: "each parameter has a name that parameters can have",
    error: gatewayErrors.parameterInvalid,
    source: "inferred",
    advice: "no parameter has such a name",
  },
  once: { rule: "no parameter is given twice, letter case aside", error: invalidParameter("{Name}"), source: "inferred" },
} as const satisfies Readonly<Record<string, Statement>>;

function given(name: string, header?: string): Statement {
  return {
    rule: `${name} is given`,
    error: missingParameter(name),
    advice: header === undefined ? `send ${name} with every request` : `send it as header ${header}`,
  };
}

/** Rules that are judged together, under the name that the story gives them. */
export const stages = ["transport", "request", "signature", "parameters", "permission", "operation"] as const;
export type Stage = (typeof stages)[number];

/** A rule that a request is to meet. */
export interface Planned {
  readonly stage: Stage;
  readonly statement: Statement;
}

/** Every rule that a request is judged by, in order, as far as its signature version and its operation are known. */
export function planOf(signatureVersion: string, operation: AnyOperation | undefined): readonly Planned[] {
  const claim = signatureVersion === "V1" || signatureVersion === "V3" ? Object.values(claimRules[signatureVersion]) : [];
  const ofStages: readonly (readonly [Stage, Iterable<Statement>])[] = [
    ["transport", Object.values(transportRules)],
    ["request", Object.values(requestRules)],
    ["signature", [...claim, ...Object.values(signatureRules)]],
    ["parameters", [...Object.values(nameRules), ...(operation === undefined ? [] : parameterRules(operation.parameters).values())]],
    ["permission", operation === undefined ? [] : admissionRules(operation)],
    ["operation", operation === undefined ? [] : operationRules(operation)],
  ];
  return ofStages.flatMap(([stage, statements]) => Array.from(statements, (statement) => ({ stage, statement })));
}
