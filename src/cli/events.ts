import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { type AdminClient, CommandError, NoServer } from "./admin-client.ts";

type Remote = { url: string; adminToken?: string };
type Options = Remote & { account?: string; resource?: string; kind?: string; after?: string; json?: boolean };

/** How long the command waits before it looks for a server that is gone, in milliseconds. */
const retryDelay = 500;

/** One message of a stream of server-sent events; one without data tells only how far the stream is. */
interface Message {
  readonly id: string | undefined;
  readonly data: string;
}
interface Event {
  readonly id: number;
  readonly at: string;
  readonly kind: string;
  readonly resource: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  readonly principal: string;
}
interface Gap {
  readonly event: "gap";
  readonly message: string;
}

/** `linkspan events`: prints what happens, as it happens. */
export function eventsCommand(program: Command, remote: (command: Command) => Command, client: (options: Remote) => AdminClient): void {
  remote(program.command("events").description("follows what happens to resources, one line an event"))
    .option("--account <name>", "only of what this account owns or has a part in; its name or UID")
    .option("--resource <id>", "only of this resource; `vpc-*` is every id that begins so")
    .option("--kind <kind>", "only of this kind, such as `vpc-peering-connection`")
    .option("--after <id>", "from behind this event on, 0 for all there are; from now on unless said")
    .option("--json", "one JSON object a line")
    .action((options: Options) => follow(client(options), options));
}

/** Follows until it is interrupted, through restarts of the server. */
async function follow(server: AdminClient, { account, resource, kind, after, json = false }: Options): Promise<void> {
  // Whoever reads the lines may have had enough of them.
  process.stdout.once("error", () => process.exit());
  const query = { after, account: account === undefined ? undefined : await uidOf(server, account), resource, kind };
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined);
  const path = `events?${new URLSearchParams(given).toString()}`;
  let place: string | undefined;
  for (let wasThere = false; ;) {
    try {
      const bytes = await server.download(path, place === undefined ? {} : { "last-event-id": place });
      if (wasThere) console.error("The server is back.");
      wasThere = true;
      for await (const { id, data } of messagesOf(bytes)) {
        if (data !== "") console.log(json ? data : lineOf(JSON.parse(data) as Event | Gap));
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

function lineOf(event: Event | Gap): string {
  if ("message" in event) return `-- ${event.message}`;
  const { id, at, kind, resource, from, to, principal, cause } = event;
  const states = from === to ? to : `${from || "new"} → ${to || "gone"}`;
  return [id, at, kind, resource, event.event, states, principal, cause].join("  ");
}

async function uidOf(server: AdminClient, name: string): Promise<string> {
  if (/^\d+$/.test(name)) return name;
  const { accounts } = await server.call<{ accounts: { uid: string; name: string }[] }>("GET", "accounts");
  const found = accounts.find((one) => one.name === name);
  if (found !== undefined) return found.uid;
  throw new CommandError(`there is no account ${name}; there are ${accounts.map((one) => one.name).join(", ")}`);
}
