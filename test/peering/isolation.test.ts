import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  activePeering,
  availableVpc,
  beijing,
  groupId,
  hangzhou,
  instanceRoute,
  peeringStatus,
  requestPeering,
  routeTo,
  succeeded,
  type TestVpc,
} from "../support/networks.ts";
import { eventCount, outcome, seen } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { attributes, patch, putSettings, requestOf, seconds, vpcPair } from "./connections.ts";

/** A third account learns nothing of a connection; the two parties share its record and keep their own tags and groups. */

let server: InProcessServer;
let stranger: Caller;
let strangersVpc: TestVpc;
let strangersEntry: string;
let strangersGroup: string;
/** Connections of requester and accepter, by what is special about them. */
let connections: Readonly<Record<string, string>>;
let from: TestVpc;
let to: TestVpc;
let active: string;

const secretTag = { Tag: [{ Key: "secret-key", Value: "secret-value" }] };
before(async () => {
  server = await startServer();
  await putSettings(server);
  stranger = await server.stranger();
  strangersVpc = await availableVpc(server, stranger);
  strangersEntry = await instanceRoute(server, strangersVpc, "192.168.0.0/16");
  strangersGroup = await groupId(stranger, "default");
  [from, to] = await vpcPair(server, server.accepter, beijing);
  active = await activePeering(server, from, to, { Name: "secret-name", ...secretTag });
  await routeTo(server, from, "172.16.0.0/12", active);
  const [managed, locked] = [
    await activePeering(server, ...(await vpcPair(server))),
    await activePeering(server, ...(await vpcPair(server))),
  ];
  await patch(server, managed, { ManagedService: "SWAS" });
  await patch(server, locked, { BizStatus: "FinancialLocked" });
  const deleted = await activePeering(server, ...(await vpcPair(server)));
  const waiting = await requestPeering(...(await vpcPair(server)));
  const creating = await vpcPair(server);
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: deleted }));
  await server.advance(seconds.work);
  connections = { active, managed, locked, deleted, waiting, creating: await requestPeering(...creating) };
});
after(() => server.stop());

/** Every operation that takes the id of a connection, with all that it can be asked besides. */
const probes: Record<string, (id: string) => Promise<Answer>> = {};
/** What each of them answers a stranger. */
const expected: Readonly<Record<string, string>> = {
  MoveResourceGroup: "ResourceNotFound.VpcPeer",
  TagResources: "InvalidInstanceIds.NotFound",
  UnTagResources: "InvalidInstanceIds.NotFound",
  ListTagResources: "OK",
  ListVpcPeerConnections: "OK",
  CreateRouteEntry: "ResourceNotFound.VpcPeer",
  CreateRouteEntries: "OK",
  ModifyRouteEntry: "ResourceNotFound.VpcPeer",
};
const named: Readonly<Record<string, readonly Parameters[]>> = {
  GetVpcPeerConnectionAttribute: [{}, { RegionId: hangzhou }],
  AcceptVpcPeerConnection: [{}, { DryRun: true }, { ResourceGroupId: "rg-000000000000000000" }, secretTag],
  RejectVpcPeerConnection: [{}, { DryRun: true }],
  ModifyVpcPeerConnection: [{}, { Name: "mine" }, { Bandwidth: 5000 }, { LinkType: "Copper" }, { Name: "mine", DryRun: true }],
  DeleteVpcPeerConnection: [{}, { Force: true }, { DryRun: true }, { Force: true, DryRun: true }],
};
for (const [action, all] of Object.entries(named)) {
  for (const parameters of all) {
    for (const format of ["JSON", "V3"]) {
      probes[`${action} ${JSON.stringify(parameters)} ${format}`] = (InstanceId) =>
        stranger.peer(action, { InstanceId, ...parameters }, format === "V3" ? { signature: "V3" } : {});
    }
  }
}
for (const RegionId of [hangzhou, beijing]) {
  const common = { RegionId, ResourceType: "PeerConnection" };
  const probe = (action: string, parametersFor: (id: string) => Parameters): void => {
    probes[`${action} ${RegionId}`] = (id) => stranger.peer(action, { ...common, ...parametersFor(id) });
  };
  probe("MoveResourceGroup", (ResourceId) => ({ ResourceId, NewResourceGroupId: strangersGroup }));
  probe("TagResources", (id) => ({ ResourceId: [id], Tag: [{ Key: "mine", Value: "" }] }));
  probe("UnTagResources", (id) => ({ ResourceId: [id], All: true }));
  probe("ListTagResources", (id) => ({ ResourceId: [id] }));
  probe("ListVpcPeerConnections", (InstanceId) => ({ InstanceId }));
}
const entryTo = (NextHop: string): Parameters => ({
  RouteTableId: strangersVpc.routeTableId,
  DstCidrBlock: "172.16.0.0/12",
  NextHopType: "VpcPeer",
  NextHop,
});
probes["CreateRouteEntry"] = (id) => {
  const { DstCidrBlock, NextHop, ...entry } = entryTo(id);
  return stranger.vpc("CreateRouteEntry", { RegionId: hangzhou, DestinationCidrBlock: DstCidrBlock, NextHopId: NextHop, ...entry });
};
// Its one member fails, and the answer repeats the id.
probes["CreateRouteEntries"] = (id) => stranger.vpc("CreateRouteEntries", { RegionId: hangzhou, RouteEntries: [entryTo(id)] });
probes["ModifyRouteEntry"] = (NewNextHopId) =>
  stranger.vpc("ModifyRouteEntry", { RegionId: hangzhou, RouteEntryId: strangersEntry, NewNextHopType: "VpcPeer", NewNextHopId });

for (const [name, probe] of Object.entries(probes)) {
  test(`a stranger gets the same answer for a foreign connection as for none: ${name}`, async () => {
    const before = await eventCount(server);
    const unknown = "pcc-000000000000000000";
    const answer = await probe(unknown);
    assert.equal(outcome(answer), expected[name.split(" ")[0] ?? ""] ?? "ResourceNotFound.InstanceId");
    const without = (one: Answer, id: string): string => JSON.stringify(seen(one)).replaceAll(id, "");
    for (const [which, id] of Object.entries(connections)) assert.equal(without(await probe(id), id), without(answer, unknown), which);
    assert.equal(await eventCount(server), before);
  });
}

test("lists, totals and filters show a stranger nothing of others' connections", async () => {
  const filters: readonly Parameters[] = [
    {},
    { RegionId: hangzhou },
    { RegionId: beijing },
    { Name: "secret-name" },
    { VpcId: from.vpcId },
    { VpcId: [from.vpcId, to.vpcId] },
    { Tags: [{ Key: "secret-key" }] },
    { ResourceGroupId: await groupId(server.requester, "default") },
  ];
  for (const filter of filters) {
    const { body } = succeeded(await stranger.peer("ListVpcPeerConnections", filter));
    assert.deepEqual([body.TotalCount, body.VpcPeerConnects, body.NextToken], [0, [], undefined], JSON.stringify(filter));
  }
  const tags = { RegionId: hangzhou, ResourceType: "PeerConnection", Tag: [{ Key: "secret-key" }] };
  assert.deepEqual(succeeded(await stranger.peer("ListTagResources", tags)).body.TagResources, []);
  // They do show them to their owner.
  for (const filter of filters.slice(0, 2))
    assert.notEqual((await server.requester.peer("ListVpcPeerConnections", filter)).body.TotalCount, 0);
  assert.notEqual((await server.requester.peer("ListTagResources", tags)).body.TagResources.length, 0);
});

test("a stranger's NextToken from its own list opens no other list", async () => {
  const { requester } = server;
  const { body } = succeeded(await requester.peer("ListVpcPeerConnections", { MaxResults: 1 }));
  assert.equal(typeof body.NextToken, "string");
  const taken = succeeded(await stranger.peer("ListVpcPeerConnections", { NextToken: body.NextToken })).body;
  assert.deepEqual([taken.TotalCount, taken.VpcPeerConnects], [0, []]);
});

test("a stranger cannot ask in the name of VPCs that are not its own", async () => {
  const parameters = requestOf(from, to);
  const foreign = seen(await stranger.peer("CreateVpcPeerConnection", parameters));
  const none = seen(await stranger.peer("CreateVpcPeerConnection", { ...parameters, VpcId: "vpc-bp1000000000000000000" }));
  assert.deepEqual(foreign, none);
});

test("a stranger that repeats a party's ClientToken gets no answer of theirs", async () => {
  const ClientToken = "shared-token";
  const rename = { InstanceId: active, Name: "renamed-once", ClientToken };
  succeeded(await server.requester.peer("ModifyVpcPeerConnection", rename));
  assert.equal(outcome(await stranger.peer("ModifyVpcPeerConnection", rename)), "ResourceNotFound.InstanceId");
  // Neither does the other party: the token is the account's own, so its call is a new one.
  assert.equal(outcome(await server.accepter.peer("ModifyVpcPeerConnection", rename)), "IncorrectStatus.VpcPeer");
  await server.advance();
  assert.equal(await peeringStatus(server.requester, active), "Activated");
});

test("whatever one party changes of the record, both see", async () => {
  const changes: readonly (readonly [who: "requester" | "accepter", parameters: Parameters])[] = [
    ["requester", { Name: "by-requester", Description: "one" }],
    ["accepter", { Name: "by-accepter", Bandwidth: 77 }],
    ["accepter", { Description: "two", LinkType: "Platinum" }],
  ];
  for (const [who, parameters] of changes) {
    succeeded(await server[who].peer("ModifyVpcPeerConnection", { InstanceId: active, ...parameters }));
    await server.advance();
    for (const reader of [server.requester, server.accepter]) {
      const read = await attributes(reader, active);
      for (const [name, value] of Object.entries(parameters)) assert.equal(read[name], value);
    }
  }
});

test("the parties read the same record but for tags and resource group, which are each its own", async () => {
  const { requester, accepter } = server;
  const tag = (caller: Caller, RegionId: string, Value: string): Promise<Answer> =>
    caller.peer("TagResources", { RegionId, ResourceType: "PeerConnection", ResourceId: [active], Tag: [{ Key: "whose", Value }] });
  succeeded(await tag(requester, hangzhou, "requester"));
  succeeded(await tag(accepter, beijing, "accepter"));
  const [one, other] = [await attributes(requester, active), await attributes(accepter, active)];
  assert.deepEqual(one.Tags, [...secretTag.Tag, { Key: "whose", Value: "requester" }]);
  assert.deepEqual(other.Tags, [{ Key: "whose", Value: "accepter" }]);
  assert.equal(one.ResourceGroupId, await groupId(requester, "default"));
  assert.equal(other.ResourceGroupId, await groupId(accepter, "default"));
  const shared = ({ Tags: _tags, ResourceGroupId: _group, RequestId: _id, ...record }: any): unknown => record;
  assert.deepEqual(shared(one), shared(other));
});

test("a party's lists follow its own tags and group, not those of the other", async () => {
  const { requester, accepter } = server;
  const total = async (caller: Caller, filter: Parameters): Promise<number> =>
    succeeded(await caller.peer("ListVpcPeerConnections", { InstanceId: active, ...filter })).body.TotalCount;
  assert.equal(await total(requester, { Tags: secretTag.Tag }), 1);
  assert.equal(await total(accepter, { Tags: secretTag.Tag }), 0);
  const group = { ResourceGroupId: await groupId(requester, "default") };
  assert.equal(await total(requester, group), 1);
  assert.equal(await total(accepter, group), 0);
  // Without an id the same index answers.
  const listed = await accepter.peer("ListVpcPeerConnections", { Tags: secretTag.Tag });
  assert.deepEqual(listed.body.VpcPeerConnects, []);
  const tags = { RegionId: beijing, ResourceType: "PeerConnection", Tag: [{ Key: "secret-key" }] };
  assert.deepEqual(succeeded(await accepter.peer("ListTagResources", tags)).body.TagResources, []);
});

test("a party's untagging leaves the other's tags alone", async () => {
  const { requester, accepter } = server;
  const all = { RegionId: beijing, ResourceType: "PeerConnection", ResourceId: [active], All: true };
  succeeded(await accepter.peer("UnTagResources", all));
  assert.deepEqual((await attributes(accepter, active)).Tags, []);
  assert.ok((await attributes(requester, active)).Tags.length > 0);
});

test("an account that is disabled stops seeing its connections at once, and the other party goes on", async () => {
  const leaver = await server.stranger();
  const [own] = await vpcPair(server, leaver);
  const theirs = await availableVpc(server, leaver);
  const InstanceId = await activePeering(server, own, theirs);
  const { body } = await server.admin("GET", "accounts");
  const { name } = body.accounts.find(({ uid }: { uid: string }) => uid === leaver.key.account);
  assert.equal((await server.admin("DELETE", `accounts/${name}`)).status, 200);
  assert.equal(await peeringStatus(leaver, InstanceId), "InvalidAccessKeyId.Inactive");
  assert.equal(await peeringStatus(server.requester, InstanceId), "Activated");
});
