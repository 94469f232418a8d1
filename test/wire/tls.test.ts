import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { newAuthority } from "../../src/gateway/certificates.ts";
import { Caller, versions } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { callV3, codeOf, popClient, vpcClient, vpcSdk } from "../support/official.ts";
import {
  type InProcessServer,
  noOutsideAddress,
  outsideAddress,
  requesterKey,
  spawnServer,
  startServer,
  trust,
} from "../support/server.ts";
import { assertError, destroyAll, exchange, RawConnection, signedTarget } from "./raw.ts";

/** The TLS listener: the same server behind another door. */

let server: InProcessServer;
let endpoint: string;
let caFile: string;
let distrust: () => void;
before(async () => {
  server = await startServer({ tls: true });
  endpoint = secureEndpoint(server);
  caFile = join(server.folder, "ca.pem");
  distrust = trust(caFile);
});
after(async () => {
  distrust();
  await server.stop();
});
afterEach(async () => {
  destroyAll();
  succeeded(await new Caller(`https://${endpoint}`, requesterKey).vpc("DescribeRegions"));
  succeeded(await server.requester.vpc("DescribeRegions"));
});

function secureEndpoint({ tls }: InProcessServer, host = "127.0.0.1"): string {
  assert.ok(tls !== undefined);
  return `${host}:${(tls.address() as AddressInfo).port}`;
}

// Clients

test("official SDKs work over TLS with both signatures, and see what others wrote over HTTP", async () => {
  const { VpcId } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, VpcName: "through-both-doors" })).body;
  const typed = await vpcClient(endpoint, requesterKey, "https").describeVpcs(
    new vpcSdk.DescribeVpcsRequest({ regionId: hangzhou, vpcId: VpcId }),
  );
  assert.equal(typed.body?.vpcs?.vpc?.[0]?.vpcName, "through-both-doors");
  const pop = popClient(endpoint, requesterKey, versions.Vpc, "https");
  const listed = await pop.request<any>("DescribeVpcs", { RegionId: hangzhou, VpcId }, { method: "POST" });
  assert.equal(listed.TotalCount, 1);
  const generic = await callV3(endpoint, requesterKey, "ListVpcPeerConnections", { RegionId: hangzhou }, { protocol: "https" });
  assert.deepEqual(generic.VpcPeerConnects, []);
});

for (const signature of ["V1", "V3"] as const) {
  test(`a write signed with ${signature} works over TLS, and a wrong signature is refused`, async () => {
    const caller = new Caller(`https://${endpoint}`, requesterKey);
    succeeded(await caller.vpc("CreateVpc", { RegionId: hangzhou }, { signature, place: "form" }));
    const forger = new Caller(`https://${endpoint}`, { ...requesterKey, secret: "guessed" });
    refusedWith(await forger.vpc("CreateVpc", { RegionId: hangzhou }, { signature }), "SignatureDoesNotMatch");
  });
}

test("clients that do not trust the authority, or trust another, refuse the server", async () => {
  distrust();
  try {
    for (const ca of [undefined, newAuthority(Date.now()).certificate]) {
      await assert.rejects(handshake({ ca }), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    }
    // Under a name that no earlier test has an open connection to.
    const afresh = endpoint.replace("127.0.0.1", "localhost");
    const pop = popClient(afresh, requesterKey, versions.Vpc, "https");
    assert.match(await codeOf(() => pop.request("DescribeRegions", {}, { method: "POST" })), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
    const sdk = vpcClient(afresh, requesterKey, "https");
    await assert.rejects(sdk.describeRegions(new vpcSdk.DescribeRegionsRequest({})), /unable to verify the first certificate/);
  } finally {
    distrust = trust(caFile);
  }
});

test("the server is known as localhost and by both loopback addresses, and as nothing else", async () => {
  await handshake({ servername: "localhost" });
  const { subjectaltname } = (await handshake({})).getPeerCertificate();
  for (const name of ["DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1"])
    assert.ok(subjectaltname?.includes(name), name);
  await assert.rejects(handshake({ servername: "example.com" }), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
});

test("TLS 1.2 and 1.3 are spoken, and nothing older", async () => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    assert.equal((await handshake({ minVersion: version, maxVersion: version })).getProtocol(), version);
  }
  // The lowest level lets this client offer what is out of date.
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  await assert.rejects(handshake(old), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
});

/** A TLS connection that is up. Rejects with what the client found wrong. */
async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const [host = "", port] = endpoint.split(":");
  const socket = connect({ host, port: Number(port), ...options });
  after(() => socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

// What the protocol knows of TLS

test("the address that explains an error is an https one, in answers and on connections that never carried a request", async () => {
  const caller = new Caller(`https://${endpoint}`, requesterKey);
  const { Recommend, RequestId } = refusedWith(
    await caller.vpc("DescribeVpcs", { RegionId: "nowhere" }),
    "InvalidRegionId.NotFound",
    404,
  ).body;
  assert.equal(Recommend, `https://${endpoint}/_linkspan/requests/${RequestId}`);
  const explained = await (await fetch(Recommend)).json();
  assert.equal((explained as { code: string }).code, "InvalidRegionId.NotFound");
  const broken = await exchange(endpoint, "nonsense\r\n\r\n", { secure: true });
  assert.match(JSON.parse(broken?.text ?? "{}").Recommend, /^https:\/\/localhost\//);
});

test("an operation that wants TLS from other machines has it here", async (t) => {
  const outside = outsideAddress();
  if (outside === undefined) return t.skip(noOutsideAddress);
  const open = await startServer({ tls: true, host: "0.0.0.0", record: false });
  const forget = trust(join(open.folder, "ca.pem"));
  try {
    const plain = new Caller(open.url.replace("127.0.0.1", outside), requesterKey);
    refusedWith(await plain.call(versions.Sts, "GetCallerIdentity"), "InvalidProtocol.NeedSsl", 404);
    const secure = new Caller(`https://${secureEndpoint(open, outside)}`, requesterKey);
    assert.equal(succeeded(await secure.call(versions.Sts, "GetCallerIdentity")).body.AccountId, requesterKey.account);
  } finally {
    forget();
    await open.stop();
  }
});

test("our own addresses are there, and ready tells where the listener is and which certificate to trust", async () => {
  const { body } = await server.admin("GET", "ready");
  assert.deepEqual(body.tls, { port: Number(endpoint.split(":")[1]), caFile });
  assert.deepEqual(await (await fetch(`https://${endpoint}/_linkspan/ready`)).json(), body);
  const without = await startServer();
  try {
    assert.equal((await without.admin("GET", "ready")).body.tls, null);
  } finally {
    await without.stop();
  }
});

test("a page of another site is refused over TLS too", async () => {
  const response = await fetch(`https://${endpoint}/_linkspan/accounts`, { headers: { origin: "https://example.com" } });
  assert.equal(response.status, 403);
  const own = await fetch(`https://${endpoint}/_linkspan/accounts`, { headers: { origin: `https://${endpoint}` } });
  assert.equal(own.status, 200);
});

// The same limits and the same form of errors

for (const [what, bytes, code, status] of [
  ["words", "hello\r\n\r\n", "InvalidRequest", 400],
  ["another TLS hello", Buffer.from("16030100a5010000a10303", "hex"), "InvalidRequest", 400],
  ["headers that are too large", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(20_000)}\r\n\r\n`, "RequestHeaderFieldsTooLarge", 431],
  ["a body that is too large", `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${2 ** 21}\r\n\r\n`, "RequestEntityTooLarge", 413],
  ["no host", "GET / HTTP/1.1\r\n\r\n", "MissingVersion", 400],
  ["an expectation that nobody can meet", "GET / HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n", "MissingVersion", 400],
  ["CONNECT", "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n", "UnsupportedHTTPMethod", 400],
  ["an unknown address", "GET /vpc HTTP/1.1\r\nhost: x\r\n\r\n", "InvalidApi.NotFound", 404],
] as const) {
  test(`${what} inside TLS is answered as over HTTP`, async () => {
    const [secure, plain] = [await exchange(endpoint, bytes, { secure: true }), await exchange(server.endpoint, bytes)];
    assertError(secure, code, status);
    assertError(plain, code, status);
  });
}

for (const [what, bytes] of [
  ["headers", "GET / HTTP/1.1\r\nhost:"],
  ["a body", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\na"],
] as const) {
  test(`${what} that do not arrive in time are answered 408 over TLS`, async (t) => {
    const listener = server.tls;
    assert.ok(listener !== undefined);
    const { headersTimeout, requestTimeout } = listener;
    assert.deepEqual([headersTimeout, requestTimeout], [server.app.server.headersTimeout, server.app.server.requestTimeout]);
    assert.equal(listener.keepAliveTimeout, server.app.server.keepAliveTimeout);
    t.after(() => Object.assign(listener, { headersTimeout, requestTimeout }));
    Object.assign(listener, { headersTimeout: 500, requestTimeout: 1_000 });
    const connection = new RawConnection(endpoint, { secure: true });
    connection.write(bytes);
    assertError(await connection.response(), "RequestTimeout", 408);
    await connection.closed();
  });
}

// What is not TLS

for (const [what, bytes] of [
  ["plain HTTP", `GET / HTTP/1.1\r\nhost: x\r\n\r\n`],
  ["words", "hello, is anybody there?\r\n\r\n"],
  ["zeros", Buffer.alloc(1_000)],
  ["a hello that announces more than can be", Buffer.from("160301ffff0100fffb0303", "hex")],
  ["a hello of no known version", Buffer.from("16030100050100000103", "hex")],
  ["an alert", Buffer.from("15030300020228", "hex")],
  ["application data before any hello", Buffer.from("17030300050000000000", "hex")],
] as const) {
  test(`${what} sent to the TLS port is turned away, and the server lives`, async () => {
    const connection = new RawConnection(endpoint);
    connection.write(bytes);
    connection.halfClose();
    await connection.closed();
    assert.equal((await server.admin("GET", "ready")).body.status, "ok");
  });
}

test("connections that break off at any point of a handshake or a request leave the server in order", async () => {
  const hello = await recordedHello();
  for (let length = 0; length <= hello.length; length += 41) {
    const connection = new RawConnection(endpoint);
    connection.write(hello.subarray(0, length));
    connection.destroy();
  }
  const request = `GET ${signedTarget(requesterKey, versions.Vpc, "DescribeRegions")} HTTP/1.1\r\nhost: ${endpoint}\r\n\r\n`;
  for (let length = 0; length < request.length; length += 41) {
    const socket = await handshake({});
    socket.write(request.slice(0, length));
    socket.destroy();
  }
  assert.equal((await server.admin("GET", "ready")).body.status, "ok");
});

test("a connection whose bytes are forged after the handshake is cut off", async () => {
  const [host = "", port] = endpoint.split(":");
  const upstream = createConnection({ host, port: Number(port) });
  upstream.on("error", () => undefined);
  const relay = createServer((client) =>
    client
      .on("error", () => undefined)
      .pipe(upstream)
      .pipe(client),
  ).listen(0, host);
  await once(relay, "listening");
  const socket = await handshake({ port: (relay.address() as AddressInfo).port });
  socket.on("error", () => undefined);
  upstream.write(Buffer.from("1703030020" + "00".repeat(32), "hex"));
  await once(upstream, "close");
  socket.destroy();
  relay.close();
  await once(relay, "close");
});

/** The first bytes of a TLS client. */
async function recordedHello(): Promise<Buffer> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connect({ host: "127.0.0.1", port: (listener.address() as AddressInfo).port });
  client.on("error", () => undefined);
  const [socket] = (await once(listener, "connection")) as [Socket];
  const [hello] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  client.destroy();
  listener.close();
  return hello;
}

// The end

test("stopping stops both listeners", async () => {
  const other = await startServer({ tls: true });
  const secure = secureEndpoint(other);
  await other.stop();
  for (const url of [other.url, `https://${secure}`]) {
    await assert.rejects(fetch(url), ({ cause }: { cause: { code: string } }) => cause.code === "ECONNREFUSED");
  }
});

test("a request that is being answered over TLS when the server is told to stop gets its answer", async () => {
  const other = await startServer({ tls: true });
  const forget = trust(join(other.folder, "ca.pem"));
  try {
    const arrived = once(other.tls as NonNullable<InProcessServer["tls"]>, "request");
    const target = signedTarget(requesterKey, versions.Vpc, "CreateVpc", [["RegionId", hangzhou]]);
    const bytes = `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;
    const answer = exchange(secureEndpoint(other), bytes, { secure: true });
    await arrived;
    await other.stop();
    assert.equal((await answer)?.status, 200);
  } finally {
    forget();
  }
});

for (const [what, secure, sent] of [
  ["never begins its handshake", false, ""],
  ["stops in the middle of its handshake", false, Buffer.from("16030100a5010000a10303", "hex")],
  ["never asks for anything", true, ""],
  ["never finishes its request", true, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\na"],
] as const) {
  test(`a server that is told to stop ends without complaint though a client of the TLS port ${what}`, async () => {
    const spawned = await spawnServer({ environment: { LINKSPAN_TLS_PORT: "0" } });
    const forget = trust(join(spawned.folder, "ca.pem"));
    const asked = performance.now();
    try {
      assert.ok(spawned.secureUrl !== undefined);
      const connection = new RawConnection(new URL(spawned.secureUrl).host, { secure });
      connection.write(sent);
      // On a connection opened later, so that the first one has been accepted when this is answered.
      succeeded(await new Caller(spawned.secureUrl, requesterKey).vpc("DescribeRegions"));
    } finally {
      await spawned.stop();
      destroyAll();
      forget();
    }
    assert.equal(spawned.process.exitCode, 0);
    assert.ok(performance.now() - asked < 10_000, "it does not wait until the client gives up");
  });
}
