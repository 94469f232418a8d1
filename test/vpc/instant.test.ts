import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Parameters } from "../support/caller.ts";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { assertReplayGivesRows, readStore } from "../store/replay.ts";
import { listRouteEntries, listRouteTables, readVpc, readVSwitch, type Sdk, sdkOf } from "./support.ts";

/** In pace `instant` the work of every asynchronous call is done before its answer leaves. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer({ pace: "instant" });
  sdk = sdkOf(server, requesterKey);
});
after(() => server.stop());

async function call(action: string, parameters: Parameters): Promise<any> {
  return succeeded(await server.requester.vpc(action, { RegionId: hangzhou, ...parameters })).body;
}

test("each asynchronous call of VPCs, vSwitches, route tables and route entries is done when it answers", async () => {
  const { VpcId, RouteTableId: system } = await call("CreateDefaultVpc", { EnableIpv6: true });
  assert.equal((await readVpc(sdk, hangzhou, VpcId)).status, "Available");
  const { VSwitchId } = await call("CreateDefaultVSwitch", { ZoneId: "cn-hangzhou-h", Ipv6CidrBlock: 1 });
  const vSwitch = async () => {
    const { status, routeTable, enabledIpv6, vSwitchId } = await readVSwitch(sdk, VSwitchId);
    return [status, routeTable?.routeTableId, enabledIpv6, vSwitchId];
  };
  assert.deepEqual(await vSwitch(), ["Available", system, true, VSwitchId]);
  await call("ModifyVSwitchAttribute", { VSwitchId, EnableIPv6: false });
  assert.deepEqual(await vSwitch(), ["Available", system, false, VSwitchId]);

  const { RouteTableId } = await call("CreateRouteTable", { VpcId });
  const table = async () => (await listRouteTables(sdk, hangzhou, { routeTableId: RouteTableId })).items.map(({ status }) => status);
  assert.deepEqual(await table(), ["Available"]);
  await call("AssociateRouteTable", { RouteTableId, VSwitchId });
  assert.deepEqual(await vSwitch(), ["Available", RouteTableId, false, VSwitchId]);

  const entries = async (id: string) => {
    const { items } = await listRouteEntries(sdk, hangzhou, id, { routeEntryType: "Custom" });
    return items.map(({ destinationCidrBlock, status, nextHops }) => [destinationCidrBlock, nextHops?.nextHop?.[0]?.nextHopId, status]);
  };
  const member = (DstCidrBlock: string): Parameters => ({ RouteTableId, DstCidrBlock, NextHop: "i-one", NextHopType: "Instance" });
  const batch = [member("192.168.0.0/16"), member("172.16.0.0/16")];
  const { RouteEntryIds } = await call("CreateRouteEntries", { RouteEntries: batch });
  assert.deepEqual(await entries(RouteTableId), [
    ["192.168.0.0/16", "i-one", "Available"],
    ["172.16.0.0/16", "i-one", "Available"],
  ]);
  await call("ModifyRouteEntry", { RouteEntryId: RouteEntryIds[0], NewNextHopType: "Instance", NewNextHopId: "i-two" });
  assert.deepEqual((await entries(RouteTableId))[0], ["192.168.0.0/16", "i-two", "Available"]);
  await call("DeleteRouteEntries", { RouteEntries: batch.map(({ DstCidrBlock }) => ({ RouteTableId, DstCidrBlock })) });
  assert.deepEqual(await entries(RouteTableId), []);

  await call("UnassociateRouteTable", { RouteTableId, VSwitchId });
  assert.deepEqual(await vSwitch(), ["Available", system, false, VSwitchId]);
  await call("DeleteRouteTable", { RouteTableId });
  assert.deepEqual(await table(), []);
  await call("DeleteVSwitch", { VSwitchId });
  assert.deepEqual(await vSwitch(), ["", "", false, ""]);
  await call("DeleteVpc", { VpcId });
  assert.equal((await readVpc(sdk, hangzhou, VpcId)).vpcId, "");
  // Nothing is left behind, neither in rows nor in lists.
  const left = readStore(server.folder, (all) => all("SELECT kind FROM resource").map(({ kind }) => kind));
  assert.deepEqual([...new Set(left)].sort(), ["access-key", "account", "resource-group"]);
  assertReplayGivesRows(server.folder);
});
