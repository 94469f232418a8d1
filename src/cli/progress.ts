import { setTimeout } from "node:timers/promises";
import type { AdminClient } from "./admin-client.ts";

/** Milliseconds after which a user wants to know how far it is, and again after as many. */
const patience = 1_000;

/** What of a kind was brought back or taken away. */
export interface Restored {
  readonly kind: string;
  readonly restored: number;
  readonly removed: number;
}
interface Underway {
  readonly action: string;
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** Waits for work of the server, and tells on the error stream how far it is when that takes longer than a second. */
export async function withProgress<T>(client: AdminClient, action: string, work: Promise<T>): Promise<T> {
  const finished = new AbortController();
  const watching = (async (): Promise<void> => {
    for (;;) {
      await setTimeout(patience, undefined, { signal: finished.signal });
      const { underway } = await client.call<{ underway: Underway[] }>("GET", "snapshots");
      const one = underway.find((some) => some.action === action && some.total > 0);
      if (one !== undefined) console.error(`${action} ${one.name}: ${Math.floor((100 * one.done) / one.total)} %`);
    }
  })().catch(() => undefined);
  try {
    return await work;
  } finally {
    finished.abort();
    await watching;
  }
}

/** What a load or a rewind did, and how to take it back. */
export function printRestored(changed: readonly Restored[], from: number, newest: number): void {
  if (newest === from) return console.log("Nothing was otherwise.");
  for (const { kind, restored, removed } of changed) {
    const what = [restored > 0 ? `${restored} brought back` : "", removed > 0 ? `${removed} taken away` : ""];
    console.log(`${kind}: ${what.filter((text) => text !== "").join(", ")}`);
  }
  console.log(`To take it back: linkspan rewind ${from}`);
}
