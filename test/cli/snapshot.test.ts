import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { activePeering, availableVpc, beijing, hangzhou, peeringStatus, succeeded } from "../support/networks.ts";
import { type SpawnedServer, spawnServer, temporaryFolder, type TestServer } from "../support/server.ts";
import { type Finished, linkspan } from "./run.ts";

/** `linkspan snapshot`, `history` and `rewind` as their user runs them. */

const environment = { LINKSPAN_PACE: "stepped" };
const passphrase = { LINKSPAN_SNAPSHOT_PASSPHRASE: "from the environment" };
const folder = temporaryFolder();
let server: SpawnedServer;
/** A server with another key file. */
let other: SpawnedServer;
before(async () => {
  server = await spawnServer({ environment });
  other = await spawnServer({ environment });
});
after(async () => {
  await server.stop();
  await other.stop();
  rmSync(folder, { recursive: true });
});

async function done(args: readonly string[], on: TestServer = server, variables: Record<string, string> = {}): Promise<Finished> {
  const finished = await linkspan([...args, "--url", on.url], { environment: variables });
  assert.equal(finished.code, 0, finished.stderr);
  return finished;
}
async function refused(args: readonly string[], on: TestServer, why: RegExp): Promise<void> {
  const { code, stdout, stderr } = await linkspan([...args, "--url", on.url]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, why);
}
const vpcs = async (of: TestServer): Promise<string[]> =>
  succeeded(await of.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.Vpcs.Vpc.map(({ VpcId }: any) => VpcId);

test("a state is saved, left, and brought back by its name", async () => {
  const { vpcId } = await availableVpc(server, server.requester);
  const saved = await done(["snapshot", "save", "one", "--description", "a network"]);
  assert.match(saved.stdout, /^Saved one: \d+ resources as of event \d+\.\nServers with the same key file can load it\. With --passphrase/);
  await availableVpc(server, server.requester);
  const loaded = await done(["snapshot", "load", "one"]);
  assert.match(loaded.stdout, /^(route-entry|route-table|vpc|vrouter): \d+ taken away$/m);
  assert.deepEqual(await vpcs(server), [vpcId]);
  assert.match((await done(["snapshot", "load", "one"])).stdout, /^Nothing had to change: all is as it was then\.\n$/);
  const listed = await done(["snapshot", "list"]);
  assert.equal(JSON.parse((await done(["snapshot", "list", "--json"])).stdout).description, "a network");
  assert.match(listed.stdout, /^one {2}\S+Z {2}event \d+ {2}\d+ resources {2}\d+ bytes {2}a network\n$/);

  // The way back stands in the answer.
  const way = /^To take it back: linkspan (rewind \d+)$/m.exec(loaded.stdout)?.[1]?.split(" ") ?? [];
  await done(way);
  assert.equal((await vpcs(server)).length, 2);
  await refused(["snapshot", "save", "one"], server, /There is a snapshot one already/);
  await done(["snapshot", "save", "one", "--replace"]);
  assert.equal((await done(["snapshot", "remove", "one"])).stdout, "one is gone.\n");
  await refused(["snapshot", "load", "one"], server, /There is no snapshot one\./);
  await refused(["snapshot", "save", "../one"], server, /letters, digits/);
  assert.equal((await done(["snapshot", "list"])).stdout, "");
});

test("a file in a repository brings the state to any server that is told the passphrase", async () => {
  const file = join(folder, "network.jsonl");
  await done(["snapshot", "save", "network", "--file", file], server, passphrase);
  assert.deepEqual(readdirSync(folder), ["network.jsonl"]);
  assert.doesNotMatch(readFileSync(file, "utf8"), /from the environment|linkspan-requester-secret/);
  await refused(["snapshot", "load", "network", "--file", file], other, /comes from a server with another key file: give the passphrase/);
  const loaded = await done(["snapshot", "load", "network", "--file", file], other, passphrase);
  assert.match(loaded.stdout, /brought back/);
  assert.deepEqual(await vpcs(other), await vpcs(server));
  // As a fixture, again and again.
  for (const id of await vpcs(other)) succeeded(await other.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: id }));
  await done(["snapshot", "load", "network", "--file", file, "--passphrase", "from the environment"], other);
  assert.deepEqual(await vpcs(other), await vpcs(server));

  // The file has changed since: the server's own is not lost unless that is said.
  await done(["snapshot", "save", "network", "--file", file, "--replace"], server, passphrase);
  await refused(["snapshot", "load", "network", "--file", file], other, /There is a snapshot network already/);
  await done(["snapshot", "load", "network", "--file", file, "--replace"], other, passphrase);

  writeFileSync(file, readFileSync(file, "utf8").slice(0, -10));
  await refused(["snapshot", "load", "cut", "--file", file], other, /snapshot cut cannot be used: it is cut off/);
  await refused(["snapshot", "load", "none", "--file", join(folder, "none")], other, /none cannot be read/);
  const nowhere = join(folder, "no", "such", "folder");
  await refused(["snapshot", "save", "nowhere", "--file", nowhere], other, /cannot be written/);
  assert.ok(!existsSync(nowhere));
});

test("the history tells what happened, how it was and what differs, and a rewind brings it back", async () => {
  const mine = await availableVpc(server, server.requester, hangzhou, { CidrBlock: "10.7.0.0/16" });
  const peering = await activePeering(server, mine, await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.8.0.0/16" }));
  const point = Number((await done(["history", "--limit", "1"])).stdout.split("  ")[0]);
  const { body } = succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await server.advance(200);

  const events = await done(["history", "--resource", peering]);
  assert.match(events.stderr, /^Events 1 to \d+\. To go back to one: linkspan rewind EVENT\n$/);
  const lines = events.stdout.trimEnd().split("\n");
  assert.match(
    lines[0] as string,
    new RegExp(`^\\d+ {2}\\S+Z {2}vpc-peering-connection {2}${peering} {2}forgotten {2}Deleted → gone {2}system {2}task$`),
  );
  assert.ok(
    lines.some((line) => line.endsWith(`DeleteVpcPeerConnection  Activated → Deleting  acs:ram::1000000000000001:root  ${body.RequestId}`)),
  );
  assert.equal((await done(["history", "--limit", "3"])).stdout.trimEnd().split("\n").length, 3);

  const past = await done(["history", "--at", String(point), "--kind", "vpc-peering-connection"]);
  assert.equal(past.stdout, `${peering}  vpc-peering-connection  Activated  1000000000000001\n`);
  assert.equal(JSON.parse((await done(["history", "--at", String(point), "--resource", peering])).stdout).state, "Activated");

  const diff = await done(["history", "diff", String(point), (lines[0] as string).split("  ")[0] as string, "--resource", peering]);
  assert.match(diff.stdout, new RegExp(`^(gone|changed)  vpc-peering-connection  ${peering}\n`));
  assert.ok(diff.stdout.includes(body.RequestId));

  const objects = async (...args: string[]): Promise<any[]> =>
    (await done([...args, "--resource", peering, "--json"])).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  assert.deepEqual((await objects("history")).map(({ event, to }) => `${event} ${to}`).slice(0, 2), ["forgotten ", "deleted Deleted"]);
  assert.deepEqual(
    (await objects("history", "--at", String(point))).map(({ fields }) => fields.state),
    ["Activated"],
  );
  assert.deepEqual(
    (await objects("history", "diff", String(point), (lines[0] as string).split("  ")[0] as string)).map(({ change }) => change),
    ["gone"],
  );

  for (const [args, says] of [
    [["history", "--resource", "nope"], /None of them/],
    [["history", "--at", "1", "--resource", peering], /Nothing of what was asked for was there after event 1/],
    [["history", "diff", String(point), String(point)], /Nothing of what was asked for differs/],
  ] as const) {
    const { stdout, stderr } = await done(args);
    assert.equal(stdout, "");
    assert.match(stderr, says);
  }

  const rewound = await done(["rewind", String(point)]);
  assert.match(rewound.stdout, /^vpc-peering-connection: 1 brought back\nTo take it back: linkspan rewind \d+\n$/);
  assert.equal(await peeringStatus(server.requester, peering), "Activated");
  await refused(["rewind", "99999"], server, /does not reach event 99999\. — it reaches from event 1 to event \d+/);
  for (const args of [["rewind", "x"], ["rewind"], ["history", "--at", "x"], ["history", "diff", "1"]]) {
    assert.notEqual((await linkspan([...args, "--url", server.url])).code, 0, args.join(" "));
  }
});

test("an account is named by name or UID, and what cannot be is told with what to do", async () => {
  const VpcId = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.9.0.0/16" })).body.VpcId;
  const told = async (account: string) => (await done(["history", "--account", account, "--resource", VpcId])).stdout;
  assert.match(await told("requester"), new RegExp(`vpc {2}${VpcId}`));
  assert.equal(await told("requester"), await told(server.requester.key.account));
  assert.equal(await told("accepter"), "");
  await refused(["history", "--account", "nobody"], server, /There is no account nobody\. — `linkspan account list`/);
  await refused(["history", "--kind", "nothing"], server, /vpc, vrouter/);
  await refused(["snapshot", "load", "none"], server, /There is no snapshot none\. — `linkspan snapshot list`/);
  await refused(["snapshot", "save", "short", "--passphrase", "short"], server, /at least 8 characters/);
});
