import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, structure, wrapped } from "../../contract/response.ts";
import { connectionView, listedConnectionFields } from "./connection-view.ts";
import { vpnTagList } from "./tags.ts";
import { vpnAttachment } from "./vpn-attachment.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { vpnDenied } from "./errors.ts";

export const describeVpnConnections = readOperation({
  product: Vpc,
  name: "DescribeVpnConnections",
  summary: "Lists the IPsec-VPN connections of a region: those of VPN gateways, then those attached to none.",
  authorisation: {
    action: "vpc:DescribeVpnConnections",
    resources: ["acs:vpc:{regionId}:{accountId}:vpnconnection/*"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    VpnGatewayId: optionalId,
    CustomerGatewayId: optionalId,
    ...pageParameters,
    VpnConnectionId: optionalId,
    Tag: vpnTagList,
    ResourceGroupId: string(),
  },
  response: {
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
    VpnConnections: wrapped("VpnConnection", structure(listedConnectionFields)),
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const conditions = {
      gateway: input.VpnGatewayId,
      customerGateway: input.CustomerGatewayId,
      resourceGroup: input.ResourceGroupId,
    };
    const filter = scopeFilter(scopeOf(caller.account, input.RegionId), conditions, input.Tag);
    const ids = input.VpnConnectionId === undefined ? [] : [input.VpnConnectionId];
    const { items, ...page } = await listNumbered(state, [vpnConnection, vpnAttachment], filter, input, ids);
    return { ...page, VpnConnections: { VpnConnection: await Promise.all(items.map((one) => connectionView(state, one))) } };
  },
});
