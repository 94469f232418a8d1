import { pageIsNotTooDeep, pageParameters, regionId, tagList } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { listNumbered } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { boolean, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, wrapped } from "../../../contract/response.ts";
import { routerInterfaceErrors } from "./errors.ts";
import { filteredIds, filterList, filterKeysAreKnown, listFiltered } from "../filters.ts";
import { routerInterface } from "./router-interface.ts";
import { listedRouterInterfaceFields, listedRouterInterfaceView } from "./router-interface-view.ts";

/** Indexes by filter key. */
const indexOfKey: Readonly<Record<string, string>> = {
  RouterInterfaceId: "id",
  RouterId: "router",
  RouterType: "routerType",
  RouterInterfaceOwnerId: "owner",
  OppositeInterfaceId: "oppositeInterface",
  OppositeRouterType: "oppositeRouterType",
  OppositeRouterId: "oppositeRouter",
  OppositeInterfaceOwnerId: "oppositeOwner",
  Status: "status",
  Name: "name",
};

export const describeRouterInterfaces = readOperation({
  product: Vpc,
  name: "DescribeRouterInterfaces",
  summary: "Lists the router interfaces of a region.",
  authorisation: {
    action: "vpc:DescribeRouterInterfaces",
    resources: ["acs:vpc:{regionId}:{accountId}:routerinterface/{RouterInterfaceId}"],
    fill: { RouterInterfaceId: filteredIds("RouterInterfaceId") },
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    // Orders that are not in effect yet do not exist here.
    IncludeReservationData: boolean({ default: false }),
    ...pageParameters,
    Filter: filterList,
    ResourceGroupId: string(),
    Tags: tagList,
  },
  response: {
    PageNumber: int,
    PageSize: int,
    RouterInterfaceSet: wrapped("RouterInterfaceType", structure(listedRouterInterfaceFields)),
    TotalCount: int,
  },
  check: [pageIsNotTooDeep, filterKeysAreKnown(Object.keys(indexOfKey), routerInterfaceErrors.filterKeyUnknown)],
  read: async ({ input, caller, state }) => {
    const scope = scopeOf(caller.account, input.RegionId);
    const base = scopeFilter(scope, { resourceGroup: input.ResourceGroupId }, input.Tags);
    const { items, ...page } =
      input.Filter.length === 0
        ? await listNumbered(state, routerInterface, base, input)
        : await listFiltered(state, routerInterface, { scope, base, indexOfKey }, input);
    return {
      ...page,
      RouterInterfaceSet: { RouterInterfaceType: await Promise.all(items.map((one) => listedRouterInterfaceView(state, one))) },
    };
  },
});
