import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../../contract/indexes.ts";
import { listNumbered } from "../../../contract/lists.ts";
import { readOperation } from "../../../contract/operation.ts";
import { Vpc } from "../../../contract/products.ts";
import { int, structure, text, wrapped } from "../../../contract/response.ts";
import { bgpNetwork } from "./bgp-network.ts";

export const describeBgpNetworks = readOperation({
  product: Vpc,
  name: "DescribeBgpNetworks",
  summary: "Lists the blocks that the virtual border routers of a region tell their BGP peers.",
  authorisation: {
    action: "vpc:DescribeBgpNetworks",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{RouterId}"],
    source: "inferred",
  },
  parameters: { RouterId: optionalId, RegionId: regionId, ...pageParameters },
  response: {
    BgpNetworks: wrapped("BgpNetwork", structure({ DstCidrBlock: text, RouterId: text, Status: text, VpcId: text })),
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(scopeOf(caller.account, input.RegionId), { router: input.RouterId });
    const { items, ...page } = await listNumbered(state, bgpNetwork, filter, input);
    const shown = items.map((one) => ({ DstCidrBlock: one.dstCidrBlock, RouterId: one.routerId, Status: one.state, VpcId: one.vpcId }));
    return { ...page, BgpNetworks: { BgpNetwork: shown } };
  },
});
