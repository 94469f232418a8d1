import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { activePeering, availableVpc, hangzhou, requestPeering, routeTo, succeeded, type TestVpc } from "../support/networks.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { createRouteEntry, listRouteEntries, type Options, refuses, refusesEach, type Sdk, sdkOf } from "./support.ts";

/** Where a route entry may lead. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const newVpc = (owner = server.requester): Promise<TestVpc> => availableVpc(server, owner);
function put(vpc: TestVpc, options: Options, who = sdk) {
  const entry = { regionId: hangzhou, routeTableId: vpc.routeTableId, destinationCidrBlock: "192.168.0.0/16" };
  return createRouteEntry(who, { ...entry, ...options });
}
const viaPeering = (vpc: TestVpc, nextHopId: string, who = sdk) => put(vpc, { nextHopType: "VpcPeer", nextHopId }, who);
async function entries(vpc: TestVpc, who = sdk) {
  return (await listRouteEntries(who, hangzhou, vpc.routeTableId, { routeEntryType: "Custom" })).items;
}

test("an Activated peering connection of the VPC is a next hop, for either side", async () => {
  const [one, other] = [await newVpc(), await newVpc(server.accepter)];
  const connection = await activePeering(server, one, other);
  const accepter = sdkOf(server, accepterKey);
  await viaPeering(one, connection);
  await viaPeering(other, connection, accepter);
  await server.advance();
  for (const [vpc, who] of [
    [one, sdk],
    [other, accepter],
  ] as const) {
    const [entry] = await entries(vpc, who);
    assert.equal(entry?.status, "Available");
    assert.deepEqual(JSON.parse(JSON.stringify(entry?.nextHops?.nextHop)), [
      {
        enabled: 1,
        nextHopId: connection,
        nextHopRegionId: hangzhou,
        nextHopRelatedInfo: { instanceId: "", instanceType: "", regionId: "" },
        nextHopType: "VpcPeer",
        weight: 0,
      },
    ]);
  }
});

test("a peering connection that is not Activated is refused as in the wrong state", async () => {
  const [one, other] = [await newVpc(), await newVpc(server.accepter)];
  const InstanceId = await requestPeering(one, other);
  const refused = (): Promise<void> =>
    refuses(viaPeering(one, InstanceId), "IncorrectStatus.VpcPeer", 400, `The status of VpcPeer [${InstanceId}] is incorrect.`);
  await refused(); // Creating
  await server.advance();
  await refused(); // Accepting
  succeeded(await server.accepter.peer("AcceptVpcPeerConnection", { InstanceId }));
  await refused(); // Updating
  await server.advance();
  const route = await routeTo(server, one, "172.16.0.0/12", InstanceId); // Activated
  succeeded(await server.requester.vpc("DeleteRouteEntry", { RouteEntryId: route }));
  await server.advance();
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId }));
  await refused(); // Deleting
  await server.advance();
  await refused(); // Deleted, still readable
  await server.advance(60);
  await refuses(viaPeering(one, InstanceId), "ResourceNotFound.VpcPeer");
  assert.deepEqual(await entries(one), []);
});

test("rejected and expired connections are refused as in the wrong state", async () => {
  for (const end of ["Rejected", "Expired"]) {
    const [one, other] = [await newVpc(), await newVpc(server.accepter)];
    const InstanceId = await requestPeering(one, other);
    await server.advance();
    if (end === "Rejected") succeeded(await server.accepter.peer("RejectVpcPeerConnection", { InstanceId }));
    else await server.advance(7 * 24 * 60 * 60);
    await refuses(viaPeering(one, InstanceId), "IncorrectStatus.VpcPeer");
    assert.deepEqual(await entries(one), []);
  }
});

test("a peering connection that is unknown, foreign, or of other VPCs is not found", async () => {
  const [one, other, third] = [await newVpc(), await newVpc(), await newVpc()];
  const elsewhere = await activePeering(server, other, third);
  const stranger = await server.stranger();
  const [theirs, theirOther] = [await newVpc(server.accepter), await newVpc(stranger)];
  const foreign = await activePeering(server, theirs, theirOther);
  const message = "The specified resource of VpcPeer is not found.";
  const ids = ["pcc-unknown", one.vpcId, elsewhere, foreign];
  await refusesEach(ids, (id) => viaPeering(one, id), "ResourceNotFound.VpcPeer", 400, message);
  assert.deepEqual(await entries(one), []);
});

test("an instance is stored unchecked, and is the type of an entry that names none", async () => {
  const vpc = await newVpc();
  await put(vpc, { nextHopType: "Instance", nextHopId: "i-nobody-knows" });
  await server.advance();
  await put(vpc, { nextHopId: "i-another", destinationCidrBlock: "172.31.0.0/16" });
  await server.advance();
  const hops = (await entries(vpc)).map(({ nextHops }) => nextHops?.nextHop?.map(({ nextHopType, nextHopId }) => [nextHopType, nextHopId]));
  assert.deepEqual(hops, [[["Instance", "i-nobody-knows"]], [["Instance", "i-another"]]]);
});

test("a router interface or a VPN gateway that does not exist is not found", async () => {
  const vpc = await newVpc();
  const riMessage = "Specified next hop does not exist.";
  await refuses(put(vpc, { nextHopType: "RouterInterface", nextHopId: "ri-1" }), "InvalidNextHopId.NotFound", 404, riMessage);
  await refuses(put(vpc, { nextHopType: "VpnGateway", nextHopId: "vpn-1" }), "InvalidVpnInstanceId.NotFound");
  assert.deepEqual(await entries(vpc), []);
});

test("a documented type that this server does not have is refused by its name", async () => {
  const vpc = await newVpc();
  const types = ["HaVip", "NetworkInterface", "IPv6Gateway", "NatGateway", "Attachment", "Ipv4Gateway", "GatewayEndpoint", "Ecr"];
  for (const nextHopType of [...types, "GatewayLoadBalancerEndpoint"]) {
    const { body, status } = await server.requester.vpc("CreateRouteEntry", {
      RouteTableId: vpc.routeTableId,
      DestinationCidrBlock: "192.168.0.0/16",
      NextHopType: nextHopType,
      NextHopId: "x-1",
    });
    assert.deepEqual([status, body.Code], [400, "OperationFailed.InvalidNextHopType"], nextHopType);
    assert.ok(body.Message.includes(nextHopType), body.Message);
  }
  assert.deepEqual(await entries(vpc), []);
});

test("an unknown type is refused, and types are compared with letter case", async () => {
  const vpc = await newVpc();
  const message = 'Specified parameter "NextHopType" is not valid.';
  const types = ["Tunnel", "instance", "vpcpeer", "local"];
  await refusesEach(types, (nextHopType) => put(vpc, { nextHopType, nextHopId: "x-1" }), "InvalidNextHopType", 400, message);
  assert.deepEqual(await entries(vpc), []);
});

test("NextHopId or NextHopList is needed, and not both", async () => {
  const vpc = await newVpc();
  const list = [
    { nextHopType: "RouterInterface", nextHopId: "ri-1" },
    { nextHopType: "RouterInterface", nextHopId: "ri-2" },
  ];
  await refuses(put(vpc, {}), "InvalidNexthopTypeAndList.BothNull", 400, "both nexthopType and nextHopList are null.");
  const both: Options[] = [
    { nextHopId: "i-1", nextHopList: list },
    { nextHopId: "i-1", nextHopType: "Instance", nextHopList: list },
    { nextHopType: "RouterInterface", nextHopList: list },
  ];
  const message = "both nexthopType and nextHopList are not null.";
  await refusesEach(both, (options) => put(vpc, options), "InvalidNexthopTypeAndList.BothNotNull", 400, message);
  assert.deepEqual(await entries(vpc), []);
});

test("NextHopList takes 2 to 16 router interfaces and nothing else; each must exist", async () => {
  const vpc = await newVpc();
  const listOf = (count: number, nextHopType: string): Options => ({
    nextHopList: Array.from({ length: count }, (_, n) => ({ nextHopType, nextHopId: `x-${n}`, weight: 100 })),
  });
  const interfaces = (count: number) => put(vpc, listOf(count, "RouterInterface"));
  await refusesEach([1, 17], interfaces, "InvalidNexthopListSize", 400, "nexthop size is illegal. Must be between 2 and 4.");
  await refusesEach([2, 16], interfaces, "InvalidNextHopId.NotFound", 404);
  const others = ["Instance", "VpcPeer", "HaVip"];
  await refusesEach(others, (type) => put(vpc, listOf(2, type)), "OperationFailed.InvalidNextHopType");
  await refuses(put(vpc, listOf(2, "Tunnel")), "InvalidNextHopType");
  assert.deepEqual(await entries(vpc), []);
});
