import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller } from "../support/caller.ts";
import { hangzhou, refusedWith } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { foundNothing, foundOf, foundOne, hangUp, ok, requestIdOf, wallClock, withoutStore } from "./support.ts";

/** The same creation tried again with another ClientToken, or with none. */

let server: InProcessServer;
before(async () => {
  server = await startServer({ pace: "instant" });
});
after(() => server.stop());

const vpc = { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" };
const create = (caller: Caller, ClientToken?: string) => caller.vpc("CreateVpc", { ...vpc, ClientToken });
/** What the cloud is asked for while it has no time. */
const failed = async (t: Parameters<typeof withoutStore>[0], caller: Caller, token?: string) =>
  refusedWith(await withoutStore(t, server, () => create(caller, token)), "ServiceUnavailable", 503);

test("after a 5xx with another token", async (t) => {
  const caller = await server.stranger();
  const answers = [await failed(t, caller, "one"), await ok(create(caller, "two"))];
  const { seen, operation, count } = await foundOne(server, caller, "new-token", answers);
  assert.deepEqual([operation, count], ["CreateVpc", 1]);
  assert.match(
    seen,
    /^CreateVpc was sent again once with the same parameters, and with another ClientToken\. .* 503 ServiceUnavailable\.$/,
  );
});

test("after a 5xx without a token, again and again", async (t) => {
  const caller = await server.stranger();
  const answers = [await failed(t, caller), await failed(t, caller), await ok(create(caller))];
  const { seen, count } = await foundOne(server, caller, "new-token", answers);
  assert.equal(count, 2);
  assert.match(seen, /sent again twice with the same parameters, and without a ClientToken/);
});

test("after an answer that was lost, of a call that had been carried out", async (t) => {
  const caller = await server.stranger();
  const lost = await hangUp(t, server, caller, "CreateVpc", { ...vpc, ClientToken: "one" });
  assert.equal((await server.admin("GET", `requests/${lost}`)).body.answerLost, true);
  const again = await ok(create(caller, "two"));
  const [found] = await foundOf(server, caller);
  assert.deepEqual([found?.kind, found?.requests], ["new-token", [lost, requestIdOf(again)]]);
  assert.match(found?.seen ?? "", /The answer before: lost\. The call before had been carried out all the same, once\.$/);
  assert.equal(found?.resources.length, 2);
});

test("also when the repeat is answered while the first call is still being carried out", async (t) => {
  const caller = await server.stranger();
  let again: Answer | undefined;
  const lost = await hangUp(t, server, caller, "CreateVpc", vpc, async () => {
    again = await ok(create(caller));
  });
  const [found] = await foundOf(server, caller);
  assert.deepEqual([found?.kind, found?.requests], ["new-token", [lost, again && requestIdOf(again)]]);
});

test("after it was throttled", async () => {
  const caller = await server.stranger();
  await ok(caller.vpc("DescribeRegions"));
  assert.equal((await server.admin("PUT", "settings", { rateLimits: [{ per: "key", requestsPerSecond: 1, burst: 1 }] })).status, 200);
  await ok(caller.vpc("DescribeRegions"));
  const refused = refusedWith(await create(caller, "one"), "Throttling.User");
  assert.equal((await server.admin("PUT", "settings", {})).status, 200);
  await foundOne(server, caller, "new-token", [refused, await ok(create(caller, "two"))]);
});

test("not a modification, although it makes something besides", async (t) => {
  const caller = await server.stranger();
  const modify = (ClientToken: string) =>
    caller.vpc("ModifyVpnConnectionAttribute", { RegionId: hangzhou, VpnConnectionId: "vco-none", Name: "new", ClientToken });
  for (const token of ["one", "two"]) refusedWith(await withoutStore(t, server, () => modify(token)), "ServiceUnavailable", 503);
  await foundNothing(server, caller);
});

test("not when the lost answer is asked for with the same token", async (t) => {
  const caller = await server.stranger();
  await hangUp(t, server, caller, "CreateVpc", { ...vpc, ClientToken: "one" });
  await ok(create(caller, "one"));
  assert.equal((await ok(caller.vpc("DescribeVpcs", { RegionId: hangzhou }))).body.TotalCount, 1);
  await foundNothing(server, caller);
});

test("not with the same token: the repeat answers the first result", async (t) => {
  const caller = await server.stranger();
  await failed(t, caller, "same");
  await ok(create(caller, "same"));
  await ok(create(caller, "same"));
  await foundNothing(server, caller);
});

test("not when the call before succeeded: two are wanted", async () => {
  const caller = await server.stranger();
  for (const token of ["one", "two", undefined, undefined]) await ok(create(caller, token));
  await foundNothing(server, caller);
});

test("not with other parameters, and not after a refusal that says what is wrong", async (t) => {
  const caller = await server.stranger();
  await failed(t, caller, "one");
  await ok(caller.vpc("CreateVpc", { ...vpc, CidrBlock: "10.1.0.0/16", ClientToken: "two" }));
  const VpcId = "vpc-none";
  for (const ClientToken of ["three", "four"]) {
    const vSwitch = { RegionId: hangzhou, VpcId, ZoneId: `${hangzhou}-b`, CidrBlock: "10.0.0.0/24", ClientToken };
    refusedWith(await caller.vpc("CreateVSwitch", vSwitch), "InvalidVpcId.NotFound", 404);
  }
  await foundNothing(server, caller);
});

test("not when it comes much later: nobody tries again for so long", async (t) => {
  const caller = await server.stranger();
  await failed(t, caller, "one");
  wallClock(t)(6 * 60_000);
  await ok(create(caller, "two"));
  await foundNothing(server, caller);
});

test("not a deletion, which Terraform sends with a token for each try, and which nothing is doubled by", async (t) => {
  const caller = await server.stranger();
  const { VpcId } = (await ok(create(caller))).body;
  await ok(caller.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId }));
  await withoutStore(t, server, () => caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId, ClientToken: "one" }));
  await ok(caller.vpc("DeleteVpc", { RegionId: hangzhou, VpcId, ClientToken: "two" }));
  await foundNothing(server, caller);
});
