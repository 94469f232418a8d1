import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, instanceRoute, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, createVpc, deleteVpc, listVpcs, notRoutable, type Options, readVpc, readVSwitch, type Sdk, sdkOf } from "./support.ts";

/** Secondary IPv4 blocks and further IPv6 blocks of a VPC. */
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
const newVpc = (parameters: Parameters = {}): Promise<TestVpc> => availableVpc(server, server.requester, hangzhou, parameters);
const own = "2408:4005:3c5:6e00::/56";
const withIpv6 = { EnableIpv6: true, Ipv6CidrBlock: own };

async function associate({ vpcId }: TestVpc, options: Options) {
  const { cidrBlock, ipVersion } = await ask(sdk, "associateVpcCidrBlock", { regionId: hangzhou, vpcId, ...options });
  return [cidrBlock, ipVersion];
}
const unassociate = ({ vpcId }: TestVpc, options: Options) =>
  ask(sdk, "unassociateVpcCidrBlock", { regionId: hangzhou, vpcId, ...options });

/** The secondary IPv4 blocks of a VPC, on which both reads agree. */
async function secondary({ vpcId }: TestVpc): Promise<string[]> {
  const read = (await readVpc(sdk, hangzhou, vpcId)).secondaryCidrBlocks?.secondaryCidrBlock ?? [];
  assert.deepEqual((await listVpcs(sdk, hangzhou, { vpcId })).items[0]?.secondaryCidrBlocks?.secondaryCidrBlock, read);
  return read;
}
/** Its IPv6 blocks, likewise: the one that is shown alone, and all. */
async function ipv6({ vpcId }: TestVpc) {
  const { enabledIpv6, ipv6CidrBlock, ipv6CidrBlocks } = JSON.parse(JSON.stringify(await readVpc(sdk, hangzhou, vpcId)));
  const [listed] = (await listVpcs(sdk, hangzhou, { vpcId })).items;
  assert.deepEqual(JSON.parse(JSON.stringify(listed?.ipv6CidrBlocks)), ipv6CidrBlocks);
  assert.deepEqual([listed?.enabledIpv6, listed?.ipv6CidrBlock], [enabledIpv6, ipv6CidrBlock]);
  assert.deepEqual((await listVpcs(sdk, hangzhou, { vpcId, enableIpv6: enabledIpv6 })).ids, [vpcId]);
  return { enabledIpv6, first: ipv6CidrBlock, all: ipv6CidrBlocks.ipv6CidrBlock };
}

/** Asserts that an operation on the VPC is refused with each of these parameters, and leaves no trace. */
async function refuses(action: string, { vpcId }: TestVpc, all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) {
    const call = (): Promise<Answer> => server.requester.vpc(action, { RegionId: hangzhou, VpcId: vpcId, ...parameters });
    await refusedUnchanged(server, call, expected);
  }
}
const refusesBlocks = (vpc: TestVpc, parameter: string, blocks: readonly string[], expected: Expected): Promise<void> =>
  refuses(
    "AssociateVpcCidrBlock",
    vpc,
    blocks.map((block) => ({ [parameter]: block })),
    expected,
  );
const malformed: Expected = { code: "InvalidCidrBlock.Malformed", message: "Specified CIDR block is not valid." };
const noneGiven: Expected = {
  code: "MissingParam.SecondaryCidrBlockOrIpv6CidrBlock",
  message: "Either SecondaryCidrBlock or Ipv6CidrBlock must be specified.",
};
const twoGiven: Expected = {
  code: "ParamExclusive.SecondaryCidrAndIpv6Cidr",
  message: "SecondaryCidrBlock and IPv6CidrBlock cannot both be specified.",
};

test("secondary IPv4 blocks are added one by one, shown in their order, and removed", async () => {
  const vpc = await newVpc();
  assert.deepEqual(await secondary(vpc), []);
  assert.deepEqual(await associate(vpc, { secondaryCidrBlock: "172.16.0.0/12" }), ["172.16.0.0/12", "IPV4"]);
  // As Terraform sends it.
  const spelt = { secondaryCidrBlock: "192.168.0.0/16", ipVersion: "IPV4", secondaryCidrMask: 16 };
  assert.deepEqual(await associate(vpc, spelt), ["192.168.0.0/16", "IPV4"]);
  assert.deepEqual(await associate(vpc, { secondaryCidrBlock: "11.0.0.16/28", ipVersion: "ipv4" }), ["11.0.0.16/28", "IPV4"]);
  assert.deepEqual(await secondary(vpc), ["172.16.0.0/12", "192.168.0.0/16", "11.0.0.16/28"]);
  const { cidrBlock, status } = await readVpc(sdk, hangzhou, vpc.vpcId);
  assert.deepEqual([cidrBlock, status], ["10.0.0.0/16", "Available"]);

  await unassociate(vpc, { secondaryCidrBlock: "192.168.0.0/16" });
  assert.deepEqual(await secondary(vpc), ["172.16.0.0/12", "11.0.0.16/28"]);
  await unassociate(vpc, { secondaryCidrBlock: "172.16.0.0/12" });
  await unassociate(vpc, { secondaryCidrBlock: "11.0.0.16/28" });
  assert.deepEqual(await secondary(vpc), []);
});

test("a vSwitch may lie in a secondary block, and keeps it", async () => {
  const vpc = await newVpc();
  const outside = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "172.16.1.0/24" };
  const notInVpc = { code: "InvalidParameter", message: "Specified CIDR block is not valid in VPC." };
  await refusedUnchanged(server, () => server.requester.vpc("CreateVSwitch", outside), notInVpc);
  await associate(vpc, { secondaryCidrBlock: "172.16.0.0/16" });
  await associate(vpc, { secondaryCidrBlock: "172.17.0.0/16" });
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", outside)).body;
  const inUse = { code: "OperationFailed.CidrInUse", message: "The specified SecondaryCidrBlock is used by a vSwitch." };
  const remove = [{ SecondaryCidrBlock: "172.16.0.0/16" }];
  await refuses("UnassociateVpcCidrBlock", vpc, remove, inUse); // while it is being created
  await server.advance();
  await refuses("UnassociateVpcCidrBlock", vpc, remove, inUse);
  await unassociate(vpc, { secondaryCidrBlock: "172.17.0.0/16" });
  succeeded(await server.requester.vpc("DeleteVSwitch", { VSwitchId }));
  await refuses("UnassociateVpcCidrBlock", vpc, remove, inUse); // while it is being deleted
  await server.advance();
  await unassociate(vpc, { secondaryCidrBlock: "172.16.0.0/16" });
  assert.deepEqual(await secondary(vpc), []);
});

test("a secondary block is refused that is malformed or reserved", async () => {
  const vpc = await newVpc();
  const wrong = ["172.0.0.0/7", "172.16.0.0/29", "172.16.0.1/16", "172.16.0.0", "300.0.0.0/8", "fd00::/16", own, "x", "1".repeat(65)];
  await refusesBlocks(vpc, "SecondaryCidrBlock", wrong, malformed);
  const reserved = ["100.64.0.0/10", "100.100.0.0/16", "224.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "169.254.1.0/24"];
  await refusesBlocks(vpc, "SecondaryCidrBlock", reserved, {
    code: "OperationDenied.CidrInExcludeCidrs",
    message: "The operation is not allowed because the input CIDR is within the illegal CIDRs.",
  });
});

test("a secondary block equals and overlaps no block of the VPC; those of other VPCs do not matter", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  await associate(vpc, { secondaryCidrBlock: "172.16.0.0/16" });
  const duplicated = {
    code: "Duplicated.SecondaryCidrBlock",
    message: "The specified SecondaryCidrBlock is a CIDR block of the VPC already.",
  };
  await refusesBlocks(vpc, "SecondaryCidrBlock", ["10.0.0.0/16", "172.16.0.0/16"], duplicated);
  const overlapping = {
    code: "IllegalParam.SecondaryCidrBlock",
    message: "The specified SecondaryCidrBlock overlaps a CIDR block of the VPC.",
  };
  await refusesBlocks(vpc, "SecondaryCidrBlock", ["10.0.0.0/8", "10.0.1.0/24", "172.16.0.0/12", "172.16.255.0/24"], overlapping);
  await associate(vpc, { secondaryCidrBlock: "10.1.0.0/16" });
  await associate(other, { secondaryCidrBlock: "172.16.0.0/16" });
});

test("a secondary block neither equals nor contains the destination of a custom route entry; it may lie in one", async () => {
  const [vpc, other] = [await newVpc(), await newVpc()];
  await instanceRoute(server, vpc, "172.16.0.0/16");
  const conflict = {
    code: "OperationFailed.ConflictWithEntry",
    message: "The specified SecondaryCidrBlock conflicts with a custom route entry of the VPC.",
  };
  await refusesBlocks(vpc, "SecondaryCidrBlock", ["172.16.0.0/16", "172.16.0.0/12"], conflict);
  await associate(vpc, { secondaryCidrBlock: "172.16.0.0/17" });
  await associate(other, { secondaryCidrBlock: "172.16.0.0/16" });
});

test("a VPC holds as many secondary blocks as the quota says, five by default; IPv6 blocks do not count", async () => {
  const vpc = await newVpc(withIpv6);
  const full = { code: "QuotaExceeded.VpcMultiCidr", message: "The quota of secondary CIDR blocks of the VPC is exceeded." };
  for (let n = 1; n <= 5; n++) await associate(vpc, { secondaryCidrBlock: `10.${n}.0.0/16` });
  await refusesBlocks(vpc, "SecondaryCidrBlock", ["10.6.0.0/16"], full);
  await associate(vpc, { ipVersion: "IPV6" });
  await unassociate(vpc, { secondaryCidrBlock: "10.3.0.0/16" });
  await associate(vpc, { secondaryCidrBlock: "10.6.0.0/16" });
  assert.deepEqual(await secondary(vpc), ["10.1.0.0/16", "10.2.0.0/16", "10.4.0.0/16", "10.5.0.0/16", "10.6.0.0/16"]);

  await raise([{ name: "VpcMultiCidr", value: 6, account: requesterKey.account, region: hangzhou }]);
  await associate(vpc, { secondaryCidrBlock: "10.7.0.0/16" });
  await refusesBlocks(vpc, "SecondaryCidrBlock", ["10.8.0.0/16"], full);
  await raise([{ name: "VpcMultiCidr", value: 0 }]);
  await refusesBlocks(await newVpc(), "SecondaryCidrBlock", ["10.8.0.0/16"], full);
  await raise([]);
});

test("the first IPv6 block switches IPv6 on, further ones stand behind it, and without the first the second leads", async () => {
  const vpc = await newVpc();
  assert.deepEqual(await associate(vpc, { IPv6CidrBlock: "2408:4005:03C5:6e00::/56", ipv6Isp: "ChinaUnicom", ipVersion: "IPV6" }), [
    own,
    "IPV6",
  ]);
  const first = { ipv6CidrBlock: own, ipv6Isp: "ChinaUnicom" };
  assert.deepEqual(await ipv6(vpc), { enabledIpv6: true, first: own, all: [first] });

  const named = "2408:4005:3c5:7000::/56";
  assert.deepEqual(await associate(vpc, { IPv6CidrBlock: named, ipv6CidrMask: 56 }), [named, "IPV6"]);
  const [chosen, version] = await associate(vpc, { ipVersion: "ipv6" });
  assert.match(chosen ?? "", /^2408:4[0-9a-f:]+00::\/56$/);
  assert.equal(version, "IPV6");
  const isp = "ChinaUnicom";
  const others = [named, chosen].map((ipv6CidrBlock) => ({ ipv6CidrBlock, ipv6Isp: isp }));
  assert.deepEqual(await ipv6(vpc), { enabledIpv6: true, first: own, all: [first, ...others] });

  await unassociate(vpc, { IPv6CidrBlock: own });
  assert.deepEqual(await ipv6(vpc), { enabledIpv6: true, first: named, all: others });
  await unassociate(vpc, { IPv6CidrBlock: "2408:4005:3c5:7000:0::/56" });
  await unassociate(vpc, { IPv6CidrBlock: chosen });
  assert.deepEqual(await ipv6(vpc), { enabledIpv6: false, first: "", all: [] });
  assert.deepEqual(await secondary(vpc), []);
});

test("a vSwitch takes its part of the block that it names, and keeps that block", async () => {
  const vpc = await newVpc(withIpv6);
  const second = "2408:4005:3c5:7000::/56";
  await associate(vpc, { IPv6CidrBlock: second });
  const VSwitchId = await vSwitchIn(server, vpc, "10.0.1.0/24", { Ipv6CidrBlock: 9, VpcIpv6CidrBlock: second });
  assert.equal((await readVSwitch(sdk, VSwitchId)).ipv6CidrBlock, "2408:4005:3c5:7009::/64");
  const inUse = { code: "OperationFailed.IpV6VSwitchInuse", message: "Operation failed because some vswitch ipv6 is in use." };
  await refuses("UnassociateVpcCidrBlock", vpc, [{ IPv6CidrBlock: second }, { IPv6CidrBlock: "2408:4005:03c5:7000::/56" }], inUse);
  await unassociate(vpc, { IPv6CidrBlock: own });
  succeeded(await server.requester.vpc("DeleteVSwitch", { VSwitchId }));
  await server.advance();
  await unassociate(vpc, { IPv6CidrBlock: second });
});

test("an IPv6 block is refused that is malformed, private, or the VPC's already", async () => {
  const vpc = await newVpc(withIpv6);
  await associate(vpc, { IPv6CidrBlock: "2408:4005:3c5:7000::/56" });
  const wrong = ["2408:4005:3c5:6e00::/64", "2408:4005:3c5:6e01::/56", "10.0.0.0/16", "12345::/56", "x", "f".repeat(65)];
  await refusesBlocks(vpc, "IPv6CidrBlock", wrong, malformed);
  const unique = { code: "OperationUnsupported.IPv6ULA", message: "Unique local IPv6 addresses are not supported." };
  await refusesBlocks(vpc, "IPv6CidrBlock", [...notRoutable, "fc00:1::/56"], unique);
  const taken = {
    code: "OperationFailed.Ipv6CidrBlockExisted",
    message: "The specified IPv6CidrBlock is a CIDR block of the VPC already.",
  };
  await refusesBlocks(vpc, "IPv6CidrBlock", [own, "2408:4005:03c5:6E00::/56", "2408:4005:3c5:7000::/56"], taken);
  const isp = { code: "UnsupportedFeature.Ipv6Isp", message: "The Ipv6Isp feature is not supported." };
  await refuses("AssociateVpcCidrBlock", vpc, [{ IpVersion: "IPV6", Ipv6Isp: "Nobody" }], isp);
});

test("a VPC holds as many IPv6 blocks as the quota says, five by default; IPv4 blocks do not count", async () => {
  const vpc = await newVpc(withIpv6);
  const full = { code: "QuotaExceeded.GUAIpv6CidrBlock", message: "The quota of IPv6 CIDR blocks of the VPC is exceeded." };
  for (let n = 1; n < 5; n++) await associate(vpc, { ipVersion: "IPV6" });
  const more = [{ IpVersion: "IPV6" }, { IPv6CidrBlock: "2408:4005:3c5:7000::/56" }];
  await refuses("AssociateVpcCidrBlock", vpc, more, full);
  await associate(vpc, { secondaryCidrBlock: "172.16.0.0/16" });
  await unassociate(vpc, { IPv6CidrBlock: own });
  await associate(vpc, { ipVersion: "IPV6" });
  await raise([{ name: "GUAIpv6CidrBlock", value: 6 }]);
  await associate(vpc, { ipVersion: "IPV6" });
  await refuses("AssociateVpcCidrBlock", vpc, more, full);
  assert.equal((await ipv6(vpc)).all.length, 6);
  await raise([{ name: "GUAIpv6CidrBlock", value: 0 }]);
  await refuses("AssociateVpcCidrBlock", await newVpc(), more, full);
  await raise([]);
});

test("a call is about exactly one block, and IpVersion says its version", async () => {
  const vpc = await newVpc();
  const [ipv4, six] = [{ SecondaryCidrBlock: "172.16.0.0/16" }, { IPv6CidrBlock: own }];
  await refuses("AssociateVpcCidrBlock", vpc, [{}, { IpVersion: "IPV4" }], noneGiven);
  await refuses("UnassociateVpcCidrBlock", vpc, [{}], noneGiven);
  for (const action of ["AssociateVpcCidrBlock", "UnassociateVpcCidrBlock"]) await refuses(action, vpc, [{ ...ipv4, ...six }], twoGiven);
  const version = { code: "IllegalParam.IpVersion", message: "The specified IpVersion does not match the CIDR block." };
  const crossed = [
    { ...ipv4, IpVersion: "IPV6" },
    { ...six, IpVersion: "IPV4" },
  ];
  await refuses("AssociateVpcCidrBlock", vpc, crossed, version);
  const unknown = { ...version, message: "IpVersion: IPV4 or IPV6" };
  await refuses(
    "AssociateVpcCidrBlock",
    vpc,
    [
      { ...ipv4, IpVersion: "IPV5" },
      { ...ipv4, IpVersion: "4" },
    ],
    unknown,
  );
});

test("address pools do not exist here, and a mask alone asks for one", async () => {
  const vpc = await newVpc();
  const pool = { code: "UnsupportedFeature.Ipam", message: "IPAM is not supported in this region." };
  await refuses("AssociateVpcCidrBlock", vpc, [{ IpamPoolId: "ipam-pool-1", SecondaryCidrMask: 16 }], pool);
  const masks = [
    { SecondaryCidrMask: 16 },
    { IpVersion: "IPV6", Ipv6CidrMask: 56 },
    { SecondaryCidrBlock: "172.16.0.0/16", Ipv6CidrMask: 56 },
  ];
  const none = { code: "IllegalParam.IpamPool", message: "The specified IPAM pool cannot be empty." };
  await refuses("AssociateVpcCidrBlock", vpc, masks, none);
});

test("a mask that comes with a secondary block is that block's own", async () => {
  const vpc = await newVpc();
  const given = (SecondaryCidrMask: number): Parameters => ({ SecondaryCidrBlock: "172.16.0.0/16", SecondaryCidrMask });
  const mask = { code: "IllegalParam.SecondaryCidrMask", message: "The specified Secondary CIDR Mask is illegal." };
  await refuses("AssociateVpcCidrBlock", vpc, [8, 15, 17, 28].map(given), mask);
  assert.deepEqual(await associate(vpc, { secondaryCidrBlock: "172.16.0.0/16", secondaryCidrMask: 16 }), ["172.16.0.0/16", "IPV4"]);
  assert.deepEqual(await secondary(vpc), ["172.16.0.0/16"]);
});

test("all IPv6 blocks of a VPC have the Ipv6Isp of the first", async () => {
  const vpc = await newVpc();
  await associate(vpc, { IPv6CidrBlock: own, ipv6Isp: "ChinaUnicom" });
  const second = "2408:4005:3c5:7000::/56";
  const differing = ["BGP", "ChinaMobile"].flatMap((Ipv6Isp) => [
    { IpVersion: "IPV6", Ipv6Isp },
    { IPv6CidrBlock: second, Ipv6Isp },
  ]);
  const isp = { code: "UnsupportedFeature.Ipv6Isp", message: "The Ipv6Isp feature is not supported." };
  await refuses("AssociateVpcCidrBlock", vpc, differing, isp);
  await associate(vpc, { IPv6CidrBlock: second, ipv6Isp: "ChinaUnicom" });
  assert.deepEqual(
    (await ipv6(vpc)).all,
    [own, second].map((ipv6CidrBlock) => ({ ipv6CidrBlock, ipv6Isp: "ChinaUnicom" })),
  );
});

test("AssociateVpcCidrBlock without a VPC names what is missing", async () => {
  const call = (): Promise<Answer> =>
    server.requester.vpc("AssociateVpcCidrBlock", { RegionId: hangzhou, SecondaryCidrBlock: "172.16.0.0/16" });
  await refusedUnchanged(server, call, { code: "MissingParam.VpcId", message: "You must specify VpcId." });
});

test("a custom route entry with an IPv6 destination keeps the last IPv6 block, and no other", async () => {
  const vpc = await newVpc(withIpv6);
  const second = "2408:4005:3c5:7000::/56";
  await associate(vpc, { IPv6CidrBlock: second });
  const RouteEntryId = await instanceRoute(server, vpc, "2001:db8::/32", { RouteTableId: await routeTableIn(server, vpc) });
  await instanceRoute(server, vpc, "192.168.0.0/16");
  await unassociate(vpc, { IPv6CidrBlock: own });
  const used = { code: "OperationFailed.CidrInUse", message: "The specified IPv6CidrBlock is used by a custom route entry." };
  await refuses("UnassociateVpcCidrBlock", vpc, [{ IPv6CidrBlock: second }], used);
  succeeded(await server.requester.vpc("DeleteRouteEntry", { RegionId: hangzhou, RouteEntryId }));
  await refuses("UnassociateVpcCidrBlock", vpc, [{ IPv6CidrBlock: second }], used); // while it is being deleted
  await server.advance();
  await unassociate(vpc, { IPv6CidrBlock: second });
  assert.equal((await ipv6(vpc)).enabledIpv6, false);
});

test("a block that the VPC does not have cannot be removed; its primary block is no secondary one", async () => {
  const vpc = await newVpc(withIpv6);
  await associate(vpc, { secondaryCidrBlock: "172.16.0.0/16" });
  const blocks = ["172.17.0.0/16", "172.16.0.0/17", "172.16.0.0/12", "10.0.0.0/16", "x"];
  const absent = { code: "InvalidSecondaryCidrBlock.NotFound", message: "The specified SecondaryCidrBlock does not exist." };
  const each = (parameter: string, all: readonly string[]): Parameters[] => all.map((block) => ({ [parameter]: block }));
  await refuses("UnassociateVpcCidrBlock", vpc, each("SecondaryCidrBlock", blocks), absent);
  const absent6 = { code: "InvalidIpv6CidrBlock.NotFound", message: "The specified IPv6CidrBlock does not exist." };
  const blocks6 = ["2408:4005:3c5:7000::/56", "2408:4005:3c5:6e00::/64", "x", "172.16.0.0/16"];
  await refuses("UnassociateVpcCidrBlock", vpc, each("IPv6CidrBlock", blocks6), absent6);
});

test("a VPC that is being created or deleted keeps its blocks, and one that is gone is not found", async () => {
  const { vpcId } = await createVpc(sdk, hangzhou, { cidrBlock: "10.0.0.0/16" });
  const vpc: TestVpc = { vpcId: vpcId ?? "", routeTableId: "", region: hangzhou, owner: server.requester };
  const both = async (expected: Expected): Promise<void> => {
    for (const action of ["AssociateVpcCidrBlock", "UnassociateVpcCidrBlock"]) {
      await refuses(action, vpc, [{ SecondaryCidrBlock: "172.16.0.0/16" }, { IPv6CidrBlock: own }], expected);
    }
  };
  const status = { code: "IncorrectStatus.Vpc", message: "The status of the specified VPC is incorrect." };
  await both(status);
  await server.advance();
  await deleteVpc(sdk, hangzhou, vpcId);
  await both(status);
  await server.advance();
  await both({ code: "InvalidVpc.NotFound", message: "The specified VPC does not exist." });
});
