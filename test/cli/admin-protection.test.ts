import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** Who may use Linkspan's own addresses. The server's first half of life has only development accounts, its second a real one. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** Sends a request with these headers and no other, `Host` included: the one that `server.admin` adds the token to is no use here. */
function send(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<{ status: number; body: any }> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) }));
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
/** Every protected address, by a request that would change something where the address can. */
const addresses: readonly (readonly [method: string, path: string, body?: string])[] = [
  ["GET", "ready"],
  ["GET", "operations"],
  ["GET", "requests"],
  ["GET", "requests/00000000-0000-0000-0000-000000000000"],
  ["GET", "clock"],
  ["POST", "clock/advance", '{"seconds":30}'],
  ["POST", "clock/pace", '{"pace":"instant"}'],
  ["GET", "accounts"],
  ["POST", "accounts", '{"name":"intruder"}'],
  ["POST", "accounts/requester/keys"],
  ["DELETE", "accounts/requester"],
  ["GET", "settings"],
  ["PUT", "settings", '{"quotas":[{"name":"Vpc","value":0}]}'],
  ["PATCH", "resources/pcc-x", '{"BizStatus":"Normal"}'],
  ["POST", "reset"],
  ["GET", "snapshots"],
  ["GET", "nothing-of-this-name"],
];
async function state(): Promise<unknown> {
  const get = async (path: string): Promise<unknown> => (await server.admin("GET", path)).body;
  return [await get("accounts"), await get("settings"), await get("clock")];
}

/** Asserts that every address but `health` refuses these headers, and that nothing changed. */
async function allRefuse(headers: Record<string, string>, status: number, says: RegExp): Promise<void> {
  const before = await state();
  for (const [method, path, body] of addresses) {
    const answer = await send(method, `/_linkspan/${path}`, headers, body);
    assert.equal(answer.status, status, `${method} ${path}`);
    assert.equal(answer.body.error, "NotAdmitted");
    assert.match(answer.body.message, says);
  }
  assert.deepEqual(await state(), before);
  assert.equal((await send("GET", "/_linkspan/health", headers)).status, 200, "health is for everyone");
}
const token = async (): Promise<string> => {
  // `server.admin` knows it; a request told back shows which header it sent.
  let seen = "";
  server.app.server.once("request", ({ headers }) => (seen = headers.authorization ?? ""));
  await server.admin("GET", "health");
  return seen;
};

const pages: readonly (readonly [name: string, headers: Record<string, string>])[] = [
  ["a page of another site", { Host: "127.0.0.1:4747", Origin: "https://example.com" }],
  ["a page of this machine on another port", { Host: "127.0.0.1:4747", Origin: "http://127.0.0.1:8080" }],
  ["a page without an origin of its own", { Host: "127.0.0.1:4747", Origin: "null" }],
  ["an image of another site's page", { Host: "127.0.0.1:4747", "Sec-Fetch-Site": "cross-site" }],
  ["a page of a name that was made to resolve here", { Host: "evil.example:4747", Origin: "http://evil.example:4747" }],
  ["a page of a name that looks like ours", { Host: "127.0.0.1:4747", Origin: "http://127.0.0.1:4747.example.com" }],
];
for (const [name, headers] of pages) {
  test(`${name} is refused, even with the admin token`, async () => {
    await allRefuse(headers, 403, /pages of other sites/);
    await allRefuse({ ...headers, Authorization: await token() }, 403, /pages of other sites/);
  });
}

test("a Host that does not name this machine is refused without the token", async () => {
  for (const Host of ["linkspan.example", "10.0.0.1:4747", "localhost.example.com", "127.0.0.1.example.com", "example.com:4747"]) {
    await allRefuse({ Host }, 403, /Host header/);
  }
  const answer = await send("GET", "/_linkspan/clock", { Host: "linkspan.example", Authorization: await token() });
  assert.equal(answer.status, 200, "with it any name will do");
});

test("while only development accounts exist, this machine needs no token", async () => {
  for (const Host of ["127.0.0.1", "localhost:4747", "LOCALHOST", "[::1]:4747", "127.8.8.8:1"]) {
    assert.equal((await send("GET", "/_linkspan/settings", { Host })).status, 200, Host);
  }
  const own = { Host: "localhost:4747", Origin: "http://localhost:4747" };
  assert.equal((await send("GET", "/_linkspan/settings", own)).status, 200, "a page that this server itself delivered");
});

test("another machine needs the token even then", async () => {
  const from = (headers: Record<string, string>) =>
    server.app.inject({
      method: "GET",
      url: "/_linkspan/settings",
      remoteAddress: "192.0.2.7",
      headers: { host: "127.0.0.1", ...headers },
    });
  assert.equal((await from({})).statusCode, 401);
  assert.equal(
    (await from({ "x-forwarded-for": "127.0.0.1" })).statusCode,
    401,
    "what a client says of its own address counts for nothing",
  );
  assert.equal((await from({ authorization: await token() })).statusCode, 200);
});

test("a wrong token is refused, also where none is needed", async () => {
  await allRefuse({ Host: "127.0.0.1", Authorization: "Bearer wrong" }, 401, /not the admin token/);
  const almost = (await token()).slice(0, -1);
  assert.equal((await send("GET", "/_linkspan/settings", { Authorization: almost })).status, 401);
});

test("as soon as an account with a key of its own exists, the token is needed, and opens", async () => {
  const owner = await server.stranger();
  await allRefuse({ Host: "127.0.0.1" }, 401, /admin token/);
  await allRefuse({ Host: "127.0.0.1", Authorization: "Bearer wrong" }, 401, /not the admin token/);
  await allRefuse({ Host: "127.0.0.1", Authorization: (await token()).replace("Bearer", "Basic") }, 401, /admin token/);
  await allRefuse({ Host: "127.0.0.1", Authorization: `Bearer ${owner.key.secret}` }, 401, /not the admin token/);
  const Authorization = await token();
  assert.equal((await send("GET", "/_linkspan/settings", { Authorization })).status, 200);
  succeeded(await owner.vpc("DescribeVpcs", { RegionId: hangzhou }));
});

test("a real key of a development account closes the addresses as well, disabled accounts included", async () => {
  assert.equal((await server.admin("POST", "reset")).status, 200);
  assert.equal((await send("GET", "/_linkspan/settings")).status, 200, "after a reset only development accounts exist again");
  assert.equal((await send("POST", "/_linkspan/accounts/requester/keys")).status, 201);
  assert.equal((await send("GET", "/_linkspan/settings")).status, 401);
  assert.equal((await server.admin("DELETE", "accounts/requester")).status, 200);
  assert.equal((await send("GET", "/_linkspan/settings")).status, 401);
});
