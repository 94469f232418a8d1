import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, peeringStatus, requestPeering, succeeded, type TestVpc } from "../support/networks.ts";
import { outcome, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, spawnServer, startServer } from "../support/server.ts";
import { attributes, requestOf, seconds, vpcs } from "./connections.ts";

/** How many connections a VPC and an account may have: documented names, documented defaults, dead ones not counted. */

let server: InProcessServer;
const putQuotas = async (...quotas: readonly { name: string; value: number; account?: string; region?: string }[]): Promise<void> => {
  const all = [{ name: "Vpc", value: 1000 }, ...quotas];
  assert.equal((await server.admin("PUT", "settings", { quotas: all, features: [] })).status, 200);
};
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const create = (from: TestVpc, to: TestVpc): Promise<Answer> => from.owner.peer("CreateVpcPeerConnection", requestOf(from, to));
const exceeded = (name: string, used: number, allowed: number): { code: string; message: string } => ({
  code: `QuotaExceeded.${name}`,
  message: `The quota of ${name} is exceeded, usage ${used}/${allowed}.`,
});
/** A hub and `count` spokes. */
async function star(hub: readonly [Caller, string], count: number, spoke: readonly [Caller, string]): Promise<[TestVpc, TestVpc[]]> {
  const [first, ...others] = await vpcs(server, hub, ...Array.from({ length: count }, () => spoke));
  return [first as TestVpc, others];
}
const last = (spokes: readonly TestVpc[]): TestVpc => spokes.at(-1) as TestVpc;

test("a VPC has at most 10 connections inside its region; a rejected one makes room", async () => {
  await putQuotas({ name: "VpcPeerCountPerUserPerRegion", value: 1000 });
  const [hub, spokes] = await star([server.requester, hangzhou], 12, [server.accepter, hangzhou]);
  const ids = [];
  for (const [index, spoke] of spokes.slice(0, 10).entries()) {
    // Whichever side asked, the connection counts.
    ids.push(index % 2 === 0 ? await requestPeering(hub, spoke) : await requestPeering(spoke, hub));
  }
  const full = exceeded("IntraRegionVpcPeerCountPerVpc", 10, 10);
  await refusedUnchanged(server, () => create(hub, last(spokes)), full);
  await refusedUnchanged(server, () => create(last(spokes), hub), full);
  await server.advance();
  succeeded(await server.accepter.peer("RejectVpcPeerConnection", { InstanceId: ids[0] }));
  succeeded(await create(last(spokes), hub));
  await refusedUnchanged(server, () => create(hub, spokes.at(-2) as TestVpc), full);
});

test("a VPC has at most 20 connections to other regions, counted apart from those inside its own", async () => {
  await putQuotas({ name: "VpcPeerCountPerUserPerRegion", value: 1000 });
  const [hub, spokes] = await star([server.requester, hangzhou], 21, [server.accepter, beijing]);
  const [near] = await vpcs(server, [server.accepter, hangzhou]);
  for (const spoke of spokes.slice(0, 20)) await requestPeering(hub, spoke);
  const full = exceeded("CrossRegionVpcPeerCountPerVpc", 20, 20);
  await refusedUnchanged(server, () => create(hub, last(spokes)), full);
  await refusedUnchanged(server, () => create(last(spokes), hub), full);
  succeeded(await create(hub, near as TestVpc));
  // Requests that nobody answered in time no longer count.
  await server.advance(7 * seconds.day);
  succeeded(await create(hub, last(spokes)));
});

test("an account may have asked for at most 20 connections in one region; others' requests and deleted ones do not count", async () => {
  await putQuotas();
  const newcomer = await server.stranger();
  const [hub, spokes] = await star([newcomer, hangzhou], 23, [newcomer, hangzhou]);
  const [other, far, foreign] = await vpcs(server, [newcomer, hangzhou], [newcomer, beijing], [server.accepter, hangzhou]);
  assert.ok(other && far && foreign);
  const ids = [];
  for (const [index, spoke] of spokes.slice(0, 20).entries()) ids.push(await requestPeering(index % 2 === 0 ? hub : other, spoke));
  const full = exceeded("VpcPeerCountPerUserPerRegion", 20, 20);
  await refusedUnchanged(server, () => create(last(spokes), spokes.at(-2) as TestVpc), full);
  await refusedUnchanged(server, () => create(last(spokes), foreign), full);
  succeeded(await create(foreign, last(spokes)));
  succeeded(await create(far, last(spokes)));

  await server.advance();
  succeeded(await newcomer.peer("DeleteVpcPeerConnection", { InstanceId: ids[0] }));
  // Being deleted it still counts.
  await refusedUnchanged(server, () => create(last(spokes), spokes.at(-2) as TestVpc), full);
  await server.advance();
  succeeded(await create(last(spokes), spokes.at(-2) as TestVpc));
});

test("the most specific quota entry wins: account and region, account, region, neither", async () => {
  const newcomer = await server.stranger();
  const { account } = newcomer.key;
  const [hub, spokes] = await star([newcomer, hangzhou], 5, [newcomer, hangzhou]);
  const name = "IntraRegionVpcPeerCountPerVpc";
  const entries: { name: string; value: number; account?: string; region?: string }[] = [];
  const more = [
    { name, value: 1 },
    { name, value: 2, region: hangzhou },
    { name, value: 3, account },
    { name, value: 4, account, region: hangzhou },
  ];
  for (const [index, entry] of more.entries()) {
    entries.unshift(entry);
    await putQuotas(...entries);
    succeeded(await create(hub, spokes[index] as TestVpc));
    await refusedUnchanged(server, () => create(hub, last(spokes)), exceeded(name, entry.value, entry.value));
  }
});

test("the quota of the accepter's VPC is that of the accepter's account and region", async () => {
  const newcomer = await server.stranger();
  const [near, ...spokes] = await vpcs(server, [newcomer, hangzhou], [server.requester, hangzhou], [server.requester, hangzhou]);
  assert.ok(near);
  const name = "IntraRegionVpcPeerCountPerVpc";
  await putQuotas({ name, value: 1, account: newcomer.key.account });
  succeeded(await create(spokes[0] as TestVpc, near));
  await refusedUnchanged(server, () => create(last(spokes), near), exceeded(name, 1, 1));

  const [far, ...others] = await vpcs(server, [newcomer, beijing], [server.requester, hangzhou], [server.requester, hangzhou]);
  assert.ok(far);
  const crossing = "CrossRegionVpcPeerCountPerVpc";
  await putQuotas({ name: crossing, value: 1, region: beijing });
  succeeded(await create(others[0] as TestVpc, far));
  await refusedUnchanged(server, () => create(last(others), far), exceeded(crossing, 1, 1));
});

test("a quota of nought lets nothing through, and a dry run meets the quota too", async () => {
  const newcomer = await server.stranger();
  const [one, two] = await vpcs(server, [newcomer, hangzhou], [newcomer, hangzhou]);
  assert.ok(one && two);
  await putQuotas({ name: "VpcPeerCountPerUserPerRegion", value: 0, account: newcomer.key.account });
  const dry = { ...requestOf(one, two), DryRun: true };
  await refusedUnchanged(server, () => newcomer.peer("CreateVpcPeerConnection", dry), exceeded("VpcPeerCountPerUserPerRegion", 0, 0));
  await putQuotas();
  assert.equal(outcome(await newcomer.peer("CreateVpcPeerConnection", dry)), "DryRunOperation");
});

test("a quota or feature of another name is refused, and the settings stay", async () => {
  const before = (await server.admin("GET", "settings")).body;
  const bad = [
    { quotas: [{ name: "VpcPeerCountPerVpcs", value: 1 }], features: [] },
    { quotas: [{ name: "Bandwidth", value: -1 }], features: [] },
    { quotas: [], features: [{ name: "Peering", open: false }] },
  ];
  for (const settings of bad) assert.equal((await server.admin("PUT", "settings", settings)).status, 400);
  assert.deepEqual((await server.admin("GET", "settings")).body, before);
});

for (const value of [3_000_000, 2_147_483_647]) {
  test(`an expiry of ${value} days is refused or kept, and stops nothing`, async (t) => {
    // A process of its own: its end must not be that of the tests.
    const own = await spawnServer({ environment: { LINKSPAN_PACE: "stepped" } });
    t.after(() => own.stop());
    const { status } = await own.admin("PUT", "settings", { quotas: [{ name: "VpcPeerExpiryDays", value }], features: [] });
    if (status === 400) return;
    assert.equal(status, 200);
    const [from, to] = [await availableVpc(own, own.requester), await availableVpc(own, own.accepter)];
    const InstanceId = await requestPeering(from, to);
    await own.advance();
    assert.equal(await peeringStatus(own.accepter, InstanceId), "Accepting");
    assert.match((await attributes(own.accepter, InstanceId)).GmtExpired, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
}
