import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
/** How tokens begin, as the cloud's security tokens do. A hyphen in front would make command lines take one for an option. */
const tokenPrefix = "CAIS";

/** What stands for a secret wherever one would be shown. */
export const mask = "******";

/** Encrypts the secret fields of stored resources (AES-256-GCM), so that the data folder alone gives none away. */
export class SecretBox {
  /** Not as bytes, which would be prepared anew for every secret: that takes three times as long as the secret itself. */
  readonly #key: KeyObject;

  constructor(key: Buffer) {
    if (key.length !== keyBytes) throw new Error(`the key that encrypts stored secrets must have ${keyBytes} bytes, it has ${key.length}`);
    this.#key = createSecretKey(key);
  }

  /** @param purpose what is sealed for one purpose does not open for another */
  seal(secret: string, purpose = ""): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    // Base64 as it stands in addresses: some of what is sealed goes to clients and comes back there.
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** Seals what goes to clients and comes back from them. @param purpose a token for one purpose does not open for another */
  sealToken(text: string, purpose: string): string {
    return `${tokenPrefix}${this.seal(text, purpose)}`;
  }
  /** `undefined` for what was not sealed as a token with this key for this purpose, or was changed since. */
  openToken(token: string, purpose: string): string | undefined {
    return token.startsWith(tokenPrefix) ? this.tryOpen(token.slice(tokenPrefix.length), purpose) : undefined;
  }

  /** @throws when the secret was sealed with another key */
  open(sealed: string): string {
    // Stores of earlier versions spell it with other letters.
    const opened = this.#openBytes(Buffer.from(sealed, "base64"), "");
    if (opened === undefined)
      throw new Error("a stored secret cannot be decrypted: LINKSPAN_KEY_FILE is not the key file that this data folder was made with");
    return opened;
  }

  /** `undefined` for what was not sealed with this key for this purpose, or was changed since. */
  tryOpen(sealed: string, purpose: string): string | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    // The decoder overlooks letters that are none of its own, and bits behind the last byte: only the spelling that `seal` gave counts.
    return bytes.toString("base64url") === sealed ? this.#openBytes(bytes, purpose) : undefined;
  }

  #openBytes(bytes: Buffer, purpose: string): string | undefined {
    if (bytes.length < ivBytes + tagBytes) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }

  /** The same for the same text, in hexadecimal. Without the key nobody can try which text it is of, so the text may hold secrets. */
  fingerprint(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("hex");
  }
}

/** Makes the folder's new entries survive a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Reads the key file, or makes it with a fresh random key that only its owner may read. */
export function secretBoxFrom(keyFile: string): SecretBox {
  if (!existsSync(keyFile)) {
    mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
    writeFileSync(keyFile, `${randomBytes(keyBytes).toString("base64")}\n`, { mode: 0o600, flag: "wx", flush: true });
    syncFolder(dirname(keyFile));
  }
  return new SecretBox(Buffer.from(readFileSync(keyFile, "utf8").trim(), "base64"));
}
