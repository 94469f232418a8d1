import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { activePeering, availableVpc, beijing, hangzhou, peeringStatus, refusedWith, routeTo, succeeded } from "../support/networks.ts";
import { userWith } from "../support/principals.ts";
import { Random } from "../support/random.ts";
import { type InProcessServer, memoryFolder, startServer } from "../support/server.ts";
import { Drift } from "./drift.ts";
import { newestEvent, picture, type Pictured, pictureOf, throughTheWire, unfinished } from "./pictures.ts";

/** The way back: a rewind brings everything to what it was, as a change like any other. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

async function rewind(to: number, of: InProcessServer = server): Promise<any> {
  const { status, body } = await of.admin("POST", "history/rewind", { to });
  assert.equal(status, 200, JSON.stringify(body));
  assertReplayGivesRows(of.folder);
  return body;
}
const now = (): Promise<number> => newestEvent(server);
const tasks = (): Map<string, number> =>
  readStore(server.folder, (all) => new Map(all("SELECT * FROM task").map((row) => [row.resource, row.due])));
const vpcIds = async (): Promise<string[]> =>
  succeeded(await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, PageSize: 50 })).body.Vpcs.Vpc.map(({ VpcId }: any) => VpcId);

test("whatever was written at random, a rewind to any event gives the state that was recorded then, and so does the way back", async (t) => {
  const random = new Random(process.env["LINKSPAN_HISTORY_SEED"] === undefined ? undefined : Number(process.env["LINKSPAN_HISTORY_SEED"]));
  t.diagnostic(`random seed ${random.seed}; LINKSPAN_HISTORY_SEED repeats it`);
  const folder = memoryFolder();
  const own = await startServer({ record: false, folder });
  t.after(async () => {
    await own.stop();
    rmSync(folder, { recursive: true });
  });
  const drift = new Drift(own, random);
  await drift.prepare();
  /** What there was when an event was the newest. */
  const recorded = new Map<number, { pictures: Pictured[]; told: Record<string, unknown> | undefined }>();
  const callers = [own.requester, own.accepter];
  const record = async (withAnswers: boolean): Promise<void> => {
    const told = withAnswers ? await throughTheWire(own, callers) : undefined;
    recorded.set(await newestEvent(own), { pictures: await picture(own), told });
  };
  await record(true);
  let rewinds = 0;
  for (let step = 0; step < 500; step++) {
    await drift.step();
    await record(step % 50 === 0);
    if (!random.chance(0.05)) continue;
    // Any event, also one in the midst of a call and one from before an earlier rewind; most from not long ago, so that something grows.
    const newest = await newestEvent(own);
    const to = random.chance(0.2) ? random.between(6, newest) : random.between(Math.max(6, newest - 40), newest);
    const events = await own.store.read((rows) => rows.events(0, 1_000_000));
    const unit = events.find(({ id }) => id === to)?.unit;
    const point = events.findLast((event) => event.unit === unit)?.id as number;
    // A step that advanced the clock let several things happen, of which only the last was looked at.
    const wanted = recorded.get(point) ?? { pictures: await pictureOf(own, point), told: undefined };
    const answer = await rewind(to, own);
    assert.equal(answer.to, point, `event ${to} stands for the end of its call`);
    assert.deepEqual(await picture(own), wanted.pictures, `the state as of event ${to}`);
    if (wanted.told !== undefined) assert.deepEqual(await throughTheWire(own, callers), wanted.told);
    await record(false);
    rewinds += 1;
    if (random.chance(0.3)) {
      await rewind(answer.from, own);
      assert.deepEqual(await picture(own), recorded.get(newest)?.pictures, "a rewind is taken back like anything else");
      await record(false);
    }
  }
  t.diagnostic(`${drift.succeeded} writes, ${rewinds} rewinds, ${await newestEvent(own)} events`);
  assert.ok(rewinds > 8 && drift.succeeded > 100);
  for (const event of recorded.keys()) assert.deepEqual(await pictureOf(own, event), recorded.get(event)?.pictures);
  await own.advance(120);
  assert.deepEqual(await unfinished(own), [], "what was at work has finished");
  assertReplayGivesRows(own.folder);
});

test("while others write, a rewind is one step: every call before it is undone or kept whole, and every later one stands", async () => {
  const own = await startServer({ record: false, pace: "instant" });
  try {
    const quotas = [{ name: "Vpc", value: 10_000 }];
    assert.equal((await own.admin("PUT", "settings", { quotas })).status, 200);
    const now = { isWriting: true };
    const made: string[] = [];
    const write = async (): Promise<void> => {
      while (now.isWriting) made.push(succeeded(await own.requester.vpc("CreateVpc", { RegionId: hangzhou })).body.VpcId);
    };
    const writers = Array.from({ length: 6 }, write);
    const answers = [];
    for (let round = 1; round <= 12; round++) {
      while (made.length < round * 8) await new Promise(setImmediate);
      const to = (await newestEvent(own)) - 20;
      answers.push(await own.admin("POST", "history/rewind", { to }).then(({ body }) => body));
    }
    now.isWriting = false;
    await Promise.all(writers);
    assertReplayGivesRows(own.folder);
    const events = await own.store.read((rows) => rows.events(0, 1_000_000));
    for (const { to, from, newest } of answers) {
      assert.ok(events.filter(({ id }) => id > from && id <= newest).every(({ cause }) => cause === `rewind to ${to}`));
      assert.deepEqual(await pictureOf(own, newest), await pictureOf(own, to), "exactly the state as of the event");
    }
    assert.ok(answers.every(({ changed }) => changed.length > 0));
  } finally {
    await own.stop();
  }
});

test("a deleted peering comes back with its routes, at its old place in lists, and works", async () => {
  const first = await availableVpc(server, server.requester, hangzhou, { CidrBlock: "10.1.0.0/16" });
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.2.0.0/16" });
  const others = [await activePeering(server, first, await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.3.0.0/16" }))];
  const peering = await activePeering(server, first, theirs);
  others.push(await activePeering(server, first, await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.4.0.0/16" })));
  const route = await routeTo(server, first, "10.2.0.0/16", peering);
  const listed = async (): Promise<string[]> =>
    succeeded(await server.requester.peer("ListVpcPeerConnections", { RegionId: hangzhou })).body.VpcPeerConnects.map(
      (one: any) => one.InstanceId,
    );
  const inOrder = await listed();
  const told = await throughTheWire(server, [server.requester, server.accepter]);
  const point = await now();

  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering, Force: true }));
  await server.advance(200);
  assert.equal(await peeringStatus(server.requester, peering), "ResourceNotFound.InstanceId");
  const { changed, to } = await rewind(point);
  assert.equal(to, point);
  assert.deepEqual(changed, [
    { kind: "route-entry", restored: 1, removed: 0 },
    { kind: "vpc-peering-connection", restored: 1, removed: 0 },
  ]);
  assert.deepEqual(await listed(), inOrder);
  assert.deepEqual(await throughTheWire(server, [server.requester, server.accepter]), told);
  // It is whole: it can be changed, its route keeps it from being deleted, and then it can be deleted.
  succeeded(await server.accepter.peer("ModifyVpcPeerConnection", { InstanceId: peering, Name: "back" }));
  await server.advance();
  const refused = await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering });
  assert.notEqual(refused.status, 200);
  succeeded(await server.requester.vpc("DeleteRouteEntry", { RegionId: hangzhou, RouteEntryId: route }));
  await server.advance();
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: peering }));
  await server.advance(200);
  assert.deepEqual(
    await listed(),
    inOrder.filter((id) => id !== peering),
  );
});

test("work that was under way begins anew, at the time it is now; the clock stays", async () => {
  const { VpcId } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou })).body;
  const point = await now();
  await server.advance(3600);
  const clock = (await server.admin("GET", "clock")).body;
  await rewind(point);
  assert.deepEqual((await server.admin("GET", "clock")).body, clock);
  assert.equal(tasks().get(VpcId), Date.parse(clock.now) + 30_000);
  const status = async (): Promise<string> =>
    succeeded(await server.requester.vpc("DescribeVpcAttribute", { RegionId: hangzhou, VpcId })).body.Status;
  assert.equal(await status(), "Pending");
  await server.advance(29);
  assert.equal(await status(), "Pending");
  await server.advance(1);
  assert.equal(await status(), "Available");
  assert.equal(tasks().has(VpcId), false);
});

test("what was left alone keeps its version, its events and its unfinished work", async () => {
  const { VpcId } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou })).body;
  await server.advance(10);
  const due = tasks().get(VpcId);
  const point = await now();
  const other = succeeded(await server.requester.vpc("CreateVpc", { RegionId: beijing })).body.VpcId;
  await server.advance(5);
  await rewind(point);
  assert.equal(tasks().get(VpcId), due);
  assert.equal(tasks().has(other), false);
  const { events } = (await server.admin("GET", `history?resource=${VpcId}`)).body;
  assert.deepEqual(
    events.map(({ event }: any) => event),
    ["CreateVpc"],
  );
  const gone = (await server.admin("GET", `history?resource=${other}`)).body.events[0];
  assert.deepEqual([gone.event, gone.to, gone.cause, gone.principal], ["removed", "", `rewind to ${point}`, "system"]);
  await server.advance();
});

test("an id that a rewind has taken away is free again", async () => {
  const point = await now();
  const account = { name: "passing", uid: "1234567890123456" };
  assert.equal((await server.admin("POST", "accounts", account)).status, 201);
  await rewind(point);
  assert.equal((await server.admin("POST", "accounts", account)).status, 201);
  await rewind(point);
});

test("a ClientToken that was stored since is new again, and an older one still answers what it answered", async () => {
  const create = async (ClientToken: string): Promise<string> =>
    succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, ClientToken })).body.VpcId;
  const older = await create("older");
  const point = await now();
  const newer = await create("newer");
  await server.advance();
  const before = await vpcIds();
  await rewind(point);
  assert.equal(await create("older"), older);
  assert.notEqual(await create("newer"), newer);
  assert.ok(before.includes(newer) && !(await vpcIds()).includes(newer));
  await server.advance();
});

test("permission follows at once: a policy that was attached since counts no more, one that was detached counts again", async () => {
  const { name, caller } = await userWith(server.requester, { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "*" });
  const read = (): Promise<any> => caller.vpc("DescribeVpcs", { RegionId: hangzhou });
  succeeded(await read());
  const allowed = await now();
  const [{ PolicyName }] = succeeded(await server.requester.ram("ListPoliciesForUser", { UserName: name })).body.Policies.Policy;
  const attachment = { PolicyType: "Custom", PolicyName, UserName: name };
  succeeded(await server.requester.ram("DetachPolicyFromUser", attachment));
  refusedWith(await read(), "Forbidden.RAM", 403);
  const forbidden = await now();
  await rewind(allowed);
  succeeded(await read());
  await rewind(forbidden);
  refusedWith(await read(), "Forbidden.RAM", 403);
  // And the key itself: before it was made it signs for nobody.
  const { events } = (await server.admin("GET", `history?kind=access-key&resource=${caller.key.id}`)).body;
  await rewind(events.at(-1).id - 1);
  refusedWith(await read(), "InvalidAccessKeyId.NotFound", 404);
});

test("beyond the newest event, behind a reset, and to what is no event there is no way, and nothing changes", async () => {
  const own = await startServer();
  try {
    await availableVpc(own, own.requester);
    const before = await newestEvent(own);
    assert.equal((await own.admin("POST", "reset")).status, 200);
    const [oldest, newest] = [before + 1, await newestEvent(own)];
    for (const to of [0, 1, before, newest + 1, 1e14]) {
      const { status, body } = await own.admin("POST", "history/rewind", { to });
      assert.deepEqual([status, body.error], [400, "OutsideHistory"], String(to));
      assert.equal(body.advice, `it reaches from event ${oldest} to event ${newest}: a reset forgot what was before`);
    }
    for (const body of [{}, { to: -1 }, { to: "x" }, { to: 1.5 }, { to: 1e300 }, { to: [1] }, { too: 1 }]) {
      assert.equal((await own.admin("POST", "history/rewind", body)).status, 400, JSON.stringify(body));
    }
    assert.equal(await newestEvent(own), newest);
    assert.deepEqual((await own.admin("POST", "history/rewind", { to: newest })).body, { to: newest, from: newest, newest, changed: [] });
    // The first thing that a reset makes is an account with its key, and no state without the key has ever been.
    const { to } = await rewind(oldest, own);
    assert.ok(to > oldest);
    succeeded(await own.requester.vpc("DescribeVpcs", { RegionId: hangzhou }));
  } finally {
    await own.stop();
  }
});

test("a server that others can reach refuses to bring the development keys back", async () => {
  const own = await startServer({ exposed: true });
  try {
    const point = await newestEvent(own);
    const stranger = await own.stranger();
    for (const name of ["requester", "accepter"]) assert.equal((await own.admin("DELETE", `accounts/${name}`)).status, 200);
    const before = await newestEvent(own);
    const { status, body } = await own.admin("POST", "history/rewind", { to: point });
    assert.deepEqual([status, body.error], [409, "DevelopmentKeys"]);
    assert.equal(await newestEvent(own), before);
    refusedWith(await own.requester.vpc("DescribeVpcs", { RegionId: hangzhou }), "InvalidAccessKeyId.Inactive");
    succeeded(await stranger.vpc("DescribeVpcs", { RegionId: hangzhou }));
  } finally {
    await own.stop();
  }
});
