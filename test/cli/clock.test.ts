import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import type { Pace } from "../../src/engine/clock.ts";
import { activePeering, availableVpc, beijing, hangzhou, peeringStatus, requestPeering, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());
beforeEach(async () => {
  await server.admin("POST", "reset");
});

interface ClockAnswer {
  readonly now: string;
  readonly pace: string;
  readonly standsStill: boolean;
}
async function clock(): Promise<ClockAnswer & { readonly at: number }> {
  const { status, body } = await server.admin("GET", "clock");
  assert.equal(status, 200);
  return { ...body, at: Date.parse(body.now) };
}
async function setPace(pace: Pace): Promise<void> {
  const { status, body } = await server.admin("POST", "clock/pace", { pace });
  assert.equal(status, 200);
  assert.equal(body.pace, pace);
  assert.equal(body.standsStill, pace === "stepped");
}
/** Looks until `holds`; answers how long that took on the wall, in milliseconds. */
async function until(holds: () => Promise<boolean>, timeout: number): Promise<number> {
  const started = performance.now();
  while (!(await holds())) {
    assert.ok(performance.now() - started < timeout, `not within ${timeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - started;
}
const createVpc = async (): Promise<string> => succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou })).body.VpcId;
const vpcStatus = async (VpcId: string): Promise<string> =>
  (await server.requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId })).body.Status;

test("in pace stepped time stands still until it is advanced, by exactly what was asked", async () => {
  const first = await clock();
  assert.deepEqual([first.pace, first.standsStill], ["stepped", true]);
  await until(async () => Date.now() > first.at + 20, 2_000);
  assert.equal((await clock()).at, first.at);
  const advanced = await server.admin("POST", "clock/advance", { seconds: 90, milliseconds: 5 });
  assert.equal(Date.parse(advanced.body.now), first.at + 90_005);
  assert.equal((await clock()).at, first.at + 90_005);
});

test("in pace stepped work takes 30 seconds and the Deleted phase 60, to the millisecond", async () => {
  const advance = async (milliseconds: number): Promise<void> => {
    assert.equal((await server.admin("POST", "clock/advance", { milliseconds })).status, 200);
  };
  const id = await createVpc();
  await advance(29_999);
  assert.equal(await vpcStatus(id), "Pending");
  await advance(1);
  assert.equal(await vpcStatus(id), "Available");

  const theirs = await availableVpc(server, server.requester, beijing, { CidrBlock: "10.9.0.0/16" });
  const peering = await activePeering(server, { ...theirs, vpcId: id, region: hangzhou }, theirs);
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await advance(29_999);
  assert.equal(await peeringStatus(server.requester, peering), "Deleting");
  await advance(1);
  assert.equal(await peeringStatus(server.requester, peering), "Deleted");
  await advance(59_999);
  assert.equal(await peeringStatus(server.requester, peering), "Deleted");
  await advance(1);
  assert.equal(await peeringStatus(server.requester, peering), "ResourceNotFound.InstanceId");
});

test("one long advance stops at everything on the way: what follows a task has its own time", async () => {
  const mine = await availableVpc(server, server.requester);
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.9.0.0/16" });
  const peering = await requestPeering(mine, theirs);
  const asked = (await clock()).at;
  const week = 7 * 24 * 60 * 60;
  await server.advance(week + 3600);
  const { body } = await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId: peering });
  assert.equal(body.Status, "Expired");
  const expired = Date.parse(body.GmtModified);
  assert.ok(
    expired > asked + (week - 1) * 1000 && expired <= asked + week * 1000 + 31_000,
    `expired ${(expired - asked) / 1000} s after the request`,
  );
});

test("in pace instant work is done before the answer leaves, and Deleted has no phase", async () => {
  await setPace("instant");
  const mine = await createVpc();
  assert.equal(await vpcStatus(mine), "Available");
  const theirs = succeeded(await server.accepter.vpc("CreateVpc", { RegionId: beijing, CidrBlock: "10.9.0.0/16" })).body.VpcId;
  const pair = {
    RegionId: hangzhou,
    VpcId: mine,
    AcceptingAliUid: server.accepter.key.account,
    AcceptingRegionId: beijing,
    AcceptingVpcId: theirs,
  };
  const { InstanceId } = succeeded(await server.requester.peer("CreateVpcPeerConnection", pair)).body;
  assert.equal(await peeringStatus(server.requester, InstanceId), "Accepting");
  succeeded(await server.accepter.peer("AcceptVpcPeerConnection", { InstanceId }));
  assert.equal(await peeringStatus(server.requester, InstanceId), "Activated");
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId }));
  assert.equal(await peeringStatus(server.requester, InstanceId), "ResourceNotFound.InstanceId");
  succeeded(await server.requester.vpc("DeleteVpc", { VpcId: mine }));
  assert.equal(succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body.TotalCount, 0);
  assert.equal((await server.admin("GET", "ready")).body.tasks.moving, 0);
});

test("in pace fast work takes 0.3 seconds and the Deleted phase 2, without anybody's help", async () => {
  await setPace("fast");
  const mine = await createVpc();
  assert.equal(await vpcStatus(mine), "Pending");
  const created = await until(async () => (await vpcStatus(mine)) === "Available", 5_000);
  assert.ok(created > 150, `took ${created} ms`);
  const other = succeeded(await server.requester.vpc("CreateVpc", { RegionId: beijing, CidrBlock: "10.9.0.0/16" })).body.VpcId;
  await until(async () => (await server.admin("GET", "ready")).body.tasks.moving === 0, 5_000);
  const pair = { RegionId: hangzhou, VpcId: mine, AcceptingRegionId: beijing, AcceptingVpcId: other };
  const { InstanceId } = succeeded(await server.requester.peer("CreateVpcPeerConnection", pair)).body;
  const status = (): Promise<string> => peeringStatus(server.requester, InstanceId);
  await until(async () => (await status()) === "Activated", 5_000);
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId }));
  assert.equal(await status(), "Deleting");
  await until(async () => (await status()) === "Deleted", 5_000);
  const phase = await until(async () => (await status()) === "ResourceNotFound.InstanceId", 10_000);
  assert.ok(phase > 1_500, `Deleted was read for ${phase} ms`);
});

test("changing the pace never makes time jump, back or forth", async () => {
  await server.advance(3_600);
  let last = (await clock()).at;
  for (const pace of ["fast", "stepped", "real", "instant", "stepped", "fast", "real", "stepped"] as const) {
    const wall = performance.now();
    await setPace(pace);
    const { at, standsStill } = await clock();
    const passed = performance.now() - wall;
    assert.ok(at >= last, `${pace}: ${at - last} ms`);
    assert.ok(at - last <= passed + 50, `${pace}: time moved ${at - last} ms within ${passed} ms`);
    assert.equal(standsStill, pace === "stepped");
    last = at;
  }
  assert.ok(last - Date.now() > 3_500_000, "the hour that was advanced is kept");
});

test("time that runs can be advanced as well, and goes on from there", async () => {
  await setPace("real");
  const id = await createVpc();
  const before = await clock();
  assert.equal((await server.admin("POST", "clock/advance", { seconds: 30 })).status, 200);
  assert.equal(await vpcStatus(id), "Available");
  const after = await clock();
  assert.ok(after.at >= before.at + 30_000 && after.at < before.at + 40_000, `${after.at - before.at} ms`);
  await until(async () => (await clock()).at > after.at, 1_000);
});

test("work that waits for an advance goes on by itself when the pace lets time run", async () => {
  const id = await createVpc();
  assert.equal((await server.admin("POST", "clock/advance", { milliseconds: 29_900 })).status, 200);
  assert.equal(await vpcStatus(id), "Pending");
  await setPace("fast");
  await until(async () => (await vpcStatus(id)) === "Available", 5_000);
});

test("a restart keeps pace, stopped time and offset", async () => {
  const inner = await startServer({ pace: "stepped" });
  await inner.advance(1_000);
  const { now } = (await inner.admin("GET", "clock")).body;
  await inner.app.close();
  await inner.engine.stop();
  const again = await startServer({ folder: inner.folder });
  try {
    assert.deepEqual((await again.admin("GET", "clock")).body, { now, pace: "stepped", standsStill: true });
  } finally {
    await again.stop();
    rmSync(inner.folder, { recursive: true, force: true });
  }
});

test("what the clock cannot do is refused, and time stays where it is", async () => {
  const before = await clock();
  for (const [path, body, names] of [
    ["advance", {}, /seconds/],
    ["advance", { seconds: 0 }, /seconds/],
    ["advance", { seconds: -1 }, /seconds/],
    ["advance", { seconds: 1.5 }, /seconds/],
    ["advance", { seconds: "soon" }, /seconds/],
    ["advance", { seconds: [30] }, /seconds/],
    ["advance", { milliseconds: 1e16 }, /milliseconds/],
    ["advance", { minutes: 1 }, /minutes.*milliseconds, seconds/s],
    ["advance", [], /JSON object/],
    ["pace", {}, /pace/],
    ["pace", { pace: "slow" }, /pace.*instant, fast, real, stepped/s],
    ["pace", { pace: "constructor" }, /pace/],
    ["pace", { pace: ["fast"] }, /pace/],
    ["pace", { pace: "fast", seconds: 1 }, /seconds/],
  ] as const) {
    const { status, body: answer } = await server.admin("POST", `clock/${path}`, body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(`${answer.message} ${answer.advice}`, names);
    assert.deepEqual(await clock(), before);
  }
});
