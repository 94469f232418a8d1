import type { ResourceWriter } from "../contract/resource-kind.ts";

/** Number of an order that is paid at once: nothing here asks for it again. */
export function newOrderId(state: Pick<ResourceWriter, "randomHex">): string {
  return String(Number.parseInt(state.randomHex(6), 16));
}
