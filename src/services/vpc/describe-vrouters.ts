import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { int, structure, text, wrapped } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import { routeTable } from "./route-table.ts";
import { vRouter } from "./vrouter.ts";

export const describeVRouters = readOperation({
  product: Vpc,
  name: "DescribeVRouters",
  summary: "Lists the routers of a region's VPCs.",
  authorisation: { action: "vpc:DescribeVRouters", resources: ["acs:vpc:{regionId}:{accountId}:vrouter/*"], source: "public-docs" },
  parameters: { VRouterId: optionalId, RegionId: regionId, ...pageParameters },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    VRouters: wrapped(
      "VRouter",
      structure({
        CreationTime: text,
        Description: text,
        RegionId: text,
        RouteTableIds: wrapped("RouteTableId", text),
        VRouterId: text,
        VRouterName: text,
        VpcId: text,
      }),
    ),
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const ids = input.VRouterId === undefined ? [] : [input.VRouterId];
    const { items, ...page } = await listNumbered(state, vRouter, scopeFilter(scopeOf(caller.account, input.RegionId), {}), input, ids);
    const routers = [];
    for (const item of items) {
      routers.push({
        CreationTime: utcSeconds(item.createdAt),
        Description: "",
        RegionId: item.region,
        RouteTableIds: { RouteTableId: (await listAll(state, routeTable, [["vpc", item.vpcId]])).map(({ id }) => id) },
        VRouterId: item.id,
        VRouterName: "",
        VpcId: item.vpcId,
      });
    }
    return { ...page, VRouters: { VRouter: routers } };
  },
});
