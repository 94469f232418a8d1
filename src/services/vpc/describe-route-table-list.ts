import { optionalId, pageIsNotTooDeep, pageParameters, regionId, tagList } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf, tagsOf } from "../../contract/indexes.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { bool, int, long, structure, text, wrapped } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import { routeTable, shownVpc } from "./route-table.ts";
import { tagShape } from "./vpc-view.ts";
import { vSwitch } from "./vswitch.ts";

export const describeRouteTableList = readOperation({
  product: Vpc,
  name: "DescribeRouteTableList",
  summary: "Lists the route tables of a region.",
  authorisation: {
    action: "vpc:DescribeRouteTableList",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/*"],
    source: "public-docs",
  },
  parameters: {
    RouterType: string({ default: "VRouter", pattern: /^(VRouter|VBR)$/ }),
    RouterId: optionalId,
    VpcId: optionalId,
    RouteTableId: optionalId,
    RouteTableName: string(),
    ...pageParameters,
    ResourceGroupId: string(),
    RegionId: regionId,
    Tag: tagList,
    RouteTableType: string({ pattern: /^(System|Custom)$/ }),
  },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    RouterTableList: wrapped(
      "RouterTableListType",
      structure({
        AssociateType: text,
        CreationTime: text,
        Description: text,
        GatewayIds: wrapped("GatewayIds", text),
        OwnerId: long,
        ResourceGroupId: text,
        RoutePropagationEnable: bool,
        RouteTableId: text,
        RouteTableName: text,
        RouteTableType: text,
        RouterId: text,
        RouterType: text,
        Status: text,
        Tags: wrapped("Tag", tagShape),
        VSwitchIds: wrapped("VSwitchId", text),
        VpcId: text,
      }),
    ),
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(
      scopeOf(caller.account, input.RegionId),
      {
        inVpc: input.VpcId,
        router: input.RouterId,
        name: input.RouteTableName,
        resourceGroup: input.ResourceGroupId,
        type: input.RouteTableType,
        routerType: input.RouterType,
      },
      input.Tag,
    );
    const ids = input.RouteTableId === undefined ? [] : [input.RouteTableId];
    const { items, ...page } = await listNumbered(state, routeTable, filter, input, ids);
    const tables = [];
    for (const item of items) {
      tables.push({
        AssociateType: item.associateType,
        CreationTime: utcSeconds(item.createdAt),
        Description: item.description,
        GatewayIds: { GatewayIds: [] },
        OwnerId: item.account,
        ResourceGroupId: item.resourceGroups[caller.account] ?? "",
        RoutePropagationEnable: item.routePropagationEnable,
        RouteTableId: item.id,
        RouteTableName: item.name,
        RouteTableType: item.type,
        RouterId: item.vRouterId,
        RouterType: item.routerType,
        Status: item.state,
        Tags: { Tag: tagsOf(item, caller.account) },
        VSwitchIds: { VSwitchId: (await listAll(state, vSwitch, [["routeTable", item.id]])).map(({ id }) => id) },
        VpcId: shownVpc(item),
      });
    }
    return { ...page, RouterTableList: { RouterTableListType: tables } };
  },
});
