import type { EventRow } from "../../src/engine/store.ts";
import type { InProcessServer } from "../support/server.ts";

/** The log itself, past the stream. */

/** All events that the store has. */
export async function allEvents({ store }: Pick<InProcessServer, "store">): Promise<EventRow[]> {
  const events: EventRow[] = [];
  for (;;) {
    const page = await store.read((rows) => rows.events(events.at(-1)?.id ?? 0, 500));
    if (page.length === 0) return events;
    events.push(...page);
  }
}
export async function newestId(server: Pick<InProcessServer, "store">): Promise<number> {
  return (await server.store.read((rows) => rows.eventRange())).newest;
}

/** What the stream has to say of them, made from nothing but their images in order. */
export function expectedOf(events: readonly EventRow[]): any[] {
  const images = new Map<string, any>();
  return events.map(({ id, at, kind, resource, version, event, cause, principal, image }) => {
    const before = images.get(resource);
    const after = image === null ? undefined : JSON.parse(image);
    images.set(resource, after);
    const { account, region } = after ?? before;
    const states = { from: before?.state ?? "", to: after?.state ?? "" };
    return { id, at: new Date(at).toISOString(), kind, resource, account, region, version, event, ...states, cause, principal };
  });
}
