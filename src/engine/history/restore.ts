import { Refusal } from "../../contract/errors.ts";
import { adminErrors } from "../../contract/gateway-errors.ts";
import { developmentKeysWork } from "../administration.ts";
import type { Past, WritableResources } from "../resources.ts";

/** How many resources of a kind were brought back or taken away. */
export interface Restored {
  readonly kind: string;
  readonly restored: number;
  readonly removed: number;
}

/**
 * Brings resources to an earlier state, as events like any others, so that replaying them gives the rows, whoever watches them sees it, and
 * it can be taken back in the same way. Resources that are as they were stay untouched.
 * @param leaving ids of those that were not there then, or stood elsewhere in lists; all of them go before the first comes back, so that no
 *   two ever stand in one place
 * @param pasts everything that may be otherwise now than it was then
 * @param exposed others than this machine can reach the server
 * @throws {Refusal} when this would bring public keys back to a server that others can reach
 */
export async function restoreAll(
  state: WritableResources,
  leaving: AsyncIterable<string>,
  pasts: AsyncIterable<Past>,
  { what, exposed }: { readonly what: string; readonly exposed: boolean },
): Promise<Restored[]> {
  const totals = new Map<string, { restored: number; removed: number }>();
  const count = (): void => {
    for (const { kind, to } of state.changes) {
      const total = totals.get(kind) ?? { restored: 0, removed: 0 };
      totals.set(kind, total);
      total[to === "" ? "removed" : "restored"] += 1;
    }
    // There may be a million of them, and nobody else asks.
    state.changes.length = 0;
  };
  for await (const id of leaving) {
    await state.remove(id);
    count();
  }
  for await (const past of pasts) {
    await state.restore(past);
    count();
  }
  if (exposed && (await developmentKeysWork(state))) {
    throw new Refusal(adminErrors.exposed, [what], "start it on 127.0.0.1 first");
  }
  return [...totals]
    .map(([kind, { restored, removed }]) => ({ kind, restored, removed }))
    .sort((one, other) => (one.kind < other.kind ? -1 : 1));
}
