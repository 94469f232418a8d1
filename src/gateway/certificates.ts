import { createPublicKey, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import forge from "node-forge";
import { day } from "../contract/time.ts";

/** Certificates of the TLS listener: a private certificate authority (CA), and what it issues. Pure but for random numbers. */

/** A certificate with its private key, both as PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

const authorityName = "Linkspan CA";
const authorityLifetime = 3650 * day;
/** Clients of Apple refuse a server's certificate that is valid for more than 825 days. */
const serverLifetime = 800 * day;
/** Certificates are valid from a moment before they are made, for clients whose clock is behind. */
const clockTolerance = day;
/** The library knows no elliptic curves. */
const keyBits = 2048;

/** Makes a certificate authority. Times are wall times in milliseconds. */
export function newAuthority(now: number): Certified {
  const key = newKey();
  const extensions = [
    { name: "basicConstraints", critical: true, cA: true, pathLenConstraint: 0 },
    { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
    { name: "subjectKeyIdentifier" },
  ];
  return { key, certificate: signed({ subject: authorityName, key, now, end: now + authorityLifetime, extensions }, key) };
}

/**
 * Issues a server's certificate for host names and addresses, with a key of its own. It ends with the authority at the latest.
 * @throws when the authority has expired
 */
export function issueCertificate(authority: Certified, hosts: readonly string[], now: number): Certified {
  const authorityEnd = new X509Certificate(authority.certificate).validToDate.getTime();
  if (authorityEnd <= now) throw new Error(`the certificate authority has expired on ${new Date(authorityEnd).toISOString()}`);
  const key = newKey();
  const authorityKeyId = forge.pki.certificateFromPem(authority.certificate).generateSubjectKeyIdentifier().getBytes();
  const extensions = [
    { name: "basicConstraints", critical: true, cA: false },
    { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: hosts.flatMap(alternativeName) },
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: authorityKeyId },
  ];
  const end = Math.min(now + serverLifetime, authorityEnd);
  return { key, certificate: signed({ subject: "Linkspan", key, now, end, extensions }, authority.key) };
}

function newKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: keyBits }).privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

interface Content {
  readonly subject: string;
  /** The private key to whose public half the certificate belongs. */
  readonly key: string;
  readonly now: number;
  readonly end: number;
  readonly extensions: readonly { readonly name: string }[];
}

/** A certificate of the authority's, signed with its key. */
function signed({ subject, key, now, end, extensions }: Content, authorityKey: string): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(createPublicKey(key).export({ type: "spki", format: "pem" }) as string);
  // The first digit makes it neither negative nor shorter than it looks.
  certificate.serialNumber = `4${randomBytes(16).toString("hex").slice(1)}`;
  certificate.validity.notBefore = new Date(now - clockTolerance);
  certificate.validity.notAfter = new Date(end);
  certificate.setSubject([{ name: "commonName", value: subject }]);
  certificate.setIssuer([{ name: "commonName", value: authorityName }]);
  certificate.setExtensions([...extensions]);
  certificate.sign(forge.pki.privateKeyFromPem(authorityKey), forge.md.sha256.create());
  return new X509Certificate(forge.pki.certificateToPem(certificate)).toString();
}

/** A host as certificates name it; none for what is neither an address nor a host name in ASCII. */
function alternativeName(host: string): ({ type: 7; ip: string } | { type: 2; value: string })[] {
  // What follows % names an interface of this machine.
  const [address = ""] = host.split("%");
  if (isIP(address) !== 0) return [{ type: 7, ip: plainAddress(address) }];
  return /^[A-Za-z0-9._-]+$/.test(host) ? [{ type: 2, value: host }] : [];
}
/** The library reads IPv6 addresses in groups only, which is how URLs write them. */
function plainAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
