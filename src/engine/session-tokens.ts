import { randomBytes } from "node:crypto";
import type { Session, SessionCredentials } from "../contract/operation.ts";
import type { SecretBox } from "./secrets.ts";

/**
 * Temporary keys are not stored: their SecurityToken holds all that there is to know, sealed with the key that encrypts stored secrets.
 * So every server that has this key file knows them, nobody without it can make one or change one, and nothing piles up.
 */

/** What a SecurityToken says. */
export interface SessionClaims {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly account: string;
  readonly roleId: string;
  readonly session: Session;
}

/** Keeps tokens apart from everything else that is sealed with the same key. */
const purpose = "security-token";
/** How temporary AccessKeyIds begin. */
export const temporaryKeyPrefix = "STS.";

/** Makes a temporary key of a role. */
export function issueSession(secrets: SecretBox, account: string, roleId: string, session: Session): SessionCredentials {
  const text = (bytes: number): string => randomBytes(bytes).toString("base64url").replace(/[-_]/g, "x");
  const accessKeyId = `${temporaryKeyPrefix}${text(18)}`;
  const secret = text(30);
  const claims: SessionClaims = { accessKeyId, secret, account, roleId, session };
  return { AccessKeyId: accessKeyId, AccessKeySecret: secret, SecurityToken: secrets.sealToken(JSON.stringify(claims), purpose) };
}

/** What a token says; `undefined` for one that was not made here, or changed. */
export function readToken(secrets: SecretBox, token: string): SessionClaims | undefined {
  const text = secrets.openToken(token, purpose);
  return text === undefined ? undefined : (JSON.parse(text) as SessionClaims);
}
