import { dryRun, pageIsNotTooDeep, pageParameters, regionId, tagList } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNothing, listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean, list, long as longParameter, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { int, structure, text, wrapped } from "../../contract/response.ts";
import { resourceGroupErrors, resourceGroupExists } from "../resource-groups/resource-group.ts";
import { vpcErrors } from "./errors.ts";
import { routeTable } from "./route-table.ts";
import { vpc } from "./vpc.ts";
import { vpcFields, vpcView } from "./vpc-view.ts";

export const describeVpcs = readOperation({
  product: Vpc,
  name: "DescribeVpcs",
  summary: "Lists the VPCs of a region.",
  authorisation: {
    action: "vpc:DescribeVpcs",
    resources: ["acs:vpc:{regionId}:{accountId}:vpc/{VpcId}"],
    source: "public-docs",
  },
  parameters: {
    VpcId: list(string({ lengthMax: 128 }), { itemsMax: 20, also: ["comma"], tooMany: vpcErrors.tooManyVpcIds }),
    RegionId: regionId,
    VpcName: string(),
    IsDefault: boolean(),
    DryRun: dryRun,
    ResourceGroupId: string({ invalid: resourceGroupErrors.vpcUnknown }),
    ...pageParameters,
    VpcOwnerId: longParameter({ invalid: vpcErrors.ownerIdInvalid }),
    DhcpOptionsSetId: string(),
    EnableIpv6: boolean(),
    Tag: tagList,
  },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    Vpcs: wrapped(
      "Vpc",
      structure({
        ...vpcFields,
        CenStatus: text,
        NatGatewayIds: wrapped("NatGatewayIds", text),
        RouterTableIds: wrapped("RouterTableIds", text),
      }),
    ),
  },
  check: [pageIsNotTooDeep, resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown)],
  read: async ({ input, caller, state }) => {
    // Nothing is shared between accounts here.
    if ((input.VpcOwnerId ?? caller.account) !== caller.account) return { ...listNothing(input), Vpcs: { Vpc: [] } };
    const filter = scopeFilter(
      scopeOf(caller.account, input.RegionId),
      {
        name: input.VpcName,
        isDefault: input.IsDefault?.toString(),
        enabledIpv6: input.EnableIpv6?.toString(),
        resourceGroup: input.ResourceGroupId,
        dhcpOptionsSet: input.DhcpOptionsSetId,
      },
      input.Tag,
    );
    const { items, ...page } = await listNumbered(state, vpc, filter, input, input.VpcId);
    const vpcs = [];
    for (const item of items) {
      vpcs.push({
        ...(await vpcView(state, item, caller.account)),
        CenStatus: "",
        NatGatewayIds: { NatGatewayIds: [] },
        RouterTableIds: { RouterTableIds: (await listAll(state, routeTable, [["vpc", item.id]])).map(({ id }) => id) },
      });
    }
    return { ...page, Vpcs: { Vpc: vpcs } };
  },
});
