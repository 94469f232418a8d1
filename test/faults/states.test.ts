import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { assertReplayGivesRows } from "../store/replay.ts";
import type { Caller } from "../support/caller.ts";
import {
  activePeering,
  availableVpc,
  hangzhou,
  peeringStatus,
  refusedWith,
  requestPeering,
  succeeded,
  vSwitchIn,
} from "../support/networks.ts";
import { userWith } from "../support/principals.ts";
import { type InProcessServer, type SpawnedServer, spawnServer, startServer, temporaryFolder, type TestServer } from "../support/server.ts";
import { add, clear, counts, createVpc, listVpcs, met, story, vpcIds } from "./support.ts";

/** Faults that last: what is not seen yet, what does not end, what was written lately. All by virtual time. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
afterEach(async () => {
  assert.equal((await server.admin("POST", "reset")).status, 200);
});
after(() => server.stop());

const describe = (owner: Caller, VpcId: string) => owner.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId });
const statusOf = async (owner: Caller, vpcId: string): Promise<string> => (await describe(owner, vpcId)).body.Status;
const moving = async (on: TestServer): Promise<number> => (await on.admin("GET", "ready")).body.tasks.moving;

test("late-visibility: not in lists or totals, not by id, not as a target, and in all of them once it is old enough", async () => {
  const { requester } = server;
  const old = await availableVpc(server, requester);
  const before = await vpcIds(requester);
  await add(server, { kind: "late-visibility", milliseconds: 10_000 });
  const { VpcId, RouteTableId } = succeeded(await createVpc(requester)).body;
  const look = async () => {
    const { body } = succeeded(await requester.vpc("DescribeVpcs", { RegionId: hangzhou, PageSize: 50 }));
    const vSwitch = { RegionId: hangzhou, VpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "172.16.1.0/24" };
    return {
      total: body.TotalCount,
      listed: body.Vpcs.Vpc.some((vpc: { VpcId: string }) => vpc.VpcId === VpcId),
      read: (await describe(requester, VpcId)).body.VpcId,
      tables: (await requester.vpc("DescribeRouteTableList", { RegionId: hangzhou, RouteTableId })).body.TotalCount,
      target: await met(requester.vpc("CreateVSwitch", { ...vSwitch, DryRun: true })),
    };
  };
  const hidden = { total: before.length, listed: false, read: "", tables: 0, target: "InvalidVpcId.NotFound" };
  assert.deepEqual(await look(), hidden);
  assert.equal((await describe(requester, old.vpcId)).body.VpcId, old.vpcId, "what is older is seen");
  await server.advance(9);
  assert.deepEqual(await look(), hidden);
  await server.advance(1);
  assert.notEqual((await look()).target, "InvalidVpcId.NotFound");
  assert.deepEqual({ ...(await look()), target: "" }, { total: before.length + 1, listed: true, read: VpcId, tables: 1, target: "" });
});

test("late-visibility: pages have no gaps, whatever of a list is hidden", async () => {
  const owner = await server.stranger();
  const ids: string[] = [];
  for (let index = 0; index < 7; index++) ids.push(succeeded(await createVpc(owner)).body.VpcId);
  const [second, fifth] = [String(ids[1]), String(ids[4])];
  for (const resource of [second, fifth]) await add(server, { kind: "late-visibility", milliseconds: 60_000, resource });
  const page = async (PageNumber: number) => {
    const { body } = succeeded(await owner.vpc("DescribeVpcs", { RegionId: hangzhou, PageSize: 2, PageNumber }));
    return [body.TotalCount, ...body.Vpcs.Vpc.map(({ VpcId }: { VpcId: string }) => VpcId)];
  };
  const seen = ids.filter((id) => id !== second && id !== fifth);
  assert.deepEqual(await page(1), [5, seen[0], seen[1]]);
  assert.deepEqual(await page(2), [5, seen[2], seen[3]]);
  assert.deepEqual(await page(3), [5, seen[4]]);
});

test("late-visibility: paging by NextToken has no gaps either", async () => {
  const owner = await server.stranger();
  const hub = await availableVpc(server, owner);
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) ids.push(await requestPeering(hub, await availableVpc(server, owner)));
  await add(server, { kind: "late-visibility", milliseconds: 3_600_000, resource: String(ids[2]) });
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const { body } = succeeded(await owner.peer("ListVpcPeerConnections", { RegionId: hangzhou, MaxResults: 1, NextToken }));
    seen.push(...body.VpcPeerConnects.map(({ InstanceId }: { InstanceId: string }) => InstanceId));
    NextToken = body.NextToken === "" ? undefined : body.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(
    seen,
    ids.filter((_, index) => index !== 2),
  );
});

test("late-visibility: accounts, keys and permissions are not what it is about", async () => {
  await add(server, { kind: "late-visibility", milliseconds: 3_600_000 });
  const fresh = await server.stranger();
  assert.equal(await met(listVpcs(fresh)), "OK");
  const { caller } = await userWith(fresh, { Effect: "Allow", Action: "vpc:*", Resource: "*" }).catch((error: unknown) => ({
    caller: error,
  }));
  // Making a user takes several calls, each of which must find what the one before has made.
  assert.ok(caller instanceof Error);
  await clear(server);
  const user = await userWith(fresh, { Effect: "Allow", Action: "vpc:*", Resource: "*" });
  await add(server, { kind: "late-visibility", milliseconds: 3_600_000 });
  assert.equal(await met(listVpcs(user.caller)), "OK", "a user that is hidden can call all the same");
});

test("late-visibility: the story tells what was hidden, and the refusal that it may be simulated", async () => {
  const { requester } = server;
  const [rule] = await add(server, { kind: "late-visibility", milliseconds: 10_000, count: 1 });
  const { VpcId } = succeeded(await createVpc(requester)).body;
  const refused = await requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId });
  const { faults, advice, targets } = await story(server, refused.body.RequestId);
  assert.deepEqual(faults, [{ rule, kind: "late-visibility", did: `hid ${VpcId}, which is not 10000 ms old`, answered: false }]);
  assert.deepEqual(targets, [{ parameter: "VpcId", kind: "vpc", id: VpcId, state: null }]);
  assert.match(advice, new RegExp(`This may be simulated: fault rule ${rule} hid ${VpcId}.*linkspan faults remove ${rule}`));
  assert.equal(await statusOf(requester, VpcId), "Pending", "once, and no more");
});

test("stuck-state: longer by so many milliseconds, and no longer", async () => {
  const { requester } = server;
  await add(server, { kind: "stuck-state", operation: "CreateVpc", milliseconds: 60_000, resource: "vpc-*" });
  const { VpcId } = succeeded(await createVpc(requester)).body;
  await server.advance(89);
  assert.equal(await statusOf(requester, VpcId), "Pending");
  await server.advance(1);
  assert.equal(await statusOf(requester, VpcId), "Available");
});

test("stuck-state: a deletion that does not end is refused like any work under way, with the rule in the story; removal ends it", async () => {
  const { requester } = server;
  const vpc = await availableVpc(server, requester);
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const [rule] = await add(server, { kind: "stuck-state", operation: "Delete*", resource: vSwitch });
  const remove = () => requester.vpc("DeleteVSwitch", { RegionId: hangzhou, VSwitchId: vSwitch });
  const accepted = succeeded(await remove());
  assert.deepEqual((await story(server, accepted.body.RequestId)).faults, [
    { rule, kind: "stuck-state", did: `keeps ${vSwitch} in Deleting`, answered: false },
  ]);
  await server.advance(86_400);
  const refused = refusedWith(await remove(), "IncorrectVSwitchStatus", 400);
  const told = await story(server, refused.body.RequestId);
  assert.deepEqual(told.faults, [
    { rule, kind: "stuck-state", did: `has kept ${vSwitch} in Deleting since an earlier call`, answered: false },
  ]);
  assert.match(told.advice, new RegExp(`linkspan faults remove ${rule}`));
  assert.equal(await moving(server), 1);
  await server.admin("DELETE", `faults/${rule}`);
  await server.advance(1);
  assert.equal(await moving(server), 0);
});

test("stuck-state: also what a task enters, where the rule names no operation; states that wait for people only by name", async () => {
  const { requester, accepter } = server;
  const [from, to] = [await availableVpc(server, requester), await availableVpc(server, accepter)];
  const connection = await activePeering(server, from, to);
  const waiting = await requestPeering(from, await availableVpc(server, accepter));
  await server.advance();
  const owner = { account: requester.key.account };
  await add(server, { kind: "stuck-state", state: "Deleted", ...owner });
  succeeded(await requester.peer("DeleteVpcPeerConnection", { InstanceId: connection }));
  await server.advance(3_600);
  assert.equal(await peeringStatus(requester, connection), "Deleted");
  await clear(server);
  await server.advance(1);
  assert.equal(await peeringStatus(requester, connection), "ResourceNotFound.InstanceId");
  // A request that nobody accepts expires after days, which is no work that could be stuck.
  await add(server, { kind: "stuck-state" });
  await server.advance(8 * 86_400);
  assert.equal(await peeringStatus(requester, waiting), "Expired");
});

test("stuck-state: a rule for one account keeps nothing of another's", async () => {
  const { requester, accepter } = server;
  await add(server, { kind: "stuck-state", account: accepter.key.account });
  const [own, other] = [await createVpc(requester), await createVpc(accepter)].map((answer) => succeeded(answer).body.VpcId);
  await server.advance();
  assert.deepEqual([await statusOf(requester, own), await statusOf(accepter, other)], ["Available", "Pending"]);
});

test("stuck-state: a count is of calls, each with all that it makes", async () => {
  const { requester } = server;
  await add(server, { kind: "stuck-state", operation: "CreateVpc", count: 1 });
  const [first, second] = [await createVpc(requester), await createVpc(requester)].map((answer) => succeeded(answer).body.VpcId);
  await server.advance();
  assert.deepEqual([await statusOf(requester, first), await statusOf(requester, second)], ["Pending", "Available"]);
  assert.deepEqual(await counts(server), [[2, 1]]);
});

test("stuck-state: a reset leaves neither rules nor what they kept", async (t) => {
  const own = await startServer({ record: false });
  t.after(() => own.stop());
  await add(own, { kind: "stuck-state" });
  succeeded(await createVpc(own.requester));
  assert.equal((await own.admin("POST", "reset")).status, 200);
  const { body } = await own.admin("GET", "ready");
  assert.deepEqual([body.faultRules, body.tasks], [0, { moving: 0, failed: 0 }]);
});

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`stuck-state: what is stuck when the server ends by ${signal} ends at the next start`, async (t) => {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const start = (): Promise<SpawnedServer> => spawnServer({ folder, environment: { LINKSPAN_PACE: "stepped" } });
    const first = await start();
    const peered = await availableVpc(first, first.requester);
    await add(first, { kind: "stuck-state", operation: "Create*" }, { kind: "stuck-state", operation: "Delete*", milliseconds: 1e9 });
    const made = succeeded(await createVpc(first.requester)).body.VpcId;
    succeeded(await first.requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: peered.vpcId }));
    await first.advance(3_600);
    assert.equal(await statusOf(first.requester, made), "Pending");
    await first.kill(signal);
    const second = await start();
    t.after(() => second.kill("SIGKILL"));
    await second.advance(1);
    assert.equal(await statusOf(second.requester, made), "Available");
    assert.deepEqual(await vpcIds(second.requester), [made]);
    const { body } = await second.admin("GET", "ready");
    assert.deepEqual([body.faultRules, body.tasks], [0, { moving: 0, failed: 0 }]);
    await second.kill("SIGTERM");
    assertReplayGivesRows(folder);
  });
}

test("conflict-window: writes that name what a write has named or made, none that name anything else, and no reads", async () => {
  const { requester } = server;
  const [one, other] = [await availableVpc(server, requester), await availableVpc(server, requester)];
  const [rule] = await add(server, { kind: "conflict-window", code: "TaskConflict", operation: "*VSwitch*", milliseconds: 60_000 });
  const vSwitch = (VpcId: string, third: number) =>
    requester.vpc("CreateVSwitch", { RegionId: hangzhou, VpcId, ZoneId: "cn-hangzhou-b", CidrBlock: `10.0.${third}.0/24` });
  const { VSwitchId } = succeeded(await vSwitch(one.vpcId, 1)).body;
  await server.advance(31);
  const refused = refusedWith(await vSwitch(one.vpcId, 2), "TaskConflict");
  const told = await story(server, refused.body.RequestId);
  assert.deepEqual(
    told.faults.map(({ did, answered }: { did: string; answered: boolean }) => [did, answered]),
    [[`answered TaskConflict, because ${one.vpcId} was named by a write less than 60000 ms ago`, true]],
  );
  assert.match(told.advice, new RegExp(`fault rule ${rule} simulates this answer`));
  refusedWith(await requester.vpc("DeleteVSwitch", { RegionId: hangzhou, VSwitchId }), "TaskConflict");
  succeeded(await vSwitch(other.vpcId, 1));
  succeeded(await requester.vpc("DescribeVSwitches", { RegionId: hangzhou, VpcId: one.vpcId }));
  // A write that is refused makes the window no longer.
  await server.advance(29);
  succeeded(await requester.vpc("DeleteVSwitch", { RegionId: hangzhou, VSwitchId }));
});

test("conflict-window: writes that cannot have the code themselves are followed by it too", async () => {
  const { requester } = server;
  await add(server, { kind: "conflict-window", code: "IncorrectVpcStatus", milliseconds: 60_000 });
  const { vpcId: VpcId } = await availableVpc(server, requester);
  const remove = () => requester.vpc("DeleteVpc", { RegionId: hangzhou, VpcId });
  refusedWith(await remove(), "IncorrectVpcStatus");
  await server.advance(60);
  succeeded(await remove());
});

test("conflict-window: one account's writes stand in nobody else's way, where the rule is for that account", async () => {
  const { requester, accepter } = server;
  const [from, to] = [await availableVpc(server, requester), await availableVpc(server, accepter)];
  const InstanceId = await activePeering(server, from, to);
  const rename = (caller: Caller, Name: string) => met(caller.peer("ModifyVpcPeerConnection", { InstanceId, Name }));
  const window = { kind: "conflict-window", code: "IncorrectStatus.VpcPeer", milliseconds: 60_000 };
  const [rule] = await add(server, { ...window, account: accepter.key.account });
  assert.equal(await rename(requester, "first"), "OK");
  await server.advance();
  assert.equal(await rename(accepter, "second"), "OK");
  await server.advance();
  assert.deepEqual([await rename(accepter, "third"), await rename(requester, "third")], ["IncorrectStatus.VpcPeer", "OK"]);
  await server.admin("DELETE", `faults/${rule}`);
  await server.advance();
  // For all accounts the writes of one stand in the other's way.
  await add(server, window);
  assert.equal(await rename(accepter, "fourth"), "OK");
  await server.advance();
  assert.equal(await rename(requester, "fifth"), "IncorrectStatus.VpcPeer");
});

test("lose-answer and commit-then-error act on what a call makes, and only if it is made", async () => {
  const { requester } = server;
  const before = (await vpcIds(requester)).length;
  await add(server, { kind: "lose-answer", resource: "vpc-*", operation: "CreateVpc", count: 1 });
  assert.equal(await met(createVpc(requester, { DryRun: true })), "DryRunOperation");
  assert.equal(await met(requester.vpc("CreateVpc", { RegionId: "nowhere" })), "InvalidRegionId.NotFound");
  assert.equal(await met(createVpc(requester)), "lost");
  assert.equal(await met(createVpc(requester)), "OK");
  assert.equal((await vpcIds(requester)).length, before + 2);
  await clear(server);
  await add(server, { kind: "commit-then-error", resource: "vpc-*", count: 1 });
  assert.deepEqual([await met(createVpc(requester)), await met(createVpc(requester))], ["InternalError", "OK"]);
});

test("a rule that is removed while it holds a call back lets it go, and is the last that acts on it", { timeout: 30_000 }, async () => {
  const { requester } = server;
  // Longer than a test may take: that the call is answered shows that it was let go.
  const [delay] = await add(server, { kind: "delay", milliseconds: 60_000, operation: "DescribeVpcs" }, { kind: "throttle" });
  const call = met(listVpcs(requester));
  while ((await counts(server))[0]?.[0] !== 1) continue;
  await clear(server);
  assert.equal(await call, "OK");
  assert.equal((await server.admin("DELETE", `faults/${delay}`)).status, 404);
});
