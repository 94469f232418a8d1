import type { NextHopType } from "../../contract/resource-kind.ts";
import { kinds } from "../kinds.ts";

/** Next-hop types of families that are not here yet, and of a product that this server does not have. */
const withoutKind: readonly NextHopType[] = [
  // Instances belong to Ecs: their ids are stored as given.
  { type: "Instance", errors: [], objection: async () => undefined },
];

/** Next-hop types that a router's tables take here: those of the kinds that declare one, and those without a kind. */
export const nextHopTypes: readonly NextHopType[] = [...kinds.flatMap(({ nextHop }) => nextHop ?? []), ...withoutKind];

/** Documented types that are refused by name. */
const documentedOnly = [
  "HaVip",
  "NetworkInterface",
  "IPv6Gateway",
  "NatGateway",
  "Attachment",
  "Ipv4Gateway",
  "GatewayEndpoint",
  "GatewayLoadBalancerEndpoint",
  "Ecr",
];

export function nextHopType(type: string): NextHopType | undefined {
  return nextHopTypes.find((one) => one.type === type);
}
export function isDocumentedNextHopType(type: string): boolean {
  return nextHopType(type) !== undefined || documentedOnly.includes(type);
}
