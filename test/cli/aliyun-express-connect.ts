import assert from "node:assert/strict";
import { test } from "node:test";
import { accepterKey, requesterKey } from "../support/server.ts";
import { newVpc, type Suite, type User } from "./aliyun-user.ts";

/** Express Connect, as the CLI's users drive it. */
export function expressConnect({ requester, accepter }: Suite): void {
  test("a router-interface link between two accounts", async () => {
    const [from, to] = [await newVpc(requester, "10.1.0.0/16"), await newVpc(accepter, "10.2.0.0/16")];
    const side = "vpc CreateRouterInterface --RouterType VRouter --OppositeRegionId cn-hangzhou";
    const { RouterInterfaceId: initiator } = await requester.answer(
      `${side} --RouterId ${from.VRouterId} --Role InitiatingSide --Spec Small.1 --Name link`,
    );
    const { RouterInterfaceId: acceptor } = await accepter.answer(
      `${side} --RouterId ${to.VRouterId} --Role AcceptingSide --Spec Negative`,
    );
    const names = (user: User, own: string, opposite: string, router: string, owner: string): Promise<any> =>
      user.answer(
        `vpc ModifyRouterInterfaceAttribute --RouterInterfaceId ${own} --OppositeInterfaceId ${opposite} --OppositeRouterId ${router} ` +
          `--OppositeRouterType VRouter --OppositeInterfaceOwnerId ${owner}`,
      );
    await names(requester, initiator, acceptor, to.VRouterId, accepterKey.account);
    await names(accepter, acceptor, initiator, from.VRouterId, requesterKey.account);
    const own = `--RouterInterfaceId ${initiator}`;
    await requester.answer(`vpc ConnectRouterInterface ${own}`);
    for (const [user, id] of [
      [requester, initiator],
      [accepter, acceptor],
    ] as const) {
      const { Status, OppositeInterfaceStatus } = await user.answer(`vpc DescribeRouterInterfaceAttribute --InstanceId ${id}`);
      assert.deepEqual([Status, OppositeInterfaceStatus], ["Active", "Active"]);
    }
    await requester.answer(`vpc DeactivateRouterInterface ${own}`);
    await requester.answer(`vpc ActivateRouterInterface ${own}`);
    await requester.answer(`vpc ModifyRouterInterfaceSpec ${own} --Spec Small.2`);

    const resource = `--ResourceType ROUTERINTERFACE --ResourceId.1 ${initiator}`;
    await requester.answer(`vpc TagResourcesForExpressConnect ${resource} --Tag.1.Key env --Tag.1.Value lab`);
    const { TagResources } = await requester.answer(`vpc ListTagResourcesForExpressConnect ${resource}`);
    assert.deepEqual(TagResources.TagResource.map((tag: any) => [tag.TagKey, tag.TagValue]), [["env", "lab"]]); // prettier-ignore
    await requester.answer(`vpc UntagResourcesForExpressConnect ${resource} --All true`);
    const group = (await requester.answer("resourcemanager ListResourceGroups")).ResourceGroups.ResourceGroup[0].Id;
    const move = `--ResourceType ROUTERINTERFACE --ResourceId ${initiator} --NewResourceGroupId ${group}`;
    await requester.answer(`vpc ChangeResourceGroup --force ${move}`);
    const listed = await requester.answer("vpc DescribeRouterInterfaces --Filter.1.Key Status --Filter.1.Value.1 Active");
    assert.deepEqual(listed.RouterInterfaceSet.RouterInterfaceType.map((one: any) => [one.Name, one.Spec]), [["link", "Small.2"]]); // prettier-ignore

    // One end by itself, then what is left of the link.
    await requester.answer(`vpc DeactivateRouterInterface ${own}`);
    await requester.answer(`vpc DeleteRouterInterface ${own}`);
    // The CLI does not know this one.
    await accepter.answer(`vpc DeleteExpressConnect --force --RouterInterfaceId ${acceptor} --Force true`);
    assert.equal((await accepter.answer("vpc DescribeRouterInterfaces")).TotalCount, 0);
  });

  const accessPoint = "ap-cn-hangzhou-jg-B";
  /** A circuit of the requester's that is in use. */
  async function newCircuit(name: string): Promise<string> {
    const { PhysicalConnectionId } = await requester.answer(
      `vpc CreatePhysicalConnection --AccessPointId ${accessPoint} --LineOperator CT --PortType 1000Base-LX --bandwidth 1000 --Name ${name}`,
    );
    const circuit = `--PhysicalConnectionId ${PhysicalConnectionId}`;
    await requester.answer(`vpc ConfirmPhysicalConnection ${circuit}`);
    await requester.answer(`vpc EnablePhysicalConnection ${circuit}`);
    return PhysicalConnectionId;
  }
  const addresses = "--LocalGatewayIp 10.255.0.1 --PeerGatewayIp 10.255.0.2 --PeeringSubnetMask 255.255.255.252";
  const newBorderRouter = async (circuit: string, vlan: number): Promise<string> =>
    (await requester.answer(`vpc CreateVirtualBorderRouter --PhysicalConnectionId ${circuit} --VlanId ${vlan} ${addresses}`)).VbrId;
  const circuitsOf = async (user: User, filter = ""): Promise<any[]> =>
    (await user.answer(`vpc DescribePhysicalConnections ${filter}`)).PhysicalConnectionSet.PhysicalConnectionType;
  const borderRouter = async (id: string): Promise<any> =>
    (await requester.answer(`vpc DescribeVirtualBorderRouters --Filter.1.Key VbrId --Filter.1.Value.1 ${id}`)).VirtualBorderRouterSet
      .VirtualBorderRouterType[0];

  test("the life of a circuit", async () => {
    const { AccessPointSet } = await requester.answer("vpc DescribeAccessPoints");
    assert.ok(AccessPointSet.AccessPointType.some((one: any) => one.AccessPointId === accessPoint));
    const id = await newCircuit("line");
    const own = `--PhysicalConnectionId ${id}`;
    await requester.answer(`vpc ModifyPhysicalConnectionAttribute ${own} --Name wider --CircuitCode ct-001 --bandwidth 500`);
    const [shown] = await circuitsOf(requester, `--Filter.1.Key PhysicalConnectionId --Filter.1.Value.1 ${id}`);
    assert.deepEqual([shown.Status, shown.Name, shown.CircuitCode, shown.Bandwidth], ["Enabled", "wider", "ct-001", 500]);
    await requester.answer(`vpc TerminatePhysicalConnection ${own}`);
    assert.equal((await circuitsOf(requester))[0].Status, "Terminated");
    await requester.answer(`vpc DeletePhysicalConnection ${own}`);

    const other = await requester.answer(`vpc CreatePhysicalConnection --AccessPointId ${accessPoint} --LineOperator CU`);
    await requester.answer(`vpc CancelPhysicalConnection --PhysicalConnectionId ${other.PhysicalConnectionId}`);
    assert.equal((await circuitsOf(requester))[0].Status, "Canceled");

    const paid = await requester.answer(`vpc CreatePhysicalConnection --AccessPointId ${accessPoint} --LineOperator CU`);
    await requester.answer(`vpc ConfirmPhysicalConnection --PhysicalConnectionId ${paid.PhysicalConnectionId}`);
    const order = `--PhysicalConnectionId ${paid.PhysicalConnectionId} --InstanceChargeType PrePaid --AutoPay true --Period 1`;
    assert.ok((await requester.answer(`vpc CreatePhysicalConnectionOccupancyOrder ${order} --PricingCycle Year`)).Data.OrderId);
    assert.equal((await circuitsOf(requester, `--Filter.1.Key Status --Filter.1.Value.1 Enabled`)).length, 1);
  });

  test("a circuit that is shared with another account", async () => {
    const parent = await newCircuit("line");
    const shared = `--PhysicalConnectionId ${parent} --VpconnAliUid ${accepterKey.account} --VlanId 5 --Spec 50M`;
    const { VirtualPhysicalConnection: id } = await requester.answer(
      `vpc CreateVirtualPhysicalConnection ${shared} --OrderMode PayByPhysicalConnectionOwner`,
    );
    await accepter.answer(`vpc ConfirmPhysicalConnection --PhysicalConnectionId ${id}`);
    await requester.answer(`vpc UpdateVirtualPhysicalConnection --InstanceId ${id} --VlanId 6`);
    const { VirtualPhysicalConnections } = await requester.answer(`vpc ListVirtualPhysicalConnections --PhysicalConnectionId ${parent}`);
    assert.deepEqual(
      VirtualPhysicalConnections.map((one: any) => [one.PhysicalConnectionId, one.VlanId, one.AliUid, one.VirtualPhysicalConnectionStatus]),
      [[id, "6", accepterKey.account, "Confirmed"]],
    );
    assert.deepEqual((await circuitsOf(accepter)).map((one) => [one.PhysicalConnectionId, one.Status]), [[id, "Enabled"]]); // prettier-ignore
    await accepter.answer(`vpc TerminatePhysicalConnection --PhysicalConnectionId ${id}`);
    await accepter.answer(`vpc RecoverPhysicalConnection --InstanceId ${id}`);
    assert.equal((await circuitsOf(accepter))[0].Status, "Enabled");
  });

  test("a border router through its life, on two circuits", async () => {
    const [first, second] = [await newCircuit("first"), await newCircuit("second")];
    const id = await newBorderRouter(first, 100);
    const own = `--VbrId ${id}`;
    await requester.answer(`vpc ModifyVirtualBorderRouterAttribute ${own} --Name site --MinRxInterval 500 --MinTxInterval 500`);
    await requester.answer(`vpc UpdateVirtualBorderBandwidth --VirtualBorderRouterId ${id} --Bandwidth 200`);
    const association = `${own} --PhysicalConnectionId ${second}`;
    const others = "--LocalGatewayIp 10.255.1.1 --PeerGatewayIp 10.255.1.2 --PeeringSubnetMask 255.255.255.252";
    await requester.answer(`vpc AssociatePhysicalConnectionToVirtualBorderRouter ${association} --VlanId 101 ${others}`);
    const { VirtualBorderRouterForPhysicalConnectionSet: onSecond } = await requester.answer(
      `vpc DescribeVirtualBorderRoutersForPhysicalConnection --PhysicalConnectionId ${second}`,
    );
    assert.deepEqual(onSecond.VirtualBorderRouterForPhysicalConnectionType.map((one: any) => one.VbrId), [id]); // prettier-ignore
    const shown = await borderRouter(id);
    assert.deepEqual([shown.Status, shown.Name, shown.Bandwidth, shown.MinRxInterval], ["active", "site", 200, 500]);
    assert.deepEqual(
      shown.AssociatedPhysicalConnections.AssociatedPhysicalConnection.map((one: any) => one.PhysicalConnectionId),
      [second],
    );
    await requester.answer(`vpc UnassociatePhysicalConnectionFromVirtualBorderRouter ${association}`);

    await requester.answer(`vpc TerminateVirtualBorderRouter ${own}`);
    assert.equal((await borderRouter(id)).Status, "terminated");
    await requester.answer(`vpc RecoverVirtualBorderRouter ${own}`);

    const peer = await newBorderRouter(second, 200);
    const { VbrHaId } = await requester.answer(`vpc CreateVbrHa ${own} --PeerVbrId ${peer} --Name pair`);
    assert.equal((await requester.answer(`vpc DescribeVbrHa --VbrHaId ${VbrHaId}`)).PeerVbrId, peer);
    await requester.answer(`vpc DeleteVbrHa --InstanceId ${VbrHaId}`);
    for (const router of [id, peer]) await requester.answer(`vpc DeleteVirtualBorderRouter --VbrId ${router}`);
    assert.equal((await requester.answer("vpc DescribeVirtualBorderRouters")).TotalCount, 0);
  });

  test("a VPC that another account's border router may be linked with, at once", async () => {
    const { VpcId, VRouterId } = await newVpc(accepter, "10.2.0.0/16");
    const router = await newBorderRouter(await newCircuit("line"), 100);
    const grant = `--InstanceId ${VpcId} --VbrOwnerUid ${requesterKey.account} --VbrRegionNo cn-hangzhou --GrantType All`;
    await accepter.answer(`vpc GrantInstanceToVbr ${grant}`);
    const { EcGrantRelations } = await accepter.answer(`vpc DescribeEcGrantRelation --InstanceType VPC --InstanceId ${VpcId}`);
    assert.deepEqual(EcGrantRelations.map((one: any) => [one.InstanceId, String(one.VbrOwnerUid)]), [[VpcId, requesterKey.account]]); // prettier-ignore
    const { RouterInterfaceId } = await requester.answer(
      `vpc CreateRouterInterface --Role InitiatingSide --RouterType VBR --RouterId ${router} --AccessPointId ${accessPoint} --Spec Mini.2 ` +
        `--OppositeRegionId cn-hangzhou --OppositeRouterType VRouter --OppositeRouterId ${VRouterId} ` +
        `--OppositeInterfaceOwnerId ${accepterKey.account} --FastLinkMode true`,
    );
    const link = await requester.answer(`vpc DescribeRouterInterfaceAttribute --InstanceId ${RouterInterfaceId}`);
    assert.deepEqual([link.Status, link.OppositeInterfaceStatus, link.FastLinkMode], ["Active", "Active", "true"]);
    await accepter.answer(`vpc DeleteExpressConnect --force --RouterInterfaceId ${link.OppositeInterfaceId}`);
    assert.equal((await requester.answer("vpc DescribeRouterInterfaces")).TotalCount, 0);
    await accepter.answer(`vpc RevokeInstanceFromVbr ${grant}`);
  });

  test("BGP between a border router and the devices of its site", async () => {
    const router = `--RouterId ${await newBorderRouter(await newCircuit("line"), 100)}`;
    const { BgpGroupId } = await requester.answer(`vpc CreateBgpGroup ${router} --PeerAsn 65001 --AuthKey first-key`);
    const group = `--BgpGroupId ${BgpGroupId}`;
    await requester.answer(`vpc ModifyBgpGroupAttribute ${group} --Name site --PeerAsn 65002`);
    const { BgpGroups } = await requester.answer(`vpc DescribeBgpGroups ${group}`);
    assert.deepEqual(
      BgpGroups.BgpGroup.map((one: any) => [one.Name, Number(one.PeerAsn), one.AuthKey, one.Status]),
      [["site", 65002, "first-key", "Available"]],
    );
    const { BgpPeerId } = await requester.answer(`vpc CreateBgpPeer ${group} --PeerIpAddress 10.255.0.2`);
    const peer = `--BgpPeerId ${BgpPeerId}`;
    await requester.answer(`vpc ModifyBgpPeerAttribute ${peer} --EnableBfd true --BfdMultiHop 10`);
    const { BgpPeers } = await requester.answer(`vpc DescribeBgpPeers ${peer}`);
    assert.deepEqual(
      BgpPeers.BgpPeer.map((one: any) => [one.PeerIpAddress, one.EnableBfd, one.BfdMultiHop, one.BgpStatus]),
      [["10.255.0.2", true, 10, "Connect"]],
    );
    const network = `${router} --DstCidrBlock 10.0.0.0/16`;
    await requester.answer(`vpc AddBgpNetwork ${network}`);
    assert.equal((await requester.answer(`vpc DescribeBgpNetworks ${router}`)).BgpNetworks.BgpNetwork[0].DstCidrBlock, "10.0.0.0/16");
    await requester.answer(`vpc DeleteBgpNetwork ${network}`);
    await requester.answer(`vpc DeleteBgpPeer ${peer}`);
    await requester.answer(`vpc DeleteBgpGroup ${group}`);
    assert.equal((await requester.answer(`vpc DescribeBgpGroups ${router}`)).TotalCount, 0);
  });
}
