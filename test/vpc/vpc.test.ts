import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { vpcSdk } from "../support/official.ts";
import { accepterKey, type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import {
  bodyOf,
  createVpc,
  deleteVpc,
  listVpcs,
  notRoutable,
  readVpc,
  refuses,
  refusesEach,
  type Sdk,
  sdkOf,
  vpcTotal,
} from "./support.ts";

const region = "cn-hangzhou";
let server: InProcessServer;
let sdk: Sdk;
let foreign: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  foreign = sdkOf(server, accepterKey);
  // Other regions keep the default quota.
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000, region }], features: [] });
});
after(() => server.stop());

test("a VPC is Pending, then Available, Pending again while it is deleted, and then reads as an empty answer", async () => {
  const { vpcId, VRouterId, routeTableId } = await createVpc(sdk, region);
  assert.match(vpcId ?? "", /^vpc-bp1[0-9a-z]{18}$/);
  assert.match(VRouterId ?? "", /^vrt-bp1[0-9a-z]{18}$/);
  assert.match(routeTableId ?? "", /^vtb-bp1[0-9a-z]{18}$/);
  assert.equal((await readVpc(sdk, region, vpcId)).status, "Pending");
  await refuses(deleteVpc(sdk, region, vpcId), "IncorrectVpcStatus", 400, "Current VPC status does not support this operation.");
  await server.advance(29);
  assert.equal((await readVpc(sdk, region, vpcId)).status, "Pending");
  await server.advance(1);
  assert.equal((await readVpc(sdk, region, vpcId)).status, "Available");

  await deleteVpc(sdk, region, vpcId);
  assert.equal((await readVpc(sdk, region, vpcId)).status, "Pending");
  assert.equal((await listVpcs(sdk, region, { vpcId })).items[0]?.status, "Pending");
  await refuses(deleteVpc(sdk, region, vpcId), "IncorrectVpcStatus");
  await server.advance();
  const gone = await readVpc(sdk, region, vpcId);
  assert.equal(gone.vpcId, "");
  assert.equal(gone.status, "");
  assert.deepEqual((await listVpcs(sdk, region, { vpcId })).items, []);
  await refuses(deleteVpc(sdk, region, vpcId), "InvalidVpcId.NotFound", 404, "Specified VPC does not exist.");
});

test("a VPC created without any option gets 172.16.0.0/12, empty texts and no IPv6", async () => {
  const created = await createVpc(sdk, region);
  const { requestId: _id, cloudResources: _resources, creationTime, ownerId, ...read } = await readVpc(sdk, region, created.vpcId);
  assert.match(creationTime ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(String(ownerId), requesterKey.account);
  assert.match(created.resourceGroupId ?? "", /^rg-/);
  assert.deepEqual(JSON.parse(JSON.stringify(read)), {
    associatedCens: { associatedCen: [] },
    associatedPropagationSources: { associatedPropagationSources: [] },
    cidrBlock: "172.16.0.0/12",
    classicLinkEnabled: false,
    description: "",
    dhcpOptionsSetId: "",
    dhcpOptionsSetStatus: "",
    dnsHostnameStatus: "DISABLED",
    enabledIpv6: false,
    ipv4GatewayId: "",
    ipv6CidrBlock: "",
    ipv6CidrBlocks: { ipv6CidrBlock: [] },
    isDefault: false,
    regionId: region,
    resourceGroupId: created.resourceGroupId,
    secondaryCidrBlocks: { secondaryCidrBlock: [] },
    status: "Pending",
    supportIpv4Gateway: false,
    tags: { tag: [] },
    userCidrs: { userCidr: [] },
    VRouterId: created.VRouterId,
    vSwitchIds: { vSwitchId: [] },
    vpcId: created.vpcId,
    vpcName: "",
  });
});

test("its router and its system route table are there from the moment that CreateVpc answers, and go with it", async () => {
  const { vpcId, VRouterId, routeTableId, resourceGroupId } = await createVpc(sdk, region);
  const tables = async () =>
    bodyOf(await sdk.describeRouteTableList(new vpcSdk.DescribeRouteTableListRequest({ regionId: region, vpcId }))).routerTableList
      ?.routerTableListType ?? [];
  const routers = async () =>
    bodyOf(await sdk.describeVRouters(new vpcSdk.DescribeVRoutersRequest({ regionId: region, VRouterId }))).VRouters?.VRouter ?? [];
  const [table, ...others] = await tables();
  assert.deepEqual(others, []);
  const { creationTime, ...shown } = JSON.parse(JSON.stringify(table));
  assert.match(creationTime, /Z$/);
  assert.deepEqual(shown, {
    associateType: "VSwitch",
    description: "",
    gatewayIds: { gatewayIds: [] },
    ownerId: Number(requesterKey.account),
    resourceGroupId,
    routePropagationEnable: true,
    routeTableId,
    routeTableName: "",
    routeTableType: "System",
    routerId: VRouterId,
    routerType: "VRouter",
    status: "Available",
    tags: { tag: [] },
    vSwitchIds: { vSwitchId: [] },
    vpcId,
  });
  const [router] = await routers();
  assert.equal(router?.vpcId, vpcId);
  assert.deepEqual(router?.routeTableIds?.routeTableId, [routeTableId]);
  assert.deepEqual((await listVpcs(sdk, region, { vpcId })).items[0]?.routerTableIds?.routerTableIds, [routeTableId]);

  await server.advance();
  await deleteVpc(sdk, region, vpcId);
  await server.advance();
  assert.deepEqual(await tables(), []);
  assert.deepEqual(await routers(), []);
});

test("CidrBlock may have 8 to 28 bits of prefix, in private and other ranges", async () => {
  for (const cidrBlock of ["10.0.0.0/8", "10.1.2.16/28", "172.16.0.0/12", "192.168.0.0/16", "11.0.0.0/8", "100.128.0.0/16", "8.8.8.0/24"]) {
    const { vpcId } = await createVpc(sdk, region, { cidrBlock });
    assert.equal((await readVpc(sdk, region, vpcId)).cidrBlock, cidrBlock);
  }
});

test("CidrBlock is refused with a mask outside 8 to 28, with host bits, in a reserved range, or malformed", async () => {
  const total = await vpcTotal(sdk, region);
  const wrong = [
    ["10.0.0.0/7", "10.0.0.0/29", "10.0.0.0/32", "10.0.0.0/33", "0.0.0.0/0"],
    ["10.0.0.1/8", "192.168.1.0/16", "10.0.0.8/28"],
    ["100.64.0.0/10", "100.64.0.0/16", "100.127.255.240/28", "224.0.0.0/8", "239.255.255.0/24", "127.0.0.0/8", "127.0.0.0/16"],
    ["169.254.0.0/16", "169.254.1.0/24"],
    ["10.0.0.0", "10.0.0/8", "300.0.0.0/8", "256.0.0.0/16", "1.2.3.4.0/8", "10.0.0.0/", "10.0.0.0/-8", "10.0.0.0/8/8", " 10.0.0.0/8"],
    ["fd00::/16", "::ffff:10.0.0.0/104", "ten"],
  ].flat();
  await refusesEach(
    wrong,
    (cidrBlock) => createVpc(sdk, region, { cidrBlock }),
    "InvalidParameter",
    400,
    "Specified CIDR block is not valid",
  );
  assert.equal(await vpcTotal(sdk, region), total);
});

test("a block is kept in its one normal spelling", async () => {
  for (const cidrBlock of ["10.0.0.0/08", "010.0.0.0/8"]) {
    const outcome = await createVpc(sdk, region, { cidrBlock }).then(
      async ({ vpcId }) => (await readVpc(sdk, region, vpcId)).cidrBlock,
      (error: { code: string }) => error.code,
    );
    assert.ok(["InvalidParameter", "10.0.0.0/8"].includes(outcome ?? ""), `${cidrBlock} became ${outcome}`);
  }
  for (const ipv6CidrBlock of ["2408:4005:0:6e00:0:0:0:0/56", "2408:4005::6E00:0:0:0:0/56", "2408:4005:0000:6e00::/56"]) {
    const { vpcId } = await createVpc(sdk, region, { enableIpv6: true, ipv6CidrBlock });
    assert.equal((await readVpc(sdk, region, vpcId)).ipv6CidrBlock, "2408:4005:0:6e00::/56");
  }
});

test("names of 1 to 128 and descriptions of 1 to 256 characters are kept as given", async () => {
  const texts: [string, string][] = [
    ["a", "b"],
    ["n".repeat(128), "d".repeat(256)],
    ["测试 网络", "first line\nsecond line"],
    ["1-begins with a digit", " spaces "],
    ["see http://example.com", "see https://example.com"],
  ];
  for (const [vpcName, description] of texts) {
    const { vpcId } = await createVpc(sdk, region, { vpcName, description });
    const read = await readVpc(sdk, region, vpcId);
    assert.equal(read.vpcName, vpcName);
    assert.equal(read.description, description);
  }
});

test("names and descriptions that are too long or begin with an address are refused", async () => {
  const total = await vpcTotal(sdk, region);
  const names = ["n".repeat(129), "http://vpc", "https://vpc", "two\nlines"];
  await refusesEach(
    names,
    (vpcName) => createVpc(sdk, region, { vpcName }),
    "InvalidVpcName.Malformed",
    400,
    "Specified VPC name is not valid.",
  );
  const descriptions = ["d".repeat(257), "http://vpc", "https://vpc"];
  const message = "Specified VPC description is not valid.";
  await refusesEach(
    descriptions,
    (description) => createVpc(sdk, region, { description }),
    "InvalidVpcDiscription.Malformed",
    400,
    message,
  );
  assert.equal(await vpcTotal(sdk, region), total);
});

test("up to three user CIDR blocks are kept", async () => {
  const { vpcId } = await createVpc(sdk, region, { userCidr: "30.0.0.0/8,31.1.0.0/16,192.0.2.0/24" });
  const blocks = ["30.0.0.0/8", "31.1.0.0/16", "192.0.2.0/24"];
  assert.deepEqual((await readVpc(sdk, region, vpcId)).userCidrs?.userCidr, blocks);
  assert.deepEqual((await listVpcs(sdk, region, { vpcId })).items[0]?.userCidrs?.userCidr, blocks);

  const total = await vpcTotal(sdk, region);
  await refuses(createVpc(sdk, region, { userCidr: "30.0.0.0/8,31.0.0.0/8,32.0.0.0/8,33.0.0.0/8" }), "InvalidUserCidr.Quota");
  const reserved = ["30.0.0.0/8,100.64.0.0/12", "100.64.0.0/10", "100.0.0.0/8"];
  await refusesEach(reserved, (userCidr) => createVpc(sdk, region, { userCidr }), "InvalidUserCidr.Malformed");
  const malformed = ["30.0.0.1/8", "30.0.0.0", "300.0.0.0/8", "x", "fd00::/64"];
  const message = "UserCidr is not a valid or strict address.";
  await refusesEach(malformed, (userCidr) => createVpc(sdk, region, { userCidr }), "IllegalParam.UserCidr", 400, message);
  assert.equal(await vpcTotal(sdk, region), total);
});

test("IPv6 gives the VPC a /56 block, its own or the one that was named", async () => {
  const { vpcId } = await createVpc(sdk, region, { enableIpv6: true });
  const read = await readVpc(sdk, region, vpcId);
  assert.equal(read.enabledIpv6, true);
  assert.match(read.ipv6CidrBlock ?? "", /^2408:4[0-9a-f:]+00::\/56$/);
  assert.deepEqual(JSON.parse(JSON.stringify(read.ipv6CidrBlocks?.ipv6CidrBlock)), [{ ipv6CidrBlock: read.ipv6CidrBlock, ipv6Isp: "BGP" }]);
  const [listed] = (await listVpcs(sdk, region, { vpcId })).items;
  assert.equal(listed?.enabledIpv6, true);
  assert.equal(listed?.ipv6CidrBlock, read.ipv6CidrBlock);

  const named = await createVpc(sdk, region, { enableIpv6: true, ipv6CidrBlock: "2408:4005:3c5:6e00::/56", ipv6Isp: "ChinaMobile" });
  const { ipv6CidrBlock, ipv6CidrBlocks } = await readVpc(sdk, region, named.vpcId);
  assert.equal(ipv6CidrBlock, "2408:4005:3c5:6e00::/56");
  assert.equal(ipv6CidrBlocks?.ipv6CidrBlock?.[0]?.ipv6Isp, "ChinaMobile");

  const total = await vpcTotal(sdk, region);
  await refuses(createVpc(sdk, region, { ipv6CidrBlock: "2408:4005:3c5:6e00::/56" }), "MissingParam.EnableIpv6");
  const malformed = [
    "2408:4005:3c5:6e00::/64",
    "2408:4005:3c5:6e01::/56",
    "10.0.0.0/16",
    "12345::/56",
    "2408:::/56",
    "::",
    "x",
    ...notRoutable,
  ];
  const withBlock = (block: string) => createVpc(sdk, region, { enableIpv6: true, ipv6CidrBlock: block });
  await refusesEach(malformed, withBlock, "InvalidIpv6CidrBlock.Malformed");
  await refuses(createVpc(sdk, region, { enableIpv6: true, ipv6Isp: "Nobody" }), "UnsupportedFeature.Ipv6Isp");
  assert.equal(await vpcTotal(sdk, region), total);
});

test("EnableDnsHostname shows as DnsHostnameStatus", async () => {
  const { vpcId } = await createVpc(sdk, region, { enableDnsHostname: true });
  assert.equal((await readVpc(sdk, region, vpcId)).dnsHostnameStatus, "ENABLED");
  assert.equal((await listVpcs(sdk, region, { vpcId })).items[0]?.dnsHostnameStatus, "ENABLED");
});

test("address pools do not exist here, and asking for one says so", async () => {
  const total = await vpcTotal(sdk, region);
  for (const pool of [{ ipv4IpamPoolId: "ipam-pool-1" }, { ipv6IpamPoolId: "ipam-pool-1" }]) {
    await refuses(createVpc(sdk, region, pool), "UnsupportedFeature.IPAM", 400, "VPCs cannot be created by using IPAM.");
  }
  // A mask alone asks for one too.
  const none = "The specified IPAM pool cannot be empty.";
  const masks = [{ ipv4CidrMask: 16 }, { ipv6CidrMask: 56, enableIpv6: true }];
  await refusesEach(masks, (mask) => createVpc(sdk, region, mask), "IllegalParam.IpamPool", 400, none);
  assert.equal(await vpcTotal(sdk, region), total);
});

test("tags are kept in their order and shown by both reads", async () => {
  const tag = [
    { key: "zone", value: "blue" },
    { key: "empty", value: "" },
    { key: "k".repeat(128), value: "v".repeat(128) },
  ];
  const { vpcId } = await createVpc(sdk, region, { tag });
  const plain = (tags: unknown): unknown => JSON.parse(JSON.stringify(tags));
  assert.deepEqual(plain((await readVpc(sdk, region, vpcId)).tags?.tag), tag);
  assert.deepEqual(plain((await listVpcs(sdk, region, { vpcId })).items[0]?.tags?.tag), tag);
});

test("bad tags are refused with the code for their fault", async () => {
  const total = await vpcTotal(sdk, region);
  const faults: [{ key?: string; value?: string }[], string][] = [
    [Array.from({ length: 21 }, (_, n) => ({ key: `k${n}`, value: "v" })), "NumberExceed.Tags"],
    [[{ key: "aliyun-x", value: "v" }], "Forbidden.TagKeys"],
    [[{ key: "acs:x", value: "v" }], "Forbidden.TagKeys"],
    [[{ key: "k", value: "acs:x" }], "Forbidden.TagKeys"],
    [[{ key: "k", value: "see http://x" }], "Forbidden.TagKeys"],
    [[{ key: "https://k", value: "v" }], "Forbidden.TagKeys"],
    [
      [
        { key: "k", value: "1" },
        { key: "k", value: "2" },
      ],
      "Forbidden.TagKey.Duplicated",
    ],
    [[{ value: "v" }], "InvalidTagKey"],
    [[{ key: "k".repeat(129), value: "v" }], "InvalidTagKey"],
    [[{ key: "k", value: "v".repeat(129) }], "InvalidTagValue"],
  ];
  for (const [tag, code] of faults) await refuses(createVpc(sdk, region, { tag }), code);
  assert.equal(await vpcTotal(sdk, region), total);
});

test("a VPC goes to the resource group named, and no other account's group can be named", async () => {
  const own = (await createVpc(sdk, region)).resourceGroupId;
  const others = (await createVpc(foreign, region)).resourceGroupId;
  assert.notEqual(own, others);
  const { vpcId, resourceGroupId } = await createVpc(sdk, region, { resourceGroupId: own });
  assert.equal(resourceGroupId, own);
  assert.equal((await readVpc(sdk, region, vpcId)).resourceGroupId, own);
  const total = await vpcTotal(sdk, region);
  const message = "The specified ResourceGroupId does not exist.";
  const inGroup = (group?: string) => createVpc(sdk, region, { resourceGroupId: group });
  await refusesEach([others, "rg-unknown", vpcId], inGroup, "InvalidResourceGroupId", 400, message);
  assert.equal(await vpcTotal(sdk, region), total);
});

test("a region holds ten VPCs of an account, and a deleted one makes room", async () => {
  const beijing = "cn-beijing";
  const first = await createVpc(sdk, beijing);
  for (let n = 1; n < 10; n++) await createVpc(sdk, beijing);
  await refuses(createVpc(sdk, beijing), "QuotaExceeded.Vpc", 400, "VPC quota exceeded.");
  assert.equal(await vpcTotal(sdk, beijing), 10);
  await createVpc(sdk, "cn-shanghai");
  await createVpc(foreign, beijing);
  await server.advance();
  await deleteVpc(sdk, beijing, first.vpcId);
  await server.advance();
  await createVpc(sdk, beijing);
  assert.equal(await vpcTotal(sdk, beijing), 10);
});

test("a dry run of create and delete passes as DryRunOperation and changes nothing", async () => {
  const { vpcId } = await createVpc(sdk, region);
  await server.advance();
  const total = await vpcTotal(sdk, region);
  const passed = "Request validation has been passed with DryRun flag set.";
  await refuses(createVpc(sdk, region, { dryRun: true }), "DryRunOperation", 400, passed);
  await refuses(createVpc(sdk, region, { dryRun: true, cidrBlock: "x" }), "InvalidParameter");
  await refuses(deleteVpc(sdk, region, vpcId, { dryRun: true }), "DryRunOperation", 400, passed);
  await refuses(deleteVpc(sdk, region, "vpc-unknown", { dryRun: true }), "InvalidVpcId.NotFound", 404);
  assert.equal(await vpcTotal(sdk, region), total);
  assert.equal((await readVpc(sdk, region, vpcId)).status, "Available");
});

test("a repeated ClientToken answers the first VPC, and refuses other parameters", async () => {
  const first = await createVpc(sdk, region, { clientToken: "once", vpcName: "one" });
  const total = await vpcTotal(sdk, region);
  const again = await createVpc(sdk, region, { clientToken: "once", vpcName: "one" });
  assert.deepEqual([again.vpcId, again.VRouterId, again.routeTableId], [first.vpcId, first.VRouterId, first.routeTableId]);
  await refuses(createVpc(sdk, region, { clientToken: "once", vpcName: "two" }), "IdempotentParameterMismatch");
  assert.equal(await vpcTotal(sdk, region), total);
});

test("a repeated ClientToken of a deletion answers as the first did, and refuses another VPC", async () => {
  const [one, other] = [await createVpc(sdk, region), await createVpc(sdk, region)];
  await server.advance();
  await deleteVpc(sdk, region, one.vpcId, { clientToken: "gone" });
  await server.advance();
  await deleteVpc(sdk, region, one.vpcId, { clientToken: "gone" });
  await refuses(deleteVpc(sdk, region, other.vpcId, { clientToken: "gone" }), "IdempotentParameterMismatch");
  assert.equal((await readVpc(sdk, region, other.vpcId)).status, "Available");
});

test("a region that does not exist is refused by every operation that takes one", async () => {
  const message = "The RegionId provided does not exist in our records.";
  const calls: (() => Promise<unknown>)[] = [
    () => createVpc(sdk, "cn-atlantis"),
    () => deleteVpc(sdk, "cn-atlantis", "vpc-x"),
    () => readVpc(sdk, "cn-atlantis", "vpc-x"),
    () => listVpcs(sdk, "cn-atlantis"),
    () => sdk.describeVRouters(new vpcSdk.DescribeVRoutersRequest({ regionId: "cn-atlantis" })),
  ];
  await refusesEach(calls, (call) => call(), "InvalidRegionId.NotFound", 404, message);
});
