import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Caller } from "../support/caller.ts";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { accepterKey, requesterKey, type SpawnedServer, spawnServer } from "../support/server.ts";
import { found } from "./found.ts";
import { readStore } from "./replay.ts";

/** No secret leaves the server but in the one answer that hands a new key out. */

let server: SpawnedServer;
/** Secrets that the server itself made, and those that its documentation publishes. */
let made: string[];
const published = [requesterKey.secret, accepterKey.secret];

before(async () => {
  server = await spawnServer({ environment: { LINKSPAN_LOG: "trace", LINKSPAN_PACE: "stepped" } });
  const token = /shown this once: (\S+)/.exec(server.output())?.[1];
  assert.ok(token !== undefined);
  const owner = await server.stranger();
  const { accounts } = (await server.admin("GET", "accounts")).body;
  const { name } = accounts.find(({ uid }: { uid: string }) => uid === owner.key.account);
  const { key } = (await server.admin("POST", `accounts/${name}/keys`)).body;
  made = [owner.key.secret, key.AccessKeySecret];
  const second = new Caller(server.url, { account: owner.key.account, id: key.AccessKeyId, secret: key.AccessKeySecret });

  // Every way in which a key can be used, well and badly.
  const RegionId = hangzhou;
  for (const caller of [server.requester, server.accepter, owner, second]) {
    const { VpcId } = succeeded(await caller.vpc("CreateVpc", { RegionId, ClientToken: "once" })).body;
    succeeded(await caller.vpc("DescribeVpcs", { RegionId, VpcId }, { signature: "V3" }));
    succeeded(await caller.vpc("DescribeVpcs", { RegionId }, { method: "GET", format: "XML" }));
    refusedWith(await caller.vpc("DescribeVpcs", { RegionId }, { common: { Signature: "wrong" } }), "SignatureDoesNotMatch");
    const authorization = `ACS3-HMAC-SHA256 Credential=${caller.key.id},SignedHeaders=host,Signature=00`;
    assert.notEqual((await caller.vpc("DescribeVpcs", { RegionId }, { signature: "V3", common: { authorization } })).status, 200);
    assert.notEqual((await caller.vpc("DescribeVpcs", { RegionId }, { common: { SecurityToken: "token-of-nobody" } })).status, 200);
    assert.notEqual((await caller.vpc("DeleteVpc", { VpcId: "vpc-unknown" })).status, 200);
  }
  await server.advance();
  assert.equal((await server.admin("DELETE", `accounts/${name}`)).status, 200);
  refusedWith(await owner.vpc("DescribeVpcs", { RegionId }), "InvalidAccessKeyId.Inactive");
});
after(() => server.stop());

test("the search that these tests stand on finds a secret", () => {
  assert.deepEqual(found(`{"secret":"${made[0]}"}`, made), [made[0]]);
  assert.deepEqual(found(Buffer.from(`${made[1]}`).toString("hex"), made), [made[1]]);
});

test("the files of the data folder hold no secret", () => {
  const files = readdirSync(server.folder).filter((name) => name !== "key");
  assert.ok(files.includes("linkspan.db") && files.includes("linkspan.db-wal"), files.join(", "));
  const token = /shown this once: (\S+)/.exec(server.output())?.[1] as string;
  for (const file of files) assert.deepEqual(found(readFileSync(join(server.folder, file)), [...made, ...published, token]), [], file);
});

test("events hold no secret, and the images of keys hold one that is sealed", () => {
  const events = readStore(server.folder, (all) => all("SELECT * FROM event"));
  const keys = events.filter(({ kind }) => kind === "access-key");
  assert.equal(keys.length, 4);
  for (const { image } of keys) assert.ok(JSON.parse(image).secret.length > 20, "something stands in the secret's place");
  assert.deepEqual(found(JSON.stringify(events), [...made, ...published]), []);
});

test("log lines at the finest level hold no secret", async () => {
  const output = await server.wholeOutput();
  const lines = output.split("\n");
  const logged = lines.filter((line) => line.startsWith("{"));
  assert.ok(logged.filter((line) => line.includes('"request"')).length >= 28, `${logged.length} lines`);
  const token = /shown this once: (\S+)/.exec(output)?.[1] as string;
  assert.deepEqual(found(logged.join("\n"), [...made, ...published, token]), []);
  // The greeting shows the published secrets and the admin token, which is what it is for; never one of the others.
  assert.deepEqual(found(output, made), []);
  for (const line of logged) JSON.parse(line);
});

test("the requests, and each told whole, hold no secret and no signature", async () => {
  const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
  assert.ok(requests.length >= 28);
  assert.deepEqual(found(JSON.stringify(requests), [...made, ...published]), []);
  for (const { requestId } of requests) {
    const { status, body } = await server.admin("GET", `requests/${requestId}`);
    assert.equal(status, 200);
    const text = JSON.stringify(body);
    assert.deepEqual(found(text, [...made, ...published, "token-of-nobody"]), [], text);
    assert.equal(body.parameters.Signature, undefined);
  }
});

test("no address under /_linkspan/ answers a secret, except the two that make a key", async () => {
  for (const path of ["accounts", "settings", "operations", "ready", "clock", "health"]) {
    const { status, body } = await server.admin("GET", path);
    assert.equal(status, 200, path);
    assert.deepEqual(found(JSON.stringify(body), [...made, ...published]), [], path);
  }
});

test("a patch of a key or an account answers no secret", async () => {
  for (const id of [requesterKey.id, accepterKey.id, requesterKey.account]) {
    for (const fields of [{}, { secret: "mine" }, { state: "Active" }]) {
      const { body } = await server.admin("PATCH", `resources/${id}`, fields);
      assert.deepEqual(found(JSON.stringify(body), published), [], `PATCH ${id} ${JSON.stringify(fields)}`);
    }
  }
  succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }));
});

test("refused calls tell no secret to their caller", async () => {
  const { requester } = server;
  for (const signature of ["V1", "V3"] as const) {
    const common = signature === "V1" ? { Signature: "wrong" } : { "x-acs-content-sha256": "00" };
    const answer = await requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { signature, common });
    assert.notEqual(answer.status, 200);
    assert.deepEqual(found(answer.text + JSON.stringify([...answer.headers]), published), []);
  }
});
