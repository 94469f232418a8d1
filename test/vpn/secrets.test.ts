import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer } from "../support/server.ts";
import { found } from "../store/found.ts";
import { readStore } from "../store/replay.ts";

/** The BGP key of a customer gateway leaves the server in the answers to its owner and nowhere else. */

const created = "bgp-key-at-creation-5f2c";
const changed = "bgp-key-after-change-9d71";
const refused = "bgp-key-that-is-refused-1a2b";
const malformed = "bgp-key that is malformed?";
const all = [created, changed, refused, malformed];
let server: SpawnedServer;
let id: string;

before(async () => {
  server = await spawnServer({ environment: { LINKSPAN_LOG: "trace", LINKSPAN_PACE: "stepped" } });
  const { requester } = server;
  const gateway = { RegionId: hangzhou, IpAddress: "192.0.2.1", Asn: "65000", AuthKey: created, ClientToken: "once" };
  id = succeeded(await requester.vpc("CreateCustomerGateway", gateway)).body.CustomerGatewayId;
  assert.equal(succeeded(await requester.vpc("CreateCustomerGateway", gateway)).body.CustomerGatewayId, id);
  const change = (AuthKey: string, signature: "V1" | "V3") =>
    requester.vpc(
      "ModifyCustomerGatewayAttribute",
      { RegionId: hangzhou, CustomerGatewayId: id, AuthKey, ClientToken: "change" },
      { signature },
    );
  succeeded(await change(changed, "V3"));
  refusedWith(await change(refused, "V1"), "IdempotentParameterMismatch");
  for (const signature of ["V1", "V3"] as const) refusedWith(await change(malformed, signature), "InvalidAuthkey.Malformed");
  const other = { ...gateway, ClientToken: undefined, AuthKey: refused };
  refusedWith(await requester.vpc("CreateCustomerGateway", other), "InvalidIpAddress.AlreadyExist");
  refusedWith(await requester.vpc("CreateCustomerGateway", other, { method: "GET" }), "InvalidIpAddress.AlreadyExist");
  refusedWith(
    await requester.vpc("CreateCustomerGateway", { ...other, IpAddress: "192.0.2.2", Asn: undefined }),
    "OperationDenied.MissingAsn",
  );
});
after(() => server.stop());

test("the owner reads the key, one by one and in lists", async () => {
  const { requester } = server;
  const one = succeeded(await requester.vpc("DescribeCustomerGateway", { RegionId: hangzhou, CustomerGatewayId: id })).body;
  const { CustomerGateways } = succeeded(await requester.vpc("DescribeCustomerGateways", { RegionId: hangzhou })).body;
  assert.deepEqual([one.AuthKey, CustomerGateways.CustomerGateway[0].AuthKey], [changed, changed]);
});

test("the files of the data folder hold no key", () => {
  const files = readdirSync(server.folder).filter((name) => name !== "key");
  assert.ok(files.includes("linkspan.db"), files.join(", "));
  for (const file of files) assert.deepEqual(found(readFileSync(join(server.folder, file)), all), [], file);
});

test("events hold the key sealed, each time it changes", () => {
  const stored = readStore(server.folder, (rows) => rows("SELECT * FROM event"));
  assert.deepEqual(found(JSON.stringify(stored), all), []);
  const events = stored.filter(({ kind }) => kind === "customer-gateway");
  assert.equal(events.length, 2);
  const sealed = events.map(({ image }) => JSON.parse(image).authKey as string);
  for (const text of sealed) assert.ok(text.length > 20, "something stands in the key's place");
  assert.notEqual(sealed[0], sealed[1]);
});

test("log lines and everything that the server prints hold no key", () => {
  const lines = server.output().split("\n").filter((line) => line.includes("CustomerGateway")); // prettier-ignore
  assert.ok(lines.length >= 9, `${lines.length} lines`);
  assert.deepEqual(found(server.output(), all), []);
});

test("requests, each told whole, and the resources of an administrator hold no key", async () => {
  const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
  const told = requests.filter(({ action }: { action: string }) => /CustomerGateway/.test(action));
  assert.ok(told.length >= 9);
  assert.deepEqual(found(JSON.stringify(requests), all), []);
  for (const { requestId } of told) {
    const { status, body } = await server.admin("GET", `requests/${requestId}`);
    assert.equal(status, 200);
    assert.deepEqual(found(JSON.stringify(body), all), []);
  }
  for (const fields of [{}, { authKey: "mine" }, { AuthKey: "mine" }]) {
    const { body } = await server.admin("PATCH", `resources/${id}`, fields);
    assert.deepEqual(found(JSON.stringify(body), all), []);
  }
});
