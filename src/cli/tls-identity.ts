import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type SecretBox, syncFolder } from "../engine/secrets.ts";
import { type Certified, issueCertificate, newAuthority } from "../gateway/certificates.ts";
import type { TlsIdentity } from "../gateway/server.ts";

/**
 * The identity of the TLS listener: a certificate of a private authority (CA) that is made once and kept in the data folder.
 * `ca.sealed` holds the authority with its private key, encrypted; `ca.pem` is its certificate, for clients.
 */

/**
 * Takes up the folder's authority, or makes it, and issues a certificate for the names of this machine.
 * @param now wall time in milliseconds
 * @throws when the authority cannot be used; it is never replaced, because clients trust it
 */
export function tlsIdentity(folder: string, secrets: SecretBox, host: string, now: number): TlsIdentity {
  const caFile = resolve(folder, "ca.pem");
  const authority = authorityIn(folder, caFile, secrets, now);
  try {
    return { ...issueCertificate(authority, namesOf(host), now), caFile };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}. ${startAnew}`, { cause: error });
  }
}

const startAnew =
  "To have a new authority made, which every client must then be told to trust, delete ca.pem and ca.sealed from the data folder";

function authorityIn(folder: string, caFile: string, secrets: SecretBox, now: number): Certified {
  const sealedFile = join(folder, "ca.sealed");
  const trusted = existsSync(caFile) ? readFileSync(caFile, "utf8") : undefined;
  let authority: Certified;
  if (existsSync(sealedFile)) {
    authority = opened(sealedFile, secrets);
    if (trusted !== undefined && trusted !== authority.certificate) {
      throw new Error(`${caFile} is not the certificate of the authority in ca.sealed. Delete ca.pem, and it is written again`);
    }
  } else {
    if (trusted !== undefined) throw new Error(`${caFile} is there, but its private key in ca.sealed is not. ${startAnew}`);
    authority = newAuthority(now);
    writeWhole(sealedFile, secrets.seal(JSON.stringify(authority)), 0o600);
  }
  // The sealed file is written first, so that no client can learn of an authority that is lost in a crash.
  if (trusted === undefined) writeWhole(caFile, authority.certificate, 0o644);
  return authority;
}

function opened(sealedFile: string, secrets: SecretBox): Certified {
  try {
    return JSON.parse(secrets.open(readFileSync(sealedFile, "utf8"))) as Certified;
  } catch (cause) {
    throw new Error(`${sealedFile} cannot be opened with the key file that LINKSPAN_KEY_FILE names. ${startAnew}`, { cause });
  }
}

/** Writes a file that is there whole or not at all, whenever the machine stops. */
function writeWhole(path: string, text: string, mode: number): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { mode, flush: true });
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** By which names and addresses clients may reach a server that listens on `host`. */
function namesOf(host: string): string[] {
  const everywhere = host === "0.0.0.0" || host === "::";
  const own = everywhere ? Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address)) : [host];
  return [...new Set(["localhost", "127.0.0.1", "::1", hostname(), ...own])];
}
