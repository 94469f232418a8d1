import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listVpcs, met } from "../faults/support.ts";
import { type SpawnedServer, spawnServer } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

/** `linkspan faults` as its user runs it. */

let server: SpawnedServer;
before(async () => {
  server = await spawnServer();
});
after(() => server.stop());

const faults = (...args: string[]): Promise<Finished> => linkspan(["faults", ...args, "--url", server.url]);
async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await faults(...args);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}
async function listsNothing(...options: string[]): Promise<void> {
  const { code, stdout, stderr } = await faults("list", ...options);
  assert.deepEqual([code, stdout], [0, ""]);
  assert.match(stderr, /^No fault rules are on\./);
}

test("rules are added, listed with what they did, and removed", async () => {
  await listsNothing();
  const added = await printed("add", "throttle", "--operation", "DescribeVpcs", "--milliseconds", "20", "--count", "1");
  assert.equal(added, "1  throttle, operation DescribeVpcs, count 1, milliseconds 20  (Vpc DescribeVpcs; matched 0, acted 0)\n");
  assert.deepEqual([await met(listVpcs(server.requester)), await met(listVpcs(server.requester))], ["Throttling.User", "OK"]);
  assert.match(await printed("list"), /^1 {2}throttle,.*matched 2, acted 1\)\n$/);
  assert.deepEqual(JSON.parse(await printed("list", "--json")).operations, ["Vpc DescribeVpcs"]);
  assert.match(await printed("remove", "1"), /It is removed\.\n$/);
  await listsNothing();
  await listsNothing("--json");
});

test("profiles are listed, used for one account, and cleared", async () => {
  const profiles = await printed("profiles");
  for (const name of ["throttled", "flaky-network", "busy-vpc", "eventual-consistency"])
    assert.match(profiles, new RegExp(`^${name}$`, "m"));
  assert.match(await printed("use", "outage", "--account", "accepter"), /^2 {2}server-error,.*account 1000000000000002/);
  assert.deepEqual([await met(listVpcs(server.accepter)), await met(listVpcs(server.requester))], ["ServiceUnavailable", "OK"]);
  assert.match(await printed("clear"), /They are removed\.\n$/);
  assert.equal(await printed("clear"), "There were none.\n");
});

test("what cannot be is told with what comes near it", async () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await faults(...args);
    assert.deepEqual([code, stdout], [1, ""]);
    return stderr;
  };
  assert.match(await refused("add", "answer", "--operation", "CreateVSwitch", "--code", "TaskConflicts"), /near it: TaskConflict/);
  assert.match(await refused("add", "answer"), /code is mandatory/);
  assert.match(await refused("use", "throtled"), /throttled/);
  assert.match(await refused("remove", "77"), /There is no fault rule 77/);
  assert.match(await refused("remove", "first"), /There is no fault rule first\. — there are none/);
  assert.match(await refused("add", "throttle", "--account", "nobody"), /There is no account nobody\. — `linkspan account list`/);
  const { stdout } = await faults("add", "--help");
  for (const kind of ["lose-answer", "stuck-state"]) assert.match(stdout, new RegExp(`${kind}: `));
});
