import { tagsOf } from "../../contract/indexes.ts";
import { long, optional, structure, text, type ValueOfShape, wrapped } from "../../contract/response.ts";
import { tagShape } from "../vpc/vpc-view.ts";
import type { CustomerGateway } from "./customer-gateway.ts";

/** Fields of a customer gateway, alike in its read and in lists. Times are virtual milliseconds since 1970. */
export const customerGatewayFields = {
  // Must be absent when none was given: clients compare it with what they sent.
  Asn: optional(long),
  AuthKey: text,
  CreateTime: long,
  CustomerGatewayId: text,
  Description: text,
  IpAddress: text,
  Name: text,
  ResourceGroupId: text,
  Tags: wrapped("Tag", tagShape),
} as const;
const shape = structure(customerGatewayFields);

/** A customer gateway as its owner sees it, its BGP key included. */
export function customerGatewayView(of: CustomerGateway): ValueOfShape<typeof shape> {
  return {
    Asn: of.asn === "" ? undefined : of.asn,
    AuthKey: of.authKey,
    CreateTime: String(of.createdAt),
    CustomerGatewayId: of.id,
    Description: of.description,
    IpAddress: of.ipAddress,
    Name: of.name,
    ResourceGroupId: of.resourceGroups[of.account] ?? "",
    Tags: { Tag: tagsOf(of, of.account) },
  };
}
