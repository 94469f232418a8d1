import type { ResourceWriter } from "../../../contract/resource-kind.ts";

/**
 * An id for the interface of a router on one VLAN. Such an interface is no resource of its own: it comes and goes with the circuit,
 * and route entries of the router name it as next hop like a router interface, whose ids its own look like.
 */
export function newVlanInterfaceId(state: ResourceWriter, region: string): string {
  return state.newId({ idPrefix: "ri", idHasRegionCode: true }, region);
}
