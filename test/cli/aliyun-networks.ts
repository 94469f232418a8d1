import assert from "node:assert/strict";
import { test } from "node:test";
import { accepterKey } from "../support/server.ts";
import { newVpc, type Suite, type User } from "./aliyun-user.ts";

/** VPCs with all that is in them, and peering, as the CLI's users drive them. */
export function networks({ requester, accepter }: Suite): void {
  test("regions, zones, the caller and the resource groups", async () => {
    const { Regions } = await requester.answer("vpc DescribeRegions");
    assert.ok(Regions.Region.some(({ RegionId }: any) => RegionId === "cn-hangzhou"));
    const { Zones } = await requester.answer("vpc DescribeZones");
    assert.match(Zones.Zone[0].ZoneId, /^cn-hangzhou-/);
    assert.ok((await requester.answer("ecs DescribeRegions")).Regions.Region.length > 0);
    assert.ok((await requester.answer("ecs DescribeZones")).Zones.Zone.length > 0);
    const available = await requester.answer("ecs DescribeAvailableResource --DestinationResource Zone");
    assert.ok(available.AvailableZones.AvailableZone.length > 0);
    assert.equal((await requester.answer("sts GetCallerIdentity")).AccountId, "1000000000000001");
    assert.equal((await accepter.answer("sts GetCallerIdentity")).AccountId, "1000000000000002");
    assert.ok((await groups(requester)).includes("default"));
  });
  const groups = async (user: User): Promise<string[]> =>
    (await user.answer("resourcemanager ListResourceGroups")).ResourceGroups.ResourceGroup.map(({ Name }: any) => Name);

  test("the life of a VPC", async () => {
    const { VpcId } = await requester.answer(
      "vpc CreateVpc --CidrBlock 10.0.0.0/16 --VpcName hub --Description 'the first one' --Tag.1.Key env --Tag.1.Value lab",
    );
    const attribute = await requester.answer(`vpc DescribeVpcAttribute --VpcId ${VpcId}`);
    assert.deepEqual([attribute.VpcName, attribute.Description, attribute.CidrBlock], ["hub", "the first one", "10.0.0.0/16"]);
    for (const filter of ["--VpcName hub", `--VpcId ${VpcId}`, "--Tag.1.Key env --Tag.1.Value lab"]) {
      const { Vpcs, TotalCount } = await requester.answer(`vpc DescribeVpcs ${filter}`);
      assert.deepEqual([TotalCount, Vpcs.Vpc[0].VpcId], [1, VpcId], filter);
    }
    assert.equal((await accepter.answer("vpc DescribeVpcs")).TotalCount, 0);
    const { VRouters } = await requester.answer("vpc DescribeVRouters");
    assert.deepEqual(VRouters.VRouter.map((one: any) => one.VpcId), [VpcId]); // prettier-ignore

    await requester.answer(`vpc ModifyVpcAttribute --VpcId ${VpcId} --VpcName core --EnableIPv6 true`);
    await requester.answer(`vpc AssociateVpcCidrBlock --VpcId ${VpcId} --SecondaryCidrBlock 192.168.0.0/16`);
    const widened = await requester.answer(`vpc DescribeVpcAttribute --VpcId ${VpcId}`);
    assert.equal(widened.VpcName, "core");
    assert.notEqual(widened.Ipv6CidrBlock, "");
    assert.deepEqual(widened.SecondaryCidrBlocks, { SecondaryCidrBlock: ["192.168.0.0/16"] });
    await requester.answer(`vpc UnassociateVpcCidrBlock --VpcId ${VpcId} --SecondaryCidrBlock 192.168.0.0/16`);
    await requester.answer(`vpc EnableVpcClassicLink --VpcId ${VpcId}`);
    await requester.answer(`vpc DisableVpcClassicLink --VpcId ${VpcId}`);

    await requester.answer(`vpc DeleteVpc --VpcId ${VpcId}`);
    assert.equal((await requester.answer("vpc DescribeVpcs")).TotalCount, 0);
  });

  test("tags and resource groups of VPCs", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --VpcName tagged");
    const tagged = `--ResourceType VPC --ResourceId.1 ${VpcId}`;
    await requester.answer(`vpc TagResources ${tagged} --Tag.1.Key team --Tag.1.Value net --Tag.2.Key env --Tag.2.Value lab`);
    await requester.answer(`vpc UnTagResources ${tagged} --TagKey.1 env`);
    const { TagResources } = await requester.answer(`vpc ListTagResources ${tagged}`);
    assert.deepEqual(TagResources.TagResource.map(({ TagKey, TagValue }: any) => [TagKey, TagValue]), [["team", "net"]]); // prettier-ignore
    const { ResourceGroups } = await requester.answer("resourcemanager ListResourceGroups");
    for (const { Id } of ResourceGroups.ResourceGroup) {
      await requester.answer(`vpc MoveResourceGroup --ResourceType vpc --ResourceId ${VpcId} --NewResourceGroupId ${Id}`);
      assert.equal((await requester.answer(`vpc DescribeVpcAttribute --VpcId ${VpcId}`)).ResourceGroupId, Id);
    }
  });

  test("the life of a vSwitch, and the default network", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --CidrBlock 172.16.0.0/12");
    const { VSwitchId } = await requester.answer(
      `vpc CreateVSwitch --VpcId ${VpcId} --ZoneId cn-hangzhou-h --CidrBlock 172.16.1.0/24 --VSwitchName one`,
    );
    await requester.answer(`vpc ModifyVSwitchAttribute --VSwitchId ${VSwitchId} --VSwitchName other --Description changed`);
    const attributes = await requester.answer(`vpc DescribeVSwitchAttributes --VSwitchId ${VSwitchId}`);
    assert.deepEqual([attributes.VSwitchName, attributes.Description, attributes.CidrBlock], ["other", "changed", "172.16.1.0/24"]);
    const { VSwitches } = await requester.answer(`vpc DescribeVSwitches --VpcId ${VpcId}`);
    assert.deepEqual(VSwitches.VSwitch.map((one: any) => one.VSwitchId), [VSwitchId]); // prettier-ignore
    assert.equal((await requester.refusal(`vpc DeleteVpc --VpcId ${VpcId}`)).code, "DependencyViolation.VSwitch");
    await requester.answer(`vpc DeleteVSwitch --VSwitchId ${VSwitchId}`);
    await requester.answer(`vpc DeleteVpc --VpcId ${VpcId}`);

    const standard = await requester.answer("vpc CreateDefaultVpc --region cn-beijing");
    await requester.answer("vpc CreateDefaultVSwitch --region cn-beijing --ZoneId cn-beijing-h");
    const { Vpcs } = await requester.answer("vpc DescribeVpcs --region cn-beijing --IsDefault true");
    assert.deepEqual(Vpcs.Vpc.map((one: any) => [one.VpcId, one.VSwitchIds.VSwitchId.length]), [[standard.VpcId, 1]]); // prettier-ignore
  });

  test("the life of a route table", async () => {
    const { VpcId } = await requester.answer("vpc CreateVpc --CidrBlock 10.9.0.0/16");
    const { VSwitchId } = await requester.answer(`vpc CreateVSwitch --VpcId ${VpcId} --ZoneId cn-hangzhou-h --CidrBlock 10.9.1.0/24`);
    const { RouteTableId } = await requester.answer(`vpc CreateRouteTable --VpcId ${VpcId} --RouteTableName own`);
    await requester.answer(`vpc ModifyRouteTableAttributes --RouteTableId ${RouteTableId} --RouteTableName renamed`);
    const pair = `--RouteTableId ${RouteTableId} --VSwitchId ${VSwitchId}`;
    await requester.answer(`vpc AssociateRouteTable ${pair}`);
    assert.equal((await requester.refusal(`vpc DeleteRouteTable --RouteTableId ${RouteTableId}`)).requestId.length, 36);
    const { RouterTableList } = await requester.answer(`vpc DescribeRouteTableList --RouteTableId ${RouteTableId}`);
    const [table] = RouterTableList.RouterTableListType;
    assert.deepEqual([table.RouteTableName, table.VSwitchIds.VSwitchId], ["renamed", [VSwitchId]]);
    const { RouteTables } = await requester.answer(`vpc DescribeRouteTables --RouteTableId ${RouteTableId}`);
    assert.equal(RouteTables.RouteTable[0].RouteTableId, RouteTableId);
    await requester.answer(`vpc UnassociateRouteTable ${pair}`);
    await requester.answer(`vpc DeleteRouteTable --RouteTableId ${RouteTableId}`);
    assert.equal((await requester.answer(`vpc DescribeRouteTableList --VpcId ${VpcId}`)).RouterTableList.RouterTableListType.length, 1);
  });

  const statusOf = async (user: User, id: string): Promise<string> =>
    (await user.answer(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${id}`)).Status;

  test("a peering between two accounts and regions: asked for, accepted, routed, modified, deleted", async () => {
    const mine = await newVpc(requester, "10.1.0.0/16");
    const theirs = await newVpc(accepter, "10.2.0.0/16", "cn-beijing");
    const { InstanceId } = await requester.answer(
      `vpcpeer CreateVpcPeerConnection --VpcId ${mine.VpcId} --AcceptingAliUid ${accepterKey.account} --AcceptingRegionId cn-beijing ` +
        `--AcceptingVpcId ${theirs.VpcId} --Name link --Bandwidth 100 --LinkType Gold --Tag.1.Key env --Tag.1.Value lab`,
    );
    assert.equal(await statusOf(accepter, InstanceId), "Accepting");
    for (const [user, region] of [
      [requester, "cn-hangzhou"],
      [accepter, "cn-beijing"],
    ] as const) {
      // prettier-ignore
      const { VpcPeerConnects } = await user.answer(`vpcpeer ListVpcPeerConnections --region ${region}`);
      assert.deepEqual(VpcPeerConnects.map((one: any) => [one.InstanceId, one.Status]), [[InstanceId, "Accepting"]]); // prettier-ignore
    }
    const filtered = await requester.answer(`vpcpeer ListVpcPeerConnections --VpcId.1 ${mine.VpcId} --Name link`);
    assert.equal(filtered.TotalCount, 1);
    assert.equal((await requester.refusal(`vpcpeer AcceptVpcPeerConnection --InstanceId ${InstanceId}`)).requestId.length, 36);
    await accepter.answer(`vpcpeer AcceptVpcPeerConnection --InstanceId ${InstanceId}`);
    assert.equal(await statusOf(requester, InstanceId), "Activated");

    await routes(requester, mine.RouteTableId, InstanceId);

    await requester.answer(`vpcpeer ModifyVpcPeerConnection --InstanceId ${InstanceId} --Bandwidth 200 --Description 'wider than before'`);
    const modified = await requester.answer(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId}`);
    assert.deepEqual(
      [modified.Status, modified.Bandwidth, modified.Description, modified.Name],
      ["Activated", 200, "wider than before", "link"],
    );

    const tagged = `--ResourceType PeerConnection --ResourceId.1 ${InstanceId}`;
    await requester.answer(`vpcpeer TagResources ${tagged} --Tag.1.Key team --Tag.1.Value net`);
    await requester.answer(`vpcpeer UnTagResources ${tagged} --TagKey.1 env`);
    const { TagResources } = await requester.answer(`vpcpeer ListTagResources ${tagged}`);
    assert.deepEqual(TagResources.map(({ TagKey }: any) => TagKey), ["team"]); // prettier-ignore
    const { ResourceGroups } = await requester.answer("resourcemanager ListResourceGroups");
    for (const { Id } of ResourceGroups.ResourceGroup) {
      await requester.answer(
        `vpcpeer MoveResourceGroup --ResourceType PeerConnection --ResourceId ${InstanceId} --NewResourceGroupId ${Id}`,
      );
      const moved = await requester.answer(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId}`);
      assert.equal(moved.ResourceGroupId, Id);
    }

    await requester.answer(`vpc CreateRouteEntry --RouteTableId ${mine.RouteTableId} --DestinationCidrBlock 10.2.0.0/16 --NextHopType VpcPeer --NextHopId ${InstanceId}`); // prettier-ignore
    const deletion = `vpcpeer DeleteVpcPeerConnection --InstanceId ${InstanceId}`;
    assert.equal((await requester.refusal(deletion)).code, "OperationDenied.RouteEntryExist");
    await requester.answer(`${deletion} --Force true`);
    const gone = await requester.refusal(`vpcpeer GetVpcPeerConnectionAttribute --InstanceId ${InstanceId}`);
    assert.equal(gone.code, "ResourceNotFound.InstanceId");
    await requester.answer(`vpc DeleteVpc --VpcId ${mine.VpcId}`);
    await accepter.answer(`vpc DeleteVpc --region cn-beijing --VpcId ${theirs.VpcId}`);
  });

  /** Every way to write and read route entries, on a table of `user`, towards a connection. Leaves none. */
  async function routes(user: User, table: string, connection: string): Promise<void> {
    const hop = `--NextHopType VpcPeer --NextHopId ${connection}`;
    await user.answer(`vpc CreateRouteEntry --RouteTableId ${table} --DestinationCidrBlock 10.20.0.0/16 ${hop} --RouteEntryName one`);
    const list = async (): Promise<any[]> =>
      (await user.answer(`vpc DescribeRouteEntryList --RouteTableId ${table} --RouteEntryType Custom`)).RouteEntrys.RouteEntry;
    const [entry] = await list();
    assert.deepEqual(
      [entry.DestinationCidrBlock, entry.RouteEntryName, entry.NextHops.NextHop[0].NextHopId],
      ["10.20.0.0/16", "one", connection],
    );
    await user.answer(`vpc ModifyRouteEntry --RouteEntryId ${entry.RouteEntryId} --RouteEntryName renamed`);
    assert.deepEqual((await list()).map(({ RouteEntryName }) => RouteEntryName), ["renamed"]); // prettier-ignore
    await user.answer(`vpc ListVpcPublishedRouteEntries --RouteTableId ${table} --TargetType ECR --TargetInstanceId ecr-none`);
    await user.answer(`vpc DeleteRouteEntry --RouteTableId ${table} --DestinationCidrBlock 10.20.0.0/16 --NextHopId ${connection}`);
    const members = ["10.21.0.0/16", "10.22.0.0/16"];
    const each = (fields: (block: string) => string[]): string =>
      members.flatMap((block, index) => fields(block).map((field) => `--RouteEntries.${index + 1}.${field}`)).join(" ");
    await user.answer(`vpc CreateRouteEntries ${each((block) => [`RouteTableId ${table}`, `DstCidrBlock ${block}`, `NextHop ${connection}`, "NextHopType VpcPeer"])}`); // prettier-ignore
    assert.deepEqual((await list()).map((one) => one.DestinationCidrBlock).sort(), members); // prettier-ignore
    await user.answer(`vpc DeleteRouteEntries ${each((block) => [`RouteTableId ${table}`, `DstCidrBlock ${block}`, `NextHop ${connection}`])}`); // prettier-ignore
    assert.deepEqual(await list(), []);
  }

  test("a peering that the other account rejects", async () => {
    const mine = await newVpc(requester, "10.1.0.0/16");
    const theirs = await newVpc(accepter, "10.2.0.0/16");
    const { InstanceId } = await requester.answer(
      `vpcpeer CreateVpcPeerConnection --VpcId ${mine.VpcId} --AcceptingAliUid ${accepterKey.account} --AcceptingRegionId cn-hangzhou --AcceptingVpcId ${theirs.VpcId}`,
    );
    await accepter.answer(`vpcpeer RejectVpcPeerConnection --InstanceId ${InstanceId}`);
    assert.equal(await statusOf(requester, InstanceId), "Rejected");
  });
}
