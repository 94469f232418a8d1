import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { type Answer, type Caller, versions } from "../support/caller.ts";
import { hangzhou, refusedWith } from "../support/networks.ts";
import { callV3, codeOf } from "../support/official.ts";
import { userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { foundNothing, foundOne, inTurn, ok, wallClock, withoutStore } from "./support.ts";

/** What was refused, sent again at once. */

let server: InProcessServer;
before(async () => {
  server = await startServer({ pace: "real" });
});
after(() => server.stop());
afterEach(() => limit());

async function limit(...rateLimits: readonly object[]): Promise<void> {
  assert.equal((await server.admin("PUT", "settings", { rateLimits })).status, 200);
}
const regions = (caller: Caller): Promise<Answer> => caller.vpc("DescribeRegions");

test("throttled calls that are sent again at once, whatever x-acs-retry-after says", async () => {
  const caller = await server.stranger();
  await limit({ per: "key", requestsPerSecond: 1, burst: 1 });
  await ok(regions(caller));
  const refused = await inTurn(3, () => regions(caller));
  for (const answer of refused) refusedWith(answer, "Throttling.User");
  const { seen, count, operation } = await foundOne(server, caller, "no-back-off", refused);
  assert.deepEqual([operation, count], ["DescribeRegions", 2]);
  const told = Math.max(...refused.slice(0, 2).map(({ headers }) => Number(headers.get("x-acs-retry-after"))));
  assert.equal(
    seen,
    "DescribeRegions was answered 400 Throttling.User and sent again twice with hardly a pause, " +
      `although x-acs-retry-after asked for up to ${told} ms.`,
  );
});

test("not when as much time goes by as the answer says, although another key was faster each time", async (t) => {
  const pass = wallClock(t);
  const caller = await server.stranger();
  const { caller: user } = await userWith(caller, { Effect: "Allow", Action: "*", Resource: "*" });
  await limit({ per: "account", requestsPerSecond: 4, burst: 1 });
  await ok(regions(user));
  for (let round = 0; round < 6; round++) {
    const refused = refusedWith(await regions(caller), "Throttling.User");
    const told = Number(refused.headers.get("x-acs-retry-after"));
    assert.ok(told <= 250);
    pass(told);
    await ok(regions(user));
  }
  await foundNothing(server, caller);
});

test("a page that lies too deep is refused for good, and not for the rate", async () => {
  const caller = await server.stranger();
  const deep = { RegionId: hangzhou, PageNumber: 50_000, PageSize: 50 };
  await inTurn(3, async () => refusedWith(await caller.vpc("DescribeVpcs", deep), "Throttling.DeepPageSkip"));
  await foundNothing(server, caller);
});

test("a 5xx that is sent again at once by a loop, and not the few repeats that official SDKs make by themselves", async (t) => {
  const vpc = { RegionId: hangzhou, CidrBlock: "10.0.0.0/16", ClientToken: "same" };
  const burst = async (caller: Caller, count: number): Promise<Answer[]> =>
    withoutStore(t, server, () => inTurn(count, () => caller.vpc("CreateVpc", vpc)));
  const looping = await server.stranger();
  const failed = await burst(looping, 5);
  for (const answer of failed) refusedWith(answer, "ServiceUnavailable", 503);
  const { count } = await foundOne(server, looping, "no-back-off", failed);
  assert.equal(count, 4);
  const few = await server.stranger();
  await burst(few, 3);
  await ok(few.vpc("CreateVpc", vpc));
  await foundNothing(server, few);
});

test("what a state refuses, tried in a loop until it works", async () => {
  const caller = await server.stranger();
  const { VpcId } = (await ok(caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }))).body;
  await ok(caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }));
  const refused = await inTurn(6, () => caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId, VpcName: "new" }));
  for (const answer of refused) refusedWith(answer, "IncorrectVpcStatus");
  const { resources, count } = await foundOne(server, caller, "no-back-off", refused);
  assert.deepEqual([resources, count], [[VpcId], 5]);
});

test("not with a pause between, as Terraform makes, and not when something was done about it", async (t) => {
  const caller = await server.stranger();
  const { VpcId } = (await ok(caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }))).body;
  const modify = () => caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId, VpcName: "new" });
  await ok(caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }));
  for (let round = 0; round < 6; round++) {
    refusedWith(await modify(), "IncorrectVpcStatus");
    await ok(caller.vpc("CreateCustomerGateway", { RegionId: hangzhou, IpAddress: `203.0.113.${round + 1}` }));
  }
  await foundNothing(server, caller);
  const pass = wallClock(t);
  for (let round = 0; round < 6; round++) {
    refusedWith(await modify(), "IncorrectVpcStatus");
    pass(3_000);
  }
  await foundNothing(server, caller);
});

test("not where time stands still, or is advanced between: how long a client waits cannot be told", async (t) => {
  const stepped = await startServer();
  t.after(() => stepped.stop());
  for (const pace of ["stepped", "real"]) {
    await stepped.admin("POST", "clock/pace", { pace });
    const caller = await stepped.stranger();
    const { VpcId } = (await ok(caller.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }))).body;
    await ok(caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }));
    for (let round = 0; round < 6; round++) {
      refusedWith(await caller.vpc("ModifyVpcAttribute", { RegionId: hangzhou, VpcId, VpcName: "new" }), "IncorrectVpcStatus");
      if (pace === "real") await stepped.advance(4);
    }
    await foundNothing(stepped, caller);
  }
});

test("not calls that were made side by side", async (t) => {
  const caller = await server.stranger();
  const count = 8;
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  const execute = server.engine.execute.bind(server.engine);
  const slow = t.mock.method(server.engine, "execute", async (...call: Parameters<typeof execute>) => {
    arrived += 1;
    if (arrived === count) all.resolve();
    await all.promise;
    return execute(...call);
  });
  await Promise.all(Array.from({ length: count }, () => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: "vpc-none" })));
  slow.mock.restore();
  await foundNothing(server, caller);
});

test("not dry runs, whose success has the form of an error", async () => {
  const caller = await server.stranger();
  await inTurn(8, async () => refusedWith(await caller.vpc("CreateVpc", { RegionId: hangzhou, DryRun: true }), "DryRunOperation"));
  await foundNothing(server, caller);
});

test("an official SDK that is throttled gives up, which is no loop", async () => {
  const caller = await server.stranger();
  await limit({ per: "key", requestsPerSecond: 1, burst: 1 });
  const call = () => codeOf(() => callV3(server.endpoint, caller.key, "DescribeRegions", {}, { version: versions.Vpc }));
  assert.deepEqual([await call(), await call()], ["OK", "Throttling.User"]);
  await foundNothing(server, caller);
});
