import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Refusal } from "../../src/contract/errors.ts";
import type { SigningKey } from "../../src/engine/engine.ts";
import { rootCaller } from "../../src/engine/principals.ts";
import { newStory } from "../../src/engine/story.ts";
import { authenticate } from "../../src/gateway/authenticate.ts";
import { timestampWindow } from "../../src/gateway/protocol-rules.ts";
import { RateLimits } from "../../src/gateway/rate-limits.ts";
import { canonicalRequest, signatureV3, stringToSignV3 } from "../../src/gateway/signature.ts";
import { readParameters, type WireRequest } from "../../src/gateway/wire-request.ts";
import { type Answer, Caller, type CallOptions, type Key } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { signedTarget } from "./raw.ts";

/** Who calls: keys, signatures, the time window, and the common parameters of both signature versions. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const at = (offset: number): string => `${new Date(Date.now() + offset).toISOString().slice(0, 19)}Z`;
const regions = (options: CallOptions = {}): Promise<Answer> => server.requester.vpc("DescribeRegions", {}, options);

/** Keeps what it sent last. */
class RecordingCaller extends Caller {
  path = "";
  sent: Record<string, string> = {};
  override send(method: string, path: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Answer> {
    this.path = path;
    this.sent = headers;
    return super.send(method, path, body, headers);
  }
}
const tail = "Specified signature is not matched with our calculation. server string to sign is:";

// Signatures

for (const place of ["query", "form"] as const) {
  test(`with a wrong secret the V1 mismatch carries the string that the client signed (${place})`, async () => {
    const client = new RecordingCaller(server.url, { ...requesterKey, secret: "wrong" });
    const answer = refusedWith(
      await client.vpc("CreateVpc", { RegionId: "cn-hangzhou", VpcName: "a b*c~中 &=%" }, { place }),
      "SignatureDoesNotMatch",
    );
    const message = String(answer.body.Message);
    assert.ok(message.startsWith(tail), message);
    const given = new URL(`${server.url}${client.path}`).searchParams.get("Signature");
    assert.equal(createHmac("sha1", "wrong&").update(message.slice(tail.length)).digest("base64"), given);
    assert.equal(succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: "cn-hangzhou" })).body.TotalCount, 0);
  });
}

test("with a wrong secret the V3 mismatch carries the string that the client signed", async () => {
  const client = new RecordingCaller(server.url, { ...requesterKey, secret: "wrong" });
  const answer = await client.vpc("CreateVpc", { RegionId: "cn-hangzhou" }, { signature: "V3", place: "form" });
  const message = String(refusedWith(answer, "SignatureDoesNotMatch").body.Message);
  assert.ok(message.startsWith(tail), message);
  const given = /Signature=([0-9a-f]{64})$/.exec(client.sent["authorization"] ?? "")?.[1];
  assert.equal(createHmac("sha256", "wrong").update(message.slice(tail.length)).digest("hex"), given);
});

for (const given of ["AAAA", "x", "OMCw+DayEW9OMST8uncZfVEEtlw=", "\u0000", "中".repeat(200)]) {
  test(`a V1 signature ${JSON.stringify(given.slice(0, 30))} is not matched`, async () => {
    refusedWith(await regions({ common: { Signature: given } }), "SignatureDoesNotMatch");
  });
}

test("the key of one account does not sign for the other", async () => {
  const mixed = new Caller(server.url, { ...requesterKey, secret: accepterKey.secret });
  refusedWith(await mixed.vpc("DescribeRegions"), "SignatureDoesNotMatch");
  refusedWith(await mixed.vpc("DescribeRegions", {}, { signature: "V3" }), "SignatureDoesNotMatch");
});

// Time

const inside: readonly number[] = [-timestampWindow + 10_000, -60_000, 60_000, timestampWindow - 10_000];
const outside: readonly number[] = [-timestampWindow - 10_000, timestampWindow + 10_000, -365 * 86_400_000, 365 * 86_400_000];
for (const signature of ["V1", "V3"] as const) {
  const field = signature === "V1" ? "Timestamp" : "x-acs-date";
  for (const offset of inside) {
    test(`a ${signature} request ${offset / 1000} s away from the server's time is accepted`, async () => {
      succeeded(await regions({ signature, common: { [field]: at(offset) } }));
    });
  }
  for (const offset of outside) {
    test(`a ${signature} request ${offset / 1000} s away from the server's time is expired`, async () => {
      refusedWith(await regions({ signature, common: { [field]: at(offset) } }), "InvalidTimeStamp.Expired");
    });
  }
  for (const malformed of [
    "now",
    "1767323045",
    "2026-01-02 03:04:05",
    "2026-01-02T03:04:05",
    "2026-01-02T03:04:05.000Z",
    "2026-01-02T03:04:05+00:00",
    "2026-02-30T03:04:05Z",
    "2026-13-01T03:04:05Z",
    "2026-01-02T24:00:00Z",
    "2026-1-2T3:4:5Z",
    "+012026-01-02T03:04:05Z",
  ]) {
    test(`${malformed} is no timestamp of a ${signature} request`, async () => {
      refusedWith(await regions({ signature, common: { [field]: malformed } }), "InvalidTimeStamp.Format");
    });
  }
}

test("virtual time does not move the time window", async () => {
  await server.advance(7 * 24 * 3600);
  succeeded(await regions());
  refusedWith(await regions({ common: { Timestamp: at(7 * 86_400_000) } }), "InvalidTimeStamp.Expired");
});

/** A request as the gateway hands it to the verifier, whose time is an argument. */
function wireRequest(target: string): WireRequest {
  const body = new Uint8Array();
  return {
    method: "GET",
    headers: new Map(),
    ...readParameters(target, undefined, body),
    body,
    address: "127.0.0.1",
    isLoopback: true,
    isEncrypted: false,
  };
}
const signingKey: SigningKey = {
  caller: rootCaller(requesterKey.account, requesterKey.id),
  secret: requesterKey.secret,
  usable: true,
  expired: false,
  rateLimits: { key: undefined, account: undefined },
};
const keys = (found: SigningKey): Parameters<typeof authenticate>[2] => ({ claimsOf: () => undefined, signingKey: async () => found });
const withCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Refusal && error.definition.code === code;

test("the window is 15 minutes to the millisecond, both ways", async () => {
  const request = wireRequest(signedTarget(requesterKey, "2016-04-28", "DescribeRegions"));
  const signed = Date.parse(request.query.find(({ name }) => name === "Timestamp")?.value ?? "");
  for (const distance of [-900_000, 900_000]) {
    assert.equal((await authenticate(request, signed + distance, keys(signingKey), new RateLimits(), newStory())).key, signingKey);
    const beyond = signed + distance + Math.sign(distance);
    await assert.rejects(
      authenticate(request, beyond, keys(signingKey), new RateLimits(), newStory()),
      withCode("InvalidTimeStamp.Expired"),
    );
  }
});

// Keys

test("an unknown key is not found, whatever else is wrong", async () => {
  for (const id of ["LTAIunknown", requesterKey.id.toLowerCase(), requesterKey.account, "__proto__", "中"]) {
    const unknown = new Caller(server.url, { ...requesterKey, id });
    refusedWith(await unknown.vpc("DescribeRegions"), "InvalidAccessKeyId.NotFound", 404);
    refusedWith(await unknown.vpc("DescribeRegions", {}, { common: { Timestamp: at(86_400_000) } }), "InvalidAccessKeyId.NotFound", 404);
  }
  const unknown = new Caller(server.url, { ...requesterKey, id: "LTAIunknown" });
  refusedWith(await unknown.vpc("DescribeRegions", {}, { signature: "V3" }), "InvalidAccessKeyId.NotFound", 404);
});

test("a temporary key wants the token that it was made with", async () => {
  const temporary = (token?: string): Caller =>
    new Caller(server.url, { ...requesterKey, id: "STS.unknown", ...(token === undefined ? {} : { token }) });
  for (const signature of ["V1", "V3"] as const) {
    refusedWith(await temporary().vpc("DescribeRegions", {}, { signature }), "MissingSecurityToken", 400);
    refusedWith(await temporary("CAIS").vpc("DescribeRegions", {}, { signature }), "InvalidSecurityToken.Malformed", 400);
  }
});

test("a key of a disabled account is inactive, and its resources stay", async () => {
  const created = await server.admin("POST", "accounts", { name: "to-be-disabled" });
  const key: Key = { account: created.body.account.uid, id: created.body.key.AccessKeyId, secret: created.body.key.AccessKeySecret };
  const caller = new Caller(server.url, key);
  const { VpcId } = succeeded(await caller.vpc("CreateVpc", { RegionId: "cn-hangzhou" })).body;
  assert.equal((await server.admin("DELETE", "accounts/to-be-disabled")).body.account.state, "Disabled");
  refusedWith(await caller.vpc("DescribeRegions"), "InvalidAccessKeyId.Inactive");
  refusedWith(await caller.vpc("CreateVpc", { RegionId: "cn-hangzhou" }, { signature: "V3" }), "InvalidAccessKeyId.Inactive");
  const stored = await server.store.read((rows) => rows.resource(VpcId));
  assert.equal(JSON.parse(stored?.body ?? "{}").account, key.account);
});

test("an inactive key is refused even when everything else is right", async () => {
  const request = wireRequest(signedTarget(requesterKey, "2016-04-28", "DescribeRegions"));
  await assert.rejects(
    authenticate(request, Date.now(), keys({ ...signingKey, usable: false }), new RateLimits(), newStory()),
    withCode("InvalidAccessKeyId.Inactive"),
  );
});

test("a permanent key comes without a security token", async () => {
  const code = "InvalidSecurityToken.MismatchWithAccessKey";
  refusedWith(await server.requester.vpc("DescribeRegions", {}, { extra: [["SecurityToken", "CAIS"]] }), code);
  refusedWith(await regions({ signature: "V3", common: { "x-acs-security-token": "CAIS", "x-acs-accesskey-id": requesterKey.id } }), code);
  // Clients without a token may send the parameter all the same.
  succeeded(await server.requester.vpc("DescribeRegions", {}, { extra: [["SecurityToken", ""]] }));
});

// Common parameters

test("each common parameter of V1 is mandatory, and an empty one counts as absent", async () => {
  const names = ["Action", "Version", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"];
  for (const name of names) {
    for (const value of [undefined, ""]) {
      const { body } = refusedWith(await regions({ common: { [name]: value } }), `Missing${name}`);
      assert.equal(body.Message, `${name} is mandatory for this action.`);
    }
  }
});

test("each header of V3 is mandatory", async () => {
  for (const [header, code] of [
    ["x-acs-action", "MissingAction"],
    ["x-acs-version", "MissingVersion"],
    ["x-acs-date", "MissingTimestamp"],
    ["x-acs-signature-nonce", "MissingSignatureNonce"],
    ["x-acs-content-sha256", "IncompleteSignature"],
  ] as const) {
    refusedWith(await regions({ signature: "V3", common: { [header]: undefined } }), code);
  }
});

test("Format is JSON or XML in any letter case, JSON when absent, and nothing else", async () => {
  for (const format of ["JSON", "json", "Json"]) assert.ok(succeeded(await regions({ format })).body.Regions);
  assert.ok(succeeded(await regions({ common: { Format: undefined } })).body.Regions);
  for (const format of ["XML", "xml"]) assert.match(succeeded(await regions({ format })).text, /^<\?xml /);
  for (const format of ["YAML", "JSON ", "text/xml", "JSONP"]) refusedWith(await regions({ format }), "InvalidParameter.Format");
});

test("HMAC-SHA1 in any letter case is the signature method of V1", async () => {
  for (const SignatureMethod of ["HMAC-SHA1", "Hmac-SHA1", "hmac-sha1"]) succeeded(await regions({ common: { SignatureMethod } }));
  for (const SignatureMethod of ["HMAC-SHA256", "HMAC-MD5", "none"]) {
    refusedWith(await regions({ common: { SignatureMethod } }), "InvalidSignatureMethod");
  }
});

test("1.0 is the signature version of V1", async () => {
  for (const SignatureVersion of ["2.0", "1", "1.00"])
    refusedWith(await regions({ common: { SignatureVersion } }), "InvalidSignatureVersion");
});

test("what classic clients send besides is signed and ignored", async () => {
  succeeded(
    await server.requester.vpc(
      "DescribeRegions",
      {},
      {
        extra: [
          ["SignatureType", ""],
          ["SourceIp", "192.0.2.1"],
          ["RegionId", "cn-hangzhou"],
        ],
      },
    ),
  );
});

test("unsigned x-acs headers beside a V1 signature change nothing", async () => {
  const target = signedTarget(requesterKey, "2016-04-28", "DescribeRegions");
  const answer = await server.requester.send("GET", target, "", { "x-acs-action": "DescribeZones", "x-acs-version": "2022-01-01" });
  assert.ok(succeeded(answer).body.Regions);
});

test("a nonce of more than 256 characters is refused", async () => {
  succeeded(await regions({ common: { SignatureNonce: randomUUID().padEnd(256, "n") } }));
  refusedWith(await regions({ common: { SignatureNonce: "n".repeat(257) } }), "InvalidSignatureNonce");
  refusedWith(await regions({ signature: "V3", common: { "x-acs-signature-nonce": "n".repeat(257) } }), "InvalidSignatureNonce");
});

// Which operation

test("an unknown version is not valid", async () => {
  for (const version of ["2016-04-29", "2016-4-28", "latest", "__proto__", "constructor"]) {
    refusedWith(await server.requester.call(version, "DescribeRegions"), "InvalidVersion");
    refusedWith(await server.requester.call(version, "DescribeRegions", {}, { signature: "V3" }), "InvalidVersion");
  }
});

test("an action that nobody knows, or of another product, or in other letters, is not found", async () => {
  for (const action of [
    "NoSuchAction",
    "describeregions",
    "CreateVpcPeerConnection",
    "toString",
    "__proto__",
    "constructor",
    "DescribeRegions ",
  ]) {
    const { body } = refusedWith(await server.requester.vpc(action), "InvalidAction.NotFound", 404);
    assert.equal(body.Message, "Specified api is not found, please check your url and method");
  }
  refusedWith(await server.requester.peer("CreateVpc", {}, { signature: "V3" }), "InvalidAction.NotFound", 404);
});

test("an operation that the official SDK knows and this server does not have is unsupported by name", async () => {
  for (const [version, action] of [
    ["2016-04-28", "CreateNatGateway"],
    ["2015-05-01", "CreateLoginProfile"],
    ["2015-04-01", "AssumeRoleWithOIDC"],
  ] as const) {
    for (const signature of ["V1", "V3"] as const) {
      const { body } = refusedWith(await server.requester.call(version, action, {}, { signature }), "UnsupportedOperation");
      assert.equal(body.Message, `The operation ${action} is not implemented by this server.`);
    }
  }
});

test("operations that the cloud serves over TLS only are served over plain HTTP on loopback", async () => {
  const { body } = succeeded(await server.requester.call("2015-04-01", "GetCallerIdentity"));
  assert.deepEqual(
    [body.AccountId, body.Arn, body.IdentityType],
    [requesterKey.account, `acs:ram::${requesterKey.account}:root`, "Account"],
  );
});

// The Authorization header of V3

test("a malformed Authorization header is an incomplete signature", async () => {
  const signed = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  for (const authorization of [
    "ACS3-HMAC-SHA256",
    "ACS3-HMAC-SHA256 ",
    "ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
    `ACS3-HMAC-SHA256 Credential=${requesterKey.id},SignedHeaders=${signed}`,
    `ACS3-HMAC-SHA256 Credential=${requesterKey.id},Signature=00`,
    `ACS3-HMAC-SHA256 SignedHeaders=${signed},Signature=00`,
    `ACS3-HMAC-SHA256 Credential=${requesterKey.id};SignedHeaders=${signed};Signature=00`,
    `ACS3-HMAC-SHA256 Credential=${requesterKey.id},SignedHeaders=${signed},Signature=00,Signature=01`,
  ]) {
    refusedWith(await regions({ signature: "V3", common: { authorization } }), "IncompleteSignature");
  }
});

test("other V3 algorithms are not valid", async () => {
  for (const algorithm of ["ACS3-HMAC-SM3", "ACS3-RSA-SHA256", "ACS3-HMAC-SHA1"]) {
    const authorization = `${algorithm} Credential=${requesterKey.id},SignedHeaders=host,Signature=00`;
    refusedWith(await regions({ signature: "V3", common: { authorization } }), "InvalidSignatureMethod");
  }
});

for (const left of ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"]) {
  test(`a V3 signature that does not cover ${left} is incomplete, though it be right`, async () => {
    const headers = {
      host: server.endpoint,
      "x-acs-action": "DescribeRegions",
      "x-acs-version": "2016-04-28",
      "x-acs-date": at(0),
      "x-acs-signature-nonce": randomUUID(),
      "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    };
    const call = async (signedHeaders: string[]): Promise<Answer> => {
      const canonical = canonicalRequest({
        method: "GET",
        query: [],
        headers: new Map(Object.entries(headers)),
        signedHeaders,
        body: new Uint8Array(),
      });
      const signature = signatureV3(requesterKey.secret, stringToSignV3(canonical));
      const { host: _host, ...sent } = headers;
      const authorization = `ACS3-HMAC-SHA256 Credential=${requesterKey.id},SignedHeaders=${signedHeaders.join(";")},Signature=${signature}`;
      return server.requester.send("GET", "/", "", { ...sent, authorization });
    };
    const all = Object.keys(headers).sort();
    refusedWith(await call(all.filter((name) => name !== left)), "IncompleteSignature");
    succeeded(await call(all));
  });
}

test("a hash of another body than the one that came does not match", async () => {
  const common = { "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" };
  const answer = await server.requester.vpc("CreateVpc", { RegionId: "cn-hangzhou" }, { signature: "V3", place: "form", common });
  refusedWith(answer, "SignatureDoesNotMatch");
  assert.equal(succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: "cn-hangzhou" })).body.TotalCount, 0);
});
