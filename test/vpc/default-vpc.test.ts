import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import {
  beijing,
  groupId,
  hangzhou,
  instanceRoute,
  refusedWith,
  routeTableIn,
  succeeded,
  type TestVpc,
  vSwitchIn,
} from "../support/networks.ts";
import { type Expected, outcome, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import {
  ask,
  createVpc,
  deleteVpc,
  listRouteEntries,
  listRouteTables,
  listVpcs,
  listVSwitches,
  notRoutable,
  readVpc,
  readVSwitch,
  sdkOf,
} from "./support.ts";

/** CreateDefaultVpc and CreateDefaultVSwitch. Each test has an account of its own, because an account has one default VPC a region. */
const zoneId = "cn-hangzhou-h";
let server: InProcessServer;

before(async () => {
  server = await startServer();
});
after(() => server.stop());

const createVpcBy = (owner: Caller, parameters: Parameters = {}): Promise<Answer> =>
  owner.vpc("CreateDefaultVpc", { RegionId: hangzhou, ...parameters });
const createVSwitchBy = (owner: Caller, parameters: Parameters = {}): Promise<Answer> =>
  owner.vpc("CreateDefaultVSwitch", { RegionId: hangzhou, ZoneId: zoneId, ...parameters });
/** The default VPC of a new account, Available. */
async function defaultVpc(parameters: Parameters = {}): Promise<TestVpc> {
  const owner = await server.stranger();
  const { body } = succeeded(await createVpcBy(owner, parameters));
  await server.advance();
  return { vpcId: body.VpcId, routeTableId: body.RouteTableId, region: hangzhou, owner };
}
async function defaultVSwitch({ owner }: TestVpc, parameters: Parameters = {}): Promise<string> {
  const { body } = succeeded(await createVSwitchBy(owner, parameters));
  await server.advance();
  return body.VSwitchId;
}

const ipv6Block = "2408:4005:3c5:6e00::/56";
const exists: Expected = { code: "OperationDenied.DefaultVpcExists", message: "A default VPC already exists in the region." };
const vSwitchExists: Expected = { code: "OperationDenied.DefaultVSwitchExists", message: "A default vSwitch already exists in the zone." };

test("a default VPC is created with its router and table, shown as the default one, and can be deleted", async () => {
  const owner = await server.stranger();
  const sdk = sdkOf(server, owner.key);
  const { body } = succeeded(await createVpcBy(owner));
  assert.deepEqual(Object.keys(body).sort(), ["RequestId", "RouteTableId", "VRouterId", "VpcId"]);
  assert.match(body.VpcId, /^vpc-bp1[0-9a-z]{18}$/);
  assert.equal((await readVpc(sdk, hangzhou, body.VpcId)).status, "Pending");
  await server.advance();

  const read = await readVpc(sdk, hangzhou, body.VpcId);
  assert.deepEqual(
    [read.status, read.isDefault, read.cidrBlock, read.enabledIpv6, read.ipv6CidrBlock, read.vpcName, read.description, read.VRouterId],
    ["Available", true, "172.31.0.0/16", false, "", "", "", body.VRouterId],
  );
  assert.equal(read.resourceGroupId, await groupId(owner));
  await createVpc(sdk, hangzhou);
  assert.deepEqual((await listVpcs(sdk, hangzhou, { isDefault: true })).ids, [body.VpcId]);
  assert.equal((await listVpcs(sdk, hangzhou, { isDefault: false })).totalCount, 1);
  const tables = await listRouteTables(sdk, hangzhou, { vpcId: body.VpcId });
  assert.deepEqual([tables.ids, tables.items[0]?.routeTableType], [[body.RouteTableId], "System"]);
  assert.deepEqual((await listRouteEntries(sdk, hangzhou, body.RouteTableId)).destinations, ["100.64.0.0/10"]);

  await deleteVpc(sdk, hangzhou, body.VpcId);
  await server.advance();
  assert.deepEqual((await listVpcs(sdk, hangzhou, { isDefault: true })).ids, []);
});

test("an account has one default VPC a region, from the call that makes it until it is gone", async () => {
  const owner = await server.stranger();
  const { VpcId } = succeeded(await createVpcBy(owner)).body;
  const refused = (): Promise<void> => refusedUnchanged(server, () => createVpcBy(owner), exists);
  await refused(); // Pending
  succeeded(await createVpcBy(owner, { RegionId: beijing }));
  succeeded(await createVpcBy(await server.stranger()));
  await server.advance();
  await refused();
  succeeded(await owner.vpc("DeleteVpc", { RegionId: hangzhou, VpcId }));
  await refused(); // being deleted
  await server.advance();
  assert.notEqual(succeeded(await createVpcBy(owner)).body.VpcId, VpcId);
});

test("of ten default VPCs that are asked for at once one is created", async () => {
  const owner = await server.stranger();
  const answers = await Promise.all(Array.from({ length: 10 }, () => createVpcBy(owner)));
  assert.deepEqual(answers.map(outcome).sort(), ["OK", ...Array<string>(9).fill(exists.code)]);
  assert.equal((await listVpcs(sdkOf(server, owner.key), hangzhou)).totalCount, 1);
});

test("a default VPC has IPv6 if asked for, with a block of the cloud's choice or a named one", async () => {
  const read = async ({ owner, vpcId }: TestVpc) => readVpc(sdkOf(server, owner.key), hangzhou, vpcId);
  const chosen = await read(await defaultVpc({ EnableIpv6: true }));
  assert.deepEqual([chosen.enabledIpv6, chosen.ipv6CidrBlocks?.ipv6CidrBlock?.length], [true, 1]);
  assert.match(chosen.ipv6CidrBlock ?? "", /^2408:4[0-9a-f:]+00::\/56$/);
  const named = await read(await defaultVpc({ EnableIpv6: true, Ipv6CidrBlock: "2408:4005:03c5:6E00::/56" }));
  assert.equal(named.ipv6CidrBlock, ipv6Block);

  const owner = await server.stranger();
  for (const EnableIpv6 of [undefined, false]) {
    await refusedUnchanged(server, () => createVpcBy(owner, { EnableIpv6, Ipv6CidrBlock: ipv6Block }), {
      code: "MissingParam.EnableIpv6",
      message: "EnableIpv6 must be true when Ipv6CidrBlock is specified.",
    });
  }
  for (const Ipv6CidrBlock of ["2408:4005:3c5:6e00::/64", "2408:4005:3c5:6e01::/56", "10.0.0.0/16", "x", ...notRoutable]) {
    await refusedUnchanged(server, () => createVpcBy(owner, { EnableIpv6: true, Ipv6CidrBlock }), {
      code: "InvalidIpv6CidrBlock.Malformed",
      message: "Specified Ipv6CidrBlock is not valid.",
    });
  }
});

test("a default VPC goes to the resource group named, and no other account's can be named", async () => {
  const owner = await server.stranger();
  const [own, others] = [await groupId(owner), await groupId(server.requester)];
  const unknown = { code: "InvalidResourceGroupId", message: "The specified ResourceGroupId does not exist." };
  for (const ResourceGroupId of [others, "rg-000000000000000000"])
    await refusedUnchanged(server, () => createVpcBy(owner, { ResourceGroupId }), unknown);
  const { VpcId } = succeeded(await createVpcBy(owner, { ResourceGroupId: own })).body;
  assert.equal((await readVpc(sdkOf(server, owner.key), hangzhou, VpcId)).resourceGroupId, own);
});

test("a default VPC counts as one of the region's ten", async () => {
  const owner = await server.stranger();
  const sdk = sdkOf(server, owner.key);
  const [{ vpcId }] = [await createVpc(sdk, hangzhou)];
  for (let n = 1; n < 10; n++) await createVpc(sdk, hangzhou);
  await refusedUnchanged(server, () => createVpcBy(owner), { code: "QuotaExceeded.Vpc", message: "VPC quota exceeded." });
  await server.advance();
  await deleteVpc(sdk, hangzhou, vpcId);
  await server.advance();
  succeeded(await createVpcBy(owner));
  await assert.rejects(createVpc(sdk, hangzhou), { code: "QuotaExceeded.Vpc" });
});

test("a repeated ClientToken answers the first default VPC", async () => {
  const owner = await server.stranger();
  const { RequestId: _id, ...first } = succeeded(await createVpcBy(owner, { ClientToken: "once" })).body;
  const { RequestId: _other, ...again } = succeeded(await createVpcBy(owner, { ClientToken: "once" })).body;
  assert.deepEqual(again, first);
  await refusedUnchanged(server, () => createVpcBy(owner, { ClientToken: "once", EnableIpv6: true }), tokenReused);
  await refusedUnchanged(server, () => createVpcBy(owner, { ClientToken: "twice" }), exists);
});

test("a default vSwitch takes the first free /20 of the default VPC, one a zone", async () => {
  const vpc = await defaultVpc();
  const sdk = sdkOf(server, vpc.owner.key);
  const { VSwitchId } = succeeded(await createVSwitchBy(vpc.owner)).body;
  assert.match(VSwitchId, /^vsw-bp1[0-9a-z]{18}$/);
  assert.equal((await readVSwitch(sdk, VSwitchId)).status, "Pending");
  await server.advance();
  const { creationTime: _created, requestId: _id, ownerId, ...read } = JSON.parse(JSON.stringify(await readVSwitch(sdk, VSwitchId)));
  assert.equal(String(ownerId), vpc.owner.key.account);
  assert.deepEqual(read, {
    availableIpAddressCount: 4092,
    cidrBlock: "172.31.0.0/20",
    description: "",
    enabledIpv6: false,
    ipv6CidrBlock: "",
    isDefault: true,
    networkAclId: "",
    resourceGroupId: await groupId(vpc.owner),
    routeTable: { routeTableId: vpc.routeTableId, routeTableType: "System" },
    shareType: "",
    status: "Available",
    tags: { tag: [] },
    vSwitchId: VSwitchId,
    vSwitchName: "",
    vpcId: vpc.vpcId,
    zoneId,
  });
  await refusedUnchanged(server, () => createVSwitchBy(vpc.owner), vSwitchExists);

  // Neither a block that a vSwitch overlaps nor one into which a route leads is free.
  const ordinary = await vSwitchIn(server, vpc, "172.31.31.0/24", { ZoneId: "cn-hangzhou-g" });
  await instanceRoute(server, vpc, "172.31.40.0/24");
  const second = await defaultVSwitch(vpc, { ZoneId: "cn-hangzhou-g" });
  assert.equal((await readVSwitch(sdk, second)).cidrBlock, "172.31.48.0/20");
  assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, isDefault: true })).ids, [VSwitchId, second]);
  assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, isDefault: false })).ids, [ordinary]);
  const { destinations } = await listRouteEntries(sdk, hangzhou, vpc.routeTableId, { routeEntryType: "System" });
  assert.deepEqual(destinations.sort(), ["100.64.0.0/10", "172.31.0.0/20", "172.31.31.0/24", "172.31.48.0/20"]);

  succeeded(await vpc.owner.vpc("DeleteVSwitch", { VSwitchId }));
  await server.advance();
  assert.equal((await readVSwitch(sdk, await defaultVSwitch(vpc))).cidrBlock, "172.31.0.0/20");
});

test("a route that leads to the whole of a /20 or around it keeps only that block, or none, from a default vSwitch", async () => {
  const vpc = await defaultVpc();
  const sdk = sdkOf(server, vpc.owner.key);
  await instanceRoute(server, vpc, "172.31.0.0/20");
  await instanceRoute(server, vpc, "172.31.0.0/16");
  assert.equal((await readVSwitch(sdk, await defaultVSwitch(vpc))).cidrBlock, "172.31.16.0/20");
  const { destinations } = await listRouteEntries(sdk, hangzhou, vpc.routeTableId);
  assert.equal(new Set(destinations).size, destinations.length);
});

test("a default vSwitch has the IPv6 block of the number asked for", async () => {
  const vpc = await defaultVpc({ EnableIpv6: true, Ipv6CidrBlock: ipv6Block });
  const sdk = sdkOf(server, vpc.owner.key);
  const ipv6 = async (id: string): Promise<unknown> => {
    const { enabledIpv6, ipv6CidrBlock } = await readVSwitch(sdk, id);
    return [enabledIpv6, ipv6CidrBlock];
  };
  assert.deepEqual(await ipv6(await defaultVSwitch(vpc, { Ipv6CidrBlock: 255 })), [true, "2408:4005:3c5:6eff::/64"]);
  const refused = (Ipv6CidrBlock: unknown, expected: Expected): Promise<void> =>
    refusedUnchanged(server, () => createVSwitchBy(vpc.owner, { ZoneId: "cn-hangzhou-g", Ipv6CidrBlock }), expected);
  const taken = { code: "OperationFailed.Ipv6CidrBlockExisted", message: "The IPv6 CIDR block is used by another vSwitch." };
  await refused(255, taken);
  const range = { code: "IllegalParam.Ipv6CidrBlock", message: "Ipv6CidrBlock: allowed are whole numbers from 0 to 255" };
  for (const number of [256, -1, "x"]) await refused(number, range);
  await instanceRoute(server, vpc, "2408:4005:3c5:6e07::/64");
  await instanceRoute(server, vpc, "2408:4005:3c5:6e08::1");
  const conflict = { code: "RouteConflict.AlreadyExist", message: "Route conflict exists in routing table." };
  for (const number of [7, 8]) await refused(number, conflict);
  assert.deepEqual(await ipv6(await defaultVSwitch(vpc, { ZoneId: "cn-hangzhou-g", Ipv6CidrBlock: 0 })), [true, "2408:4005:3c5:6e00::/64"]);

  const without = await defaultVpc();
  const disabled = { code: "OperationFailed.VpcIpv6Disabled", message: "IPv6 is not enabled for the VPC." };
  await refusedUnchanged(server, () => createVSwitchBy(without.owner, { Ipv6CidrBlock: 0 }), disabled);
});

test("without a default VPC of the caller's own in the region there is no default vSwitch", async () => {
  const owner = await server.stranger();
  const none = { code: "OperationDenied.DefaultVpcNotExists", message: "No default VPC exists in the region." };
  await createVpc(sdkOf(server, owner.key), hangzhou);
  await defaultVpc();
  await refusedUnchanged(server, () => createVSwitchBy(owner), none);
  succeeded(await createVpcBy(owner, { RegionId: beijing }));
  await refusedUnchanged(server, () => createVSwitchBy(owner), none);
});

test("the zone must be one of the region", async () => {
  const { owner } = await defaultVpc();
  const unknown = { code: "InvalidZoneId.NotFound", message: "Specified zone does not exist.", status: 404 };
  for (const ZoneId of ["cn-hangzhou-z", "cn-beijing-h", "cn-hangzhou"])
    await refusedUnchanged(server, () => createVSwitchBy(owner, { ZoneId }), unknown);
});

test("a default VPC that is full, or has as many vSwitches as the quota says, takes no default vSwitch", async () => {
  const full = await defaultVpc();
  await vSwitchIn(server, full, "172.31.0.0/16");
  const noRoom = { code: "OperationFailed.CidrNotEnough", message: "The default VPC has no room for another default vSwitch." };
  await refusedUnchanged(server, () => createVSwitchBy(full.owner), noRoom);

  const vpc = await defaultVpc();
  const quota = { name: "VSwitch", value: 1, account: vpc.owner.key.account };
  await server.admin("PUT", "settings", { quotas: [quota], features: [] });
  await defaultVSwitch(vpc);
  const exceeded = { code: "QuotaExceeded.VSwitch", message: "Virtual switch quota exceeded." };
  await refusedUnchanged(server, () => createVSwitchBy(vpc.owner, { ZoneId: "cn-hangzhou-g" }), exceeded);
  await server.admin("PUT", "settings", { quotas: [{ ...quota, value: 2 }], features: [] });
  await defaultVSwitch(vpc, { ZoneId: "cn-hangzhou-g" });
});

test("a repeated ClientToken answers the first default vSwitch", async () => {
  const { owner } = await defaultVpc();
  const first = succeeded(await createVSwitchBy(owner, { ClientToken: "once" })).body;
  assert.equal(succeeded(await createVSwitchBy(owner, { ClientToken: "once" })).body.VSwitchId, first.VSwitchId);
  await refusedUnchanged(server, () => createVSwitchBy(owner, { ClientToken: "once", ZoneId: "cn-hangzhou-g" }), tokenReused);
});

test("while the default VPC or anything in it is at work, no default vSwitch is taken", async () => {
  const owner = await server.stranger();
  const { VpcId, RouteTableId } = succeeded(await createVpcBy(owner)).body;
  const vpc: TestVpc = { vpcId: VpcId, routeTableId: RouteTableId, region: hangzhou, owner };
  const inVpc = { RegionId: hangzhou, VpcId };
  const refused = (code: string, message: string): Promise<void> =>
    refusedUnchanged(server, () => createVSwitchBy(owner), { code, message });
  const notAvailable = ["IncorrectVpcStatus", "Current VPC status does not support this operation."] as const;
  await refused(...notAvailable);
  await server.advance();

  succeeded(await owner.vpc("CreateVSwitch", { ...inVpc, ZoneId: zoneId, CidrBlock: "172.31.255.0/24" }));
  await refused("IncorrectVSwitchStatus", "Some virtual switch is modifying within the same VPC.");
  await server.advance();
  const conflict = ["TaskConflict", "The operation is too frequent, TaskConflict."] as const;
  succeeded(await owner.vpc("CreateRouteTable", inVpc));
  await refused(...conflict);
  await server.advance();
  const entry = { RouteTableId, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x" };
  const { RouteEntryId } = succeeded(await owner.vpc("CreateRouteEntry", { RegionId: hangzhou, ...entry })).body;
  await refused(...conflict);
  await server.advance();

  // And while the default vSwitch is being created, nothing else is.
  const { VSwitchId } = succeeded(await createVSwitchBy(owner)).body;
  refusedWith(await createVSwitchBy(owner, { ZoneId: "cn-hangzhou-g" }), "IncorrectVSwitchStatus");
  refusedWith(await owner.vpc("CreateRouteTable", inVpc), "OperationConflict", 409);
  refusedWith(await owner.vpc("DeleteRouteEntry", { RouteEntryId }), "TaskConflict");
  await server.advance();
  await routeTableIn(server, vpc);
  assert.equal((await readVSwitch(sdkOf(server, owner.key), VSwitchId)).status, "Available");
});

test("a default VPC that is being deleted takes no default vSwitch, and a default vSwitch keeps its VPC", async () => {
  const vpc = await defaultVpc();
  const sdk = sdkOf(server, vpc.owner.key);
  const VSwitchId = await defaultVSwitch(vpc);
  await assert.rejects(deleteVpc(sdk, hangzhou, vpc.vpcId), { code: "DependencyViolation.VSwitch" });
  await ask(sdk, "deleteVSwitch", { vSwitchId: VSwitchId });
  await server.advance();
  await deleteVpc(sdk, hangzhou, vpc.vpcId);
  const status = { code: "IncorrectVpcStatus", message: "Current VPC status does not support this operation." };
  await refusedUnchanged(server, () => createVSwitchBy(vpc.owner), status);
});
