import { pageIsNotTooDeep, pageParameters, regionId, tagList } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { listNumbered } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { boolean, string } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, wrapped } from "../../../contract/response.ts";
import { filteredIds, filterKeysAreKnown, filterList, listFiltered } from "../filters.ts";
import { borderRouterErrors } from "./errors.ts";
import { listedRouterFields, listedRouterView } from "./virtual-border-router-view.ts";
import { virtualBorderRouter } from "./virtual-border-router.ts";

/** Indexes by filter key. */
export const indexOfKey: Readonly<Record<string, string>> = {
  PhysicalConnectionId: "circuit",
  VbrId: "id",
  Status: "status",
  Name: "name",
  AccessPointId: "accessPoint",
  eccId: "ecc",
  type: "type",
};

export const describeVirtualBorderRouters = readOperation({
  product: Vpc,
  name: "DescribeVirtualBorderRouters",
  summary: "Lists the virtual border routers of a region: the caller's own, and on request those of others on circuits of the caller.",
  authorisation: {
    action: "vpc:DescribeVirtualBorderRouters",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    fill: { VbrId: filteredIds("VbrId") },
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    ...pageParameters,
    Filter: filterList,
    IncludeCrossAccountVbr: boolean({ default: false }),
    ResourceGroupId: string(),
    Tags: tagList,
  },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    VirtualBorderRouterSet: wrapped("VirtualBorderRouterType", structure(listedRouterFields)),
  },
  check: [pageIsNotTooDeep, filterKeysAreKnown(Object.keys(indexOfKey), borderRouterErrors.filterKeyUnknown)],
  read: async ({ input, caller, state }) => {
    const scope = scopeOf(caller.account, input.RegionId);
    const owner = input.IncludeCrossAccountVbr ? undefined : caller.account;
    const base = scopeFilter(scope, { resourceGroup: input.ResourceGroupId, owner }, input.Tags);
    const { items, ...page } =
      input.Filter.length === 0
        ? await listNumbered(state, virtualBorderRouter, base, input)
        : await listFiltered(state, virtualBorderRouter, { scope, base, indexOfKey }, input);
    const listed = items.map((one) => listedRouterView(state, one, caller.account));
    return { ...page, VirtualBorderRouterSet: { VirtualBorderRouterType: await Promise.all(listed) } };
  },
});
