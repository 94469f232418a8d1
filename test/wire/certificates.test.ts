import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { issueCertificate, newAuthority } from "../../src/gateway/certificates.ts";
import { temporaryFolder } from "../support/server.ts";

/** Certificates as OpenSSL reads them, which had no part in writing them. */

const day = 24 * 60 * 60 * 1000;
const now = Date.UTC(2026, 5, 15, 12, 30, 45);
const authority = newAuthority(now);
const ca = new X509Certificate(authority.certificate);

test("an authority is valid for ten years, may sign certificates for servers only, and has the key that is told", () => {
  assert.equal(ca.ca, true);
  assert.equal(ca.subject, "CN=Linkspan CA");
  assert.ok(ca.validFromDate.getTime() < now);
  assert.equal(ca.validToDate.getTime(), now + 3650 * day);
  assert.equal(ca.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  assert.ok(ca.verify(ca.publicKey));
  assert.notEqual(newAuthority(now).certificate, authority.certificate);
});

test("an issued certificate is signed by the authority, is none itself, and names all hosts", () => {
  const hosts = ["localhost", "127.0.0.1", "::1", "host-1.example.com", "2001:db8::7:8", "::ffff:192.0.2.1", "fe80::1%eth0"];
  const issued = issueCertificate(authority, hosts, now);
  const certificate = new X509Certificate(issued.certificate);
  assert.ok(certificate.verify(ca.publicKey) && certificate.checkIssued(ca));
  assert.equal(certificate.ca, false);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  for (const host of ["localhost", "host-1.example.com"]) assert.equal(certificate.checkHost(host), host);
  for (const address of ["127.0.0.1", "::1", "2001:db8::7:8", "fe80::1"]) assert.equal(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost("other.example.com"), undefined);
  assert.equal(certificate.checkIP("127.0.0.2"), undefined);
  const other = issueCertificate(authority, hosts, now);
  assert.notEqual(other.key, issued.key);
  assert.notEqual(new X509Certificate(other.certificate).serialNumber, certificate.serialNumber);
});

test("it is valid for more than two years and less than the 825 days that clients allow", () => {
  const { validFromDate, validToDate } = new X509Certificate(issueCertificate(authority, [], now).certificate);
  const from = validFromDate.getTime();
  const to = validToDate.getTime();
  assert.ok(from < now && to - now > 730 * day && to - from < 825 * day);
});

test("no certificate outlives its authority, and an authority that has ended issues none", () => {
  const end = ca.validToDate.getTime();
  const last = new X509Certificate(issueCertificate(authority, [], end - 1000).certificate);
  assert.equal(last.validToDate.getTime(), end);
  assert.throws(() => issueCertificate(authority, [], end), /the certificate authority has expired on 2036-06-12/);
});

test("what is neither an address nor an ASCII host name is not written into a certificate", () => {
  const { subjectAltName } = new X509Certificate(issueCertificate(authority, ["", "höst", "a b", "localhost", "a\0b"], now).certificate);
  assert.equal(subjectAltName, "DNS:localhost");
});

test("times before and after 2050 are written as clients expect them", () => {
  for (const start of [Date.UTC(2039, 11, 31), Date.UTC(2049, 11, 31, 23, 59, 59), Date.UTC(2051, 0)]) {
    const { validFromDate, validToDate } = new X509Certificate(newAuthority(start).certificate);
    assert.deepEqual([validFromDate.getTime(), validToDate.getTime()], [start - day, start + 3650 * day]);
  }
});

test("OpenSSL finds nothing wrong with them, however strictly it looks", (t) => {
  if (spawnSync("openssl", ["version"]).status !== 0) return t.skip("openssl is missing: apt-get install openssl");
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [caFile, file] = [join(folder, "ca.pem"), join(folder, "server.pem")];
  for (let round = 0; round < 20; round++) {
    const made = newAuthority(Date.now());
    writeFileSync(caFile, made.certificate);
    writeFileSync(file, issueCertificate(made, ["localhost", "::1"], Date.now()).certificate);
    const options = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile", caFile];
    const { status, stderr } = spawnSync("openssl", ["verify", ...options, file], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }
});
