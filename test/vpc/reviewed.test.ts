import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Answer, Parameters } from "../support/caller.ts";
import { availableVpc, hangzhou, routeTableIn, succeeded, type TestVpc, vSwitchIn } from "../support/networks.ts";
import { type Expected, refusedUnchanged } from "../support/outcomes.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** Defects of the VPC family that a review found, each by what was wrong. */
let server: InProcessServer;

before(async () => {
  server = await startServer();
  await server.admin("PUT", "settings", { quotas: [{ name: "Vpc", value: 1000 }], features: [] });
});
after(() => server.stop());

const call = (action: string, parameters: Parameters): Promise<Answer> =>
  server.requester.vpc(action, { RegionId: hangzhou, ...parameters });
const refused = (action: string, parameters: Parameters, expected: Expected): Promise<void> =>
  refusedUnchanged(server, () => call(action, parameters), expected);
const newVpc = (parameters: Parameters = {}): Promise<TestVpc> => availableVpc(server, server.requester, hangzhou, parameters);
const story = async ({ body }: Answer): Promise<any> => (await server.admin("GET", `requests/${body.RequestId}`)).body;

const own = "2408:4005:3c5:6e00::/56";
const withIpv6 = { EnableIpv6: true, Ipv6CidrBlock: own };
const ipv6Invalid = { code: "IllegalParam.Ipv6Cidr", message: "The specified Ipv6CidrBlock is invalid." };

test("IPv6 blocks that nobody can route were accepted: unspecified, private, link-local, multicast", async () => {
  const vpc = await newVpc();
  const malformed = { code: "InvalidIpv6CidrBlock.Malformed", message: "Specified Ipv6CidrBlock is not valid." };
  for (const Ipv6CidrBlock of ["::/56", "fd00::/56", "fe80::/56", "ff00::/56"]) {
    for (const action of ["CreateVpc", "CreateDefaultVpc"]) await refused(action, { EnableIpv6: true, Ipv6CidrBlock }, malformed);
    await refused("ModifyVpcAttribute", { VpcId: vpc.vpcId, EnableIPv6: true, Ipv6CidrBlock }, ipv6Invalid);
  }
});

test("another IPv6 block for a VPC that has one was ignored", async () => {
  const { vpcId: VpcId } = await newVpc(withIpv6);
  await refused("ModifyVpcAttribute", { VpcId, EnableIPv6: true, Ipv6CidrBlock: "2001:db8:1::/56" }, ipv6Invalid);
  succeeded(await call("ModifyVpcAttribute", { VpcId, EnableIPv6: true, Ipv6CidrBlock: own }));
});

test("IPv6 could be switched off under custom route entries to IPv6 destinations", async () => {
  const vpc = await newVpc(withIpv6);
  const entry = { RouteTableId: vpc.routeTableId, DestinationCidrBlock: "2001:db8::/32", NextHopId: "i-router" };
  succeeded(await call("CreateRouteEntry", entry));
  await server.advance();
  await refused(
    "ModifyVpcAttribute",
    { VpcId: vpc.vpcId, EnableIPv6: false },
    {
      code: "OperationUnsupported.DisableIpv6",
      message: "IPv6 cannot be disabled while the VPC has custom route entries with IPv6 destinations.",
    },
  );
  await refused(
    "UnassociateVpcCidrBlock",
    { VpcId: vpc.vpcId, IPv6CidrBlock: own },
    { code: "OperationFailed.CidrInUse", message: "The specified IPv6CidrBlock is used by a custom route entry." },
  );
  succeeded(await call("DeleteRouteEntry", entry));
  await server.advance();
  succeeded(await call("UnassociateVpcCidrBlock", { VpcId: vpc.vpcId, IPv6CidrBlock: own }));
});

test("a mask that contradicts its block, and another provider for a second IPv6 block, were ignored", async () => {
  const { vpcId: VpcId } = await newVpc(withIpv6);
  const block = { VpcId, SecondaryCidrBlock: "192.168.0.0/24" };
  await refused(
    "AssociateVpcCidrBlock",
    { ...block, SecondaryCidrMask: 16 },
    { code: "IllegalParam.SecondaryCidrMask", message: "The specified Secondary CIDR Mask is illegal." },
  );
  succeeded(await call("AssociateVpcCidrBlock", { ...block, SecondaryCidrMask: 24 }));
  await refused(
    "AssociateVpcCidrBlock",
    { VpcId, IPv6CidrBlock: "2001:db8:2::/56", Ipv6Isp: "ChinaMobile" },
    { code: "UnsupportedFeature.Ipv6Isp", message: "The Ipv6Isp feature is not supported." },
  );
  succeeded(await call("AssociateVpcCidrBlock", { VpcId, IPv6CidrBlock: "2001:db8:2::/56", Ipv6Isp: "BGP" }));
});

test("switching IPv6 on where it is on was refused with the code for a missing number", async () => {
  const vpc = await newVpc(withIpv6);
  const VSwitchId = await vSwitchIn(server, vpc, "10.0.1.0/24", { Ipv6CidrBlock: 1 });
  await refused(
    "ModifyVSwitchAttribute",
    { VSwitchId, EnableIPv6: true },
    { code: "OperationFailed.Ipv6AlreadyEnabled", message: "IPv6 is enabled for the vSwitch already." },
  );
});

test("an entry was deleted or modified although its name contradicted itself", async () => {
  const { routeTableId: RouteTableId } = await newVpc();
  const destination = "192.168.0.0/16";
  const created = await call("CreateRouteEntry", { RouteTableId, DestinationCidrBlock: destination, NextHopId: "i-router" });
  const { RouteEntryId } = succeeded(created).body;
  await server.advance();
  for (const other of [{ DstCidrBlock: "172.16.0.0/12" }, { NextHop: "i-other" }]) {
    const { body } = succeeded(await call("DeleteRouteEntries", { RouteEntries: [{ RouteTableId, RouteEntryId, ...other }] }));
    assert.deepEqual([body.SuccessCount, body.FailedRouteEntries[0].FailedCode], [0, "InvalidRouteEntryId.NotFound"]);
  }
  await refused(
    "ModifyRouteEntry",
    { RouteEntryId, DestinationCidrBlock: "172.16.0.0/12", RouteEntryName: "other" },
    { code: "InvalidRouteEntryId.NotFound", message: "The specified resource of RouteEntryId is not found.", status: 404 },
  );
  const agreeing = [{ RouteTableId, RouteEntryId, DstCidrBlock: destination, NextHop: "i-router" }];
  assert.equal(succeeded(await call("DeleteRouteEntries", { RouteEntries: agreeing })).body.SuccessCount, 1);
});

test("the story of a batch did not tell which members failed, and its page said that it had succeeded", async () => {
  const { routeTableId: RouteTableId } = await newVpc();
  const member = (DstCidrBlock: string) => ({ RouteTableId, DstCidrBlock, NextHop: "i-router", NextHopType: "Instance" });
  const answer = succeeded(
    await call("CreateRouteEntries", { RouteEntries: [member("192.168.0.0/16"), member("100.64.1.0/24"), member("nonsense")] }),
  );
  assert.deepEqual([answer.body.SuccessCount, answer.body.FailedCount], [1, 2]);
  const { failedMembers, code } = await story(answer);
  assert.equal(code, "OK");
  assert.deepEqual(
    failedMembers.map((failed: any) => [failed.member, failed.code, failed.source]),
    [
      [`${RouteTableId} 100.64.1.0/24`, "InvalidDestinationCidrBlock", "sdk-metadata"],
      [`${RouteTableId} nonsense`, "InvalidCidrBlock.Malformed", "public-docs"],
    ],
  );
  const page = await (
    await fetch(`${server.url}/_linkspan/requests/${answer.body.RequestId}`, { headers: { accept: "text/html" } })
  ).text();
  assert.match(page, /Succeeded in part/);
  assert.match(page, /nonsense/);
});

test("a refused deletion did not name what is in the way", async () => {
  const vpc = await newVpc();
  const vSwitchId = await vSwitchIn(server, vpc, "10.0.1.0/24");
  const table = await routeTableIn(server, vpc);
  const subjectOf = async (action: string, parameters: Parameters): Promise<string> =>
    (await story(await call(action, parameters))).subject?.id;
  assert.equal(await subjectOf("DeleteVpc", { VpcId: vpc.vpcId }), vSwitchId);
  succeeded(await call("AssociateRouteTable", { RouteTableId: table, VSwitchId: vSwitchId }));
  await server.advance();
  assert.equal(await subjectOf("DeleteRouteTable", { RouteTableId: table }), vSwitchId);
});
