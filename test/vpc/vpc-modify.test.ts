import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, instanceRoute, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged, tokenReused } from "../support/outcomes.ts";
import { type InProcessServer, requesterKey, startServer } from "../support/server.ts";
import { ask, createVpc, deleteVpc, listVpcs, notRoutable, type Options, readVpc, type Sdk, sdkOf } from "./support.ts";

/** ModifyVpcAttribute, EnableVpcClassicLink and DisableVpcClassicLink. Secondary blocks are in vpc-cidr-blocks.test.ts. */
let server: InProcessServer;
let sdk: Sdk;

before(async () => {
  server = await startServer();
  sdk = sdkOf(server, requesterKey);
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const newVpc = (parameters: Parameters = {}): Promise<TestVpc> => availableVpc(server, server.requester, hangzhou, parameters);
const modify = (vpcId: string | undefined, options: Options) => ask(sdk, "modifyVpcAttribute", { regionId: hangzhou, vpcId, ...options });
const read = (vpcId: string | undefined) => readVpc(sdk, hangzhou, vpcId);
const ipv6 = { EnableIpv6: true, Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" };

/** Asserts that changing the VPC is refused with each of these parameters, and leaves no trace. */
async function refuses({ vpcId }: TestVpc, all: readonly Parameters[], expected: Expected): Promise<void> {
  for (const parameters of all) {
    const call = (): Promise<Answer> => server.requester.vpc("ModifyVpcAttribute", { VpcId: vpcId, ...parameters });
    await refusedUnchanged(server, call, expected);
  }
}
const status: Expected = { code: "IncorrectVpcStatus", message: "Current VPC status does not support this operation." };
const notFound: Expected = { code: "InvalidVpcId.NotFound", message: "Specified VPC does not exist.", status: 404 };
const cidr: Expected = { code: "InvalidCidrBlock.Malformed", message: "Specified CIDR block is not valid." };
const ipv6Block: Expected = { code: "IllegalParam.Ipv6Cidr", message: "The specified Ipv6CidrBlock is invalid." };

test("name and description change at once, each alone or both, and everything else stays", async () => {
  const { vpcId } = await newVpc({ VpcName: "before", Description: "first", EnableDnsHostname: true, ...ipv6 });
  const fields = async (): Promise<object> => {
    const { requestId: _id, vpcName: _name, description: _description, ...others } = JSON.parse(JSON.stringify(await read(vpcId)));
    return others;
  };
  const others = await fields();
  const changes: readonly (readonly [options: Options, name: string, description: string])[] = [
    [{ vpcName: "after" }, "after", "first"],
    [{ description: "second\nline" }, "after", "second\nline"],
    [{ vpcName: "测".repeat(128), description: "d".repeat(256) }, "测".repeat(128), "d".repeat(256)],
    [{ vpcName: "", description: "" }, "测".repeat(128), "d".repeat(256)],
    [{}, "测".repeat(128), "d".repeat(256)],
    [{ vpcName: "last", regionId: undefined }, "last", "d".repeat(256)],
  ];
  for (const [options, name, description] of changes) {
    await modify(vpcId, options);
    const { vpcName: shown, description: text, status: state } = await read(vpcId);
    assert.deepEqual([shown, text, state], [name, description, "Available"]);
    const [listed] = (await listVpcs(sdk, hangzhou, { vpcName: name })).items;
    assert.deepEqual([listed?.vpcId, listed?.description], [vpcId, description]);
  }
  assert.deepEqual((await listVpcs(sdk, hangzhou, { vpcName: "before" })).ids, []);
  assert.deepEqual(await fields(), others);
});

test("names and descriptions that are too long or begin with an address are refused", async () => {
  const vpc = await newVpc();
  const names = ["n".repeat(129), "http://vpc", "HTTPS://vpc", "two\nlines"].map((VpcName) => ({ VpcName }));
  await refuses(vpc, names, { code: "InvalidVpcName.Malformed", message: "Specified VPC name is not valid." });
  const texts = ["d".repeat(257), "http://vpc", "https://vpc"].map((Description) => ({ Description }));
  await refuses(vpc, texts, { code: "InvalidVpcDiscription.Malformed", message: "Specified VPC description is not valid." });
});

test("the primary block changes at once, and new vSwitches lie in the new one", async () => {
  const vpc = await newVpc({ CidrBlock: "172.16.0.0/16" });
  // As Terraform's own tests do.
  for (const cidrBlock of ["10.0.0.0/8", "172.16.0.0/12", "172.16.0.0/12", "192.168.0.0/28", "172.16.0.0/16"]) {
    await modify(vpc.vpcId, { cidrBlock });
    assert.deepEqual([(await read(vpc.vpcId)).cidrBlock, (await read(vpc.vpcId)).status], [cidrBlock, "Available"]);
    assert.equal((await listVpcs(sdk, hangzhou, { vpcId: vpc.vpcId })).items[0]?.cidrBlock, cidrBlock);
  }
  const old = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24" };
  const outside = { code: "InvalidParameter", message: "Specified CIDR block is not valid in VPC." };
  await refusedUnchanged(server, () => server.requester.vpc("CreateVSwitch", old), outside);
  await vSwitchIn(server, vpc, "172.16.1.0/24");
});

test("a primary block is refused that is malformed, reserved, or overlaps a secondary block", async () => {
  const vpc = await newVpc();
  await ask(sdk, "associateVpcCidrBlock", { regionId: hangzhou, vpcId: vpc.vpcId, secondaryCidrBlock: "172.16.0.0/16" });
  const wrong = [
    ["10.0.0.0/7", "10.0.0.0/29", "0.0.0.0/0", "10.0.0.1/8", "10.0.0.0", "300.0.0.0/8", "fd00::/16", "x", "1".repeat(65)],
    ["100.64.0.0/10", "100.100.0.0/16", "224.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16"],
    ["172.16.0.0/16", "172.16.0.0/12", "172.16.128.0/17"],
  ].flat();
  await refuses(
    vpc,
    wrong.map((CidrBlock) => ({ CidrBlock })),
    cidr,
  );
  await modify(vpc.vpcId, { cidrBlock: "172.17.0.0/16" });
});

test("the new primary block must hold every vSwitch that no secondary block holds", async () => {
  const vpc = await newVpc({ CidrBlock: "10.0.0.0/8" });
  await ask(sdk, "associateVpcCidrBlock", { regionId: hangzhou, vpcId: vpc.vpcId, secondaryCidrBlock: "192.168.0.0/16" });
  await vSwitchIn(server, vpc, "192.168.1.0/24");
  await modify(vpc.vpcId, { cidrBlock: "172.16.0.0/12" });
  await modify(vpc.vpcId, { cidrBlock: "10.0.0.0/8" });

  const vSwitch = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.1.2.0/24" };
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", vSwitch)).body;
  const left: Expected = { code: "IllegalCidrBlock", message: "Some subnet cidrBlock is not in the cidrBlock." };
  const outside = ["172.16.0.0/12", "10.0.0.0/16", "10.1.2.0/25", "10.1.3.0/24"].map((CidrBlock) => ({ CidrBlock }));
  await refuses(vpc, outside, left); // while it is being created
  await server.advance();
  await refuses(vpc, outside, left);
  for (const cidrBlock of ["10.1.0.0/16", "10.1.2.0/24", "10.0.0.0/8"]) await modify(vpc.vpcId, { cidrBlock });

  succeeded(await server.requester.vpc("DeleteVSwitch", { VSwitchId }));
  await refuses(vpc, outside, left); // while it is being deleted
  await server.advance();
  await modify(vpc.vpcId, { cidrBlock: "172.16.0.0/12" });
});

test("the block of a default VPC stays, its name does not", async () => {
  const { vpcId } = await ask(sdk, "createDefaultVpc", { regionId: hangzhou });
  await server.advance();
  const vpc: TestVpc = { vpcId: vpcId ?? "", routeTableId: "", region: hangzhou, owner: server.requester };
  const expected = { code: "OperationUnsupported.DefaultVpc", message: "The CIDR block of a default VPC cannot be changed." };
  await refuses(vpc, [{ CidrBlock: "10.0.0.0/16" }, { CidrBlock: "10.0.0.0/16", VpcName: "mine" }], expected);
  await modify(vpcId, { vpcName: "mine" });
  assert.deepEqual([(await read(vpcId)).vpcName, (await read(vpcId)).cidrBlock], ["mine", "172.31.0.0/16"]);
});

test("IPv6 is switched on with a block of the cloud's choice or a named one, and off again", async () => {
  const { vpcId } = await newVpc();
  const shown = async () => {
    const { enabledIpv6, ipv6CidrBlock, ipv6CidrBlocks } = JSON.parse(JSON.stringify(await read(vpcId)));
    const [listed] = (await listVpcs(sdk, hangzhou, { vpcId })).items;
    assert.deepEqual([listed?.enabledIpv6, listed?.ipv6CidrBlock], [enabledIpv6, ipv6CidrBlock]);
    assert.deepEqual((await listVpcs(sdk, hangzhou, { vpcId, enableIpv6: enabledIpv6 })).ids, [vpcId]);
    assert.deepEqual((await listVpcs(sdk, hangzhou, { vpcId, enableIpv6: !enabledIpv6 })).ids, []);
    return { enabledIpv6, ipv6CidrBlock, blocks: ipv6CidrBlocks.ipv6CidrBlock };
  };
  const off = { enabledIpv6: false, ipv6CidrBlock: "", blocks: [] };
  assert.deepEqual(await shown(), off);

  await modify(vpcId, { enableIPv6: true });
  const chosen = await shown();
  assert.match(chosen.ipv6CidrBlock, /^2408:4[0-9a-f:]+00::\/56$/);
  assert.deepEqual(chosen, {
    enabledIpv6: true,
    ipv6CidrBlock: chosen.ipv6CidrBlock,
    blocks: [{ ipv6CidrBlock: chosen.ipv6CidrBlock, ipv6Isp: "BGP" }],
  });
  // A block that the VPC has stays.
  await modify(vpcId, { enableIPv6: true });
  await modify(vpcId, { vpcName: "still" });
  assert.deepEqual(await shown(), chosen);

  await modify(vpcId, { enableIPv6: false });
  assert.deepEqual(await shown(), off);
  await modify(vpcId, { enableIPv6: false });
  assert.deepEqual(await shown(), off);

  await modify(vpcId, { enableIPv6: true, ipv6CidrBlock: "2408:4005:03c5:6E00::/56", ipv6Isp: "ChinaMobile" });
  const named = "2408:4005:3c5:6e00::/56";
  assert.deepEqual(await shown(), { enabledIpv6: true, ipv6CidrBlock: named, blocks: [{ ipv6CidrBlock: named, ipv6Isp: "ChinaMobile" }] });
});

test("an IPv6 block is refused that is none, or that comes without EnableIPv6; so is an unknown Ipv6Isp", async () => {
  const vpc = await newVpc();
  const wrong = ["2408:4005:3c5:6e00::/64", "2408:4005:3c5:6e01::/56", "10.0.0.0/16", "::", "x", "f".repeat(65), ...notRoutable];
  await refuses(
    vpc,
    wrong.map((Ipv6CidrBlock) => ({ EnableIPv6: true, Ipv6CidrBlock })),
    ipv6Block,
  );
  const { Ipv6CidrBlock } = ipv6;
  await refuses(vpc, [{ Ipv6CidrBlock }, { Ipv6CidrBlock, EnableIPv6: false }], ipv6Block);
  const isp = { code: "UnsupportedFeature.Ipv6Isp", message: "The Ipv6Isp feature is not supported." };
  await refuses(vpc, [{ EnableIPv6: true, Ipv6Isp: "Nobody" }, { Ipv6Isp: "bgp" }], isp);
});

test("a VPC with IPv6 keeps its block: naming another one is refused, naming its own is not", async () => {
  const vpc = await newVpc(ipv6);
  const others = ["2408:4005:3c5:7000::/56", "2408:4005:3c5:6f00::/56"].map((Ipv6CidrBlock) => ({ EnableIPv6: true, Ipv6CidrBlock }));
  await refuses(vpc, others, ipv6Block);
  for (const ipv6CidrBlock of [ipv6.Ipv6CidrBlock, "2408:4005:03C5:6E00::/56"])
    await modify(vpc.vpcId, { enableIPv6: true, ipv6CidrBlock });
  const { ipv6CidrBlock, ipv6CidrBlocks } = await read(vpc.vpcId);
  assert.deepEqual([ipv6CidrBlock, ipv6CidrBlocks?.ipv6CidrBlock?.length], [ipv6.Ipv6CidrBlock, 1]);
});

test("CidrBlock and EnableIPv6 come one at a time", async () => {
  const vpc = await newVpc();
  const both = [true, false].map((EnableIPv6) => ({ CidrBlock: "10.0.0.0/8", EnableIPv6 }));
  const expected = { code: "ParamExclusive.EnableIpv6AndCidrBlock", message: "EnableIpv6 and CidrBlock is mutually exclusive." };
  await refuses(vpc, both, expected);
});

test("IPv6 stays on while a vSwitch uses it or the VPC has a second IPv6 block", async () => {
  const vpc = await newVpc(ipv6);
  const off = [{ EnableIPv6: false }];
  const vSwitch = { RegionId: hangzhou, VpcId: vpc.vpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "10.0.1.0/24", Ipv6CidrBlock: 7 };
  await vSwitchIn(server, vpc, "10.0.2.0/24");
  const { VSwitchId } = succeeded(await server.requester.vpc("CreateVSwitch", vSwitch)).body;
  const inUse = { code: "OperationFailed.IpV6VSwitchInuse", message: "Operation failed because some vswitch ipv6 is in use." };
  await refuses(vpc, off, inUse);
  await server.advance();
  await refuses(vpc, off, inUse);
  succeeded(await server.requester.vpc("DeleteVSwitch", { VSwitchId }));
  await refuses(vpc, off, inUse);
  await server.advance();

  const second = await ask(sdk, "associateVpcCidrBlock", { regionId: hangzhou, vpcId: vpc.vpcId, ipVersion: "IPV6" });
  const message = "IPv6 cannot be disabled while the VPC has secondary IPv6 CIDR blocks.";
  await refuses(vpc, off, { code: "OperationUnsupported.DisableIpv6", message });
  await ask(sdk, "unassociateVpcCidrBlock", { regionId: hangzhou, vpcId: vpc.vpcId, IPv6CidrBlock: second.cidrBlock });
  await modify(vpc.vpcId, { enableIPv6: false });
  assert.equal((await read(vpc.vpcId)).enabledIpv6, false);
});

test("IPv6 stays on while a custom route entry of any table has an IPv6 destination", async () => {
  const vpc = await newVpc(ipv6);
  const message = "IPv6 cannot be disabled while the VPC has custom route entries with IPv6 destinations.";
  await instanceRoute(server, vpc, "192.168.0.0/16");
  for (const RouteTableId of [vpc.routeTableId, await routeTableIn(server, vpc)]) {
    const RouteEntryId = await instanceRoute(server, vpc, "2001:db8::/32", { RouteTableId });
    await refuses(vpc, [{ EnableIPv6: false }], { code: "OperationUnsupported.DisableIpv6", message });
    await modify(vpc.vpcId, { vpcName: "otherwise free" });
    succeeded(await server.requester.vpc("DeleteRouteEntry", { RegionId: hangzhou, RouteEntryId }));
    await refuses(vpc, [{ EnableIPv6: false }], { code: "OperationUnsupported.DisableIpv6", message }); // while it is being deleted
    await server.advance();
    await modify(vpc.vpcId, { enableIPv6: false });
    assert.equal((await read(vpc.vpcId)).enabledIpv6, false);
    await modify(vpc.vpcId, { enableIPv6: true });
  }
});

test("EnableDnsHostname shows as DnsHostnameStatus, on and off", async () => {
  const { vpcId } = await newVpc();
  for (const enableDnsHostname of [true, false, true]) {
    await modify(vpcId, { enableDnsHostname });
    const shown = enableDnsHostname ? "ENABLED" : "DISABLED";
    await modify(vpcId, { description: "of something else" });
    assert.equal((await read(vpcId)).dnsHostnameStatus, shown);
    assert.equal((await listVpcs(sdk, hangzhou, { vpcId })).items[0]?.dnsHostnameStatus, shown);
  }
});

test("ClassicLink is a mark that is switched on and off, each as often as one likes", async () => {
  const { vpcId } = await newVpc();
  const mark = async (): Promise<boolean | undefined> => (await read(vpcId)).classicLinkEnabled;
  assert.equal(await mark(), false);
  for (const wanted of [true, true, false, false, true]) {
    await ask(sdk, wanted ? "enableVpcClassicLink" : "disableVpcClassicLink", { regionId: hangzhou, vpcId });
    assert.deepEqual([await mark(), (await read(vpcId)).status], [wanted, "Available"]);
  }
  // Whatever else changes, the mark stays.
  await modify(vpcId, { vpcName: "linked" });
  assert.equal(await mark(), true);
});

test("a repeated ClientToken of a ClassicLink call repeats its answer and not its effect", async () => {
  const [{ vpcId }, other] = [await newVpc(), await newVpc()];
  const actions = ["EnableVpcClassicLink", "DisableVpcClassicLink"] as const;
  const call = (action: string, clientToken: string, VpcId = vpcId): Promise<Answer> =>
    server.requester.vpc(action, { RegionId: hangzhou, VpcId, ClientToken: clientToken });
  for (const [index, action] of actions.entries()) {
    const opposite = actions[1 - index] ?? "";
    succeeded(await call(action, `${action}-once`));
    succeeded(await call(opposite, `${action}-back`));
    const { classicLinkEnabled } = await read(vpcId);
    succeeded(await call(action, `${action}-once`));
    assert.equal((await read(vpcId)).classicLinkEnabled, classicLinkEnabled);
    await refusedUnchanged(server, () => call(action, `${action}-once`, other.vpcId), tokenReused);
  }
});

test("a VPC that is being created or deleted takes no change, and one that is gone is not found", async () => {
  const actions: readonly (readonly [action: string, parameters: Parameters])[] = [
    ["ModifyVpcAttribute", { VpcName: "new" }],
    ["ModifyVpcAttribute", { EnableIPv6: true }],
    ["EnableVpcClassicLink", {}],
    ["DisableVpcClassicLink", {}],
  ];
  const { vpcId } = await createVpc(sdk, hangzhou);
  const all = async (expected: Expected): Promise<void> => {
    for (const [action, parameters] of actions) {
      await refusedUnchanged(server, () => server.requester.vpc(action, { RegionId: hangzhou, VpcId: vpcId, ...parameters }), expected);
    }
  };
  await all(status);
  await server.advance();
  await deleteVpc(sdk, hangzhou, vpcId);
  await all(status);
  await server.advance();
  await all(notFound);
});
