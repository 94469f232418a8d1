import { type Command, InvalidArgumentError } from "commander";
import type { AdminClient } from "./admin-client.ts";
import { printRestored, type Restored, withProgress } from "./progress.ts";

interface Event {
  readonly id: number;
  readonly at: string;
  readonly kind: string;
  readonly resource: string;
  readonly event: string;
  readonly cause: string;
  readonly principal: string;
  readonly state: string | null;
}
interface PastResource {
  readonly id: string;
  readonly kind: string;
  readonly account: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
interface Change {
  readonly id: string;
  readonly kind: string;
  readonly change: string;
  readonly fields: readonly { readonly name: string; readonly before?: unknown; readonly after?: unknown }[];
  readonly by: readonly Event[];
  readonly byMore: boolean;
}
type Remote = { url: string; adminToken?: string };
type Asked = Remote & { resource?: string; kind?: string; account?: string };

/** Entries that one call asks for. */
const pageSize = "500";

/** `linkspan history`, `history diff` and `rewind`. */
export function historyCommands(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  const filtered = (command: Command): Command =>
    remote(command)
      .option("--resource <id>", "only this resource")
      .option("--kind <kind>", "only resources of this kind")
      .option("--account <uid>", "only resources of this account");

  const history = filtered(program.command("history").description("tells what changed, newest first, or how things were"))
    .option("--at <event>", "resources as they were after this event; one resource whole", event)
    .option("--limit <n>", "so many changes", event, 20)
    .action(async (options: Asked & { at?: number; limit: number }) => {
      if (options.at === undefined) await printEvents(client(options), options);
      else await printPast(client(options), options.at, options);
    });
  filtered(history.command("diff").description("tells how resources differ between two events, and by which requests"))
    .argument("<from>", "id of an event", event)
    .argument("<to>", "id of a later one", event)
    .action(async (from: number, to: number, options: Asked) => {
      const query = { ...asked(options), from: String(from), to: String(to) };
      for await (const one of pages<Change>(client(options), "history/diff", query, "before")) printChange(one);
    });

  remote(program.command("rewind").description("brings all resources back to what they were after an event"))
    .argument("<event>", "its id: see linkspan history", event)
    .action(async (to: number, options: Remote) => {
      const server = client(options);
      const call = server.call<{ from: number; newest: number; changed: Restored[] }>("POST", "history/rewind", { to });
      const { changed, from, newest } = await withProgress(server, "rewind", call);
      printRestored(changed, from, newest);
    });
}

function event(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("a number is expected");
  return Number(text);
}

function asked({ resource, kind, account }: Asked): Record<string, string> {
  return Object.fromEntries(Object.entries({ resource, kind, account }).filter((one): one is [string, string] => one[1] !== undefined));
}

/** All entries of a list, page by page. */
async function* pages<T>(client: AdminClient, path: string, query: Readonly<Record<string, string>>, cursor: string): AsyncGenerator<T> {
  for (let more: Record<string, string> = {}; ;) {
    const answer = await client.call<{ resources: T[]; next: string | number | null }>(
      "GET",
      `${path}?${new URLSearchParams({ limit: pageSize, ...query, ...more }).toString()}`,
    );
    yield* answer.resources;
    if (answer.next === null) return;
    more = { [cursor]: String(answer.next) };
  }
}

async function printEvents(client: AdminClient, options: Asked & { limit: number }): Promise<void> {
  const query = new URLSearchParams({ ...asked(options), limit: String(options.limit) }).toString();
  const { events, oldest, newest } = await client.call<{ events: Event[]; oldest: number; newest: number }>("GET", `history?${query}`);
  console.error(`Events ${oldest} to ${newest}. To go back to one: linkspan rewind EVENT`);
  for (const one of events) console.log(eventLine(one));
}
function eventLine({ id, at, kind, resource, event: what, cause, principal, state }: Event): string {
  return `${id}  ${at}  ${kind}  ${resource}  ${what} → ${state ?? "gone"}  ${cause}  ${principal}`;
}

async function printPast(client: AdminClient, at: number, options: Asked): Promise<void> {
  for await (const { id, kind, account, fields } of pages<PastResource>(client, `history/${at}`, asked(options), "after")) {
    if (options.resource === undefined) console.log(`${id}  ${kind}  ${String(fields["state"])}  ${account}`);
    else console.log(JSON.stringify(fields, null, 2));
  }
}

function printChange({ id, kind, change, fields, by, byMore }: Change): void {
  console.log(`${change}  ${kind}  ${id}`);
  const shown = (side: "before" | "after", field: Change["fields"][number]): string =>
    side in field ? JSON.stringify(field[side]) : "nothing";
  if (change === "changed")
    for (const field of fields) console.log(`  ${field.name}: ${shown("before", field)} → ${shown("after", field)}`);
  for (const one of by) console.log(`  by ${eventLine(one)}`);
  if (byMore) console.log("  and others before");
}
