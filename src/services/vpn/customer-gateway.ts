import { scoped, scopeOf, sharedIndexes } from "../../contract/indexes.ts";
import type { Resource, ResourceKind } from "../../contract/resource-kind.ts";
import { gone } from "../../contract/state-table.ts";

/** The customer's end of IPsec connections, as the account describes it. */
export interface CustomerGatewayBody {
  readonly name: string;
  readonly description: string;
  readonly ipAddress: string;
  /** Autonomous system number as a decimal number; the empty string when none was given. */
  readonly asn: string;
  /** Key of BGP sessions; the empty string when none was given. */
  readonly authKey: string;
}
export type CustomerGateway = Resource<CustomerGatewayBody>;

export const customerGateway: ResourceKind<CustomerGatewayBody> = {
  name: "customer-gateway",
  idPrefix: "cgw",
  idHasRegionCode: true,
  tagType: "CUSTOMERGATEWAY",
  states: {
    initial: { CreateCustomerGateway: "Available" },
    states: { Available: { meaning: "usable", moves: { ModifyCustomerGatewayAttribute: "Available", DeleteCustomerGateway: gone } } },
  },
  indexes: {
    ...sharedIndexes<CustomerGateway>(),
    address: ({ account, region, ipAddress }) => [scoped(scopeOf(account, region), ipAddress)],
  },
  counted: ["scope"],
  secretFields: ["authKey"],
};
