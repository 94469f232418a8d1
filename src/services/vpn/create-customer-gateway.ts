import { blockContains, parseBlock } from "../../contract/cidr.ts";
import { clientToken, regionId } from "../../contract/common-parameters.ts";
import { scoped, scopeOf } from "../../contract/indexes.ts";
import { writeOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Vpc } from "../../contract/products.ts";
import { long, text } from "../../contract/response.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { resourceGroupErrors, resourceGroupExists, resourceGroupsFor } from "../resource-groups/resource-group.ts";
import { tagRules, tagsFor } from "../tags/tag-rules.ts";
import { customerAsn } from "./asn.ts";
import { customerGateway } from "./customer-gateway.ts";
import { customerGatewayErrors, vpnDeniedRightly } from "./errors.ts";
import { authKeyParameter, shortText } from "./parameters.ts";
import { vpnTagErrors, vpnTagList } from "./tags.ts";

/** Where no customer's gateway can be. */
const impossibleRanges = ["100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.0.0.0/8"];

export const createCustomerGateway = writeOperation({
  product: Vpc,
  name: "CreateCustomerGateway",
  summary: "Describes the customer's end of IPsec connections: its address, and for BGP its number and key.",
  authorisation: {
    action: "vpc:CreateCustomerGateway",
    resources: ["acs:vpc:{regionId}:{accountId}:customergateway/*"],
    source: "public-docs",
    denied: vpnDeniedRightly,
  },
  parameters: {
    RegionId: regionId,
    ClientToken: clientToken,
    IpAddress: string({ required: true, lengthMax: 64, invalid: customerGatewayErrors.addressMalformed }),
    Name: shortText(customerGatewayErrors.nameInvalid),
    Description: shortText(customerGatewayErrors.descriptionInvalid),
    Asn: string({ lengthMax: 32, invalid: customerGatewayErrors.asnInvalid }),
    AuthKey: authKeyParameter,
    Tags: vpnTagList,
    ResourceGroupId: string(),
  },
  response: { CreateTime: long, CustomerGatewayId: text, Description: text, IpAddress: text, Name: text },
  check: [
    {
      rule: "IpAddress is an IPv4 address that a gateway can have",
      error: customerGatewayErrors.addressMalformed,
      holds: ({ input }) =>
        !input.IpAddress.includes("/") &&
        parseBlock(input.IpAddress, { version: 4, addresses: true }) !== undefined &&
        !impossibleRanges.some((range) => blockContains(range, `${input.IpAddress}/32`)),
    },
    {
      rule: "Asn is a number from 1 to 4294967295, also written as two halves with a dot, and not the cloud's own",
      error: customerGatewayErrors.asnInvalid,
      holds: ({ input }) => input.Asn === undefined || customerAsn(input.Asn) !== undefined,
    },
    {
      rule: "AuthKey comes with Asn",
      error: customerGatewayErrors.asnMissing,
      holds: ({ input }) => input.AuthKey === undefined || input.Asn !== undefined,
    },
    ...tagRules("Tags", vpnTagErrors),
    resourceGroupExists("ResourceGroupId", resourceGroupErrors.vpcUnknown),
    {
      rule: "no customer gateway of the account in the region has the address",
      error: customerGatewayErrors.addressTaken,
      holds: async ({ input, caller, state }) => {
        const place = scoped(scopeOf(caller.account, input.RegionId), input.IpAddress);
        return (await state.list(customerGateway, [["address", place]], { limit: 1 })).length === 0;
      },
    },
    {
      rule: "the account has room for another customer gateway in the region (quota CustomerGateway)",
      error: customerGatewayErrors.quota,
      advice: quotaAdvice("CustomerGateway"),
      holds: async ({ input, caller, state, settings }) =>
        (await state.count(customerGateway, [["scope", scopeOf(caller.account, input.RegionId)]])) <
        settings.quota("CustomerGateway", caller.account, input.RegionId),
    },
  ],
  apply: async ({ input, caller, state }) => {
    const created = await state.create(
      customerGateway,
      {
        id: state.newId(customerGateway, input.RegionId),
        account: caller.account,
        region: input.RegionId,
        resourceGroups: await resourceGroupsFor(state, caller.account, input.ResourceGroupId),
        tags: tagsFor(caller.account, input.Tags),
        name: input.Name ?? "",
        description: input.Description ?? "",
        ipAddress: input.IpAddress,
        asn: input.Asn === undefined ? "" : (customerAsn(input.Asn) ?? ""),
        authKey: input.AuthKey ?? "",
      },
      "CreateCustomerGateway",
    );
    const { id, createdAt, name, description, ipAddress } = created;
    return { CreateTime: String(createdAt), CustomerGatewayId: id, Description: description, IpAddress: ipAddress, Name: name };
  },
});
