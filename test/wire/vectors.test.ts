import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "../support/fast-check.ts";
import { Refusal } from "../../src/contract/errors.ts";
import type { SigningKey } from "../../src/engine/engine.ts";
import { rootCaller } from "../../src/engine/principals.ts";
import { newStory } from "../../src/engine/story.ts";
import { authenticate } from "../../src/gateway/authenticate.ts";
import { MalformedText, parsePairs, percentEncode } from "../../src/gateway/percent.ts";
import { RateLimits } from "../../src/gateway/rate-limits.ts";
import { canonicalRequest, signatureV1, signatureV3, stringToSignV1, stringToSignV3 } from "../../src/gateway/signature.ts";
import { mergedParameters, readParameters, type WireRequest } from "../../src/gateway/wire-request.ts";
import type { CallOptions } from "../support/caller.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** Signatures against requests that were captured from real SDKs, and against our own signer. */

const secret = "testsecret";
const keys = {
  claimsOf: () => undefined,
  signingKey: async (id: string): Promise<SigningKey | undefined> =>
    id === "testid"
      ? {
          caller: rootCaller("1000000000000001", id),
          secret,
          usable: true,
          expired: false,
          rateLimits: { key: undefined, account: undefined },
        }
      : undefined,
};
const captured = Date.parse("2026-01-02T03:04:05Z");

function request(method: string, url: string, headers: Record<string, string> = {}, text = ""): WireRequest {
  const body = Buffer.from(text);
  return {
    method,
    headers: new Map(Object.entries(headers)),
    ...readParameters(url, headers["content-type"], body),
    body,
    address: "127.0.0.1",
    isLoopback: true,
    isEncrypted: false,
  };
}
const withCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Refusal && error.definition.code === code;
const form = { "content-type": "application/x-www-form-urlencoded" };

interface VectorV1 {
  readonly name: string;
  readonly request: WireRequest;
  readonly at: number;
  readonly stringToSign: string;
  readonly signature: string;
  readonly nonce: string;
}
const vectorsV1: readonly VectorV1[] = [
  {
    name: "0, the documented RAM example",
    request: request(
      "GET",
      "/?UserName=test&SignatureVersion=1.0&Format=JSON&Timestamp=2015-08-18T03%3A15%3A45Z&AccessKeyId=testid&SignatureMethod=HMAC-SHA1&Version=2015-05-01&Action=CreateUser&SignatureNonce=6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2&Signature=kRA2cnpJVacIhDMzXnoNZG9tDCI%3D",
    ),
    at: Date.parse("2015-08-18T03:15:45Z"),
    stringToSign:
      "GET&%2F&AccessKeyId%3Dtestid%26Action%3DCreateUser%26Format%3DJSON%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2%26SignatureVersion%3D1.0%26Timestamp%3D2015-08-18T03%253A15%253A45Z%26UserName%3Dtest%26Version%3D2015-05-01",
    signature: "kRA2cnpJVacIhDMzXnoNZG9tDCI=",
    nonce: "6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2",
  },
  {
    name: "1, GET with reserved characters",
    request: request(
      "GET",
      "/?AccessKeyId=testid&Action=DeleteVpnConnection&ClientToken=a%20b%2Ac~d%2Fe%2Bf%3Dg%26h&Format=JSON&RegionId=cn-hangzhou&SignatureMethod=HMAC-SHA1&SignatureNonce=nonce-vector-1&SignatureVersion=1.0&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2016-04-28&VpnConnectionId=vco-bp1bbi27hojx80nck0001&Signature=OMCw%2BDayEW9OMST8uncZfVEEtlw%3D",
    ),
    at: captured,
    stringToSign:
      "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDeleteVpnConnection%26ClientToken%3Da%2520b%252Ac~d%252Fe%252Bf%253Dg%2526h%26Format%3DJSON%26RegionId%3Dcn-hangzhou%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Dnonce-vector-1%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2016-04-28%26VpnConnectionId%3Dvco-bp1bbi27hojx80nck0001",
    signature: "OMCw+DayEW9OMST8uncZfVEEtlw=",
    nonce: "nonce-vector-1",
  },
  {
    name: "2, everything in a form, with lists and UTF-8",
    request: request(
      "POST",
      "/",
      form,
      "AccessKeyId=testid&Action=TagResources&Format=JSON&RegionId=cn-hangzhou&ResourceId.1=pcc-lnk0m24khwvtkm0001&ResourceId.2=pcc-lnk0m24khwvtkm0002&ResourceType=PeerConnection&SignatureMethod=HMAC-SHA1&SignatureNonce=nonce-vector-2&SignatureVersion=1.0&Tag.1.Key=team&Tag.1.Value=net%20ops%2A~&Tag.2.Key=name&Tag.2.Value=%E4%B8%AD%E6%96%87%20%C3%A9&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2022-01-01&Signature=AtZLa19AFQgijWsm6j0B7k1k4RI%3D",
    ),
    at: captured,
    stringToSign:
      "POST&%2F&AccessKeyId%3Dtestid%26Action%3DTagResources%26Format%3DJSON%26RegionId%3Dcn-hangzhou%26ResourceId.1%3Dpcc-lnk0m24khwvtkm0001%26ResourceId.2%3Dpcc-lnk0m24khwvtkm0002%26ResourceType%3DPeerConnection%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Dnonce-vector-2%26SignatureVersion%3D1.0%26Tag.1.Key%3Dteam%26Tag.1.Value%3Dnet%2520ops%252A~%26Tag.2.Key%3Dname%26Tag.2.Value%3D%25E4%25B8%25AD%25E6%2596%2587%2520%25C3%25A9%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2022-01-01",
    signature: "AtZLa19AFQgijWsm6j0B7k1k4RI=",
    nonce: "nonce-vector-2",
  },
  {
    name: "5, common parameters in the query and the operation's in the form",
    request: request(
      "POST",
      "/?Action=DeleteVpcPeerConnection&Format=json&Version=2022-01-01&Timestamp=2026-01-02T03%3A04%3A05Z&SignatureNonce=nonce-vector-5&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=testid&Signature=3OcDIqy4JR1CbBEI2gPbkWfRiGs%3D",
      form,
      "InstanceId=pcc-lnk0m24khwvtkm0001&Force=true",
    ),
    at: captured,
    stringToSign:
      "POST&%2F&AccessKeyId%3Dtestid%26Action%3DDeleteVpcPeerConnection%26Force%3Dtrue%26Format%3Djson%26InstanceId%3Dpcc-lnk0m24khwvtkm0001%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Dnonce-vector-5%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2022-01-01",
    signature: "3OcDIqy4JR1CbBEI2gPbkWfRiGs=",
    nonce: "nonce-vector-5",
  },
];

for (const vector of vectorsV1) {
  test(`vector ${vector.name}: string to sign and signature are the captured ones, and the request is let in`, async () => {
    const stringToSign = stringToSignV1(vector.request.method, mergedParameters(vector.request));
    assert.equal(stringToSign, vector.stringToSign);
    assert.equal(signatureV1(secret, stringToSign), vector.signature);
    const verified = await authenticate(vector.request, vector.at, keys, new RateLimits(), newStory());
    assert.equal(verified.key.caller.accessKeyId, "testid");
    assert.equal(verified.nonce, vector.nonce);
    assert.equal(verified.stringToSign, vector.stringToSign);
  });

  test(`vector ${vector.name}: another method, or one parameter changed, is refused`, async () => {
    const otherMethod = { ...vector.request, method: vector.request.method === "GET" ? "POST" : "GET" };
    await assert.rejects(authenticate(otherMethod, vector.at, keys, new RateLimits(), newStory()), withCode("SignatureDoesNotMatch"));
    const changed = (pairs: WireRequest["query"]): WireRequest["query"] =>
      pairs.map((pair) => (pair.name === "Action" ? { ...pair, value: "X" } : pair));
    const otherAction = { ...vector.request, query: changed(vector.request.query), form: changed(vector.request.form) };
    await assert.rejects(authenticate(otherAction, vector.at, keys, new RateLimits(), newStory()), withCode("SignatureDoesNotMatch"));
  });
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const headersOf3 = {
  host: "127.0.0.1:18080",
  "x-acs-version": "2016-04-28",
  "x-acs-action": "DeleteExpressConnect",
  "x-acs-date": "2026-01-02T03:04:05Z",
  "x-acs-signature-nonce": "nonce-vector-3",
  accept: "application/json",
  "x-acs-content-sha256": emptyHash,
  "x-acs-credentials-provider": "static_sts",
  "x-acs-accesskey-id": "testid",
  "x-acs-security-token": "testtoken",
  "content-length": "0",
};
const signed3 =
  "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version";
const signature3 = "8f95609e3d7c14f6e4b99f907a1bb9c7ad1a0b535695e9c60a049a0b18722eec";
const request3 = request(
  "POST",
  "/?ClientToken=02fb3da4-130e-11e9-8e44-00%201&Force=false&RegionId=cn-shanghai&RouterInterfaceId=ri-119mfjz0001",
  { ...headersOf3, authorization: `ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=${signed3},Signature=${signature3}` },
);

test("vector 3, V3 with parameters in the query and a security token: canonical request, string to sign and signature are the captured ones", () => {
  const canonical = canonicalRequest({ ...request3, signedHeaders: signed3.split(";") });
  assert.equal(
    canonical,
    `POST
/
ClientToken=02fb3da4-130e-11e9-8e44-00%201&Force=false&RegionId=cn-shanghai&RouterInterfaceId=ri-119mfjz0001
host:127.0.0.1:18080
x-acs-accesskey-id:testid
x-acs-action:DeleteExpressConnect
x-acs-content-sha256:${emptyHash}
x-acs-credentials-provider:static_sts
x-acs-date:2026-01-02T03:04:05Z
x-acs-security-token:testtoken
x-acs-signature-nonce:nonce-vector-3
x-acs-version:2016-04-28

${signed3}
${emptyHash}`,
  );
  const stringToSign = stringToSignV3(canonical);
  assert.equal(stringToSign, "ACS3-HMAC-SHA256\ncded85d3f1784ff1bae5bfa0af403eb623d6dbdfc85d7c779727b99eb1305c70");
  assert.equal(signatureV3(secret, stringToSign), signature3);
});

test("vector 3: its security token does not belong to a permanent key", async () => {
  await assert.rejects(
    authenticate(request3, captured, keys, new RateLimits(), newStory()),
    withCode("InvalidSecurityToken.MismatchWithAccessKey"),
  );
});

const body4 = "InstanceId=pcc-lnk0m24khwvtkm0001&Name=peer%20name*~%20%C3%A9&Bandwidth=100&DryRun=false";
const hash4 = "722d9d3a8af961bae3a6981e30c3738c3361c1da7898acbb39639f491c2981c8";
const signed4 =
  "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version";
const headersOf4 = {
  host: "127.0.0.1:18080",
  "x-acs-version": "2022-01-01",
  "x-acs-action": "ModifyVpcPeerConnection",
  "x-acs-date": "2026-01-02T03:04:05Z",
  "x-acs-signature-nonce": "nonce-vector-4",
  accept: "application/json",
  ...form,
  "x-acs-content-sha256": hash4,
  "x-acs-credentials-provider": "static_ak",
  "transfer-encoding": "chunked",
  authorization: `ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=${signed4},Signature=d23c8cb4bf163c555f4766edb0b4e11c2acac724e250349805dbd39b743f7dc8`,
};

test("vector 4, V3 with a form: the request is let in with the captured string to sign, and its form is read", async () => {
  const request4 = request("POST", "/?LinkType=Gold", headersOf4, body4);
  const verified = await authenticate(request4, captured, keys, new RateLimits(), newStory());
  assert.equal(verified.stringToSign, "ACS3-HMAC-SHA256\nd4ce4a3c81a1526fcdb49829fad822f83275747f27e31eb2b44756d4d66a9948");
  assert.equal(verified.nonce, "nonce-vector-4");
  assert.deepEqual(
    mergedParameters(request4).map(({ name, value }) => [name, value]),
    [
      ["LinkType", "Gold"],
      ["InstanceId", "pcc-lnk0m24khwvtkm0001"],
      ["Name", "peer name*~ é"],
      ["Bandwidth", "100"],
      ["DryRun", "false"],
    ],
  );
});

for (const [what, changed] of [
  ["one byte of the body", request("POST", "/?LinkType=Gold", headersOf4, body4.replace("100", "101"))],
  ["a parameter of the query", request("POST", "/?LinkType=Platinum", headersOf4, body4)],
  ["another parameter in the query", request("POST", "/?LinkType=Gold&Force=true", headersOf4, body4)],
  ["the action", request("POST", "/?LinkType=Gold", { ...headersOf4, "x-acs-action": "DeleteVpcPeerConnection" }, body4)],
  ["the nonce", request("POST", "/?LinkType=Gold", { ...headersOf4, "x-acs-signature-nonce": "nonce-vector-5" }, body4)],
  ["the method", request("GET", "/?LinkType=Gold", headersOf4, body4)],
] as const) {
  test(`vector 4 with ${what} changed is refused`, async () => {
    await assert.rejects(authenticate(changed, captured, keys, new RateLimits(), newStory()), withCode("SignatureDoesNotMatch"));
  });
}

// Encoding

/** Any text that UTF-8 can carry. */
const text = fc.string({ unit: "binary", maxLength: 40 });
const reserved = fc.string({ unit: fc.constantFrom(...Array.from("!*'();:@&=+$,/?#[]%\"<>\\^`{|}~-_. \t\n\0é中😀")), maxLength: 20 });
const value = fc.oneof(text, reserved, fc.constant(""));

test("percentEncode leaves A-Z a-z 0-9 - _ . ~ and writes every other byte as %XX in upper case", () => {
  const reference = (input: string): string =>
    [...Buffer.from(input)]
      .map((byte) =>
        /[A-Za-z0-9\-_.~]/.test(String.fromCharCode(byte))
          ? String.fromCharCode(byte)
          : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
      )
      .join("");
  fc.assert(fc.property(value, (input) => assert.equal(percentEncode(input), reference(input))));
});

test("pairs survive encoding and parsing, with their order and repetitions", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: value, value }, { noNullPrototype: true }), { maxLength: 8 }), (pairs) => {
      const encoded = pairs.map((pair) => `${percentEncode(pair.name)}=${percentEncode(pair.value)}`).join("&");
      assert.deepEqual(parsePairs(encoded, 100), pairs);
      assert.deepEqual(readParameters(`/?${encoded}`, undefined, Buffer.from(encoded)), { query: pairs, form: pairs });
    }),
  );
});

test("parsing any text gives pairs or MalformedText, and any bytes as a form give pairs or a refusal", () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: fc.constantFrom(...Array.from("%0aFf&=+")), maxLength: 20 })), (input) => {
      try {
        for (const pair of parsePairs(input, 100)) assert.equal(typeof pair.value, "string");
      } catch (error) {
        assert.ok(error instanceof MalformedText, String(error));
      }
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        readParameters("/", undefined, bytes);
      } catch (error) {
        assert.ok(error instanceof Refusal && error.definition.code === "InvalidRequest", String(error));
      }
    }),
  );
});

// Our own signer, on a real connection

let server: InProcessServer;
before(async () => {
  server = await startServer({ record: false });
});
after(() => server.stop());

/** Names that parameters can have, and that DescribeRegions does not declare. */
const name = fc.stringMatching(/^x[A-Za-z0-9_-]{0,6}(\.[1-9])?(\.[A-Za-z0-9_-]{1,5})?$/);
const variants: readonly [string, CallOptions][] = [
  ["V1 GET", { method: "GET" }],
  ["V1 POST, query", { place: "query" }],
  ["V1 POST, form", { place: "form" }],
  ["V3 GET", { signature: "V3", method: "GET" }],
  ["V3 POST, query", { signature: "V3", place: "query" }],
  ["V3 POST, form", { signature: "V3", place: "form" }],
];

for (const [variant, options] of variants) {
  test(`our own signer and the server agree on any values (${variant})`, async () => {
    const named = fc.uniqueArray(fc.tuple(name, value), { maxLength: 6, selector: ([given]) => given.toLowerCase() });
    await fc.assert(
      fc.asyncProperty(named, async (extra) => {
        const { status, text } = await server.requester.vpc("DescribeRegions", {}, { ...options, extra });
        assert.equal(status, 200, text);
      }),
      { numRuns: 60 },
    );
  });

  test(`our own signer and the server agree on names that no parameter has, which are refused only then (${variant})`, async () => {
    await fc.assert(
      // Behind all other names, whatever the order of characters beyond ASCII.
      fc.asyncProperty(value, value, async (strange, given) => {
        const { status, body } = await server.requester.vpc("DescribeRegions", {}, { ...options, extra: [[`zz ${strange}`, given]] });
        assert.deepEqual([status, body.Code], [400, "InvalidParameter"]);
      }),
      { numRuns: 30 },
    );
  });
}

test("parameters are signed in byte order of their names, also where UTF-16 orders them otherwise", () => {
  const pairs = ["😀", "￿", "a", "B"].map((given) => ({ name: given, value: "" }));
  assert.equal(
    stringToSignV1("GET", pairs),
    `GET&%2F&${percentEncode(["B", "a", "￿", "😀"].map((given) => `${percentEncode(given)}=`).join("&"))}`,
  );
});
