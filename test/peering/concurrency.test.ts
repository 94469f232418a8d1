import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  activePeering,
  beijing,
  hangzhou,
  peeringStatus,
  refusedWith,
  requestPeering,
  succeeded,
  type TestVpc,
} from "../support/networks.ts";
import { eventCount, outcome } from "../support/outcomes.ts";
import { type InProcessServer, startServer, temporaryFolder } from "../support/server.ts";
import { putSettings, requestOf, seconds, vpcPair, vpcs } from "./connections.ts";

/** Many calls at once, and the same call again. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  await putSettings(server);
});
after(() => server.stop());

const peer = (caller: Caller, action: string, parameters: Parameters): Promise<Answer> => caller.peer(action, parameters);
const codes = (answers: readonly Answer[]): string[] => answers.map(outcome).sort();
const mixed = (winner: string, loser: string, count: number): string[] =>
  [winner, ...Array.from({ length: count - 1 }, () => loser)].sort();
/** The events of one resource, by name. */
const eventsOf = async (id: string): Promise<string[]> =>
  (await server.store.read((rows) => rows.events(0, 1_000_000))).filter(({ resource }) => resource === id).map(({ event }) => event);

const races: readonly {
  name: string;
  state: "Activated" | "Accepting";
  writes: (id: string) => (readonly [Caller, string, Parameters])[];
}[] = [
  {
    name: "modifications and deletions by both parties",
    state: "Activated",
    writes: (InstanceId) => [
      [server.requester, "ModifyVpcPeerConnection", { InstanceId, Name: "one" }],
      [server.accepter, "ModifyVpcPeerConnection", { InstanceId, Description: "two" }],
      [server.requester, "DeleteVpcPeerConnection", { InstanceId }],
      [server.accepter, "DeleteVpcPeerConnection", { InstanceId, Force: true }],
    ],
  },
  {
    name: "acceptances, rejections and deletions by both parties",
    state: "Accepting",
    writes: (InstanceId) => [
      [server.accepter, "AcceptVpcPeerConnection", { InstanceId }],
      [server.accepter, "DeleteVpcPeerConnection", { InstanceId }],
      [server.requester, "DeleteVpcPeerConnection", { InstanceId, Force: true }],
      [server.accepter, "AcceptVpcPeerConnection", { InstanceId, Tag: [{ Key: "k", Value: "v" }] }],
    ],
  },
  {
    name: "deletions",
    state: "Activated",
    writes: (InstanceId) => [
      [server.requester, "DeleteVpcPeerConnection", { InstanceId }],
      [server.accepter, "DeleteVpcPeerConnection", { InstanceId }],
    ],
  },
  {
    name: "modifications",
    state: "Activated",
    writes: (InstanceId) => [
      [server.requester, "ModifyVpcPeerConnection", { InstanceId, Name: "one" }],
      [server.accepter, "ModifyVpcPeerConnection", { InstanceId, Name: "two" }],
    ],
  },
];
const atOnce = 20;
for (const { name, state, writes } of races) {
  test(`of ${atOnce} writes at once exactly one wins: ${name}`, async () => {
    const pair = await vpcPair(server);
    const id = state === "Activated" ? await activePeering(server, ...pair) : await requestPeering(...pair);
    await server.advance();
    assert.equal(await peeringStatus(server.accepter, id), state);
    const before = await eventsOf(id);
    const kinds = writes(id);
    const calls = Array.from({ length: atOnce }, (_, n) => kinds[n % kinds.length] as (typeof kinds)[number]);
    const answers = await Promise.all(calls.map((call) => peer(...call)));
    assert.deepEqual(codes(answers), mixed("OK", "IncorrectStatus.VpcPeer", atOnce));

    // The one move that was made is the one that was answered.
    const won = calls.find((_, index) => answers[index]?.status === 200);
    assert.deepEqual((await eventsOf(id)).slice(before.length), [won?.[1]]);
    assert.equal(await peeringStatus(server.requester, id), won?.[1] === "DeleteVpcPeerConnection" ? "Deleting" : "Updating");
  });
}

test(`of ${atOnce} answers to one request at once, acceptances and rejections, exactly one wins`, async () => {
  const id = await requestPeering(...(await vpcPair(server)));
  await server.advance();
  const actions = Array.from({ length: atOnce }, (_, n) => (n % 2 === 0 ? "AcceptVpcPeerConnection" : "RejectVpcPeerConnection"));
  const answers = await Promise.all(actions.map((action) => peer(server.accepter, action, { InstanceId: id })));
  assert.deepEqual(codes(answers), mixed("OK", "IncorrectStatus.VpcPeer", atOnce));
  const won = actions.find((_, index) => answers[index]?.status === 200);
  assert.equal(await peeringStatus(server.requester, id), won === "RejectVpcPeerConnection" ? "Rejected" : "Updating");
});

test(`of ${atOnce} requests for one pair at once, from both sides, exactly one wins`, async () => {
  const [from, to] = await vpcPair(server, server.accepter, beijing);
  const answers = await Promise.all(
    Array.from({ length: atOnce }, (_, n) => {
      const [one, other] = n % 2 === 0 ? [from, to] : [to, from];
      return peer(one.owner, "CreateVpcPeerConnection", requestOf(one, other));
    }),
  );
  assert.deepEqual(codes(answers), mixed("OK", "ResourceAlreadyExist.VpcPeer", atOnce));
  const { body } = await server.requester.peer("ListVpcPeerConnections", { VpcId: from.vpcId });
  assert.equal(body.TotalCount, 1);
});

test("of many requests at once no more pass than the quota allows", async () => {
  const [hub, ...spokes] = await vpcs(
    server,
    [server.requester, hangzhou],
    ...Array.from({ length: 15 }, () => [server.accepter, hangzhou] as const),
  );
  const answers = await Promise.all(
    spokes.map((spoke) => peer(server.requester, "CreateVpcPeerConnection", requestOf(hub as TestVpc, spoke))),
  );
  assert.deepEqual(codes(answers), [
    ...Array.from({ length: 10 }, () => "OK"),
    ...Array.from({ length: 5 }, () => "QuotaExceeded.IntraRegionVpcPeerCountPerVpc"),
  ]);
});

// Client tokens

let nextToken = 0;
const freshToken = (): string => `token-${nextToken++}`;

test("a repeat with the same token answers the first result under a new RequestId and does nothing", async () => {
  const [from, to] = await vpcPair(server);
  const create = { ...requestOf(from, to, { Name: "first" }), ClientToken: freshToken() };
  const first = succeeded(await peer(server.requester, "CreateVpcPeerConnection", create)).body;
  const events = await eventCount(server);
  const repeats = [
    await peer(server.requester, "CreateVpcPeerConnection", create),
    await server.requester.peer("CreateVpcPeerConnection", create, { signature: "V3" }),
    await server.requester.peer("CreateVpcPeerConnection", create, { method: "GET" }),
  ];
  for (const repeat of repeats) {
    assert.equal(succeeded(repeat).body.InstanceId, first.InstanceId);
    assert.notEqual(repeat.body.RequestId, first.RequestId);
    assert.equal(repeat.headers.get("x-acs-request-id"), repeat.body.RequestId);
  }
  assert.equal(new Set(repeats.map(({ body }) => body.RequestId)).size, repeats.length);
  assert.equal(await eventCount(server), events);
});

test("writes without an answer of their own are repeated likewise, also when the state has moved on", async () => {
  const [from, to] = await vpcPair(server);
  const InstanceId = await requestPeering(from, to);
  await server.advance();
  const steps: readonly (readonly [Caller, string, Parameters])[] = [
    [server.accepter, "AcceptVpcPeerConnection", { InstanceId }],
    [server.requester, "ModifyVpcPeerConnection", { InstanceId, Name: "renamed" }],
    [
      server.requester,
      "TagResources",
      { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId: [InstanceId], Tag: [{ Key: "k", Value: "v" }] },
    ],
    [server.requester, "UnTagResources", { RegionId: hangzhou, ResourceType: "PeerConnection", ResourceId: [InstanceId], All: true }],
    [server.accepter, "DeleteVpcPeerConnection", { InstanceId, Force: true }],
  ];
  const calls = steps.map(([caller, action, parameters]) => [caller, action, { ...parameters, ClientToken: freshToken() }] as const);
  for (const call of calls) {
    succeeded(await peer(...call));
    await server.advance();
  }
  await server.advance(seconds.deletedPhase);
  assert.equal(await peeringStatus(server.requester, InstanceId), "ResourceNotFound.InstanceId");
  const events = await eventCount(server);
  for (const call of calls) succeeded(await peer(...call));
  assert.equal(await eventCount(server), events);
  // A new token is a new call.
  const anew = { InstanceId, ClientToken: freshToken() };
  assert.equal(outcome(await peer(server.accepter, "DeleteVpcPeerConnection", anew)), "ResourceNotFound.InstanceId");
});

test("a rejection is repeated likewise", async () => {
  const InstanceId = await requestPeering(...(await vpcPair(server)));
  await server.advance();
  const call = { InstanceId, ClientToken: freshToken() };
  succeeded(await peer(server.accepter, "RejectVpcPeerConnection", call));
  succeeded(await peer(server.accepter, "RejectVpcPeerConnection", call));
  assert.equal(outcome(await peer(server.accepter, "RejectVpcPeerConnection", { InstanceId })), "IncorrectStatus.VpcPeer");
});

test(`when ${atOnce} repeats arrive at once, one connection is made and all name it`, async () => {
  const [from, to] = await vpcPair(server);
  const create = { ...requestOf(from, to), ClientToken: freshToken() };
  const answers = await Promise.all(Array.from({ length: atOnce }, () => peer(server.requester, "CreateVpcPeerConnection", create)));
  for (const answer of answers) succeeded(answer);
  assert.equal(new Set(answers.map(({ body }) => body.InstanceId)).size, 1);
  assert.equal(new Set(answers.map(({ body }) => body.RequestId)).size, atOnce);
  assert.equal((await server.requester.peer("ListVpcPeerConnections", { VpcId: from.vpcId })).body.TotalCount, 1);
});

test("the same token with other parameters is refused, with HTTP 400, and is not spoilt by it", async () => {
  const [from, to] = await vpcPair(server);
  const ClientToken = freshToken();
  const create = (more: Parameters): Promise<Answer> =>
    peer(server.requester, "CreateVpcPeerConnection", { ...requestOf(from, to, more), ClientToken });
  const { InstanceId } = succeeded(await create({ Name: "first" })).body;
  const events = await eventCount(server);
  const others: readonly Parameters[] = [
    {},
    { Name: "other" },
    { Name: "First" },
    { Name: "first", Description: "more" },
    { Name: "first", Tag: [{ Key: "k" }] },
  ];
  for (const other of others) {
    const refusal = refusedWith(await create(other), "IdempotentParameterMismatch");
    assert.equal(refusal.body.Message, "The request is retried with updated parameters.");
  }
  assert.equal(await eventCount(server), events);
  assert.equal(succeeded(await create({ Name: "first" })).body.InstanceId, InstanceId);
});

test("a token counts per account, action and letter case", async () => {
  const ClientToken = `${freshToken()}-Case`;
  const [from, to] = await vpcPair(server);
  const { InstanceId } = succeeded(await peer(server.requester, "CreateVpcPeerConnection", { ...requestOf(from, to), ClientToken })).body;
  await server.advance();
  succeeded(await peer(server.accepter, "AcceptVpcPeerConnection", { InstanceId, ClientToken }));
  await server.advance();
  succeeded(await peer(server.accepter, "ModifyVpcPeerConnection", { InstanceId, Name: "one", ClientToken }));
  await server.advance();
  succeeded(await peer(server.requester, "ModifyVpcPeerConnection", { InstanceId, Name: "two", ClientToken }));
  await server.advance();
  succeeded(await peer(server.requester, "ModifyVpcPeerConnection", { InstanceId, Name: "three", ClientToken: ClientToken.toLowerCase() }));
  const read = await server.requester.peer("GetVpcPeerConnectionAttribute", { InstanceId });
  assert.deepEqual([read.body.Name, read.body.Status], ["three", "Updating"]);
});

test("a call without a token is a new call each time", async () => {
  const [from, to] = await vpcPair(server);
  succeeded(await peer(server.requester, "CreateVpcPeerConnection", requestOf(from, to)));
  assert.equal(outcome(await peer(server.requester, "CreateVpcPeerConnection", requestOf(from, to))), "ResourceAlreadyExist.VpcPeer");
});

test("the token of a refused call is free, for the same call and for another", async () => {
  const [from, to] = await vpcPair(server);
  const InstanceId = await requestPeering(from, to);
  const ClientToken = freshToken();
  const remove = (more: Parameters): Promise<Answer> =>
    peer(server.requester, "DeleteVpcPeerConnection", { InstanceId, ClientToken, ...more });
  assert.equal(outcome(await remove({})), "IncorrectStatus.VpcPeer");
  assert.equal(outcome(await remove({})), "IncorrectStatus.VpcPeer");
  await server.advance();
  succeeded(await remove({ Force: true }));
  assert.equal(outcome(await remove({})), "IdempotentParameterMismatch");
});

test("a token is remembered for at least a day of virtual time", async () => {
  const [from, to] = await vpcPair(server);
  const create = { ...requestOf(from, to), ClientToken: freshToken() };
  const { InstanceId } = succeeded(await peer(server.requester, "CreateVpcPeerConnection", create)).body;
  await server.advance(seconds.day);
  assert.equal(succeeded(await peer(server.requester, "CreateVpcPeerConnection", create)).body.InstanceId, InstanceId);
});

test("a repeat after a restart answers the first result", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await startServer({ folder });
  const [from, to] = await vpcPair(first);
  const create = { ...requestOf(from, to), ClientToken: freshToken() };
  const { InstanceId } = succeeded(await first.requester.peer("CreateVpcPeerConnection", create)).body;
  const unused = freshToken();
  await first.stop();

  const second = await startServer({ folder });
  t.after(() => second.stop());
  const again = succeeded(await second.requester.peer("CreateVpcPeerConnection", create)).body;
  assert.equal(again.InstanceId, InstanceId);
  assert.equal(
    outcome(await second.requester.peer("CreateVpcPeerConnection", { ...create, Name: "other" })),
    "IdempotentParameterMismatch",
  );
  assert.equal(
    outcome(await second.requester.peer("CreateVpcPeerConnection", { ...create, ClientToken: unused })),
    "ResourceAlreadyExist.VpcPeer",
  );
  const { body } = await second.requester.peer("ListVpcPeerConnections");
  assert.equal(body.TotalCount, 1);
  // What was under way at the stop goes on.
  assert.equal(await peeringStatus(second.requester, InstanceId), "Creating");
  await second.advance();
  assert.equal(await peeringStatus(second.requester, InstanceId), "Accepting");
});
