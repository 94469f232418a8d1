import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gone, movesOf, nothing } from "../../src/contract/state-table.ts";
import { vpcPeerConnection } from "../../src/services/peering/vpc-peer-connection.ts";
import { type Caller, versions } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, peeringStatus, requestPeering, type TestVpc } from "../support/networks.ts";
import { callV3, codeOf, popClient } from "../support/official.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { attributes, layouts, putSettings, requestOf, seconds, vpcPair, vpcs, withSettings } from "./connections.ts";

/** The life of a connection, driven by the official SDKs. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  await putSettings(server);
});
after(() => server.stop());

type Call = (caller: Caller, action: string, parameters: Readonly<Record<string, string>>) => Promise<any>;
const sdks: Readonly<Record<string, Call>> = {
  "openapi-client, V3": (caller, action, parameters) => callV3(server.endpoint, caller.key, action, parameters),
  "pop-core, V1": (caller, action, parameters) =>
    popClient(server.endpoint, caller.key, versions.VpcPeer).request(action, parameters, { method: "POST" }),
};
const callWith = sdks["openapi-client, V3"] as Call;
const strings = (from: TestVpc, to: TestVpc): Record<string, string> => requestOf(from, to) as Record<string, string>;
const upperCaseUuid = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** What both parties must read of a connection, by the state that it is in. */
async function reads(call: Call, parties: readonly Caller[], InstanceId: string, status: string): Promise<any> {
  let body: any;
  for (const party of parties) {
    body = await call(party, "GetVpcPeerConnectionAttribute", { InstanceId });
    assert.equal(body.Status, status);
    const waits = status === "Accepting" || status === "Expired";
    assert.equal("GmtExpired" in body, waits, `GmtExpired in ${status}`);
    if (waits) assert.equal(Date.parse(body.GmtExpired) - Date.parse(body.GmtCreate), 7 * seconds.day * 1000);
  }
  return body;
}

/** Asserts Deleting, then Deleted for its moment, then that both parties find nothing. */
async function goes(call: Call, parties: readonly Caller[], InstanceId: string): Promise<void> {
  await reads(call, parties, InstanceId, "Deleting");
  await server.advance(seconds.work - 1);
  await reads(call, parties, InstanceId, "Deleting");
  await server.advance(1);
  await reads(call, parties, InstanceId, "Deleted");
  await server.advance(seconds.deletedPhase - 1);
  await reads(call, parties, InstanceId, "Deleted");
  await server.advance(1);
  for (const party of parties) {
    assert.equal(await codeOf(() => call(party, "GetVpcPeerConnectionAttribute", { InstanceId })), "ResourceNotFound.InstanceId");
  }
}

for (const [sdk, call] of Object.entries(sdks)) {
  for (const { layout, crossAccount, region } of layouts) {
    test(`a connection is made, modified and deleted (${layout}; ${sdk})`, async () => {
      const { requester, accepter } = server;
      const [from, to] = await vpcPair(server, crossAccount ? accepter : requester, region);
      const parties = crossAccount ? [requester, accepter] : [requester];
      const created = await call(requester, "CreateVpcPeerConnection", strings(from, to));
      const { InstanceId } = created;
      assert.match(InstanceId, /^pcc-[0-9a-z]{18}$/);
      assert.match(created.RequestId, upperCaseUuid);
      const answered = { ...created, RequestId: "", InstanceId: "" };
      assert.deepEqual(answered, { RequestId: "", InstanceId: "" });
      await reads(call, parties, InstanceId, "Creating");
      await server.advance(seconds.work - 1);
      await reads(call, parties, InstanceId, "Creating");
      await server.advance(1);

      if (crossAccount) {
        await reads(call, parties, InstanceId, "Accepting");
        assert.deepEqual(Object.keys(await call(accepter, "AcceptVpcPeerConnection", { InstanceId })), ["RequestId"]);
        await reads(call, parties, InstanceId, "Updating");
        await server.advance(seconds.work);
      }
      const active = await reads(call, parties, InstanceId, "Activated");

      const modified = await call(parties.at(-1) as Caller, "ModifyVpcPeerConnection", { InstanceId, Name: "renamed" });
      assert.deepEqual(Object.keys(modified), ["RequestId"]);
      await reads(call, parties, InstanceId, "Updating");
      await server.advance(seconds.work);
      const renamed = await reads(call, parties, InstanceId, "Activated");
      assert.equal(renamed.Name, "renamed");
      assert.equal(renamed.GmtCreate, active.GmtCreate);
      assert.ok(renamed.GmtModified > active.GmtModified);

      assert.deepEqual(Object.keys(await call(requester, "DeleteVpcPeerConnection", { InstanceId })), ["RequestId"]);
      await goes(call, parties, InstanceId);
    });
  }

  test(`a rejected request stays Rejected and can be made anew (${sdk})`, async () => {
    const { requester, accepter } = server;
    const parties = [requester, accepter];
    const [from, to] = await vpcPair(server);
    const { InstanceId } = await call(requester, "CreateVpcPeerConnection", strings(from, to));
    await server.advance();
    assert.deepEqual(Object.keys(await call(accepter, "RejectVpcPeerConnection", { InstanceId })), ["RequestId"]);
    await reads(call, parties, InstanceId, "Rejected");
    await server.advance(8 * seconds.day);
    await reads(call, parties, InstanceId, "Rejected");

    // The pair is free again, in either direction.
    const anew = await call(accepter, "CreateVpcPeerConnection", strings(to, from));
    await server.advance();
    await reads(call, parties, anew.InstanceId, "Accepting");
    await reads(call, parties, InstanceId, "Rejected");
  });

  test(`a request that nobody answers expires after seven days, to the second (${sdk})`, async () => {
    const { requester, accepter } = server;
    const parties = [requester, accepter];
    const [from, to] = await vpcPair(server, accepter, beijing);
    const { InstanceId } = await call(requester, "CreateVpcPeerConnection", strings(from, to));
    await server.advance(7 * seconds.day - 1);
    await reads(call, parties, InstanceId, "Accepting");
    await server.advance(1);
    await reads(call, parties, InstanceId, "Expired");
    for (const action of ["AcceptVpcPeerConnection", "RejectVpcPeerConnection"]) {
      assert.equal(await codeOf(() => call(accepter, action, { InstanceId })), "IncorrectStatus.VpcPeer");
    }
    const anew = await call(requester, "CreateVpcPeerConnection", strings(from, to));
    await server.advance();
    await reads(call, parties, anew.InstanceId, "Accepting");
  });
}

test("an accepted connection never expires", async () => {
  const [from, to] = await vpcPair(server);
  const InstanceId = await requestPeering(from, to);
  await server.advance();
  await callWith(server.accepter, "AcceptVpcPeerConnection", { InstanceId });
  await server.advance(30 * seconds.day);
  await reads(callWith, [server.requester, server.accepter], InstanceId, "Activated");
});

test("the setting VpcPeerExpiryDays moves the expiry of requests made from then on", async () => {
  const [one, two, far] = await vpcs(server, [server.requester, hangzhou], [server.requester, hangzhou], [server.accepter, hangzhou]);
  assert.ok(one && two && far);
  const earlier = await requestPeering(one, far);
  await withSettings(server, { quotas: [{ name: "VpcPeerExpiryDays", value: 2 }] }, async () => {
    const later = await requestPeering(two, far);
    await server.advance();
    const { GmtCreate, GmtExpired } = await attributes(server.accepter, later);
    assert.equal(Date.parse(GmtExpired) - Date.parse(GmtCreate), 2 * seconds.day * 1000);
    await server.advance(2 * seconds.day - seconds.work);
    assert.equal(await peeringStatus(server.accepter, later), "Expired");
    assert.equal(await peeringStatus(server.accepter, earlier), "Accepting");
  });
  await server.advance(5 * seconds.day);
  assert.equal(await peeringStatus(server.accepter, earlier), "Expired");
});

/** How a cross-account request comes into each state from which it may be deleted. */
const deletable: Readonly<Record<string, (InstanceId: string) => Promise<unknown>>> = {
  Accepting: async () => undefined,
  Rejected: (InstanceId) => callWith(server.accepter, "RejectVpcPeerConnection", { InstanceId }),
  Expired: () => server.advance(7 * seconds.day),
  Activated: async (InstanceId) => {
    await callWith(server.accepter, "AcceptVpcPeerConnection", { InstanceId });
    await server.advance();
  },
};
for (const [state, reach] of Object.entries(deletable)) {
  for (const who of ["requester", "accepter"] as const) {
    test(`the ${who} deletes a connection that is ${state}`, async () => {
      const parties = [server.requester, server.accepter];
      const [from, to] = await vpcPair(server);
      const InstanceId = await requestPeering(from, to);
      await server.advance();
      await reach(InstanceId);
      await reads(callWith, parties, InstanceId, state);
      await callWith(server[who], "DeleteVpcPeerConnection", { InstanceId });
      await goes(callWith, parties, InstanceId);
    });
  }
}

test("the pair is free again once the connection reads Deleted, and not before", async () => {
  const [from, to] = await vpcPair(server, server.requester);
  const InstanceId = await requestPeering(from, to);
  await server.advance();
  const create = (): Promise<string> => codeOf(() => callWith(server.requester, "CreateVpcPeerConnection", strings(to, from)));
  await callWith(server.requester, "DeleteVpcPeerConnection", { InstanceId });
  assert.equal(await create(), "ResourceAlreadyExist.VpcPeer");
  await server.advance(seconds.work);
  await reads(callWith, [server.requester], InstanceId, "Deleted");
  assert.equal(await create(), "OK");
  await reads(callWith, [server.requester], InstanceId, "Deleted");
});

test("a VPC can be deleted when its connections are over, and the read of a rejected one still answers", async () => {
  const [from, to] = await vpcPair(server);
  const InstanceId = await requestPeering(from, to);
  await server.advance();
  const deleteVpc = (): Promise<string> =>
    codeOf(() => callV3(server.endpoint, from.owner.key, "DeleteVpc", { VpcId: from.vpcId }, { version: versions.Vpc }));
  assert.equal(await deleteVpc(), "OperationDenied.VpcPeerExists");
  await callWith(server.accepter, "RejectVpcPeerConnection", { InstanceId });
  assert.equal(await deleteVpc(), "OK");
  await server.advance();
  const read = await reads(callWith, [server.requester, server.accepter], InstanceId, "Rejected");
  assert.deepEqual(read.Vpc, { Ipv4Cidrs: [], Ipv6Cidrs: [], VpcId: from.vpcId });
});

test("in pace instant every step is done before the answer leaves", async (t) => {
  const instant = await startServer({ pace: "instant" });
  t.after(() => instant.stop());
  const call: Call = (caller, action, parameters) => callV3(instant.endpoint, caller.key, action, parameters);
  const { requester, accepter } = instant;
  const own = await availableVpc(instant, requester);
  const other = await availableVpc(instant, requester, beijing);
  const foreign = await availableVpc(instant, accepter);

  const { InstanceId: within } = await call(requester, "CreateVpcPeerConnection", strings(own, other));
  assert.equal(await peeringStatus(requester, within), "Activated");
  await call(requester, "ModifyVpcPeerConnection", { InstanceId: within, Bandwidth: "10" });
  const modified = await attributes(requester, within);
  assert.deepEqual([modified.Status, modified.Bandwidth], ["Activated", 10]);

  const { InstanceId: across } = await call(requester, "CreateVpcPeerConnection", strings(own, foreign));
  assert.equal(await peeringStatus(accepter, across), "Accepting");
  await call(accepter, "AcceptVpcPeerConnection", { InstanceId: across });
  assert.equal(await peeringStatus(requester, across), "Activated");
  const route = { RouteTableId: own.routeTableId, DestinationCidrBlock: "172.16.0.0/12", NextHopType: "VpcPeer", NextHopId: across };
  assert.equal((await requester.vpc("CreateRouteEntry", { RegionId: hangzhou, ...route })).status, 200);
  await call(accepter, "DeleteVpcPeerConnection", { InstanceId: across, Force: "true" });
  assert.equal(await peeringStatus(requester, across), "ResourceNotFound.InstanceId");
  assert.equal(await peeringStatus(accepter, across), "ResourceNotFound.InstanceId");
  const { body } = await requester.vpc("DescribeRouteEntryList", {
    RegionId: hangzhou,
    RouteTableId: own.routeTableId,
    RouteEntryType: "Custom",
  });
  assert.equal(body.TotalCount, 0);

  const { InstanceId: refused } = await call(requester, "CreateVpcPeerConnection", strings(own, foreign));
  await call(accepter, "RejectVpcPeerConnection", { InstanceId: refused });
  assert.equal(await peeringStatus(requester, refused), "Rejected");
  await call(requester, "DeleteVpcPeerConnection", { InstanceId: within });
  assert.equal(await peeringStatus(requester, within), "ResourceNotFound.InstanceId");
});

/** Every move of the documented table, written down apart from the code. */
const documentedMoves = [
  [nothing, "CreateVpcPeerConnection", "Creating"],
  ["Creating", "created", "Activated"],
  ["Creating", "created", "Accepting"],
  ["Accepting", "AcceptVpcPeerConnection", "Updating"],
  ["Accepting", "RejectVpcPeerConnection", "Rejected"],
  ["Accepting", "DeleteVpcPeerConnection", "Deleting"],
  ["Accepting", "expired", "Expired"],
  ["Updating", "updated", "Activated"],
  ["Activated", "ModifyVpcPeerConnection", "Updating"],
  ["Activated", "DeleteVpcPeerConnection", "Deleting"],
  ["Rejected", "DeleteVpcPeerConnection", "Deleting"],
  ["Expired", "DeleteVpcPeerConnection", "Deleting"],
  ["Deleting", "deleted", "Deleted"],
  ["Deleted", "forgotten", gone],
].map((move) => move.join(" | "));

test("the state table holds the documented moves, and the tests of this file have made every one", async () => {
  assert.deepEqual(
    movesOf(vpcPeerConnection.states)
      .map(({ from, event, to }) => `${from} | ${event} | ${to}`)
      .sort(),
    [...documentedMoves].sort(),
  );
  const states = new Map<string, string>();
  const made = new Set<string>();
  for (const { kind, resource, event, image } of await server.store.read((rows) => rows.events(0, 1_000_000))) {
    if (kind !== vpcPeerConnection.name || event === "change") continue;
    const to = image === null ? gone : (JSON.parse(image) as { state: string }).state;
    made.add(`${states.get(resource) ?? nothing} | ${event} | ${to}`);
    states.set(resource, to);
  }
  assert.deepEqual([...made].sort(), [...documentedMoves].sort());
});
