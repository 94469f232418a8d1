import type { EventView } from "../engine/history/event-view.ts";

/** One event as a line. */
export function eventLine({ id, at, kind, resource, event, from, to, principal, cause }: EventView): string {
  const states = from === to ? to : `${from || "new"} → ${to || "gone"}`;
  return [id, at, kind, resource, event, states, principal, cause].join("  ");
}
