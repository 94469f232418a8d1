import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { nothingDependsOn } from "../dependencies.ts";
import { customerGateway } from "./customer-gateway.ts";
import { customerGatewayErrors, vpnDenied } from "./errors.ts";

export const deleteCustomerGateway = writeOperation({
  product: Vpc,
  name: "DeleteCustomerGateway",
  summary: "Deletes a customer gateway that no connection uses.",
  authorisation: {
    action: "vpc:DeleteCustomerGateway",
    resources: ["acs:vpc:{regionId}:{accountId}:customergateway/{CustomerGatewayId}"],
    source: "public-docs",
    denied: vpnDenied,
  },
  parameters: { RegionId: regionId, ClientToken: clientToken, CustomerGatewayId: id },
  response: {},
  targets: { gateway: target({ kind: customerGateway, parameter: "CustomerGatewayId", missing: customerGatewayErrors.notFound }) },
  check: [...nothingDependsOn("gateway", customerGateway)],
  apply: async ({ state, targets }) => {
    await state.move(customerGateway, targets.gateway, "DeleteCustomerGateway");
    return {};
  },
});
