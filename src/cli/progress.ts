import { setTimeout } from "node:timers/promises";
import type { LongWorkView } from "../engine/long-work.ts";
import type { Restored } from "../engine/history/restore.ts";
import type { AdminClient } from "./admin-client.ts";

/** Milliseconds after which a user wants to know how far it is, and again after as many. */
const patience = 1_000;

/** Waits for work of the server, and tells on the error stream how far it is when that takes longer than a second. */
export async function withProgress<T>(client: AdminClient, action: LongWorkView["action"], name: string, work: Promise<T>): Promise<T> {
  const finished = new AbortController();
  const watching = (async (): Promise<void> => {
    for (;;) {
      await setTimeout(patience, undefined, { signal: finished.signal });
      const { underway } = await client.call<{ underway: LongWorkView[] }>("GET", "snapshots");
      const one = underway.find((some) => some.action === action && some.name === name && some.total > 0);
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
  if (newest === from) return console.log("Nothing had to change: all is as it was then.");
  for (const { kind, restored, removed } of changed) {
    const what = [restored > 0 ? `${restored} brought back` : "", removed > 0 ? `${removed} taken away` : ""];
    console.log(`${kind}: ${what.filter((text) => text !== "").join(", ")}`);
  }
  console.log(`To take it back: linkspan rewind ${from}`);
}
