import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

/** `linkspan snapshot`, `history` and `rewind` as their user runs them. */

let server: SpawnedServer;
/** A server with another key file. */
let other: SpawnedServer;
before(async () => {
  const environment = { LINKSPAN_PACE: "instant" };
  [server, other] = await Promise.all([spawnServer({ environment }), spawnServer({ environment })]);
});
after(() => Promise.all([server.stop(), other.stop()]));

const run = (args: readonly string[], at: SpawnedServer = server): Promise<Finished> => linkspan([...args, "--url", at.url]);
async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  assert.equal(code, 0, stderr);
  return stdout;
}
async function refused(args: readonly string[], at: SpawnedServer = server): Promise<string> {
  const { code, stdout, stderr } = await run(args, at);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(stderr.trimEnd().split("\n").length, 1, "one line and no stack");
  return stderr;
}
async function createVpc(): Promise<string> {
  return succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/8" })).body.VpcId;
}
const newest = async (): Promise<number> => (await server.admin("GET", "history?limit=1")).body.newest;

test("a snapshot is saved, listed, loaded and removed, and loading it can be taken back", async () => {
  await createVpc();
  assert.match(
    await printed("snapshot", "save", "one", "--description", "a VPC"),
    /^Saved one: \d+ resources as of event \d+\.\nServers with/,
  );
  assert.match(await printed("snapshot", "list"), /^one {2}\S+Z {2}event \d+ {2}\d+ resources {2}\d+ bytes {2}a VPC\n$/);
  assert.match(await printed("snapshot", "load", "one"), /^Nothing had to change/);
  const VpcId = await createVpc();
  const loaded = await printed("snapshot", "load", "one");
  assert.match(loaded, /^vpc: 1 taken away$/m);
  const [, back = ""] = /^To take it back: linkspan rewind (\d+)$/m.exec(loaded) ?? [];
  assert.match(await printed("rewind", back), /^vpc: 1 brought back$/m);
  assert.ok((await printed("history", "--at", String(await newest()), "--kind", "vpc")).includes(VpcId));
  assert.equal(await printed("snapshot", "rm", "one"), "one is gone.\n");
  assert.equal(await printed("snapshot", "list"), "");
});

test("a file with a passphrase opens on a server with another key file", async () => {
  const file = join(temporaryFolder(), "two.jsonl");
  const VpcId = await createVpc();
  await printed("snapshot", "save", "two", "--file", file, "--passphrase", "correct horse");
  assert.match(await refused(["snapshot", "load", "two", "--file", file], other), /give the passphrase that it was saved with/);
  const { code, stdout, stderr } = await run(["snapshot", "load", "two", "--passphrase", "correct horse"], other);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^vpc: \d brought back$/m);
  assert.ok((await run(["history", "--kind", "vpc"], other)).stdout.includes(VpcId));
});

test("changes are told by account, and a difference by the requests that made it", async () => {
  const from = await newest();
  const answer = await server.requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/8", VpcName: "first" });
  const { VpcId, RequestId } = succeeded(answer).body;
  const between = await newest();
  succeeded(await server.requester.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId, VpcName: "second" }));
  const to = await newest();
  for (const account of ["requester", server.requester.key.account]) {
    const told = await printed("history", "--account", account, "--resource", VpcId);
    assert.ok(
      told.split("\n").some((line) => line.includes(`CreateVpc → Pending  ${RequestId}`)),
      told,
    );
  }
  assert.equal(await printed("history", "--account", "accepter", "--resource", VpcId), "");
  assert.ok((await printed("history", "diff", String(from), String(to), "--account", "requester")).includes(`created  vpc  ${VpcId}\n`));
  assert.match(await printed("history", "diff", String(between), String(to)), /^ {2}name: "first" → "second"$/m);
  assert.match(await printed("history", "--at", String(between), "--resource", VpcId), /"name": "first"/);
});

test("what cannot be is told in a line, with what to do", async () => {
  const missing = join(temporaryFolder(), "missing.jsonl");
  const cases: [args: string[], says: RegExp][] = [
    [["snapshot", "load", "missing"], /There is no snapshot missing\. — `linkspan snapshot list`/],
    [["snapshot", "rm", "missing"], /There is no snapshot missing\./],
    [["snapshot", "load", "missing", "--file", missing], /missing\.jsonl cannot be read/],
    [["snapshot", "save", "../up"], /letters, digits/],
    [["snapshot", "save", "short", "--passphrase", "short"], /at least 8 characters/],
    [["history", "--account", "nobody"], /There is no account nobody\. — `linkspan account list`/],
    [["history", "--kind", "nothing"], /vpc, vrouter/],
    [["rewind", "999999"], /does not reach event 999999\. — it reaches from event 1 to/],
  ];
  for (const [args, says] of cases) assert.match(await refused(args), says);
});
