import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  activePeering,
  availableVpc,
  hangzhou,
  peeringStatus,
  requestPeering,
  routeTo,
  succeeded,
  type TestVpc,
} from "../support/networks.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { deleteVpc, readVpc, refuses, type Sdk, sdkOf } from "./support.ts";

/** What keeps a VPC from being deleted, and what does not. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

async function newVpc(owner = server.requester): Promise<TestVpc> {
  return availableVpc(server, owner);
}
async function staysBecause(vpc: TestVpc, code: string, message: string): Promise<void> {
  await refuses(deleteVpc(sdk, hangzhou, vpc.vpcId), code, 400, message);
  await refuses(deleteVpc(sdk, hangzhou, vpc.vpcId, { forceDelete: true }), code, 400, message);
  assert.equal((await readVpc(sdk, hangzhou, vpc.vpcId)).status, "Available");
}
async function goes(vpc: TestVpc): Promise<void> {
  await deleteVpc(sdk, hangzhou, vpc.vpcId);
  await server.advance();
  assert.equal((await readVpc(sdk, hangzhou, vpc.vpcId)).vpcId, "");
}

test("a vSwitch keeps its VPC until it is gone", async () => {
  const vpc = await newVpc();
  const { body } = succeeded(
    await vpc.owner.vpc("CreateVSwitch", { VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24", RegionId: hangzhou }),
  );
  const dependent = ["DependencyViolation.VSwitch", "Specified object has dependent resources"] as const;
  await staysBecause(vpc, ...dependent);
  await server.advance();
  await staysBecause(vpc, ...dependent);
  succeeded(await vpc.owner.vpc("DeleteVSwitch", { VSwitchId: body.VSwitchId }));
  await staysBecause(vpc, ...dependent);
  await server.advance();
  await goes(vpc);
});

test("a custom route entry keeps its VPC until it is gone; the system's own entries do not", async () => {
  const vpc = await newVpc();
  const entry = { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x", NextHopType: "Instance" };
  const { body } = succeeded(await vpc.owner.vpc("CreateRouteEntry", { RegionId: hangzhou, ...entry }));
  const dependent = ["DependencyViolation.RouteEntry", "Specified object has dependent resources"] as const;
  await staysBecause(vpc, ...dependent);
  await server.advance();
  await staysBecause(vpc, ...dependent);
  succeeded(await vpc.owner.vpc("DeleteRouteEntry", { RegionId: hangzhou, RouteEntryId: body.RouteEntryId }));
  await staysBecause(vpc, ...dependent);
  await server.advance();
  await goes(vpc);
});

const peered = ["OperationDenied.VpcPeerExists", "The operation is not allowed because the VpcPeer exists."] as const;

test("a peering connection keeps both VPCs, from the request until it is deleted", async () => {
  const [one, other] = [await newVpc(), await newVpc()];
  const InstanceId = await requestPeering(one, other);
  await staysBecause(one, ...peered);
  await staysBecause(other, ...peered);
  await server.advance();
  assert.equal(await peeringStatus(server.requester, InstanceId), "Activated");
  await staysBecause(one, ...peered);
  await staysBecause(other, ...peered);
  succeeded(await server.requester.peer("DeleteVpcPeerConnection", { InstanceId }));
  await staysBecause(one, ...peered);
  await server.advance();
  assert.equal(await peeringStatus(server.requester, InstanceId), "Deleted");
  await goes(one);
  await goes(other);
});

test("a request that waits for the other account keeps both VPCs", async () => {
  const [one, other] = [await newVpc(), await newVpc(server.accepter)];
  await requestPeering(other, one);
  await server.advance();
  await staysBecause(one, ...peered);
  const refusal = await server.accepter.vpc("DeleteVpc", { RegionId: hangzhou, VpcId: other.vpcId });
  assert.equal(refusal.body.Code, "OperationDenied.VpcPeerExists");
});

test("rejected and expired connections do not keep a VPC", async () => {
  for (const answer of ["Rejected", "Expired"]) {
    const [one, other] = [await newVpc(), await newVpc(server.accepter)];
    const InstanceId = await requestPeering(one, other);
    await server.advance();
    if (answer === "Rejected") succeeded(await server.accepter.peer("RejectVpcPeerConnection", { InstanceId }));
    else await server.advance(7 * 24 * 60 * 60);
    assert.equal(await peeringStatus(server.requester, InstanceId), answer);
    await goes(one);
  }
});

test("the first thing left in a VPC is named: vSwitch, then route entry, then peering", async () => {
  const [one, other] = [await newVpc(), await newVpc()];
  const InstanceId = await activePeering(server, one, other);
  await staysBecause(one, ...peered);
  await routeTo(server, one, "192.168.0.0/16", InstanceId);
  await staysBecause(one, "DependencyViolation.RouteEntry", "Specified object has dependent resources");
  const vSwitch = { VpcId: one.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24", RegionId: hangzhou };
  succeeded(await one.owner.vpc("CreateVSwitch", vSwitch));
  await server.advance();
  await staysBecause(one, "DependencyViolation.VSwitch", "Specified object has dependent resources");
});

test("nothing can be put into a VPC that is being created or deleted", async () => {
  const { body: created } = succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou, CidrBlock: "10.0.0.0/16" }));
  const writes = async (): Promise<string[]> => {
    const vSwitch = { VpcId: created.VpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24", RegionId: hangzhou };
    const entry = { RouteTableId: created.RouteTableId, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x", RegionId: hangzhou };
    const answers = [await server.requester.vpc("CreateVSwitch", vSwitch), await server.requester.vpc("CreateRouteEntry", entry)];
    return answers.map(({ body }) => body.Code);
  };
  assert.deepEqual(await writes(), ["IncorrectVpcStatus", "IncorrectVpcStatus"]);
  await server.advance();
  await deleteVpc(sdk, hangzhou, created.VpcId);
  assert.deepEqual(await writes(), ["IncorrectVpcStatus", "IncorrectVpcStatus"]);
  await server.advance();
  assert.deepEqual(await writes(), ["InvalidVpcId.NotFound", "InvalidRouteTableId.NotFound"]);
});
