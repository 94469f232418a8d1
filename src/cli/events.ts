import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import type { EventView } from "../engine/history/event-view.ts";
import { type AdminClient, NoServer, type Remote, withQuery } from "./admin-client.ts";
import { eventLine } from "./event-line.ts";
import { type Lined, lined, printLine } from "./lines.ts";

type Options = Lined & { account?: string; resource?: string; kind?: string; after?: string };

/** How long the command waits before it looks for a server that is gone, in milliseconds. */
const retryDelay = 500;

/** One message of a stream of server-sent events; one without data tells only how far the stream is. */
interface Message {
  readonly id: string | undefined;
  readonly data: string;
}
interface Gap {
  readonly event: "gap";
  readonly message: string;
}

/** `linkspan events`: prints what happens, as it happens. */
export function eventsCommand(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  lined(remote(program.command("events").description("follows what happens to resources, one line an event")))
    .option("--account <name>", "only of what this account owns or has a part in; its name or UID")
    .option("--resource <id>", "only of this resource; * and ? are wildcards: `vpc-*`")
    .option("--kind <kind>", "only of this kind, such as `vpc-peering-connection`")
    .option("--after <id>", "from behind this event on, 0 for all there are; from now on unless said")
    .action((options: Options) => follow(client(options), options));
}

/** Follows until it is interrupted, through restarts of the server. */
async function follow(server: AdminClient, options: Options): Promise<void> {
  const { account, resource, kind, after } = options;
  const path = withQuery("events", { after, account, resource, kind });
  let place: string | undefined;
  for (let wasThere = false; ;) {
    try {
      const bytes = await server.download(path, place === undefined ? {} : { "last-event-id": place });
      if (wasThere) console.error("The server is back.");
      wasThere = true;
      for await (const { id, data } of messagesOf(bytes)) {
        if (data !== "") printLine(options, JSON.parse(data) as EventView | Gap, lineOf);
        place = id ?? place;
      }
      console.error("The server is gone. Waiting for it.");
    } catch (error) {
      if (!wasThere || !(error instanceof NoServer)) throw error;
    }
    await setTimeout(retryDelay);
  }
}

/** The messages of a stream of server-sent events, until it ends or breaks. */
async function* messagesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of bytes) {
      const messages = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages) {
        const fields = new Map(message.split("\n").map((line) => line.split(/: (.*)/s, 2) as [string, string]));
        yield { id: fields.get("id"), data: fields.get("data") ?? "" };
      }
    }
  } catch (error) {
    // A server that dies does not end what it says.
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
  }
}

function lineOf(event: EventView | Gap): string {
  if ("message" in event) return `-- ${event.message}`;
  return eventLine(event);
}
