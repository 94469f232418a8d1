import { optionalId, optionalRegionId, pageIsNotTooDeep, pageParameters } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNumbered, matches } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll } from "../../contract/resource-kind.ts";
import { int, structure, text, wrapped } from "../../contract/response.ts";
import { utcSeconds } from "../../contract/time.ts";
import { routeErrors } from "./errors.ts";
import { routeEntry } from "./route-entry.ts";
import { routeTable } from "./route-table.ts";
import { vRouter } from "./vrouter.ts";
import { vSwitch } from "./vswitch.ts";

export const describeRouteTables = readOperation({
  product: Vpc,
  name: "DescribeRouteTables",
  summary: "Lists route tables with all their entries.",
  deprecated: { instead: "Call DescribeRouteTableList, and DescribeRouteEntryList for the entries.", source: "sdk-metadata" },
  authorisation: {
    action: "vpc:DescribeRouteTables",
    resources: ["acs:vpc:{regionId}:{accountId}:routetable/{RouteTableId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: optionalRegionId,
    VRouterId: optionalId,
    RouteTableId: optionalId,
    RouterType: string({ pattern: /^(VRouter|VBR)$/ }),
    RouterId: optionalId,
    Type: string({ pattern: /^(System|Custom)$/ }),
    RouteTableName: string(),
    ResourceGroupId: string(),
    ...pageParameters,
  },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    RouteTables: wrapped(
      "RouteTable",
      structure({
        CreationTime: text,
        ResourceGroupId: text,
        RouteEntrys: wrapped(
          "RouteEntry",
          structure({
            Description: text,
            DestinationCidrBlock: text,
            InstanceId: text,
            NextHopType: text,
            NextHops: wrapped("NextHop", structure({ Enabled: int, NextHopId: text, NextHopType: text, Weight: int })),
            RouteEntryId: text,
            RouteEntryName: text,
            RouteTableId: text,
            Status: text,
            Type: text,
          }),
        ),
        RouteTableId: text,
        RouteTableType: text,
        Status: text,
        VRouterId: text,
        VSwitchIds: wrapped("VSwitchId", text),
      }),
    ),
  },
  check: [
    pageIsNotTooDeep,
    {
      rule: "VRouterId, if given, is a router of the caller in the region",
      error: routeErrors.vRouterNotFound,
      holds: async ({ input, caller, state }) => {
        if (input.VRouterId === undefined) return true;
        const router = await state.get(vRouter, input.VRouterId);
        return router !== undefined && matches(vRouter, router, [["scope", scopeOf(caller.account, input.RegionId)]]);
      },
    },
  ],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(scopeOf(caller.account, input.RegionId), {
      router: input.VRouterId ?? input.RouterId,
      name: input.RouteTableName,
      resourceGroup: input.ResourceGroupId,
      type: input.Type,
      routerType: input.RouterType,
    });
    const ids = input.RouteTableId === undefined ? [] : [input.RouteTableId];
    const { items, ...page } = await listNumbered(state, routeTable, filter, input, ids);
    const tables = [];
    for (const item of items) {
      const entries = await listAll(state, routeEntry, [["table", item.id]]);
      tables.push({
        CreationTime: utcSeconds(item.createdAt),
        ResourceGroupId: item.resourceGroups[caller.account] ?? "",
        RouteEntrys: {
          RouteEntry: entries.map((entry) => ({
            Description: entry.description,
            DestinationCidrBlock: entry.destination,
            InstanceId: entry.nextHops[0]?.id ?? "",
            NextHopType: entry.nextHops[0]?.type ?? "",
            NextHops: {
              NextHop: entry.nextHops.map((hop) => ({ Enabled: 1, NextHopId: hop.id, NextHopType: hop.type, Weight: hop.weight })),
            },
            RouteEntryId: entry.id,
            RouteEntryName: entry.name,
            RouteTableId: entry.routeTableId,
            Status: entry.state,
            Type: entry.type,
          })),
        },
        RouteTableId: item.id,
        RouteTableType: item.type,
        Status: item.state,
        VRouterId: item.vRouterId,
        VSwitchIds: { VSwitchId: (await listAll(state, vSwitch, [["routeTable", item.id]])).map(({ id }) => id) },
      });
    }
    return { ...page, RouteTables: { RouteTable: tables } };
  },
});
