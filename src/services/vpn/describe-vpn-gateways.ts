import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { boolean, string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, structure, wrapped } from "../../contract/response.ts";
import { vpnTagList } from "./tags.ts";
import { vpnGateway } from "./vpn-gateway.ts";
import { vpnGatewayFields, vpnGatewayView } from "./vpn-gateway-view.ts";
import { vpnDeniedRightly } from "./errors.ts";

export const describeVpnGateways = readOperation({
  product: Vpc,
  name: "DescribeVpnGateways",
  summary: "Lists the VPN gateways of a region.",
  authorisation: {
    action: "vpc:DescribeVpnGateways",
    resources: ["acs:vpc:{regionId}:{accountId}:vpngateway/{VpnGatewayId}"],
    source: "public-docs",
    denied: vpnDeniedRightly,
  },
  parameters: {
    RegionId: regionId,
    VpcId: optionalId,
    VpnGatewayId: optionalId,
    Status: string({ lengthMax: 64 }),
    BusinessStatus: string({ lengthMax: 64 }),
    ...pageParameters,
    IncludeReservationData: boolean({ default: false }),
    Tag: vpnTagList,
    ResourceGroupId: string(),
    GatewayType: string({ lengthMax: 64 }),
  },
  response: { PageNumber: int, PageSize: int, TotalCount: int, VpnGateways: wrapped("VpnGateway", structure(vpnGatewayFields)) },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(
      scopeOf(caller.account, input.RegionId),
      {
        inVpc: input.VpcId,
        // Clients write states in lower case here, and in a capital first letter elsewhere.
        status: input.Status?.toLowerCase(),
        businessStatus: input.BusinessStatus,
        resourceGroup: input.ResourceGroupId,
        type: input.GatewayType,
      },
      input.Tag,
    );
    const { items, ...page } = await listNumbered(
      state,
      vpnGateway,
      filter,
      input,
      input.VpnGatewayId === undefined ? [] : [input.VpnGatewayId],
    );
    return { ...page, VpnGateways: { VpnGateway: items.map(vpnGatewayView) } };
  },
});
