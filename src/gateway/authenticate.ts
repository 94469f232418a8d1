import { Refusal, missingParameter } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import { invalidParameter } from "../contract/errors.ts";
import { parseUtcSeconds } from "../contract/time.ts";
import type { SigningKey } from "../engine/engine.ts";
import {
  algorithmV3,
  canonicalRequest,
  parseAuthorization,
  signaturesAgree,
  signatureV1,
  signatureV3,
  stringToSignV1,
  stringToSignV3,
} from "./signature.ts";
import { mergedParameters, type WireRequest } from "./wire-request.ts";

/** How far a timestamp may lie from the server's wall clock, in milliseconds, both ways. */
export const timestampWindow = 15 * 60 * 1000;
/** How long a nonce is remembered: as long as a request that carries it could pass the time window. */
export const nonceLifetime = 2 * timestampWindow;

/** Parameters of the protocol itself, as either signature version carries them. */
export interface Protocol {
  readonly signatureVersion: "V1" | "V3";
  readonly action: string | undefined;
  readonly version: string | undefined;
}

/** A request that its key has signed. */
export interface Verified {
  readonly key: SigningKey;
  readonly nonce: string;
  readonly stringToSign: string;
}

/** Which signature a request carries, and which operation it names. */
export function protocolOf(request: WireRequest): Protocol {
  if (isV3(request)) {
    return { signatureVersion: "V3", action: request.headers.get("x-acs-action"), version: request.headers.get("x-acs-version") };
  }
  const parameters = commonParameters(request);
  return { signatureVersion: "V1", action: parameters.get("action"), version: parameters.get("version") };
}

function isV3(request: WireRequest): boolean {
  return request.headers.get("authorization")?.startsWith("ACS3-") === true;
}

/** Names are matched without letter case; of equal names the form's counts. */
export function commonParameters(request: Pick<WireRequest, "query" | "form">): ReadonlyMap<string, string> {
  return new Map(mergedParameters(request).map(({ name, value }) => [name.toLowerCase(), value]));
}

/**
 * Verifies key, time window and signature, in this order. The nonce is read and left to the caller to claim.
 * @param now wall time in milliseconds
 * @throws {Refusal} the documented error of the first thing that is wrong
 */
export async function authenticate(
  request: WireRequest,
  now: number,
  keyOf: (accessKeyId: string) => Promise<SigningKey | undefined>,
): Promise<Verified> {
  const claim = isV3(request) ? claimV3(request) : claimV1(request);
  const key = await keyOf(claim.accessKeyId);
  if (key === undefined) throw new Refusal(gatewayErrors.accessKeyNotFound);
  if (!key.usable) throw new Refusal(gatewayErrors.accessKeyInactive);
  // Only temporary keys come with a token.
  if (claim.securityToken !== undefined && claim.securityToken !== "") throw new Refusal(gatewayErrors.securityTokenMismatch);
  const time = parseUtcSeconds(claim.timestamp);
  if (time === undefined) throw new Refusal(gatewayErrors.timestampMalformed, [], "write it as YYYY-MM-DDThh:mm:ssZ, in UTC");
  if (Math.abs(now - time) > timestampWindow) {
    throw new Refusal(gatewayErrors.timestampExpired, [], `the server's time is ${new Date(now).toISOString()}`);
  }
  if (!signaturesAgree(claim.signature, claim.sign(key.secret))) {
    throw new Refusal(
      gatewayErrors.signatureMismatch,
      [claim.stringToSign],
      "compare the string to sign with your own; if they agree, the secret differs",
    );
  }
  return { key, nonce: claim.nonce, stringToSign: claim.stringToSign };
}

/** What a request says of its own signature. */
interface Claim {
  readonly accessKeyId: string;
  readonly securityToken: string | undefined;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly sign: (secret: string) => string;
}

/** Longest nonce that is accepted, in characters. */
const nonceLengthMax = 256;

function claimV1(request: WireRequest): Claim {
  const parameters = commonParameters(request);
  const required = (name: string): string => {
    const value = parameters.get(name.toLowerCase());
    if (value === undefined || value === "") throw new Refusal(missingParameter(name));
    return value;
  };
  const accessKeyId = required("AccessKeyId");
  const signature = required("Signature");
  const signatureMethod = required("SignatureMethod");
  const signatureVersion = required("SignatureVersion");
  const nonce = required("SignatureNonce");
  const timestamp = required("Timestamp");
  if (signatureMethod.toUpperCase() !== "HMAC-SHA1")
    throw new Refusal(gatewayErrors.signatureMethodInvalid, [], "HMAC-SHA1 is the only one");
  if (signatureVersion !== "1.0") throw new Refusal(invalidParameter("SignatureVersion"), [], "1.0 is the only one");
  if (nonce.length > nonceLengthMax) throw new Refusal(invalidParameter("SignatureNonce"), [], `at most ${nonceLengthMax} characters`);
  const stringToSign = stringToSignOf(request);
  return {
    accessKeyId,
    securityToken: parameters.get("securitytoken"),
    timestamp,
    nonce,
    signature,
    stringToSign,
    sign: (secret) => signatureV1(secret, stringToSign),
  };
}

/**
 * Headers that a V3 signature must cover: without them a request could be turned into another. (The content type is not among them,
 * because HTTP libraries add one after the SDK has signed.)
 */
const mustBeSigned = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];

/** What a request of either version must sign, whether or not the rest of its claim is in order. */
export function stringToSignOf(request: WireRequest): string {
  if (!isV3(request)) return stringToSignV1(request.method, mergedParameters(request));
  const signedHeaders = parseAuthorization(request.headers.get("authorization") ?? "")?.signedHeaders ?? [];
  return stringToSignV3(canonicalRequest({ ...request, signedHeaders }));
}

function claimV3(request: WireRequest): Claim {
  const { headers } = request;
  const authorization = parseAuthorization(headers.get("authorization") ?? "");
  if (authorization === undefined) {
    throw new Refusal(gatewayErrors.signatureIncomplete, [], "Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…");
  }
  if (authorization.algorithm !== algorithmV3)
    throw new Refusal(gatewayErrors.signatureMethodInvalid, [], `${algorithmV3} is the only one`);
  const required = (header: string, name: string): string => {
    const value = headers.get(header);
    if (value === undefined || value === "") throw new Refusal(missingParameter(name), [], `send it as header ${header}`);
    return value;
  };
  const nonce = required("x-acs-signature-nonce", "SignatureNonce");
  const timestamp = required("x-acs-date", "Timestamp");
  if (nonce.length > nonceLengthMax) throw new Refusal(invalidParameter("SignatureNonce"), [], `at most ${nonceLengthMax} characters`);
  const unsigned = mustBeSigned.find((name) => !authorization.signedHeaders.includes(name));
  if (unsigned !== undefined) throw new Refusal(gatewayErrors.signatureIncomplete, [], `SignedHeaders must include ${unsigned}`);
  const stringToSign = stringToSignOf(request);
  return {
    accessKeyId: authorization.accessKeyId,
    securityToken: headers.get("x-acs-security-token"),
    timestamp,
    nonce,
    signature: authorization.signature.toLowerCase(),
    stringToSign,
    sign: (secret) => signatureV3(secret, stringToSign),
  };
}
