import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { bodyBytesMax, requestRules } from "../../src/gateway/protocol-rules.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { assertError, commonV1, destroyAll, exchange, joined, type Pairs, RawConnection, signedTarget, signV1 } from "./raw.ts";

/** Bytes on a socket: whatever comes, the answer has our form, and the server lives. */

let server: InProcessServer;
let patience: { headersTimeout: number; requestTimeout: number };
before(async () => {
  server = await startServer();
  const { headersTimeout, requestTimeout } = server.app.server;
  patience = { headersTimeout, requestTimeout };
});
after(() => server.stop());

/** Lets tests of slow clients take a second or two; patience is back after each test. */
function impatiently(): void {
  server.app.server.headersTimeout = 500;
  server.app.server.requestTimeout = 1_000;
}
afterEach(async () => {
  destroyAll();
  Object.assign(server.app.server, patience);
  succeeded(await server.requester.vpc("DescribeRegions"));
  // Nothing in this file may change anything.
  assert.equal(succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: "cn-hangzhou" })).body.TotalCount, 0);
});

const version = "2016-04-28";
const formType = "content-type: application/x-www-form-urlencoded\r\n";

function get(target: string, headers = ""): string {
  return `GET ${target} HTTP/1.1\r\nhost: ${server.endpoint}\r\n${headers}\r\n`;
}
function post(target: string, body = "", headers: string = formType): string {
  return `POST ${target} HTTP/1.1\r\nhost: ${server.endpoint}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
/** A signed POST of a call whose parameters stand in a form; `encoded` is that form. */
function signedPost(action: string, pairs: Pairs): { target: string; encoded: string } {
  const common = commonV1(requesterKey, version, action);
  const target = `/?${joined([...common, ["Signature", signV1(requesterKey, "POST", [...common, ...pairs])]])}`;
  return { target, encoded: joined(pairs) };
}

// Bodies

test("a POST without a body is answered, with and without a content type and a length", async () => {
  for (const headers of [formType, "", "content-type: application/json\r\n"]) {
    const target = signedTarget(requesterKey, version, "DescribeRegions", [], "POST");
    assert.equal((await exchange(server.endpoint, post(target, "", headers)))?.status, 200, headers);
  }
  const target = signedTarget(requesterKey, version, "DescribeRegions", [], "POST");
  assert.equal((await exchange(server.endpoint, `POST ${target} HTTP/1.1\r\nhost: ${server.endpoint}\r\n\r\n`))?.status, 200);
  assertError(await exchange(server.endpoint, post("/")), "MissingVersion", 400);
});

test("a form without a content type is read, and one of another type is not", async () => {
  const pairs = [["RegionId", "cn-hangzhou"]] as const;
  for (const headers of ["", "content-type: Application/X-WWW-Form-Urlencoded; charset=UTF-8\r\n"]) {
    const { target, encoded } = signedPost("DescribeZones", pairs);
    assert.equal((await exchange(server.endpoint, post(target, encoded, headers)))?.status, 200, headers);
  }
  const { target, encoded } = signedPost("DescribeZones", pairs);
  assertError(await exchange(server.endpoint, post(target, encoded, "content-type: text/plain\r\n")), "SignatureDoesNotMatch", 400);
});

test("the form of a GET is read and signed like that of a POST, and must be one", async () => {
  const pairs: Pairs = [["RegionId", "cn-hangzhou"]];
  const common = commonV1(requesterKey, version, "DescribeZones");
  const target = `/?${joined([...common, ["Signature", signV1(requesterKey, "GET", [...common, ...pairs])]])}`;
  const body = joined(pairs);
  const length = `content-length: ${body.length}\r\n`;
  const zones = await exchange(server.endpoint, `${get(target, formType + length)}${body}`);
  assert.equal(zones?.status, 200, zones?.text);
  assertError(await exchange(server.endpoint, `${get("/", formType + length)}${body}`), "MissingVersion", 400);
  assertError(await exchange(server.endpoint, get("/", `${formType}content-length: ${10 ** 12}\r\n`)), "RequestEntityTooLarge", 413);
  assertError(await exchange(server.endpoint, `${get("/", "content-type: nonsense\r\ncontent-length: 1\r\n")}a`), "InvalidRequest", 400);
  // With nothing in it, as the classic SDK sends it, or with no word of a body at all.
  for (const headers of [formType, `${formType}content-length: 0\r\n`, ""]) {
    const regions = get(signedTarget(requesterKey, version, "DescribeRegions"), headers);
    assert.equal((await exchange(server.endpoint, regions))?.status, 200, headers);
  }
});

test("a chunked body is read whole, however it is cut", async () => {
  const { target, encoded } = signedPost("DescribeZones", [
    ["RegionId", "cn-hangzhou"],
    ["X", "é中😀".repeat(20)],
  ]);
  const connection = new RawConnection(server.endpoint);
  connection.write(`POST ${target} HTTP/1.1\r\nhost: ${server.endpoint}\r\n${formType}transfer-encoding: chunked\r\n\r\n`);
  for (let from = 0; from < encoded.length; from += 7) {
    const chunk = encoded.slice(from, from + 7);
    connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  connection.write("0\r\n\r\n");
  assert.equal((await connection.response())?.status, 200);
  connection.destroy();
});

test("a body of 10 MB is too large, announced or chunked", async () => {
  const body = "a".repeat(10 * 1024 * 1024);
  assertError(await exchange(server.endpoint, post("/", body)), "RequestEntityTooLarge", 413);
  const chunked = `POST / HTTP/1.1\r\nhost: ${server.endpoint}\r\n${formType}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  assertError(await exchange(server.endpoint, chunked), "RequestEntityTooLarge", 413);
  // Nobody waits for a body that is only announced.
  const announced = `POST / HTTP/1.1\r\nhost: ${server.endpoint}\r\ncontent-length: ${10 ** 12}\r\n\r\n`;
  assertError(await exchange(server.endpoint, announced), "RequestEntityTooLarge", 413);
});

test("a body just within the limit is read", async () => {
  const pairs = Array.from({ length: 10 }, (_, index): [string, string] => [`X${index}`, "v".repeat(100_000)]);
  const { target, encoded } = signedPost("DescribeRegions", pairs);
  assert.equal((await exchange(server.endpoint, post(target, encoded)))?.status, 200);
});

test("more than 2000 parameters are refused", async () => {
  const many = (count: number): string => Array.from({ length: count }, (_, index) => `X${index}=1`).join("&");
  assertError(await exchange(server.endpoint, post("/", many(2001))), "InvalidRequest", 400);
  assertError(await exchange(server.endpoint, post("/", many(2000))), "MissingVersion", 400);
});

test("a form of a quarter of a million parameters is refused with the work that one too many takes, and leaves nothing behind", async (t) => {
  const decoded = t.mock.method(globalThis, "decodeURIComponent");
  const met = [];
  for (const form of [Array.from({ length: 2001 }, () => "%61").join("&"), "%61&".repeat(bodyBytesMax / 4)]) {
    decoded.mock.resetCalls();
    const answer = await exchange(server.endpoint, post("/", form));
    const count = decoded.mock.callCount();
    assertError(answer, "InvalidRequest", 400);
    const { body } = await server.admin("GET", `requests/${JSON.parse(answer?.text ?? "").RequestId}`);
    assert.equal(body.rules.find(({ held }: any) => held === false).rule, requestRules.parameterCount.rule);
    assert.deepEqual([body.parameters, body.stringToSign, body.canonicalRequest], [{}, "", ""]);
    met.push([count, JSON.stringify({ ...body, requestId: "", at: "", milliseconds: 0 })]);
  }
  const [few, many] = met;
  assert.ok(Number(few?.[0]) >= 2001, "what is counted here is the reading of names and values");
  assert.deepEqual(many, few);
});

test("empty pairs are no parameters, however many there are", async () => {
  const { target, encoded } = signedPost("DescribeZones", [["RegionId", "cn-hangzhou"], ["X", "1"]]); // prettier-ignore
  const [first, second] = encoded.split("&");
  const [gap, end] = ["&".repeat(400_000), "&".repeat(100_000)];
  assert.equal((await exchange(server.endpoint, post(target, `${second}${gap}${first}${end}`)))?.status, 200);
});

// Headers

test("headers and request lines that are too large are answered 431", async () => {
  assertError(await exchange(server.endpoint, get("/", `x-large: ${"a".repeat(20_000)}\r\n`)), "RequestHeaderFieldsTooLarge", 431);
  assertError(await exchange(server.endpoint, get(`/?X=${"a".repeat(20_000)}`)), "RequestHeaderFieldsTooLarge", 431);
  const many = Array.from({ length: 1500 }, (_, index) => `x-${index}: aaaaaaaaaa\r\n`).join("");
  assertError(await exchange(server.endpoint, get("/", many)), "RequestHeaderFieldsTooLarge", 431);
});

test("a query near the limit of the request line is read", async () => {
  const target = signedTarget(requesterKey, version, "DescribeRegions", [["X", "a".repeat(12_000)]]);
  assert.equal((await exchange(server.endpoint, get(target)))?.status, 200);
});

// Text

for (const broken of ["%", "%2", "%zz", "a=%", "a=%e4%b8", "a=%ff", "a=%c0%80", "a=%ed%a0%80", "%ff=a", "a=%F8%80%80%80%80"]) {
  test(`${broken} in a query or in a form is refused`, async () => {
    assertError(await exchange(server.endpoint, get(`/?${broken}`)), "InvalidRequest", 400);
    assertError(await exchange(server.endpoint, post("/", broken)), "InvalidRequest", 400);
  });
}

test("bytes that are not UTF-8 in a form are refused", async () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xb8], [0x61, 0x3d, 0x80]]) {
    const head = `POST / HTTP/1.1\r\nhost: ${server.endpoint}\r\n${formType}content-length: ${bytes.length}\r\n\r\n`;
    assertError(await exchange(server.endpoint, Buffer.concat([Buffer.from(head), Buffer.from(bytes)])), "InvalidRequest", 400);
  }
});

// HTTP

for (const [what, bytes] of [
  ["words", "hello, is anybody there?\r\n\r\n"],
  ["a TLS hello", Buffer.from("16030100a5010000a10303", "hex")],
  ["zeros", Buffer.alloc(64)],
  ["another version of HTTP", "GET / HTTP/9.9\r\nhost: x\r\n\r\n"],
  ["HTTP/2 without an upgrade", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["an unknown method", "BREW / HTTP/1.1\r\nhost: x\r\n\r\n"],
  ["a request line without a target", "GET\r\n\r\n"],
  ["a header without a colon", "GET / HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n"],
  ["a header with a line break folded in", "GET / HTTP/1.1\r\nhost: x\r\nx-a: b\r\n folded\r\n\r\n"],
  ["a NUL in a header", "GET / HTTP/1.1\r\nhost: x\r\nx-a: \0\r\n\r\n"],
  ["two different lengths", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"],
  ["a length and chunks at once", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["a negative length", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n"],
  ["a chunk without a size", "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"],
  ["a content type that is none", "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: nonsense\r\ncontent-length: 3\r\n\r\na=b"],
] as const) {
  test(`${what} instead of a request is refused in our form`, async () => {
    assertError(await exchange(server.endpoint, bytes), "InvalidRequest", 400);
  });
}

// Both of these the HTTP module would answer by itself, without a body.
for (const [what, bytes] of [
  ["no host", "GET / HTTP/1.1\r\n\r\n"],
  ["an expectation that nobody can meet", "GET / HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n"],
] as const) {
  test(`a request with ${what} is refused in our form`, async () => {
    const response = await exchange(server.endpoint, bytes);
    const { Code } = JSON.parse(response?.text || "{}") as { Code?: string };
    assert.ok(Code !== undefined && response !== undefined, `status ${response?.status}, body ${JSON.stringify(response?.text)}`);
    assertError(response, Code, response.status);
    assert.ok(response.status >= 400 && response.status < 500);
  });
}

test("HTTP/1.0, an absolute target, and 100-continue are understood", async () => {
  const target = (): string => signedTarget(requesterKey, version, "DescribeRegions");
  assert.equal((await exchange(server.endpoint, `GET ${target()} HTTP/1.0\r\n\r\n`))?.status, 200);
  assert.equal((await exchange(server.endpoint, get(`http://${server.endpoint}${target()}`)))?.status, 200);
  const { target: postTarget, encoded } = signedPost("DescribeZones", [["RegionId", "cn-hangzhou"]]);
  const connection = new RawConnection(server.endpoint);
  connection.write(
    `POST ${postTarget} HTTP/1.1\r\nhost: ${server.endpoint}\r\n${formType}expect: 100-continue\r\ncontent-length: ${encoded.length}\r\n\r\n`,
  );
  assert.equal((await connection.response())?.status, 100);
  connection.write(encoded);
  assert.equal((await connection.response())?.status, 200);
  connection.destroy();
});

test("an offer to upgrade is ignored", async () => {
  const target = signedTarget(requesterKey, version, "DescribeRegions");
  assert.equal((await exchange(server.endpoint, get(target, "connection: Upgrade\r\nupgrade: websocket\r\n")))?.status, 200);
});

test("requests on one connection are answered in their order", async () => {
  const connection = new RawConnection(server.endpoint);
  const actions = ["DescribeRegions", "NoSuchAction", "GetCallerIdentity", "DescribeRegions"];
  connection.write(
    actions.map((action) => get(signedTarget(accepterKey, action === "GetCallerIdentity" ? "2015-04-01" : version, action))).join(""),
  );
  const answers = [];
  for (const _action of actions) answers.push(JSON.parse((await connection.response())?.text ?? "{}"));
  assert.deepEqual(
    answers.map(({ Code, AccountId, Regions }) => Code ?? AccountId ?? typeof Regions),
    ["object", "InvalidAction.NotFound", accepterKey.account, "object"],
  );
  connection.destroy();
});

test("every address but / and our own is unknown, also a badly encoded one", async () => {
  for (const path of ["/vpc", "//", "/index.html", "/?/../vpc", "/vpc/../etc/passwd", "/_linkspanx"]) {
    const known = path.startsWith("/?");
    assertError(await exchange(server.endpoint, get(path)), known ? "MissingVersion" : "InvalidApi.NotFound", known ? 400 : 404);
    if (!known) assertError(await exchange(server.endpoint, post(path, "a=b")), "InvalidApi.NotFound", 404);
  }
  for (const path of ["/%", "/%zz", "/%ff"]) assertError(await exchange(server.endpoint, get(path)), "InvalidRequest", 400);
});

test("methods other than GET and POST are not supported", async () => {
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    const target = signedTarget(requesterKey, version, "DescribeRegions", [], method);
    const bytes = `${method} ${target} HTTP/1.1\r\nhost: ${server.endpoint}\r\ncontent-length: 0\r\n\r\n`;
    assertError(await exchange(server.endpoint, bytes), "UnsupportedHTTPMethod", 400);
  }
  // Methods that HTTP knows and no API uses end one way or another, in our form.
  const codes = { UnsupportedHTTPMethod: 400, InvalidRequest: 400, "InvalidApi.NotFound": 404 } as const;
  for (const method of ["TRACE", "PROPFIND", "MKCOL", "PURGE", "QUERY"]) {
    const response = await exchange(server.endpoint, `${method} / HTTP/1.1\r\nhost: ${server.endpoint}\r\ncontent-length: 0\r\n\r\n`);
    const { Code } = JSON.parse(response?.text || "{}") as { Code: keyof typeof codes };
    assertError(response, Code, codes[Code]);
  }
});

test("HEAD is refused without a body, as HTTP wants it", async () => {
  const target = signedTarget(requesterKey, version, "DescribeRegions", [], "HEAD");
  const response = await fetch(`${server.url}${target}`, { method: "HEAD" });
  assert.deepEqual([response.status, response.headers.get("content-type"), await response.text()], [400, "application/json", ""]);
});

// Connections that end or stall

test("a connection half-closed after a whole request is answered", async () => {
  const connection = new RawConnection(server.endpoint);
  connection.write(get(signedTarget(requesterKey, version, "DescribeRegions")));
  connection.halfClose();
  assert.equal((await connection.response())?.status, 200);
  const { target, encoded } = signedPost("DescribeZones", [["RegionId", "cn-hangzhou"]]);
  const other = new RawConnection(server.endpoint);
  other.write(post(target, encoded));
  other.halfClose();
  assert.equal((await other.response())?.status, 200);
  connection.destroy();
  other.destroy();
});

test("a connection half-closed in the middle of a request is refused or closed, and its write does not happen", async () => {
  const { target, encoded } = signedPost("CreateVpc", [["RegionId", "cn-hangzhou"]]);
  const whole = post(target, encoded);
  for (const length of [1, 20, whole.indexOf("\r\n\r\n"), whole.length - 1]) {
    const connection = new RawConnection(server.endpoint);
    connection.write(whole.slice(0, length));
    connection.halfClose();
    const response = await connection.response();
    if (response !== undefined) assertError(response, "InvalidRequest", 400);
    await connection.closed();
    connection.destroy();
  }
});

test("connections that break off at any point leave the server in order", async () => {
  const { target, encoded } = signedPost("CreateVpc", [["RegionId", "nowhere"]]);
  const whole = post(target, encoded);
  for (let length = 1; length <= whole.length; length += 37) {
    const connection = new RawConnection(server.endpoint);
    connection.write(whole.slice(0, length));
    connection.destroy();
  }
  assert.equal((await server.admin("GET", "ready")).status, 200);
});

test("a client that asks for a tunnel and breaks off before the refusal does not end the server", async () => {
  // Whether the refusal is under way when the connection breaks is a matter of chance.
  for (let attempt = 0; attempt < 50; attempt++) {
    const connection = new RawConnection(server.endpoint);
    connection.write("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n");
    await connection.breakOff();
  }
  assert.equal((await server.admin("GET", "ready")).status, 200);
});

test("headers that do not arrive in time are answered 408", async () => {
  impatiently();
  const connection = new RawConnection(server.endpoint);
  connection.write("GET / HTTP/1.1\r\nhost:");
  assertError(await connection.response(), "RequestTimeout", 408);
  await connection.closed();
});

test("a body that does not arrive in time is answered 408, and its write does not happen", async () => {
  impatiently();
  const { target, encoded } = signedPost("CreateVpc", [["RegionId", "cn-hangzhou"]]);
  const connection = new RawConnection(server.endpoint);
  connection.write(post(target, encoded).slice(0, -1));
  assertError(await connection.response(), "RequestTimeout", 408);
  await connection.closed();
});

for (const [what, bytes, code, status] of [
  ["never finished its headers", "GET / HTTP/1.1\r\nhost:", "RequestTimeout", 408],
  ["sent garbage", "garbage\r\n\r\n", "InvalidRequest", 400],
] as const) {
  test(`a client that ${what} and does not close after the answer is cut off`, async () => {
    impatiently();
    const ends: Socket[] = [];
    const note = (socket: Socket): void => void ends.push(socket);
    server.app.server.on("connection", note);
    const connection = new RawConnection(server.endpoint);
    connection.write(bytes);
    assertError(await connection.response(), code, status);
    await connection.closed();
    server.app.server.off("connection", note);
    const end = ends.find(({ remotePort }) => remotePort === connection.port);
    assert.ok(end);
    const until = Date.now() + 6_000;
    while (!end.destroyed && Date.now() < until) await setTimeout(50);
    assert.ok(end.destroyed, "the server keeps the connection of a client that it has done with");
  });
}

// The host in answers

test("HostId repeats the host that was asked for, and nothing that cannot be one", async () => {
  for (const [host, told] of [
    ["vpc.cn-hangzhou.aliyuncs.com", "vpc.cn-hangzhou.aliyuncs.com"],
    ["[::1]:4747", "[::1]:4747"],
    [`<script>`, "localhost"],
    [`a"b`, "localhost"],
    ["a".repeat(300), "localhost"],
  ] as const) {
    const response = await exchange(server.endpoint, `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    assertError(response, "MissingVersion", 400);
    const { HostId, Recommend } = JSON.parse(response?.text ?? "{}") as { HostId: string; Recommend: string };
    assert.equal(HostId, told);
    assert.ok(Recommend.startsWith(`http://${told}/_linkspan/requests/`), Recommend);
  }
});

test("two headers of one name are joined before they are judged", async () => {
  const doubled = get(
    "/",
    "authorization: ACS3-HMAC-SHA256 a\r\nauthorization: ACS3-HMAC-SHA256 b\r\nx-acs-action: DescribeRegions\r\nx-acs-version: 2016-04-28\r\n",
  );
  assertError(await exchange(server.endpoint, doubled), "IncompleteSignature", 400);
});

test("an official-looking call with a body that is not a form is refused for what it lacks", async () => {
  const answer = await server.requester.send("POST", "/", '{"Action":"DescribeRegions"}', { "content-type": "application/json" });
  refusedWith(answer, "MissingVersion");
});
