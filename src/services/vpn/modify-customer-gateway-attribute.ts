import { clientToken, id, regionId } from "../../contract/common-parameters.ts";
import { type Call, type Rule, rulesOn, target, writeOperation } from "../../contract/operation.ts";
import { Vpc } from "../../contract/products.ts";
import { listAll, type Subject } from "../../contract/resource-kind.ts";
import { long, text } from "../../contract/response.ts";
import { allows } from "../../contract/state-table.ts";
import { type CustomerGateway, customerGateway } from "./customer-gateway.ts";
import { customerGatewayView } from "./customer-gateway-view.ts";
import { customerGatewayErrors, vpnDenied } from "./errors.ts";
import { gatewayOf } from "./gateway-rules.ts";
import { authKeyParameter, shortText } from "./parameters.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { type VpnGateway, vpnGateway } from "./vpn-gateway.ts";

export const modifyCustomerGatewayAttribute = writeOperation({
  product: Vpc,
  name: "ModifyCustomerGatewayAttribute",
  summary:
    "Changes name, description and BGP key of a customer gateway. A new key makes the VPN gateways updating whose connections get it.",
  pollWith: "DescribeVpnGateway",
  authorisation: {
    action: "vpc:ModifyCustomerGatewayAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:customergateway/{CustomerGatewayId}"],
    source: "inferred",
    denied: vpnDenied,
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
    ...rulesOn(keyBearers, [
      {
        rule: "no VPN gateway whose connections get the key is locked for its bill",
        error: customerGatewayErrors.gatewayLocked,
        holds: (gateways) => gateways.every(({ BusinessStatus }) => BusinessStatus !== "FinancialLocked"),
      },
      {
        rule: "no VPN gateway whose connections get the key is being configured",
        error: customerGatewayErrors.gatewayConfiguring,
        holds: (gateways) => busyAmong(gateways) === undefined,
        subject: (gateways) => busyAmong(gateways),
      },
    ] satisfies Rule<readonly VpnGateway[]>[]),
  ],
  apply: async (call) => {
    const { input, state, targets } = call;
    const { gateway } = targets;
    for (const one of await keyBearers(call)) await state.move(vpnGateway, one, "ModifyCustomerGatewayAttribute");
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

/** The VPN gateways that a new key concerns: those with a connection to the customer gateway. */
async function keyBearers({
  input,
  state,
  targets,
}: Pick<Call, "state"> & {
  readonly input: { readonly AuthKey: string | undefined };
  readonly targets: { readonly gateway: CustomerGateway };
}): Promise<VpnGateway[]> {
  if (input.AuthKey === undefined) return [];
  const connections = await listAll(state, vpnConnection, [["usedCustomerGateway", targets.gateway.id]]);
  const gateways = await Promise.all(connections.map((connection) => gatewayOf(state, connection)));
  return [...new Map(gateways.map((gateway) => [gateway.id, gateway])).values()];
}
function busyAmong(gateways: readonly VpnGateway[]): Subject | undefined {
  const busy = gateways.find(({ state }) => !allows(vpnGateway.states, state, "ModifyCustomerGatewayAttribute"));
  return busy && { kind: vpnGateway, resource: busy };
}
