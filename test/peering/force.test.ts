import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller } from "../support/caller.ts";
import { activePeering, beijing, hangzhou, peeringStatus, refusedWith, routeTo, succeeded, type TestVpc } from "../support/networks.ts";
import { refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { putSettings, seconds, vpcPair, vpcs } from "./connections.ts";

/** Route entries that point at a connection: they hold it without Force and go with it under Force, on both sides. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
  await putSettings(server);
});
after(() => server.stop());

const remove = (caller: Caller, InstanceId: string, Force?: boolean): Promise<Answer> =>
  caller.peer("DeleteVpcPeerConnection", { InstanceId, Force });
const addRoute = (at: TestVpc, DestinationCidrBlock: string, NextHopId: string, NextHopType = "VpcPeer"): Promise<Answer> =>
  at.owner.vpc("CreateRouteEntry", { RegionId: at.region, RouteTableId: at.routeTableId, DestinationCidrBlock, NextHopType, NextHopId });

/** The entries of a VPC's table as `destination status next-hop`. */
async function entries(at: TestVpc, parameters: object = {}): Promise<string[]> {
  const query = { RegionId: at.region, RouteTableId: at.routeTableId, ...parameters };
  const { body } = succeeded(await at.owner.vpc("DescribeRouteEntryList", query));
  return body.RouteEntrys.RouteEntry.map(
    (entry: any) => `${entry.DestinationCidrBlock} ${entry.Status} ${entry.NextHops.NextHop[0].NextHopId}`,
  ).sort();
}
const exists = {
  code: "OperationDenied.RouteEntryExist",
  message: "The operation is not allowed because of existing routeEntry point to VpcPeer.",
};

for (const region of [hangzhou, beijing]) {
  for (const side of ["requester", "accepter"] as const) {
    test(`an entry on the ${side}'s side holds the connection against both parties (${region})`, async () => {
      const [from, to] = await vpcPair(server, server.accepter, region);
      const connection = await activePeering(server, from, to);
      const holder = side === "requester" ? from : to;
      const entryId = await routeTo(server, holder, "172.16.0.0/12", connection);
      const before = await entries(holder);
      for (const caller of [server.requester, server.accepter]) {
        await refusedUnchanged(server, () => remove(caller, connection), exists);
        await refusedUnchanged(server, () => remove(caller, connection, false), exists);
        assert.equal(await peeringStatus(caller, connection), "Activated");
      }
      assert.deepEqual(await entries(holder), before);

      // The entry holds it until it is gone, then no longer.
      succeeded(await holder.owner.vpc("DeleteRouteEntry", { RegionId: holder.region, RouteEntryId: entryId }));
      refusedWith(await remove(server.requester, connection), exists.code);
      await server.advance(seconds.work);
      succeeded(await remove(server.requester, connection));
    });

    test(`Force by the ${side} takes the entries of both sides along, and no others (${region})`, async () => {
      const [from, to] = await vpcPair(server, server.accepter, region);
      const [third] = await vpcs(server, [server.requester, hangzhou]);
      const connection = await activePeering(server, from, to);
      const other = await activePeering(server, from, third as TestVpc);
      const system = [await entries(from), await entries(to)];
      await routeTo(server, from, "172.16.0.0/16", connection);
      await routeTo(server, from, "172.17.0.0/16", connection);
      await routeTo(server, to, "172.18.0.0/16", connection);
      await routeTo(server, from, "172.19.0.0/16", other);
      succeeded(await addRoute(from, "172.20.0.0/16", "i-instance", "Instance"));
      await server.advance();

      succeeded(await remove(server[side], connection, true));
      assert.equal(await peeringStatus(server.requester, connection), "Deleting");
      assert.deepEqual(await entries(from, { NextHopId: connection }), [
        `172.16.0.0/16 Deleting ${connection}`,
        `172.17.0.0/16 Deleting ${connection}`,
      ]);
      assert.deepEqual(await entries(to, { NextHopId: connection }), [`172.18.0.0/16 Deleting ${connection}`]);
      await server.advance(seconds.work);
      assert.equal(await peeringStatus(server.requester, connection), "Deleted");
      const others = [`172.19.0.0/16 Available ${other}`, "172.20.0.0/16 Available i-instance"];
      assert.deepEqual(await entries(from), [...(system[0] ?? []), ...others].sort());
      assert.deepEqual(await entries(to), system[1]);
      assert.equal(await peeringStatus(server.requester, other), "Activated");
    });
  }
}

test("Force takes entries along that are still Pending, and those that are being deleted already", async () => {
  const [from, to] = await vpcPair(server);
  const connection = await activePeering(server, from, to);
  const leaving = await routeTo(server, from, "172.16.0.0/16", connection);
  succeeded(await addRoute(to, "172.17.0.0/16", connection));
  succeeded(await from.owner.vpc("DeleteRouteEntry", { RegionId: hangzhou, RouteEntryId: leaving }));
  assert.deepEqual(await entries(to, { NextHopId: connection }), [`172.17.0.0/16 Pending ${connection}`]);
  await refusedUnchanged(server, () => remove(server.requester, connection), exists);

  await server.advance(seconds.work - 10);
  succeeded(await remove(server.requester, connection, true));
  assert.deepEqual(await entries(to, { NextHopId: connection }), [`172.17.0.0/16 Deleting ${connection}`]);
  // The entry does not become Available at the time at which it would have.
  await server.advance(10);
  assert.deepEqual(await entries(to, { NextHopId: connection }), [`172.17.0.0/16 Deleting ${connection}`]);
  assert.deepEqual(await entries(from, { NextHopId: connection }), []);
  await server.advance(seconds.work - 10);
  assert.equal(await peeringStatus(server.requester, connection), "Deleted");
  assert.deepEqual(await entries(to, { NextHopId: connection }), []);
});

test("a connection that is going takes no new entry", async () => {
  const [from, to] = await vpcPair(server);
  const connection = await activePeering(server, from, to);
  succeeded(await remove(server.requester, connection, true));
  const status = { code: "IncorrectStatus.VpcPeer", message: `The status of VpcPeer [${connection}] is incorrect.` };
  await refusedUnchanged(server, () => addRoute(from, "172.16.0.0/16", connection), status);
  await server.advance(seconds.work);
  await refusedUnchanged(server, () => addRoute(to, "172.16.0.0/16", connection), status);
  await server.advance(seconds.deletedPhase);
  const gone = { code: "ResourceNotFound.VpcPeer", message: "The specified resource of VpcPeer is not found." };
  await refusedUnchanged(server, () => addRoute(from, "172.16.0.0/16", connection), gone);
});

test("of an entry being made and a deletion without Force at once, never both succeed", async () => {
  for (let round = 0; round < 5; round++) {
    const [from, to] = await vpcPair(server);
    const connection = await activePeering(server, from, to);
    const [route, deletion] = await Promise.all([addRoute(from, "172.16.0.0/16", connection), remove(server.accepter, connection)]);
    assert.deepEqual([route.status, deletion.status].sort(), [200, 400]);
    if (route.status === 200) refusedWith(deletion, exists.code);
    else refusedWith(route, "IncorrectStatus.VpcPeer");
  }
});

test("Force without any entry is a plain deletion", async () => {
  const [from, to] = await vpcPair(server);
  const connection = await activePeering(server, from, to);
  succeeded(await remove(server.accepter, connection, true));
  await server.advance(seconds.work + seconds.deletedPhase);
  assert.equal(await peeringStatus(server.requester, connection), "ResourceNotFound.InstanceId");
});

test("a table full of entries goes with the connection", async () => {
  const [from, to] = await vpcPair(server);
  const connection = await activePeering(server, from, to);
  for (let n = 0; n < 30; n++) await routeTo(server, n % 2 === 0 ? from : to, `172.16.${n}.0/24`, connection);
  succeeded(await remove(server.requester, connection, true));
  await server.advance(seconds.work);
  for (const side of [from, to]) assert.deepEqual(await entries(side, { NextHopId: connection }), []);
  for (const side of [from, to]) succeeded(await side.owner.vpc("DeleteVpc", { VpcId: side.vpcId }));
});
