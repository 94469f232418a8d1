import assert from "node:assert/strict";
import { test } from "node:test";
import { accepterKey, requesterKey } from "../support/server.ts";
import { newVpc, type User } from "./aliyun-user.ts";

/** Express Connect, as the CLI's users drive it: in pace instant, on a server that was reset before each test. */
export function expressConnect(requester: User, accepter: User): void {
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
}
