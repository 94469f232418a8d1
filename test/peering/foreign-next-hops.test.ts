import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { activePeering, availableVpc, beijing, hangzhou, peeringStatus, routeTo, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("an entry of another account that merely spells a connection's id neither blocks its deletion nor goes with it", async () => {
  const mine = await availableVpc(server, server.requester, hangzhou);
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  const connection = await activePeering(server, mine, theirs);
  const stranger = await server.stranger();
  const elsewhere = await availableVpc(server, stranger, hangzhou, { CidrBlock: "10.2.0.0/16" });
  const route = { RegionId: hangzhou, RouteTableId: elsewhere.routeTableId, DestinationCidrBlock: "10.9.0.0/16", NextHopId: connection };
  const { RouteEntryId } = succeeded(await stranger.vpc("CreateRouteEntry", { ...route, NextHopType: "Instance" })).body;
  await server.advance();
  await routeTo(server, mine, "10.1.0.0/16", connection);

  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: connection, Force: true }));
  await server.advance();
  assert.equal(await peeringStatus(server.requester, connection), "Deleted");
  const left = succeeded(
    await stranger.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId: elsewhere.routeTableId, RouteEntryId }),
  );
  assert.equal(left.body.RouteEntrys.RouteEntry[0]?.Status, "Available");

  const again = await activePeering(server, mine, theirs);
  succeeded(await stranger.vpc("CreateRouteEntry", { ...route, DestinationCidrBlock: "10.8.0.0/16", NextHopId: again }));
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId: again }));
});
