import { id, regionId } from "../../contract/common-parameters.ts";
import { readOperation, target } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { customerGateway } from "./customer-gateway.ts";
import { customerGatewayFields, customerGatewayView } from "./customer-gateway-view.ts";
import { customerGatewayErrors, vpnDeniedRightly } from "./errors.ts";

export const describeCustomerGateway = readOperation({
  product: Vpc,
  name: "DescribeCustomerGateway",
  summary: "Reads one customer gateway.",
  authorisation: {
    action: "vpc:DescribeCustomerGateway",
    resources: ["acs:vpc:{regionId}:{accountId}:customergateway/{CustomerGatewayId}"],
    source: "public-docs",
    denied: vpnDeniedRightly,
  },
  parameters: { RegionId: regionId, CustomerGatewayId: id },
  response: customerGatewayFields,
  targets: { gateway: target({ kind: customerGateway, parameter: "CustomerGatewayId", missing: customerGatewayErrors.notFound }) },
  read: async ({ targets }) => customerGatewayView(targets.gateway),
});
