import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { day } from "../contract/time.ts";
import { bits, integer, objectId, octets, sequence, set, tagged, taggedBytes, time, utf8, yes } from "./der.ts";

/** Certificates of the TLS listener: a private certificate authority (CA), and what it issues. Pure but for random numbers. */

/** A certificate with its private key, both as PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

const authorityLifetime = 3650 * day;
/** Clients of Apple refuse a server's certificate that is valid for more than 825 days. */
const serverLifetime = 800 * day;
/** Certificates are valid from a moment before they are made, for clients whose clock is behind. */
const clockTolerance = day;

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

/** Makes a certificate authority. Times are wall times in milliseconds. */
export function newAuthority(now: number): Certified {
  const keys = newKeys();
  const certificate = signed(
    {
      subject: "Linkspan CA",
      issuer: "Linkspan CA",
      key: keys.publicKey,
      notBefore: now - clockTolerance,
      notAfter: now + authorityLifetime,
    },
    [
      extension("2.5.29.19", "critical", sequence(yes, integer(0))), // basic constraints: a CA, of no other CA
      extension("2.5.29.15", "critical", bits(Buffer.from([0b0000_0110]), 1)), // key usage: sign certificates and revocation lists
      extension("2.5.29.14", "", octets(keyId(keys.publicKey))),
    ],
    keys.privateKey,
  );
  return { certificate, key: pemOf(keys.privateKey) };
}

/**
 * Issues a server's certificate for host names and addresses, with a key of its own. It ends with the authority at the latest.
 * @throws when the authority has expired
 */
export function issueCertificate(authority: Certified, hosts: readonly string[], now: number): Certified {
  const authorityKey = createPrivateKey(authority.key);
  const authorityEnd = new X509Certificate(authority.certificate).validToDate.getTime();
  if (authorityEnd <= now) throw new Error(`the certificate authority has expired on ${new Date(authorityEnd).toISOString()}`);
  const keys = newKeys();
  const certificate = signed(
    {
      subject: "Linkspan",
      issuer: "Linkspan CA",
      key: keys.publicKey,
      notBefore: now - clockTolerance,
      notAfter: Math.min(now + serverLifetime, authorityEnd),
    },
    [
      extension("2.5.29.19", "critical", sequence()), // basic constraints: no CA
      extension("2.5.29.15", "critical", bits(Buffer.from([0b1000_0000]), 7)), // key usage: sign
      extension("2.5.29.37", "", sequence(objectId("1.3.6.1.5.5.7.3.1"))), // extended key usage: a TLS server
      extension("2.5.29.17", "", sequence(...hosts.flatMap(alternativeName))),
      extension("2.5.29.14", "", octets(keyId(keys.publicKey))),
      extension("2.5.29.35", "", sequence(taggedBytes(0, keyId(createPublicKey(authorityKey))))),
    ],
    authorityKey,
  );
  return { certificate, key: pemOf(keys.privateKey) };
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}
function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}
function derOf(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}
/** By which a certificate names its key and that of its issuer. */
function keyId(key: KeyObject): Buffer {
  return hash("sha256", derOf(key), "buffer").subarray(0, 20);
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate (RFC 5280, version 3) as PEM. */
function signed({ subject, issuer, key, notBefore, notAfter }: Content, extensions: readonly Buffer[], issuerKey: KeyObject): string {
  const content = sequence(
    tagged(0, integer(2)), // version 3
    serialNumber(),
    ecdsaWithSha256,
    commonName(issuer),
    sequence(time(notBefore), time(notAfter)),
    commonName(subject),
    derOf(key),
    tagged(3, sequence(...extensions)),
  );
  const certificate = sequence(content, ecdsaWithSha256, bits(sign("sha256", content, issuerKey)));
  return new X509Certificate(certificate).toString();
}

function serialNumber(): Buffer {
  const [first = 0, ...rest] = randomBytes(16);
  // Neither negative nor with a leading zero.
  return integer((first & 0x3f) | 0x40, ...rest);
}
function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId("2.5.4.3"), utf8(name))));
}
function extension(id: string, critical: "critical" | "", value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical === "" ? [] : [yes]), octets(value));
}

/** A host as certificates name it; none for what is neither an address nor a host name in ASCII. */
function alternativeName(host: string): Buffer[] {
  if (isIPv4(host)) return [taggedBytes(7, Buffer.from(host.split(".").map(Number)))];
  if (isIPv6(host)) return [taggedBytes(7, ipv6Bytes(host))];
  return /^[A-Za-z0-9._-]+$/.test(host) ? [taggedBytes(2, Buffer.from(host))] : [];
}
function ipv6Bytes(address: string): Buffer {
  // URLs have one way to write an address, with groups only; what follows % names an interface of this machine.
  const normal = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = normal.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}
