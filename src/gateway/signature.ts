import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { type Pair, percentEncode } from "./percent.ts";

/** Both signatures of the RPC protocol, as pure functions of a request and a secret. */

/** Percent-encoded pairs, sorted by name in byte order and joined. */
function canonicalPairs(pairs: readonly Pair[]): string {
  return [...pairs]
    .sort((a, b) => compareBytes(a.name, b.name) || compareBytes(a.value, b.value))
    .map(({ name, value }) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}
function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  // Strings compare by units of UTF-16, whose order is that of the bytes of UTF-8 but where a character takes two of them.
  return surrogate.test(a) || surrogate.test(b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
}
const surrogate = /[\ud800-\udfff]/;

/** V1 (HMAC-SHA1): what is signed of a request with these parameters; `Signature` itself is left out. */
export function stringToSignV1(method: string, parameters: readonly Pair[]): string {
  const signed = parameters.filter(({ name }) => name.toLowerCase() !== "signature");
  return `${method}&%2F&${percentEncode(canonicalPairs(signed))}`;
}
export function signatureV1(secret: string, stringToSign: string): string {
  return createHmac("sha1", `${secret}&`).update(stringToSign).digest("base64");
}

export const algorithmV3 = "ACS3-HMAC-SHA256";

/** V3 (ACS3-HMAC-SHA256): the parts of a request that its signature covers. */
export interface CanonicalRequest {
  readonly method: string;
  readonly query: readonly Pair[];
  /** Signed headers by lower-case name, equal names joined. */
  readonly headers: ReadonlyMap<string, string>;
  /** Names of the signed headers, in the caller's order. */
  readonly signedHeaders: readonly string[];
  readonly body: Uint8Array;
}
export function canonicalRequest({ method, query, headers, signedHeaders, body }: CanonicalRequest): string {
  const names = [...signedHeaders].sort(compareBytes);
  const lines = names.map((name) => `${name}:${(headers.get(name) ?? "").trim()}\n`);
  return [method, "/", canonicalPairs(query), lines.join(""), names.join(";"), hash("sha256", body)].join("\n");
}
export function stringToSignV3(canonical: string): string {
  return `${algorithmV3}\n${hash("sha256", canonical)}`;
}
export function signatureV3(secret: string, stringToSign: string): string {
  return createHmac("sha256", secret).update(stringToSign).digest("hex");
}

/** Compares signatures in a time that does not depend on where they differ. */
export function signaturesAgree(given: string, calculated: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(calculated)];
  // How long a signature is, everybody knows.
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The parts of an `Authorization` header of V3; `undefined` when it has not that form. */
export function parseAuthorization(
  header: string,
): { algorithm: string; accessKeyId: string; signedHeaders: string[]; signature: string } | undefined {
  const match = /^(\S+)\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9A-Za-z+/=]+)$/.exec(header.trim());
  if (match === null) return undefined;
  const [, algorithm = "", accessKeyId = "", signedHeaders = "", signature = ""] = match;
  return { algorithm, accessKeyId, signedHeaders: signedHeaders.toLowerCase().split(";"), signature };
}
