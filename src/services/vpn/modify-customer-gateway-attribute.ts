import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { long, text } from "../../contract/response.ts";
import { customerGateway } from "./customer-gateway.ts";
import { customerGatewayView } from "./customer-gateway-view.ts";
import { customerGatewayErrors } from "./errors.ts";
import { authKeyParameter, shortText } from "./parameters.ts";

export const modifyCustomerGatewayAttribute = writeOperation({
  product: Vpc,
  name: "ModifyCustomerGatewayAttribute",
  summary: "Changes name, description and BGP key of a customer gateway.",
  authorisation: {
    action: "vpc:ModifyCustomerGatewayAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:customergateway/{CustomerGatewayId}"],
    source: "inferred",
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    CustomerGatewayId: id,
    Name: shortText(customerGatewayErrors.nameInvalid),
    Description: shortText(customerGatewayErrors.descriptionInvalid),
    AuthKey: authKeyParameter,
  },
  response: { CreateTime: long, CustomerGatewayId: text, Description: text, IpAddress: text, Name: text, ResourceGroupId: text },
  targets: { gateway: target({ kind: customerGateway, parameter: "CustomerGatewayId", missing: customerGatewayErrors.notFound }) },
  check: [
    {
      rule: "a gateway with a BGP key has an autonomous system number",
      error: customerGatewayErrors.asnMissing,
      holds: ({ input, targets }) => input.AuthKey === undefined || targets.gateway.asn !== "",
    },
  ],
  apply: async ({ input, state, targets: { gateway } }) => {
    const changes = {
      name: input.Name ?? gateway.name,
      description: input.Description ?? gateway.description,
      authKey: input.AuthKey ?? gateway.authKey,
    };
    await state.move(customerGateway, gateway, "ModifyCustomerGatewayAttribute", changes);
    // The key stays out of the answer, which is kept for repeats with the same ClientToken.
    const { CreateTime, CustomerGatewayId, Description, IpAddress, Name, ResourceGroupId } = customerGatewayView({
      ...gateway,
      ...changes,
    });
    return { CreateTime, CustomerGatewayId, Description, IpAddress, Name, ResourceGroupId };
  },
});
