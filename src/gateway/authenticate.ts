import { parseUtcSeconds } from "../contract/time.ts";
import { parsedOnce, remembered } from "../contract/worked-out-once.ts";
import type { Engine, SigningKey } from "../engine/engine.ts";
import { temporaryKeyPrefix } from "../engine/session-tokens.ts";
import { demand, type Story } from "../engine/story.ts";
import { claimRules, mustBeSigned, nonceLengthMax, signatureRules, timestampWindow } from "./protocol-rules.ts";
import type { RateLimits } from "./rate-limits.ts";
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
export const commonParameters = remembered(
  (request: Pick<WireRequest, "query" | "form">): ReadonlyMap<string, string> =>
    new Map(mergedParameters(request).map(({ name, value }) => [name.toLowerCase(), value])),
);

/**
 * Verifies key, time window and signature, in this order. The nonce is read and left to the caller to claim, and so are the limits
 * on key and account.
 * @param now wall time in milliseconds
 * @param limits counts what an address signs wrongly
 * @param story is told which rules held, and which refused
 * @throws {Refusal} the documented error of the first thing that is wrong
 */
export async function authenticate(
  request: WireRequest,
  now: number,
  keys: Pick<Engine, "claimsOf" | "signingKey">,
  limits: RateLimits,
  story: Story,
): Promise<Verified> {
  const claim = isV3(request) ? claimV3(request, story) : claimV1(request, story);
  const isTemporary = claim.accessKeyId.startsWith(temporaryKeyPrefix);
  const claims = isTemporary ? keys.claimsOf(claim.securityToken) : undefined;
  const isForged = isTemporary && claims === undefined;
  const key = isForged ? undefined : await keys.signingKey(claim.accessKeyId, claims);
  // Judged behind the last wait: of requests that come at the same time, each is counted before the next is judged.
  limits.admitAddress(request, now, story);
  if (key === undefined) limits.countFailedSignature(request, now);
  demand(story, signatureRules.tokenGiven, !isTemporary || claim.securityToken !== "");
  demand(story, signatureRules.tokenWellFormed, !isForged);
  demand(story, signatureRules.keyKnown, key !== undefined);
  demand(story, signatureRules.keyEnabled, key.usable);
  // Only temporary keys come with a token, each with its own.
  demand(story, signatureRules.tokenFitsKey, isTemporary ? claims?.accessKeyId === claim.accessKeyId : claim.securityToken === "");
  demand(story, signatureRules.tokenCurrent, !key.expired);
  const time = timeOf(claim.timestamp).time;
  demand(story, signatureRules.timestampWellFormed, time !== undefined);
  const isCurrent = Math.abs(now - time) <= timestampWindow;
  demand(story, signatureRules.timestampCurrent, isCurrent, [], `the server's time is ${new Date(now).toISOString()}`);
  const matches = signaturesAgree(claim.signature, claim.sign(key.secret));
  if (!matches) limits.countFailedSignature(request, now);
  demand(story, signatureRules.match, matches, [claim.stringToSign]);
  return { key, nonce: claim.nonce, stringToSign: claim.stringToSign };
}

/** Requests of the same second say the same. */
const timeOf = parsedOnce((timestamp) => ({ time: parseUtcSeconds(timestamp) }));

/** What a request says of its own signature. */
interface Claim {
  readonly accessKeyId: string;
  /** The empty string where there is none. */
  readonly securityToken: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly sign: (secret: string) => string;
}

function claimV1(request: WireRequest, story: Story): Claim {
  const rules = claimRules.V1;
  const parameters = commonParameters(request);
  const required = (name: keyof typeof rules): string => {
    const value = parameters.get(name.toLowerCase());
    demand(story, rules[name], value !== undefined && value !== "");
    return value;
  };
  const accessKeyId = required("AccessKeyId");
  const signature = required("Signature");
  const signatureMethod = required("SignatureMethod");
  const signatureVersion = required("SignatureVersion");
  const nonce = required("SignatureNonce");
  const timestamp = required("Timestamp");
  demand(story, rules.method, signatureMethod.toUpperCase() === "HMAC-SHA1");
  demand(story, rules.version, signatureVersion === "1.0");
  demand(story, rules.nonceFits, nonce.length <= nonceLengthMax);
  const stringToSign = stringToSignOf(request);
  return {
    accessKeyId,
    securityToken: parameters.get("securitytoken") ?? "",
    timestamp,
    nonce,
    signature,
    stringToSign,
    sign: (secret) => signatureV1(secret, stringToSign),
  };
}

/** What a request of either version must sign, whether or not the rest of its claim is in order. */
export function stringToSignOf(request: WireRequest): string {
  return isV3(request) ? stringToSignV3(canonicalRequestOf(request)) : stringToSignV1(request.method, mergedParameters(request));
}
/** The canonical request of V3, of which the string to sign holds only a hash. `headers` may stand in for those that were sent. */
export function canonicalRequestOf(request: WireRequest, headers: ReadonlyMap<string, string> = request.headers): string {
  const signedHeaders = parseAuthorization(request.headers.get("authorization") ?? "")?.signedHeaders ?? [];
  return canonicalRequest({ ...request, headers, signedHeaders });
}

function claimV3(request: WireRequest, story: Story): Claim {
  const rules = claimRules.V3;
  const { headers } = request;
  const authorization = parseAuthorization(headers.get("authorization") ?? "");
  demand(story, rules.wellFormed, authorization !== undefined);
  demand(story, rules.algorithm, authorization.algorithm === algorithmV3);
  const required = (header: string, rule: keyof typeof rules): string => {
    const value = headers.get(header);
    demand(story, rules[rule], value !== undefined && value !== "");
    return value;
  };
  const nonce = required("x-acs-signature-nonce", "SignatureNonce");
  const timestamp = required("x-acs-date", "Timestamp");
  demand(story, rules.nonceFits, nonce.length <= nonceLengthMax);
  const unsigned = mustBeSigned.find((name) => !authorization.signedHeaders.includes(name));
  demand(story, rules.coverage, unsigned === undefined, [], `SignedHeaders must include ${unsigned}`);
  const stringToSign = stringToSignOf(request);
  return {
    accessKeyId: authorization.accessKeyId,
    securityToken: headers.get("x-acs-security-token") ?? "",
    timestamp,
    nonce,
    signature: authorization.signature.toLowerCase(),
    stringToSign,
    sign: (secret) => signatureV3(secret, stringToSign),
  };
}
