import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Caller, Parameters } from "../support/caller.ts";
import { refusedWith, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer } from "../support/server.ts";
import { found } from "../store/found.ts";
import { readStore } from "../store/replay.ts";
import { signerOf, userIn } from "./support.ts";

/** Secrets of access keys leave the server in the answer that makes the key, and nowhere else. */
let server: SpawnedServer;
/** Whose keys: users', and the account's own. The third is made inactive, the fourth deleted. */
let owners: readonly (string | undefined)[];
const signers: Caller[] = [];
let secrets: readonly string[];

before(async () => {
  server = await spawnServer({ environment: { LINKSPAN_LOG: "trace", LINKSPAN_PACE: "stepped" } });
  const { requester } = server;
  owners = [await userIn(requester), undefined, await userIn(requester), await userIn(requester)];
  for (const owner of owners) signers.push(await signerOf(requester, owner));
  secrets = signers.map(({ key }) => key.secret);
  refusedWith(await requester.ram("CreateAccessKey"), "LimitExceeded.User.AccessKey", 409);
  const keyOf = (index: number): Parameters => ({ UserName: owners[index], UserAccessKeyId: signers[index]?.key.id });
  succeeded(await requester.ram("UpdateAccessKey", { ...keyOf(2), Status: "Inactive" }));
  succeeded(await requester.ram("DeleteAccessKey", keyOf(3)));
  for (const signature of ["V1", "V3"] as const) {
    for (const signer of signers) await signer.sts("GetCallerIdentity", {}, { signature });
    for (const index of [0, 1, 2]) succeeded(await requester.ram("ListAccessKeys", { UserName: owners[index] }, { signature }));
  }
});
after(() => server.stop());

test("no read answers a secret", async () => {
  assert.equal(new Set(secrets).size, 4);
  for (const [index, ids] of [
    [0, 1],
    [1, 2],
    [2, 1],
    [3, 0],
  ] as const) {
    const { text, body } = succeeded(await server.requester.ram("ListAccessKeys", { UserName: owners[index] }));
    assert.equal(body.AccessKeys.AccessKey.length, ids);
    assert.deepEqual(found(text, secrets), []);
  }
  const { body } = await server.admin("GET", "accounts");
  assert.ok(JSON.stringify(body).includes(signers[1]?.key.id ?? "-"));
  assert.deepEqual(found(JSON.stringify(body), secrets), []);
});

test("the files of the data folder hold no secret", () => {
  const files = readdirSync(server.folder).filter((name) => name !== "key");
  assert.ok(files.includes("linkspan.db"), files.join(", "));
  for (const file of files) assert.deepEqual(found(readFileSync(join(server.folder, file)), secrets), [], file);
});

test("events hold the secret sealed, each time anew", () => {
  const stored = readStore(server.folder, (rows) => rows("SELECT * FROM event"));
  assert.deepEqual(found(JSON.stringify(stored), secrets), []);
  const images = signers.map(({ key }) => stored.filter(({ resource }) => resource === key.id).map(({ image }) => image));
  assert.deepEqual(
    images.map(({ length }) => length),
    [1, 1, 2, 2],
  );
  const sealed = images.flat().filter((image) => image !== null).map((image) => JSON.parse(image).secret as string); // prettier-ignore
  for (const text of sealed) assert.ok(text.length > 40, "something stands in the secret's place");
  assert.equal(new Set(sealed).size, sealed.length);
});

test("log lines and everything that the server prints hold no secret", async () => {
  const output = await server.wholeOutput();
  const lines = output.split("\n").filter((line) => /AccessKey|GetCallerIdentity/.test(line)); // prettier-ignore
  assert.ok(lines.length >= 15, `${lines.length} lines`);
  assert.deepEqual(found(output, secrets), []);
});

test("requests, each told whole, and the resources of an administrator hold no secret", async () => {
  const { requests } = (await server.admin("GET", "requests?limit=1000")).body;
  const told = requests.filter(({ action }: { action: string }) => /AccessKey|GetCallerIdentity/.test(action));
  assert.ok(told.length >= 15);
  for (const { requestId } of requests) {
    const { status, body } = await server.admin("GET", `requests/${requestId}`);
    assert.equal(status, 200);
    assert.deepEqual(found(JSON.stringify(body), secrets), []);
  }
  for (const { key } of signers) {
    for (const fields of [{}, { secret: "mine" }, { Secret: "mine" }]) {
      const { body } = await server.admin("PATCH", `resources/${key.id}`, fields);
      assert.deepEqual(found(JSON.stringify(body), secrets), []);
    }
  }
});
