import { optionalId, pageIsNotTooDeep, pageParameters, regionId } from "../../contract/common-parameters.ts";
import { scopeFilter, scopeOf } from "../../contract/indexes.ts";
import { listNumbered } from "../../contract/lists.ts";
import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { int, structure, wrapped } from "../../contract/response.ts";
import { customerGateway } from "./customer-gateway.ts";
import { customerGatewayFields, customerGatewayView } from "./customer-gateway-view.ts";
import { vpnTagList } from "./tags.ts";
import { vpnDenied } from "./errors.ts";

export const describeCustomerGateways = readOperation({
  product: Vpc,
  name: "DescribeCustomerGateways",
  summary: "Lists the customer gateways of a region.",
  authorisation: {
    action: "vpc:DescribeCustomerGateways",
    resources: ["acs:vpc:{regionId}:{accountId}:customergateway/*"],
    source: "inferred",
    denied: vpnDenied,
  },
  parameters: {
    RegionId: regionId,
    CustomerGatewayId: optionalId,
    ...pageParameters,
    Tag: vpnTagList,
    ResourceGroupId: string(),
  },
  response: {
    CustomerGateways: wrapped("CustomerGateway", structure(customerGatewayFields)),
    PageNumber: int,
    PageSize: int,
    TotalCount: int,
  },
  check: [pageIsNotTooDeep],
  read: async ({ input, caller, state }) => {
    const filter = scopeFilter(scopeOf(caller.account, input.RegionId), { resourceGroup: input.ResourceGroupId }, input.Tag);
    const ids = input.CustomerGatewayId === undefined ? [] : [input.CustomerGatewayId];
    const { items, ...page } = await listNumbered(state, customerGateway, filter, input, ids);
    return { ...page, CustomerGateways: { CustomerGateway: items.map(customerGatewayView) } };
  },
});
