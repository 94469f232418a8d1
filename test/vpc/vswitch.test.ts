import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { availableVpc, hangzhou, type TestVpc } from "../support/networks.ts";
import { vpcSdk } from "../support/official.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  bodyOf,
  createRouteEntry,
  createVSwitch,
  deleteVSwitch,
  listRouteEntries,
  listVSwitches,
  type Options,
  readVSwitch,
  refuses,
  refusesEach,
  type Sdk,
  sdkOf,
} from "./support.ts";

/** The life of a vSwitch and the rules for its block; that writes in one VPC exclude each other is in exclusion.test.ts. */
const zoneId = "cn-hangzhou-h";
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await raise([]);
});
after(() => server.stop());

function raise(more: readonly object[]): Promise<unknown> {
  return server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }, ...more], features: [] });
}
const newVpc = (parameters: Options = {}): Promise<TestVpc> => availableVpc(server, server.requester, hangzhou, parameters);
async function newVSwitch(vpc: TestVpc, cidrBlock: string, options: Options = {}): Promise<string> {
  const { vSwitchId } = await createVSwitch(sdk, { regionId: hangzhou, vpcId: vpc.vpcId, zoneId, cidrBlock, ...options });
  await server.advance();
  return vSwitchId ?? "";
}
const total = async (vpc: TestVpc): Promise<number | undefined> => (await listVSwitches(sdk, { vpcId: vpc.vpcId })).totalCount;

test("a vSwitch is Pending, then Available, Pending again while it is deleted, and then reads as an empty answer", async () => {
  const { vpcId } = await newVpc();
  const { vSwitchId } = await createVSwitch(sdk, { vpcId, zoneId, cidrBlock: "10.0.1.0/24" });
  assert.match(vSwitchId ?? "", /^vsw-bp1[0-9a-z]{18}$/);
  const status = async (): Promise<string | undefined> => (await readVSwitch(sdk, vSwitchId)).status;
  assert.equal(await status(), "Pending");
  await refuses(deleteVSwitch(sdk, vSwitchId), "IncorrectVSwitchStatus", 400, "vpc subnet is in middle status.");
  await server.advance(29);
  assert.equal(await status(), "Pending");
  await server.advance(1);
  assert.equal(await status(), "Available");
  await deleteVSwitch(sdk, vSwitchId, { regionId: hangzhou });
  assert.equal(await status(), "Pending");
  assert.equal((await listVSwitches(sdk, { vpcId })).items[0]?.status, "Pending");
  await refuses(deleteVSwitch(sdk, vSwitchId), "IncorrectVSwitchStatus", 400, "vpc subnet is in middle status.");
  await server.advance();
  const gone = await readVSwitch(sdk, vSwitchId);
  assert.deepEqual([gone.vSwitchId, gone.status, gone.cidrBlock, gone.ipv6CidrBlock], ["", "", "", ""]);
  assert.equal((await listVSwitches(sdk, { vpcId })).totalCount, 0);
  await refuses(deleteVSwitch(sdk, vSwitchId), "InvalidVSwitchId.NotFound", 404, "VSwitch not exist.");
});

test("both reads show every field, and list and read agree", async () => {
  const vpc = await newVpc();
  const id = await newVSwitch(vpc, "10.0.1.0/24", { vSwitchName: "one", description: "first", tag: [{ key: "a", value: "b" }] });
  const { requestId: _id, ...read } = JSON.parse(JSON.stringify(await readVSwitch(sdk, id)));
  const { creationTime, ownerId, resourceGroupId, ...fields } = read;
  assert.match(creationTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(String(ownerId), requesterKey.account);
  assert.match(resourceGroupId, /^rg-/);
  assert.deepEqual(fields, {
    availableIpAddressCount: 252,
    cidrBlock: "10.0.1.0/24",
    description: "first",
    enabledIpv6: false,
    ipv6CidrBlock: "",
    isDefault: false,
    networkAclId: "",
    routeTable: { routeTableId: vpc.routeTableId, routeTableType: "System" },
    shareType: "",
    status: "Available",
    tags: { tag: [{ key: "a", value: "b" }] },
    vSwitchId: id,
    vSwitchName: "one",
    vpcId: vpc.vpcId,
    zoneId,
  });
  assert.deepEqual(JSON.parse(JSON.stringify((await listVSwitches(sdk, { vpcId: vpc.vpcId })).items[0])), read);
});

test("the VPC, its table list and its system table name the vSwitch", async () => {
  const vpc = await newVpc();
  const id = await newVSwitch(vpc, "10.0.1.0/24");
  const attribute = new vpcSdk.DescribeVpcAttributeRequest({ regionId: hangzhou, vpcId: vpc.vpcId });
  assert.deepEqual(bodyOf(await sdk.describeVpcAttribute(attribute)).vSwitchIds?.vSwitchId, [id]);
  const list = new vpcSdk.DescribeRouteTableListRequest({ regionId: hangzhou, vpcId: vpc.vpcId });
  assert.deepEqual(bodyOf(await sdk.describeRouteTableList(list)).routerTableList?.routerTableListType?.[0]?.vSwitchIds?.vSwitchId, [id]);
});

test("the zone must be one of the VPC's region", async () => {
  const { vpcId } = await newVpc();
  const inZone = (zone: string) => createVSwitch(sdk, { vpcId, zoneId: zone, cidrBlock: "10.0.1.0/24" });
  const wrong = ["cn-hangzhou-z", "cn-beijing-h", "cn-hangzhou", "h"];
  await refusesEach(wrong, inZone, "InvalidZoneId.NotFound", 404, "Specified zone does not exist.");
  assert.equal((await listVSwitches(sdk, { vpcId })).totalCount, 0);
});

test("CidrBlock may have 16 to 29 bits of prefix; all but the first and the last three addresses are free", async () => {
  const vpc = await newVpc({ CidrBlock: "10.0.0.0/8" });
  const free: [string, number][] = [
    ["10.1.0.0/16", 65_532],
    ["10.2.0.0/20", 4092],
    ["10.3.1.0/24", 252],
    ["10.3.2.0/28", 12],
    ["10.3.2.16/29", 4],
  ];
  for (const [block, count] of free) {
    const read = await readVSwitch(sdk, await newVSwitch(vpc, block));
    assert.deepEqual([read.cidrBlock, read.availableIpAddressCount], [block, count]);
  }
});

test("CidrBlock is refused with another mask, with host bits, malformed, or outside the VPC", async () => {
  const vpc = await newVpc({ CidrBlock: "10.0.0.0/8" });
  const put = (cidrBlock: string) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock });
  await refusesEach(["10.0.0.0/8", "10.0.0.0/15", "10.0.0.0/30", "10.0.0.0/32"], put, "InvalidCirdrBlock.MaskLength");
  const malformed = ["10.0.1.1/24", "10.0.1.0", "10.0.1/24", "266.0.1.0/24", "10.0.257.0/24", "x", "fd00::/64", "10.0.1.0/24,10.0.2.0/24"];
  await refusesEach(malformed, put, "InvalidCidrBlock.Malformed", 400, "Specified CIDR block is not valid.");
  const outside = ["11.0.1.0/24", "192.168.0.0/24", "9.255.0.0/16"];
  await refusesEach(outside, put, "InvalidParameter", 400, "Specified CIDR block is not valid in VPC.");
  assert.equal(await total(vpc), 0);
});

test("CidrBlock is refused in a reserved range, before anyone asks whether the VPC contains it", async () => {
  const vpc = await newVpc();
  const put = (cidrBlock: string) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock });
  await refusesEach(["100.64.0.0/24", "127.0.0.0/24", "169.254.0.0/24", "224.0.0.0/24"], put, "InvalidCidrBlock.Malformed");
  assert.equal(await total(vpc), 0);
});

test("no two vSwitches of a VPC overlap; those of different VPCs may", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  await newVSwitch(vpc, "10.0.16.0/20");
  const put = (cidrBlock: string) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock });
  const overlapping = ["10.0.16.0/20", "10.0.16.0/24", "10.0.31.248/29", "10.0.0.0/16", "10.0.0.0/19"];
  const message = "Specified CIDR block overlapped with other subnets.";
  await refusesEach(overlapping, put, "InvalidCidrBlock.Overlapped", 400, message);
  assert.equal(await total(vpc), 1);
  await newVSwitch(vpc, "10.0.32.0/20");
  await newVSwitch(other, "10.0.16.0/20");
});

test("a block that equals or contains the destination of a custom route is refused, one inside it is not", async () => {
  const vpc = await newVpc();
  const entry = { routeTableId: vpc.routeTableId, destinationCidrBlock: "10.0.1.0/24", nextHopId: "i-x", nextHopType: "Instance" };
  await createRouteEntry(sdk, entry);
  await server.advance();
  const put = (cidrBlock: string) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock });
  const message = "Route conflict exists in routing table.";
  await refusesEach(["10.0.1.0/24", "10.0.0.0/16", "10.0.0.0/23"], put, "RouteConflict.AlreadyExist", 400, message);
  assert.equal(await total(vpc), 0);
  await newVSwitch(vpc, "10.0.1.0/25");
});

test("names and descriptions follow the rules of the VPC's", async () => {
  const vpc = await newVpc();
  const put = (options: Options) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.9.0/24", ...options });
  const names = ["n".repeat(129), "http://x", "https://x"].map((vSwitchName) => ({ vSwitchName }));
  await refusesEach(names, put, "InvalidVSwitchName.Malformed", 400, "Specified virtual switch name is not valid.");
  const texts = ["d".repeat(257), "http://x", "https://x"].map((description) => ({ description }));
  await refusesEach(texts, put, "InvalidVSwitchDiscription.Malformed", 400, "Specified virtual switch description is not valid.");
  assert.equal(await total(vpc), 0);
  const id = await newVSwitch(vpc, "10.0.1.0/24", { vSwitchName: "测".repeat(128), description: "d".repeat(256) });
  const read = await readVSwitch(sdk, id);
  assert.deepEqual([read.vSwitchName, read.description], ["测".repeat(128), "d".repeat(256)]);
  const unnamed = await readVSwitch(sdk, await newVSwitch(vpc, "10.0.2.0/24"));
  assert.deepEqual([unnamed.vSwitchName, unnamed.description], ["", ""]);
});

test("the subnet number picks a /64 of the VPC's /56", async () => {
  const vpc = await newVpc({ EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  const id = await newVSwitch(vpc, "10.0.1.0/24", { ipv6CidrBlock: 0 });
  const read = await readVSwitch(sdk, id);
  assert.deepEqual([read.enabledIpv6, read.ipv6CidrBlock], [true, "2408:4005:3c5:6e00::/64"]);
  const last = await readVSwitch(sdk, await newVSwitch(vpc, "10.0.2.0/24", { ipv6CidrBlock: 255 }));
  assert.equal(last.ipv6CidrBlock, "2408:4005:3c5:6eff::/64");
  const off = await readVSwitch(sdk, await newVSwitch(vpc, "10.0.3.0/24"));
  assert.deepEqual([off.enabledIpv6, off.ipv6CidrBlock], [false, ""]);
  const { ids } = await listVSwitches(sdk, { vpcId: vpc.vpcId, enableIpv6: true });
  assert.deepEqual(ids, [id, last.vSwitchId]);
});

test("the /64 is right however the VPC's /56 was written", async () => {
  for (const block of ["2408:4005::6e00:0:0:0:0/56", "2408:4005:0:6E00:0:0:0:0/56"]) {
    const vpc = await newVpc({ EnableIpv6: true, Ipv6CidrBlock: block });
    const read = await readVSwitch(sdk, await newVSwitch(vpc, "10.0.1.0/24", { ipv6CidrBlock: 5 }));
    assert.equal(read.ipv6CidrBlock, "2408:4005:0:6e05::/64", block);
  }
});

test("an IPv6 subnet is refused without IPv6, outside 0 to 255, in another block, or when it is taken", async () => {
  const plain = await newVpc();
  const put = (vpc: TestVpc, options: Options) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.9.0/24", ...options });
  await refuses(put(plain, { ipv6CidrBlock: 1 }), "OperationFailed.VpcIpv6Disabled");
  const vpc = await newVpc({ EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  await newVSwitch(vpc, "10.0.1.0/24", { ipv6CidrBlock: 7 });
  await refuses(put(vpc, { ipv6CidrBlock: 7 }), "OperationFailed.Ipv6CidrBlockExisted");
  await refusesEach([-1, 256], (ipv6CidrBlock) => put(vpc, { ipv6CidrBlock }), "IllegalParam.Ipv6CidrBlock");
  const elsewhere = { ipv6CidrBlock: 8, vpcIpv6CidrBlock: "2408:4005:3c5:7e00::/56" };
  await refuses(put(vpc, elsewhere), "IllegalParam.VpcIpv6CidrBlock");
  assert.deepEqual([await total(plain), await total(vpc)], [0, 1]);
  await newVSwitch(vpc, "10.0.2.0/24", { ipv6CidrBlock: 8, vpcIpv6CidrBlock: "2408:4005:3c5:6e00::/56" });
});

test("an IPv6 subnet that is the destination of a custom route is refused", async () => {
  const vpc = await newVpc({ EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  const entry = { routeTableId: vpc.routeTableId, destinationCidrBlock: "2408:4005:3c5:6e05::/64", nextHopId: "i-x" };
  await createRouteEntry(sdk, entry);
  await server.advance();
  const put = createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.1.0/24", ipv6CidrBlock: 5 });
  await refuses(put, "RouteConflict.AlreadyExist");
  assert.equal(await total(vpc), 0);
});

test("the system table gets an entry for each block of a vSwitch when it is there, and loses it when it is gone", async () => {
  const vpc = await newVpc({ EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" });
  const entries = async () => (await listRouteEntries(sdk, hangzhou, vpc.routeTableId)).items.filter((entry) => !isService(entry));
  const { vSwitchId } = await createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.1.0/24", ipv6CidrBlock: 1 });
  assert.deepEqual(await entries(), []);
  await server.advance();
  const both = await entries();
  assert.deepEqual(
    both.map((entry) => [entry.destinationCidrBlock, entry.ipVersion, entry.type, entry.status, entry.nextHops?.nextHop?.[0]?.nextHopType]),
    [
      ["10.0.1.0/24", "IPv4", "System", "Available", "local"],
      ["2408:4005:3c5:6e01::/64", "IPv6", "System", "Available", "local"],
    ],
  );
  await deleteVSwitch(sdk, vSwitchId);
  assert.equal((await entries()).length, 2);
  await server.advance();
  assert.deepEqual(await entries(), []);
});

/** The cloud's own services, which every table reaches. */
function isService(entry: { destinationCidrBlock?: string }): boolean {
  return entry.destinationCidrBlock === "100.64.0.0/10";
}

test("tags and resource group: tags are the vSwitch's own, the group is its VPC's", async () => {
  const vpc = await newVpc();
  const put = (tag: Options[]) => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.1.0/24", tag });
  await refuses(put([{ key: "aliyun", value: "x" }]), "Forbidden.TagKeys");
  await refuses(put(["x", "y"].map((value) => ({ key: "twice", value }))), "Forbidden.TagKey.Duplicated");
  await refuses(put(Array.from({ length: 21 }, (_, n) => ({ key: `${n}`, value: "" }))), "NumberExceed.Tags");
  assert.equal(await total(vpc), 0);
  const id = await newVSwitch(vpc, "10.0.1.0/24", { tag: [{ key: "k", value: "" }] });
  const read = await readVSwitch(sdk, id);
  assert.deepEqual(JSON.parse(JSON.stringify(read.tags)), { tag: [{ key: "k", value: "" }] });
  const attribute = new vpcSdk.DescribeVpcAttributeRequest({ regionId: hangzhou, vpcId: vpc.vpcId });
  const { resourceGroupId } = bodyOf(await sdk.describeVpcAttribute(attribute));
  assert.equal(read.resourceGroupId, resourceGroupId);
});

test("a VPC holds as many vSwitches as the quota says", async () => {
  const vpc = await newVpc();
  await raise([{ name: "VSwitch", value: 2 }]);
  await newVSwitch(vpc, "10.0.1.0/24");
  const second = await newVSwitch(vpc, "10.0.2.0/24");
  const third = () => createVSwitch(sdk, { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.3.0/24" });
  await refuses(third(), "QuotaExceeded.VSwitch", 400, "Virtual switch quota exceeded.");
  assert.equal(await total(vpc), 2);
  await deleteVSwitch(sdk, second);
  await server.advance();
  await third();
  await server.advance();
  await raise([]);
});

test("missing parameters are named, and what is not there is not found", async () => {
  const { vpcId } = await newVpc();
  const full: Options = { vpcId, zoneId, cidrBlock: "10.0.1.0/24" };
  for (const [name, code] of [
    ["vpcId", "MissingVpcId"],
    ["zoneId", "MissingZoneId"],
    ["cidrBlock", "MissingCidrBlock"],
  ] as const) {
    await refuses(createVSwitch(sdk, { ...full, [name]: undefined }), code);
  }
  await refuses(createVSwitch(sdk, { ...full, vpcId: "vpc-unknown" }), "InvalidVpcId.NotFound", 404);
  await refuses(createVSwitch(sdk, { ...full, regionId: "cn-beijing" }), "InvalidVpcId.NotFound", 404);
  await refuses(createVSwitch(sdkOf(server, accepterKey), full), "InvalidVpcId.NotFound", 404);
  assert.equal((await listVSwitches(sdk, { vpcId })).totalCount, 0);
});

test("a dry run passes as DryRunOperation and deletes nothing", async () => {
  const id = await newVSwitch(await newVpc(), "10.0.1.0/24");
  await refuses(deleteVSwitch(sdk, id, { dryRun: true }), "DryRunOperation");
  await refuses(readVSwitch(sdk, id, { dryRun: true }), "DryRunOperation");
  await refuses(listVSwitches(sdk, { dryRun: true }), "DryRunOperation");
  assert.equal((await readVSwitch(sdk, id)).status, "Available");
});

test("a repeated ClientToken answers the first vSwitch, also while it is being created", async () => {
  const vpc = await newVpc();
  const options = { vpcId: vpc.vpcId, zoneId, cidrBlock: "10.0.1.0/24", clientToken: "vsw-once" };
  const { vSwitchId } = await createVSwitch(sdk, options);
  assert.equal((await createVSwitch(sdk, options)).vSwitchId, vSwitchId);
  await server.advance();
  assert.equal((await createVSwitch(sdk, options)).vSwitchId, vSwitchId);
  await refuses(createVSwitch(sdk, { ...options, cidrBlock: "10.0.2.0/24" }), "IdempotentParameterMismatch");
  assert.equal(await total(vpc), 1);
});
