import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import type { EventRow } from "../../src/engine/store.ts";
import {
  activePeering,
  availableVpc,
  beijing,
  peeringStatus,
  refusedWith,
  requestPeering,
  routeTo,
  succeeded,
} from "../support/networks.ts";
import { startServer, type InProcessServer, type TestServer } from "../support/server.ts";
import { assertReplayGivesRows } from "./replay.ts";

/** Makes, changes and deletes something of every kind, with refusals in between. */
async function mixedRun(server: TestServer): Promise<void> {
  const { requester, accepter } = server;
  const mine = await availableVpc(server, requester);
  const second = await availableVpc(server, requester, beijing, { CidrBlock: "10.3.0.0/16", VpcName: "second" });
  const theirs = await availableVpc(server, accepter, beijing, { CidrBlock: "10.1.0.0/16", EnableIpv6: true });
  const across = await activePeering(server, mine, theirs, { Bandwidth: 10 });
  const within = await activePeering(server, mine, second);
  const rejected = await requestPeering(second, theirs);
  await server.advance();
  succeeded(await accepter.peer("RejectVpcPeerConnection", { InstanceId: rejected }));

  const zone = { RegionId: mine.region, ZoneId: "cn-hangzhou-b", VpcId: mine.vpcId };
  const { VSwitchId } = succeeded(await requester.vpc("CreateVSwitch", { ...zone, CidrBlock: "10.0.1.0/24" })).body;
  await server.advance();
  await routeTo(server, mine, "10.1.0.0/16", across);
  const kept = await routeTo(server, mine, "10.3.0.0/16", within);
  refusedWith(await requester.vpc("DeleteVpc", { RegionId: mine.region, VpcId: mine.vpcId }), "DependencyViolation.VSwitch");
  succeeded(await accepter.peer("ModifyVpcPeerConnection", { InstanceId: across, Name: "Liegeplätze ⚓ 𝌆" }));
  await server.advance();
  const tagged = { RegionId: mine.region, ResourceType: "PeerConnection", ResourceId: [across, within] };
  succeeded(await requester.peer("TagResources", { ...tagged, Tag: [{ Key: "stage", Value: "1" }, { Key: "team" }] }));
  succeeded(await requester.peer("UnTagResources", { ...tagged, TagKey: ["team"] }));
  assert.equal((await server.admin("PATCH", `resources/${within}`, { BizStatus: "FinancialLocked" })).status, 200);

  succeeded(await requester.peer("DeleteVpcPeerConnection", { InstanceId: across, Force: true }));
  await server.advance();
  succeeded(await requester.vpc("DeleteVSwitch", { RegionId: mine.region, VSwitchId }));
  await server.advance(200);
  assert.equal(await peeringStatus(requester, across), "ResourceNotFound.InstanceId");
  succeeded(await requester.vpc("DeleteRouteEntry", { RegionId: mine.region, RouteEntryId: kept }));
  succeeded(await accepter.vpc("DeleteVpc", { RegionId: beijing, VpcId: theirs.vpcId }));
  await server.advance();
  // Left at work, so that a task is open too.
  succeeded(await accepter.vpc("CreateVpc", { RegionId: beijing, CidrBlock: "10.9.0.0/16" }));
}

/** All events, through the store's own interface and page by page. */
async function allEvents(server: InProcessServer): Promise<EventRow[]> {
  const events: EventRow[] = [];
  for (;;) {
    const page = await server.store.read((rows) => rows.events(events.at(-1)?.id ?? 0, 7));
    if (page.length === 0) return events;
    events.push(...page);
  }
}
function assertIncreasing(ids: readonly number[]): void {
  for (const [index, id] of ids.entries()) assert.ok(index === 0 || id > (ids[index - 1] as number), `${id} follows ${ids[index - 1]}`);
}

test("all events replayed in order give exactly the stored rows, whatever happened", async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  await mixedRun(server);
  const { events, resources } = assertReplayGivesRows(server.folder);
  assert.ok(events > 50 && resources > 15, `${events} events, ${resources} resources`);
});

test("in pace instant, where tasks run inside their call, the events give the rows too", async (t) => {
  const server = await startServer({ pace: "instant" });
  t.after(() => server.stop());
  await mixedRun(server);
  const { events, resources } = assertReplayGivesRows(server.folder);
  assert.ok(events > 50 && resources > 15, `${events} events, ${resources} resources`);
  assert.equal((await server.admin("GET", "ready")).body.tasks.moving, 0);
});

test("an event names what happened, to which version, when, by whom and because of which request", async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const { requester, accepter } = server;
  const now = async (): Promise<number> => Date.parse((await server.admin("GET", "clock")).body.now);
  const earlier = (await allEvents(server)).length;
  const created = succeeded(await requester.vpc("CreateVpc", { RegionId: beijing })).body;
  const atCreation = await now();
  await server.advance(30);
  const story = (await allEvents(server)).slice(earlier).filter(({ resource }) => resource === created.VpcId);
  const short = story.map(({ kind, version, event, cause, principal, at }) => ({ kind, version, event, cause, principal, at }));
  assert.deepEqual(short, [
    { kind: "vpc", version: 1, event: "CreateVpc", cause: created.RequestId, principal: "acs:ram::1000000000000001:root", at: atCreation },
    { kind: "vpc", version: 2, event: "created", cause: "task", principal: "system", at: atCreation + 30_000 },
  ]);
  assert.deepEqual(
    story.map(({ image }) => JSON.parse(image as string).state),
    ["Pending", "Available"],
  );
  // The request's own story names the same events.
  const { changes } = (await server.admin("GET", `requests/${created.RequestId}`)).body;
  assert.equal(changes.find(({ resource }: { resource: string }) => resource === created.VpcId).eventId, story[0]?.id);

  const before = await allEvents(server);
  refusedWith(await accepter.vpc("DeleteVpc", { RegionId: beijing, VpcId: created.VpcId }), "InvalidVpcId.NotFound", 404);
  refusedWith(await requester.vpc("DeleteVpc", { RegionId: beijing, VpcId: created.VpcId, DryRun: true }), "DryRunOperation");
  succeeded(await requester.vpc("DescribeVpcs", { RegionId: beijing }));
  assert.deepEqual(await allEvents(server), before, "refusals, dry runs and reads leave no event");
});

test("event ids strictly increase, also across a reset and a restart", async (t) => {
  const server = await startServer();
  await availableVpc(server, server.requester);
  const first = (await allEvents(server)).map(({ id }) => id);
  assert.equal((await server.admin("POST", "reset")).status, 200);
  const second = (await allEvents(server)).map(({ id }) => id);
  assert.ok(second.length > 0 && second.length < first.length, "the events of the old resources went with them");
  assertReplayGivesRows(server.folder);
  await server.app.close();
  await server.engine.stop();
  const again = await startServer({ folder: server.folder });
  t.after(async () => {
    await again.stop();
    rmSync(server.folder, { recursive: true, force: true });
  });
  await availableVpc(again, again.requester);
  const third = (await allEvents(again)).map(({ id }) => id);
  assert.deepEqual(third.slice(0, second.length), second);
  assertIncreasing([...first, ...third]);
});
