import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { listNothing, listNumbered } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, wrapped } from "../../../contract/response.ts";
import { bgpPeer } from "./bgp-peer.ts";
import { bgpPeerFields, bgpPeerView } from "./bgp-peer-view.ts";
import { isDefault } from "./parameters.ts";

export const describeBgpPeers = readOperation({
  product: Vpc,
  name: "DescribeBgpPeers",
  summary: "Lists the BGP peers of a region, with what they have from their groups.",
  authorisation: {
    action: "vpc:DescribeBgpPeers",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    source: "inferred",
  },
  parameters: {
    RouterId: optionalId,
    BgpPeerId: optionalId,
    BgpGroupId: optionalId,
    RegionId: regionId,
    IsDefault: isDefault,
    ...pageParameters,
  },
  response: { BgpPeers: wrapped("BgpPeer", structure(bgpPeerFields)), PageNumber: int, PageSize: int, TotalCount: int },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    if (input.IsDefault) return { ...listNothing(input), BgpPeers: { BgpPeer: [] } };
    const filter = scopeFilter(scopeOf(caller.account, input.RegionId), { group: input.BgpGroupId, router: input.RouterId });
    const ids = input.BgpPeerId === undefined ? [] : [input.BgpPeerId];
    const { items, ...page } = await listNumbered(state, bgpPeer, filter, input, ids);
    return { ...page, BgpPeers: { BgpPeer: await Promise.all(items.map((one) => bgpPeerView(state, one))) } };
  },
});
