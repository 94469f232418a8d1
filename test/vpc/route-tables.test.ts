import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Caller, Parameters } from "../support/caller.ts";
import { availableVpc, groupId, hangzhou, instanceRoute, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  ask,
  deleteVpc,
  deleteVSwitch,
  listRouteEntries,
  listRouteTables,
  listVpcs,
  listVSwitches,
  type Options,
  readVpc,
  readVSwitch,
  type Sdk,
  sdkOf,
} from "./support.ts";

/** Custom route tables: their life, their system entries, and which vSwitches they rule. What excludes what is in exclusion.test.ts. */
let server: InProcessServer;
let sdk: Sdk;
let requester: Caller;

before(async () => {
  server = await startServer();
  ({ requester } = server);
  sdk = sdkOf(server, requesterKey);
  await raise([]);
});
after(() => server.stop());

function raise(more: readonly object[]): Promise<unknown> {
  return server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }, ...more], features: [] });
}
const newVpc = (parameters: Parameters = {}): Promise<TestVpc> => availableVpc(server, requester, hangzhou, parameters);
const table = async (routeTableId: string | undefined) => (await listRouteTables(sdk, hangzhou, { routeTableId })).items[0];
const vSwitchesUnder = async (routeTableId: string): Promise<string[] | undefined> => (await table(routeTableId))?.vSwitchIds?.vSwitchId;
/** The table that rules a vSwitch, and the vSwitch's status. */
async function ruling(vSwitchId: string) {
  const { routeTable, status } = await readVSwitch(sdk, vSwitchId);
  return [routeTable?.routeTableId, routeTable?.routeTableType, status];
}
const systemEntries = async (id: string | undefined): Promise<string[]> =>
  (await listRouteEntries(sdk, hangzhou, id, { routeEntryType: "System" })).destinations.sort();

const call = (action: string, parameters: Parameters): Promise<Answer> => requester.vpc(action, { RegionId: hangzhou, ...parameters });
const create = (VpcId: string | undefined, parameters: Parameters = {}): Promise<Answer> =>
  call("CreateRouteTable", { VpcId, ...parameters });
const remove = (RouteTableId: string): Promise<Answer> => call("DeleteRouteTable", { RouteTableId });
const associate = (RouteTableId: string, VSwitchId: string, parameters: Parameters = {}): Promise<Answer> =>
  call("AssociateRouteTable", { RouteTableId, VSwitchId, ...parameters });
const unassociate = (RouteTableId: string, VSwitchId: string, parameters: Parameters = {}): Promise<Answer> =>
  call("UnassociateRouteTable", { RouteTableId, VSwitchId, ...parameters });
/** Makes a call that succeeds, and waits until its work is done. */
async function done(work: Promise<Answer>): Promise<void> {
  succeeded(await work);
  await server.advance();
}
const refused = (work: () => Promise<Answer>, code: string, message: string, status = 400): Promise<void> =>
  refusedUnchanged(server, work, { code, message, status });

const tableNotFound = ["InvalidRouteTableId.NotFound", "Specified route table does not exist.", 404] as const;
const vSwitchNotFound = ["InvalidVSwitchId.NotFound", "Specified VSwitch does not exist.", 404] as const;
const vSwitchStatus = ["IncorrectVSwitchStatus", "The current status of the virtual switch does not support this operation.", 404] as const;
const tableStatus = ["IncorrectRouteTableStatus", "The current status of the route table does not support this operation.", 404] as const;
const conflict = ["OperationConflict", "The operation against this instance is too frequent, please try again later.", 409] as const;

test("a custom table is Pending, then Available, Deleting, and gone, with all its entries", async () => {
  const vpc = await newVpc();
  const options = { routeTableName: "mine", description: "first\nsecond", associateType: "VSwitch", tag: [{ key: "a", value: "b" }] };
  const created = await ask(sdk, "createRouteTable", { regionId: hangzhou, vpcId: vpc.vpcId, ...options });
  const id = created.routeTableId ?? "";
  assert.match(id, /^vtb-bp1[0-9a-z]{18}$/);
  const { creationTime, ...shown } = JSON.parse(JSON.stringify(await table(id)));
  assert.match(creationTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const { VRouterId } = await readVpc(sdk, hangzhou, vpc.vpcId);
  assert.deepEqual(shown, {
    associateType: "VSwitch",
    description: "first\nsecond",
    gatewayIds: { gatewayIds: [] },
    ownerId: Number(requesterKey.account),
    resourceGroupId: await groupId(requester),
    routePropagationEnable: true,
    routeTableId: id,
    routeTableName: "mine",
    routeTableType: "Custom",
    routerId: VRouterId,
    routerType: "VRouter",
    status: "Pending",
    tags: { tag: [{ key: "a", value: "b" }] },
    vSwitchIds: { vSwitchId: [] },
    vpcId: vpc.vpcId,
  });
  await refused(() => remove(id), ...tableStatus);
  await server.advance(29);
  assert.equal((await table(id))?.status, "Pending");
  await server.advance(1);
  assert.equal((await table(id))?.status, "Available");

  succeeded(await remove(id));
  assert.equal((await table(id))?.status, "Deleting");
  await refused(() => remove(id), ...tableStatus);
  await server.advance();
  assert.equal(await table(id), undefined);
  await refused(() => remove(id), ...tableNotFound);
  const left = await requester.vpc("DescribeRouteEntryList", { RegionId: hangzhou, RouteTableId: id });
  assert.equal(left.body.Code, "InvalidRouteTable.NotFound");
  assert.deepEqual(await server.store.read((rows) => rows.list("route-entry", [["table", id]], { limit: 1 })), []);
});

test("every read names the custom tables of a VPC beside its system table", async () => {
  const vpc = await newVpc();
  const ids = [vpc.routeTableId, await routeTableIn(server, vpc, { RouteTableName: "one" }), await routeTableIn(server, vpc)];
  const { VRouterId, cloudResources } = await readVpc(sdk, hangzhou, vpc.vpcId);
  const inVpc = { vpcId: vpc.vpcId };
  assert.deepEqual((await listRouteTables(sdk, hangzhou, inVpc)).ids, ids);
  assert.deepEqual((await listRouteTables(sdk, hangzhou, { ...inVpc, routeTableType: "Custom" })).ids, ids.slice(1));
  assert.deepEqual((await listRouteTables(sdk, hangzhou, { ...inVpc, routeTableType: "System" })).ids, ids.slice(0, 1));
  assert.deepEqual((await listRouteTables(sdk, hangzhou, { ...inVpc, routeTableName: "one" })).ids, ids.slice(1, 2));
  const routers = await ask(sdk, "describeVRouters", { regionId: hangzhou, VRouterId });
  assert.deepEqual(routers.VRouters?.VRouter?.[0]?.routeTableIds?.routeTableId, ids);
  const tables = await ask(sdk, "describeRouteTables", { VRouterId });
  assert.deepEqual(
    tables.routeTables?.routeTable?.map(({ routeTableId, routeTableType, status }) => [routeTableId, routeTableType, status]),
    ids.map((id, index) => [id, index === 0 ? "System" : "Custom", "Available"]),
  );
  assert.deepEqual((await listVpcs(sdk, hangzhou, inVpc)).items[0]?.routerTableIds?.routerTableIds, ids);
  const counted = cloudResources?.cloudResourceSetType?.find(({ resourceType }) => resourceType === "RouteTable");
  assert.equal(counted?.resourceCount, 3);
});

test("name and description are empty when never set, and refused when they are too long or begin with an address", async () => {
  const vpc = await newVpc();
  const shown = await table(await routeTableIn(server, vpc));
  assert.deepEqual([shown?.routeTableName, shown?.description], ["", ""]);
  for (const RouteTableName of ["n".repeat(129), "http://x", "HTTPS://x", "two\nlines"]) {
    const message = "The specified route table name is not valid.";
    await refused(() => create(vpc.vpcId, { RouteTableName }), "InvalidParameter.RouteTableName.Malformed", message);
  }
  for (const Description of ["d".repeat(257), "http://x", "https://x"]) {
    const message = "The specified Description is not valid.";
    await refused(() => create(vpc.vpcId, { Description }), "InvalidParameter.Description.Malformed", message);
  }
  const long = await table(await routeTableIn(server, vpc, { RouteTableName: "测".repeat(128), Description: "d".repeat(256) }));
  assert.deepEqual([long?.routeTableName, long?.description], ["测".repeat(128), "d".repeat(256)]);
});

test("a table for a gateway propagates no routes, rules no vSwitch and takes no custom entry; there are no gateways here", async () => {
  const vpc = await newVpc();
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const id = await routeTableIn(server, vpc, { AssociateType: "Gateway" });
  const shown = await table(id);
  assert.deepEqual([shown?.associateType, shown?.routePropagationEnable, shown?.status], ["Gateway", false, "Available"]);
  assert.deepEqual(await systemEntries(id), ["10.0.1.0/24", "100.64.0.0/10"]);
  const bound = "The operation is not allowed because gateway route tables cannot be bound to a vSwitch.";
  await refused(() => associate(id, vSwitch), "OperationDenied.AssociateGatewayRouteTable", bound);
  const entry = { RouteTableId: id, NextHopType: "Instance" };
  const notPermitted = [
    "OperationDenied.GatewayRouteTableNotPermitted",
    "The operation is not allowed to create a route pointing to this nextHop type on gateway route table.",
  ] as const;
  const one = { ...entry, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x" };
  await refused(() => call("CreateRouteEntry", one), ...notPermitted);
  const member = { ...entry, DstCidrBlock: "192.168.0.0/16", NextHop: "i-x" };
  await refused(() => call("CreateRouteEntries", { RouteEntries: [member], DryRun: true }), ...notPermitted);
  await done(remove(id));
  assert.equal(await table(id), undefined);
});

test("bad tags and unknown kinds of tables are refused with the code for their fault", async () => {
  const { vpcId } = await newVpc();
  await refused(() => create(vpcId, { AssociateType: "Peer" }), "InvalidAssociateType", "Specified parameter AssociateType is not valid.");
  const faults: readonly (readonly [tags: readonly Parameters[], code: string])[] = [
    [Array.from({ length: 21 }, (_, n) => ({ Key: `k${n}` })), "NumberExceed.Tags"],
    [[{ Key: "aliyun-x" }], "Forbidden.TagKeys"],
    [[{ Key: "k", Value: "acs:x" }], "Forbidden.TagKeys"],
    [[{ Key: "k" }, { Key: "k" }], "Forbidden.TagKey.Duplicated"],
    [[{ Value: "v" }], "InvalidTagKey"],
    [[{ Key: "k", Value: "v".repeat(129) }], "InvalidTagValue"],
  ];
  for (const [Tag, code] of faults) {
    const { body } = await create(vpcId, { Tag });
    assert.equal(body.Code, code);
  }
  assert.equal((await listRouteTables(sdk, hangzhou, { vpcId })).totalCount, 1);
});

test("a VPC holds as many custom tables as the quota says, nine by default; its system table does not count", async () => {
  const vpc = await newVpc();
  const full = ["QuotaExceeded.RouteTable", "VPC RouteTable quota exceeded."] as const;
  const first = await routeTableIn(server, vpc);
  for (let n = 1; n < 9; n++) await routeTableIn(server, vpc);
  await refused(() => create(vpc.vpcId), ...full);
  await done(remove(first));
  await routeTableIn(server, vpc);
  await refused(() => create(vpc.vpcId), ...full);
  await raise([{ name: "RouteTable", value: 10, account: requesterKey.account }]);
  await routeTableIn(server, vpc);
  await refused(() => create(vpc.vpcId), ...full);
  await raise([]);
  await routeTableIn(server, await newVpc());
});

test("a repeated ClientToken answers the first table, also when it is gone", async () => {
  const vpc = await newVpc();
  const first = succeeded(await create(vpc.vpcId, { ClientToken: "vtb-once", RouteTableName: "one" })).body;
  const again = async (): Promise<string> =>
    succeeded(await create(vpc.vpcId, { ClientToken: "vtb-once", RouteTableName: "one" })).body.RouteTableId;
  assert.equal(await again(), first.RouteTableId);
  const other = (): Promise<Answer> => create(vpc.vpcId, { ClientToken: "vtb-once", RouteTableName: "two" });
  await refusedUnchanged(server, other, tokenReused);
  await server.advance();
  await done(remove(first.RouteTableId));
  assert.equal(await again(), first.RouteTableId);
  assert.equal((await listRouteTables(sdk, hangzhou, { vpcId: vpc.vpcId })).totalCount, 1);
});

test("a VPC that is being created or deleted takes no table, and one that is gone is not found", async () => {
  const { VpcId, RouteTableId } = succeeded(await call("CreateVpc", { CidrBlock: "10.0.0.0/16" })).body;
  await refused(() => create(VpcId), ...conflict);
  await server.advance();
  succeeded(await call("DeleteVpc", { VpcId }));
  await refused(() => create(VpcId), ...conflict);
  await server.advance();
  const gone: Expected = { code: "InvalidVpcId.NotFound", message: "Specified VPC does not exist.", status: 404 };
  await refusedUnchanged(server, () => create(VpcId), gone);
  await refused(() => remove(RouteTableId), ...tableNotFound);
});

test("a custom table has the system's entries from the start, and they follow the vSwitches of the VPC", async () => {
  const vpc = await newVpc({ EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  const first = await routeTableIn(server, vpc);
  assert.deepEqual(await systemEntries(first), ["100.64.0.0/10"]);
  const one = await vSwitchIn(server, vpc, "10.0.1.0/24", { Ipv6CidrBlock: 1 });
  const { VSwitchId } = succeeded(
    await call("CreateVSwitch", { VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.2.0/24" }),
  ).body;
  const before = ["10.0.1.0/24", "100.64.0.0/10", "2408:4005:3c5:6e01::/64"];
  assert.deepEqual(await systemEntries(first), before);
  await server.advance();
  const both = ["10.0.1.0/24", "10.0.2.0/24", "100.64.0.0/10", "2408:4005:3c5:6e01::/64"];

  // A table that comes later has the entries of those that are there, before it is Available.
  const created = succeeded(await create(vpc.vpcId)).body.RouteTableId;
  for (const id of [vpc.routeTableId, first, created]) assert.deepEqual(await systemEntries(id), both);
  await server.advance();
  const { items } = await listRouteEntries(sdk, hangzhou, created);
  const ids = [vpc.routeTableId, first, created].map((id) => listRouteEntries(sdk, hangzhou, id));
  const entryIds = (await Promise.all(ids)).flatMap((page) => page.items.map(({ routeEntryId }) => routeEntryId));
  assert.equal(new Set(entryIds).size, 12, "each table has entries of its own");
  for (const { type, status, routeTableId } of items) assert.deepEqual([type, status, routeTableId], ["System", "Available", created]);

  // Under whichever table they are: the entries go with the vSwitch everywhere.
  await done(associate(first, VSwitchId));
  await deleteVSwitch(sdk, one);
  for (const id of [vpc.routeTableId, first, created]) assert.deepEqual(await systemEntries(id), both);
  await server.advance();
  for (const id of [vpc.routeTableId, first, created]) assert.deepEqual(await systemEntries(id), ["10.0.2.0/24", "100.64.0.0/10"]);
  await done(unassociate(first, VSwitchId));
  await deleteVSwitch(sdk, VSwitchId);
  await server.advance();
  for (const id of [vpc.routeTableId, first, created]) assert.deepEqual(await systemEntries(id), ["100.64.0.0/10"]);
});

test("custom entries belong to one table: another may have the same destination with another next hop", async () => {
  const vpc = await newVpc();
  const id = await routeTableIn(server, vpc);
  await instanceRoute(server, vpc, "192.168.0.0/16", { NextHopId: "i-system" });
  await instanceRoute(server, vpc, "192.168.0.0/16", { NextHopId: "i-custom", RouteTableId: id });
  await instanceRoute(server, vpc, "172.16.0.0/12", { RouteTableId: id });
  const custom = async (routeTableId: string) =>
    (await listRouteEntries(sdk, hangzhou, routeTableId, { routeEntryType: "Custom" })).items.map((entry) => [
      entry.destinationCidrBlock,
      entry.nextHops?.nextHop?.[0]?.nextHopId,
    ]);
  assert.deepEqual(await custom(vpc.routeTableId), [["192.168.0.0/16", "i-system"]]);
  assert.deepEqual(await custom(id), [
    ["192.168.0.0/16", "i-custom"],
    ["172.16.0.0/12", "i-bp1example"],
  ]);
});

test("ModifyRouteTableAttributes changes name, description and route propagation of custom and system tables at once", async () => {
  const vpc = await newVpc();
  for (const routeTableId of [await routeTableIn(server, vpc), vpc.routeTableId]) {
    const changes: readonly (readonly [options: Options, shown: readonly unknown[]])[] = [
      [{ routeTableName: "one" }, ["one", "", true]],
      [{ description: "first\nsecond" }, ["one", "first\nsecond", true]],
      [{ routePropagationEnable: false }, ["one", "first\nsecond", false]],
      [{ routeTableName: "测".repeat(128), description: "d".repeat(256) }, ["测".repeat(128), "d".repeat(256), false]],
      [{}, ["测".repeat(128), "d".repeat(256), false]],
      [{ routeTableName: "two", description: "", routePropagationEnable: true }, ["two", "d".repeat(256), true]],
    ];
    const read = async () => JSON.parse(JSON.stringify(await table(routeTableId)));
    const { routeTableName: _name, description: _text, routePropagationEnable: _on, ...others } = await read();
    for (const [options, expected] of changes) {
      await ask(sdk, "modifyRouteTableAttributes", { regionId: hangzhou, routeTableId, ...options });
      const { routeTableName, description, routePropagationEnable, ...rest } = await read();
      assert.deepEqual([routeTableName, description, routePropagationEnable], expected);
      assert.deepEqual(rest, others);
      assert.deepEqual((await listRouteTables(sdk, hangzhou, { vpcId: vpc.vpcId, routeTableName: expected[0] })).ids, [routeTableId]);
    }
    await ask(sdk, "modifyRouteTableAttributes", { regionId: hangzhou, routeTableId, routeTableName: `of ${routeTableId}` });
  }
});

test("ModifyRouteTableAttributes refuses bad texts, tables at work, and tables that are not there", async () => {
  const vpc = await newVpc();
  const { RouteTableId } = succeeded(await create(vpc.vpcId)).body;
  const modify = (parameters: Parameters): Promise<Answer> => call("ModifyRouteTableAttributes", { RouteTableId, ...parameters });
  await refused(() => modify({ RouteTableName: "new" }), ...conflict);
  await server.advance();
  for (const RouteTableName of ["n".repeat(129), "http://x", "https://x", "two\nlines"])
    await refused(() => modify({ RouteTableName }), "Abs.InvaliTableName.Malformed", "Table name format is invalid.");
  for (const Description of ["d".repeat(257), "http://x", "https://x"])
    await refused(() => modify({ Description }), "InvalidDescription.Malformed", "Description format is invalid.");
  const gone = ["Abs.InvalidRouteTableId.NotExist", "The route table id is not exist."] as const;
  await refused(() => modify({ RouteTableId: vpc.vpcId, RouteTableName: "new" }), ...gone);
  await refused(() => modify({ RegionId: "cn-beijing", RouteTableName: "new" }), ...gone);
  succeeded(await remove(RouteTableId));
  await refused(() => modify({ RouteTableName: "new" }), ...conflict);
  await server.advance();
  await refused(() => modify({ RouteTableName: "new" }), ...gone);
});

test("AssociateRouteTable puts a vSwitch under a custom table, UnassociateRouteTable back under the system's", async () => {
  const vpc = await newVpc();
  const id = await routeTableIn(server, vpc);
  const [one, two] = [await vSwitchIn(server, vpc, "10.0.1.0/24"), await vSwitchIn(server, vpc, "10.0.2.0/24")];
  const system = [vpc.routeTableId, "System"];
  const custom = [id, "Custom"];
  assert.deepEqual(await ruling(one), [...system, "Available"]);

  await ask(sdk, "associateRouteTable", { regionId: hangzhou, routeTableId: id, vSwitchId: one });
  assert.deepEqual(await ruling(one), [...custom, "Pending"]);
  assert.deepEqual([await vSwitchesUnder(id), await vSwitchesUnder(vpc.routeTableId)], [[one], [two]]);
  assert.equal((await table(id))?.status, "Available");
  await server.advance(29);
  assert.deepEqual(await ruling(one), [...custom, "Pending"]);
  await server.advance(1);
  assert.deepEqual(await ruling(one), [...custom, "Available"]);
  await done(associate(id, two));
  assert.deepEqual([await vSwitchesUnder(id), await vSwitchesUnder(vpc.routeTableId)], [[one, two], []]);
  assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, routeTableId: id })).ids, [one, two]);
  const [listed] = (await listVSwitches(sdk, { vSwitchId: one })).items;
  assert.deepEqual([listed?.routeTable?.routeTableId, listed?.routeTable?.routeTableType], custom);

  await ask(sdk, "unassociateRouteTable", { regionId: hangzhou, routeTableId: id, vSwitchId: one });
  assert.deepEqual(await ruling(one), [...system, "Pending"]);
  assert.deepEqual([await vSwitchesUnder(id), await vSwitchesUnder(vpc.routeTableId)], [[two], [one]]);
  await server.advance();
  assert.deepEqual(await ruling(one), [...system, "Available"]);
  assert.deepEqual((await listVSwitches(sdk, { regionId: hangzhou, routeTableId: vpc.routeTableId })).ids, [one]);
});

test("AssociateRouteTable refuses other VPCs, system tables, and vSwitches that are under a custom table", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  const [one, two, far] = [await routeTableIn(server, vpc), await routeTableIn(server, vpc), await routeTableIn(server, other)];
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const notInSameVpc = "The specified virtual switch and route table are not in the same VPC.";
  await refused(() => associate(far, vSwitch), "Forbidden.NotInSameVpc", notInSameVpc, 404);
  const toSystem = [
    "OperationDenied.SwitchToSystemRouteTable",
    "The associated route tables cannot be directly changed to system route tables.",
  ] as const;
  await refused(() => associate(vpc.routeTableId, vSwitch), ...toSystem);
  await done(associate(one, vSwitch));
  const already = "The resource has already associated with a routetable.";
  await refused(() => associate(one, vSwitch), "ResourceAlreadyAssociated.RouteTable", already);
  const otherTable = "The specified virtual switch already associates route table.";
  await refused(() => associate(two, vSwitch), "Forbidden.VSwitchAlreadyAssociatedRouteTable", otherTable, 404);
  await refused(() => associate(vpc.routeTableId, vSwitch), ...toSystem);
  assert.deepEqual(await ruling(vSwitch), [one, "Custom", "Available"]);
});

test("AssociateRouteTable waits for the table and for the vSwitch", async () => {
  const vpc = await newVpc();
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const { RouteTableId } = succeeded(await create(vpc.vpcId)).body;
  const status = ["IncorrectStatus.RouteTable", "The status of the specified route table is incorrect.", 404] as const;
  await refused(() => associate(RouteTableId, vSwitch), ...status);
  await server.advance();
  succeeded(await remove(RouteTableId));
  await refused(() => associate(RouteTableId, vSwitch), ...status);
  await server.advance();
  await refused(() => associate(RouteTableId, vSwitch), ...tableNotFound);

  const id = await routeTableIn(server, vpc);
  const { VSwitchId } = succeeded(
    await call("CreateVSwitch", { VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.2.0/24" }),
  ).body;
  await refused(() => associate(id, VSwitchId), ...vSwitchStatus);
  await server.advance();
  await deleteVSwitch(sdk, VSwitchId);
  await refused(() => associate(id, VSwitchId), ...vSwitchStatus);
  await server.advance();
  await refused(() => associate(id, VSwitchId), ...vSwitchNotFound);
  await done(associate(id, vSwitch));
});

test("UnassociateRouteTable refuses what is not bound, system tables, and vSwitches at work", async () => {
  const vpc = await newVpc();
  const [one, two] = [await routeTableIn(server, vpc), await routeTableIn(server, vpc)];
  const [bound, free] = [await vSwitchIn(server, vpc, "10.0.1.0/24"), await vSwitchIn(server, vpc, "10.0.2.0/24")];
  succeeded(await associate(one, bound));
  await refused(() => unassociate(one, bound), ...vSwitchStatus);
  await server.advance();
  const notBound = ["InvalidBindingStatus.RouteTable", "The specified virtual switch and route table does not bind", 404] as const;
  await refused(() => unassociate(two, bound), ...notBound);
  await refused(() => unassociate(one, free), ...notBound);
  const system = ["OperationUnsupported.SystemRouteTable", "System route table can not be unassociated.", 404] as const;
  for (const vSwitch of [bound, free]) await refused(() => unassociate(vpc.routeTableId, vSwitch), ...system);
  await refused(() => unassociate("vtb-unknown", bound), ...tableNotFound);
  await refused(() => unassociate(one, "vsw-unknown"), ...vSwitchNotFound);
  await refused(() => unassociate(one, bound, { RegionId: "cn-beijing" }), ...tableNotFound);
  succeeded(await unassociate(one, bound));
  await refused(() => unassociate(one, bound), ...notBound);
});

test("a repeated ClientToken of an association repeats its answer and not its effect", async () => {
  const vpc = await newVpc();
  const id = await routeTableIn(server, vpc);
  const [vSwitch, other] = [await vSwitchIn(server, vpc, "10.0.1.0/24"), await vSwitchIn(server, vpc, "10.0.2.0/24")];
  const token = (ClientToken: string): Parameters => ({ ClientToken });
  succeeded(await associate(id, vSwitch, token("bind")));
  succeeded(await associate(id, vSwitch, token("bind"))); // while it takes effect
  await server.advance();
  await refusedUnchanged(server, () => associate(id, other, token("bind")), tokenReused);
  await done(unassociate(id, vSwitch, token("free")));
  succeeded(await associate(id, vSwitch, token("bind")));
  assert.deepEqual(await ruling(vSwitch), [vpc.routeTableId, "System", "Available"]);
  await done(associate(id, vSwitch, token("again")));
  succeeded(await unassociate(id, vSwitch, token("free")));
  assert.deepEqual(await ruling(vSwitch), [id, "Custom", "Available"]);
  await refusedUnchanged(server, () => unassociate(id, other, token("free")), tokenReused);
});

test("a table that rules a vSwitch or has a custom entry stays, and so does the system's", async () => {
  const vpc = await newVpc();
  const id = await routeTableIn(server, vpc);
  const system = "Route table can be deleted by this action only when it's type is custom.";
  await refused(() => remove(vpc.routeTableId), "IncorrectRouteTableType", system);

  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  succeeded(await associate(id, vSwitch));
  await refused(() => remove(id), ...tableStatus);
  await server.advance();
  await refused(() => remove(id), ...tableStatus);
  succeeded(await unassociate(id, vSwitch));
  // The vSwitch is still at work.
  await refused(() => remove(id), ...conflict);
  await server.advance();

  const hasEntry = [
    "IncorrectRouteTableStatus.RouteEntryExist",
    "You cannot delete the specified route table because it still has custom route entry.",
  ] as const;
  const entry = { RouteTableId: id, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x" };
  const { RouteEntryId } = succeeded(await call("CreateRouteEntry", entry)).body;
  await refused(() => remove(id), ...hasEntry);
  await server.advance();
  await refused(() => remove(id), ...hasEntry);
  succeeded(await call("DeleteRouteEntry", { RouteEntryId }));
  await refused(() => remove(id), ...hasEntry);
  await server.advance();
  succeeded(await remove(id));
});

test("a vSwitch under a custom table stays until it is under the system's again", async () => {
  const vpc = await newVpc();
  const id = await routeTableIn(server, vpc);
  const vSwitch = await vSwitchIn(server, vpc, "10.0.1.0/24");
  await done(associate(id, vSwitch));
  const message = "VSwitch cannot be deleted when associated with route table";
  for (const parameters of [{}, { DryRun: true }])
    await refused(() => call("DeleteVSwitch", { VSwitchId: vSwitch, ...parameters }), "DependencyViolation.RouteTable", message);
  await done(unassociate(id, vSwitch));
  await deleteVSwitch(sdk, vSwitch);
});

test("a custom table keeps its VPC until it is gone", async () => {
  const vpc = await newVpc();
  const stays = async (): Promise<void> => {
    const message = "Specified object has dependent custom routeTable.";
    for (const parameters of [{}, { ForceDelete: true }])
      await refused(() => call("DeleteVpc", { VpcId: vpc.vpcId, ...parameters }), "DependencyViolation.RouteTable", message);
  };
  const { RouteTableId } = succeeded(await create(vpc.vpcId)).body;
  await stays(); // Pending
  await server.advance();
  await stays();
  // The table is named before the entry in it.
  const { RouteEntryId } = succeeded(
    await call("CreateRouteEntry", { RouteTableId, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x" }),
  ).body;
  await server.advance();
  await stays();
  await done(call("DeleteRouteEntry", { RouteEntryId }));
  succeeded(await remove(RouteTableId));
  await stays(); // Deleting
  await server.advance();
  await deleteVpc(sdk, hangzhou, vpc.vpcId);
  await server.advance();
  assert.equal((await listRouteTables(sdk, hangzhou, { vpcId: vpc.vpcId })).totalCount, 0);
});

test("a table that is Pending or Deleting takes no entry", async () => {
  const vpc = await newVpc();
  const { RouteTableId } = succeeded(await create(vpc.vpcId)).body;
  const put = (): Promise<Answer> => call("CreateRouteEntry", { RouteTableId, DestinationCidrBlock: "192.168.0.0/16", NextHopId: "i-x" });
  const status = ["IncorrectStatus.RouteTableStatus", "The status of the route table is incorrect."] as const;
  await refused(put, ...status);
  await server.advance();
  succeeded(await remove(RouteTableId));
  await refused(put, ...status);
});
