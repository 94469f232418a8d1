import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { listNothing, listNumbered } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, wrapped } from "../../../contract/response.ts";
import { bgpGroup } from "./bgp-group.ts";
import { bgpGroupFields, bgpGroupView } from "./bgp-group-view.ts";
import { isDefault } from "./parameters.ts";

export const describeBgpGroups = readOperation({
  product: Vpc,
  name: "DescribeBgpGroups",
  summary: "Lists the BGP groups of a region.",
  authorisation: {
    action: "vpc:DescribeBgpGroups",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    source: "inferred",
  },
  parameters: { RouterId: optionalId, BgpGroupId: optionalId, RegionId: regionId, IsDefault: isDefault, ...pageParameters },
  response: { BgpGroups: wrapped("BgpGroup", structure(bgpGroupFields)), PageNumber: int, PageSize: int, TotalCount: int },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    if (input.IsDefault) return { ...listNothing(input), BgpGroups: { BgpGroup: [] } };
    const filter = scopeFilter(scopeOf(caller.account, input.RegionId), { router: input.RouterId });
    const ids = input.BgpGroupId === undefined ? [] : [input.BgpGroupId];
    const { items, ...page } = await listNumbered(state, bgpGroup, filter, input, ids);
    return { ...page, BgpGroups: { BgpGroup: items.map(bgpGroupView) } };
  },
});
