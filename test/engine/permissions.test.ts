import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Caller as Principal } from "../../src/contract/operation.ts";
import { PermissionCache, type Permissions } from "../../src/engine/permissions.ts";
import { StoredResources } from "../../src/engine/resources.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import type { Caller } from "../support/caller.ts";
import { attach, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** What is kept ready of policies: as long as they are the same, and as much as there is room for. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** A user of the account, with a policy whose document has some `size` characters. */
async function userOfSize(root: Caller, size: number): Promise<{ readonly name: string; readonly principal: Principal }> {
  const { name, caller } = await userWith(root);
  await attach(root, { user: name }, { Effect: "Allow", Action: `vpc:${"x".repeat(size)}`, Resource: "*" });
  const key = await server.engine.signingKey(caller.key.id);
  assert.ok(key !== undefined);
  return { name, principal: key.caller };
}
function read(cache: PermissionCache, principal: Principal): Promise<Permissions> {
  const secrets = secretBoxFrom(join(server.folder, "key"));
  return server.store.read((rows) => cache.of(rows, new StoredResources(rows, server.engine.kinds, secrets), principal));
}

test("permissions are kept until anything that decides them changes in the account", async () => {
  const root = await server.stranger();
  const { name, principal } = await userOfSize(root, 10);
  const cache = new PermissionCache();
  const first = await read(cache, principal);
  assert.equal(await read(cache, principal), first);
  await userOfSize(await server.stranger(), 10);
  assert.equal(await read(cache, principal), first, "what changes in other accounts changes nothing");
  await attach(root, { user: name }, { Effect: "Deny", Action: "*", Resource: "*" });
  assert.notEqual(await read(cache, principal), first);
});

test("as many are kept as there is room for, by the length of their documents, and the oldest go", async () => {
  const root = await server.stranger();
  const [small, large, other, another] = await Promise.all([100, 5_000, 5_000, 100].map((size) => userOfSize(root, size)));
  assert.ok(small && large && other && another);
  // Each counts some two thousand characters besides.
  const cache = new PermissionCache(12_000);
  const kept = new Map<Principal, Permissions>();
  const look = async (...principals: Principal[]): Promise<boolean[]> => {
    const same: boolean[] = [];
    for (const principal of principals) {
      const permissions = await read(cache, principal);
      same.push(kept.get(principal) === permissions);
      kept.set(principal, permissions);
    }
    return same;
  };
  assert.deepEqual(await look(small.principal, large.principal), [false, false]);
  assert.deepEqual(await look(small.principal, large.principal), [true, true], "both have room");
  assert.deepEqual(await look(other.principal), [false]);
  assert.deepEqual(await look(other.principal, large.principal), [true, false], "two large ones have not, and the older went");
  assert.deepEqual(await look(large.principal, another.principal, large.principal), [true, false, true]);
  const { principal } = await userOfSize(root, 6_000);
  const tight = new PermissionCache(1_000);
  assert.notEqual(await read(tight, principal), await read(tight, principal), "what has no room is judged by, and not kept");
});
