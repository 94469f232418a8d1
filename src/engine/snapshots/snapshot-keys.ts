import { randomBytes, scrypt } from "node:crypto";
import { SecretBox } from "../secrets.ts";

/**
 * Each snapshot has a random key of its own for the secrets in it. It lies in the file, locked: by the server's key file, and by a passphrase
 * if one is given, so that the file opens elsewhere too.
 */

const keyBytes = 32;
const saltBytes = 16;
const purpose = "snapshot key";
/** How a passphrase becomes a key: so that a try takes a third of a second and 128 MiB. The file names it, because a later version may ask for more. */
const derivation = "scrypt-131072-8-1";
const cost = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

export interface LockedKey {
  readonly cipher: "aes-256-gcm";
  readonly byKeyFile: string;
  readonly byPassphrase?: { readonly derivation: string; readonly salt: string; readonly key: string };
}

/** A fresh key, and how it stands in the file. */
export async function newSnapshotKey(
  server: SecretBox,
  passphrase: string | undefined,
): Promise<{ readonly box: SecretBox; readonly locked: LockedKey }> {
  const key = randomBytes(keyBytes);
  const text = key.toString("base64");
  const locked: LockedKey = { cipher: "aes-256-gcm", byKeyFile: server.seal(text, purpose) };
  const box = new SecretBox(key);
  if (passphrase === undefined) return { box, locked };
  const salt = randomBytes(saltBytes);
  const sealed = (await boxOf(passphrase, salt)).seal(text, purpose);
  return { box, locked: { ...locked, byPassphrase: { derivation, salt: salt.toString("base64"), key: sealed } } };
}

/** The key of a file; `undefined` when neither the server's key file nor the passphrase opens it. */
export async function openSnapshotKey(
  server: SecretBox,
  { byKeyFile, byPassphrase }: LockedKey,
  passphrase: string | undefined,
): Promise<SecretBox | undefined> {
  const opened = server.tryOpen(byKeyFile, purpose) ?? (await openByPassphrase(byPassphrase, passphrase));
  const key = Buffer.from(opened ?? "", "base64");
  return key.length === keyBytes ? new SecretBox(key) : undefined;
}

async function openByPassphrase(locked: LockedKey["byPassphrase"], passphrase: string | undefined): Promise<string | undefined> {
  if (locked === undefined || passphrase === undefined || locked.derivation !== derivation) return undefined;
  return (await boxOf(passphrase, Buffer.from(locked.salt, "base64"))).tryOpen(locked.key, purpose);
}

function boxOf(passphrase: string, salt: Buffer): Promise<SecretBox> {
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize("NFC"), salt, keyBytes, cost, (error, key) =>
      error === null ? resolve(new SecretBox(key)) : reject(error),
    ),
  );
}
