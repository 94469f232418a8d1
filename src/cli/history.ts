import { type Command, InvalidArgumentError } from "commander";
import type { EventView } from "../engine/history/event-view.ts";
import type { EventRange, PastResource, ResourceChange } from "../engine/history/history.ts";
import type { Restored } from "../engine/history/restore.ts";
import { type AdminClient, type Remote, withQuery } from "./admin-client.ts";
import { eventLine } from "./event-line.ts";
import { type Lined, lined, printLines } from "./lines.ts";
import { printRestored, withProgress } from "./progress.ts";

type Asked = Lined & { resource?: string; kind?: string; account?: string };

/** Entries that one call asks for. */
const pageSize = 500;

/** `linkspan history`, `history diff` and `rewind`. */
export function historyCommands(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  const filtered = (command: Command): Command =>
    lined(remote(command))
      .option("--resource <id>", "only this resource")
      .option("--kind <kind>", "only resources of this kind")
      .option("--account <name>", "only resources of this account, by name or UID");

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
      const query = { ...asked(options), from, to };
      const changes = pages<ResourceChange>(client(options), "history/diff", query, "before");
      await printLines(options, changes, changeLines, "Nothing of what was asked for differs.");
    });

  remote(program.command("rewind").description("brings all resources back to what they were after an event"))
    .argument("<event>", "its id: see linkspan history", event)
    .action(async (to: number, options: Remote) => {
      const server = client(options);
      const call = server.call<{ from: number; newest: number; changed: Restored[] }>("POST", "history/rewind", { to });
      const { changed, from, newest } = await withProgress(server, "rewind", String(to), call);
      printRestored(changed, from, newest);
    });
}

function event(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("a number is expected");
  return Number(text);
}

function asked({ resource, kind, account }: Asked): Pick<Asked, "resource" | "kind" | "account"> {
  return { resource, kind, account };
}

/** All entries of a list, page by page. */
async function* pages<T>(client: AdminClient, path: string, query: Parameters<typeof withQuery>[1], cursor: string): AsyncGenerator<T> {
  for (let next: string | number | undefined; ;) {
    const page = withQuery(path, { ...query, limit: pageSize, [cursor]: next });
    const answer = await client.call<{ resources: T[]; next: string | number | null }>("GET", page);
    yield* answer.resources;
    if (answer.next === null) return;
    next = answer.next;
  }
}

async function printEvents(client: AdminClient, options: Asked & { limit: number }): Promise<void> {
  const path = withQuery("history", { ...asked(options), limit: options.limit });
  const { events, oldest, newest } = await client.call<EventRange & { events: EventView[] }>("GET", path);
  console.error(`Events ${oldest} to ${newest}. To go back to one: linkspan rewind EVENT`);
  await printLines(options, events, eventLine, "None of them is what was asked for.");
}
async function printPast(client: AdminClient, at: number, options: Asked): Promise<void> {
  const lineOf = ({ id, kind, account, fields }: PastResource): string =>
    options.resource === undefined ? `${id}  ${kind}  ${String(fields["state"])}  ${account}` : JSON.stringify(fields, null, 2);
  const resources = pages<PastResource>(client, `history/${at}`, asked(options), "after");
  await printLines(options, resources, lineOf, `Nothing of what was asked for was there after event ${at}.`);
}

function changeLines({ id, kind, change, fields, by, byMore }: ResourceChange): string {
  const shown = (side: "before" | "after", field: ResourceChange["fields"][number]): string =>
    side in field ? JSON.stringify(field[side]) : "nothing";
  return [
    `${change}  ${kind}  ${id}`,
    ...(change === "changed" ? fields.map((field) => `  ${field.name}: ${shown("before", field)} → ${shown("after", field)}`) : []),
    ...by.map((one) => `  by ${eventLine(one)}`),
    ...(byMore ? ["  and others before"] : []),
  ].join("\n");
}
