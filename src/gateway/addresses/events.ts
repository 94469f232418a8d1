import { Readable } from "node:stream";
import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import { integer, integerMost, string } from "../../contract/parameters.ts";
import type { Told } from "../../engine/history/event-stream.ts";
import { kinds } from "../../services/kinds.ts";
import { accountFilter, withAccountUid } from "./account-filter.ts";
import { address } from "./address.ts";

/** Everything that happens, as it happens. */

/** How long a browser waits before it comes back, in milliseconds. */
const retryDelay = 1_000;

const follow = address({
  method: "GET",
  path: "/events",
  summary: "Follows every change of state and field, as server-sent events.",
  description:
    "Whatever form is asked for. The id of an event, sent as the header `Last-Event-ID` (browsers do so by themselves) or in `after`, goes " +
    "on behind it. An event `gap` says that this place is not in the log any more, as after a reset: what was known is void, and the whole " +
    "log follows.",
  inQuery: {
    after: integer({ min: 0, max: integerMost, description: "goes on behind this event, 0 for all; from now on unless said" }),
    account: accountFilter("only of what it owns or has a part in"),
    resource: string({ description: "only of this resource: its id, * and ? are wildcards" }),
    kind: string({ valid: (name) => kinds.some((kind) => kind.name === name), description: kinds.map(({ name }) => name).join(", ") }),
  },
  answers: {
    description:
      "`id` is that of the event, `event` its name, `data` a JSON object with `id`, `at` (virtual time), `kind`, `resource`, `account` (its " +
      "owner), `region`, `version`, `event`, `from` and `to` (states; empty where the resource is not there), `cause` (the RequestId of a " +
      "call, `task`, or what else it was) and `principal`. Without events, a comment and an `id` come every 15 seconds.",
    contentType: "text/event-stream",
  },
  refusals: [adminErrors.notFound, adminErrors.tooManyWatchers],
  handle: async ({ behind: { engine }, query, request, reply }) => {
    const { after, ...filter } = await withAccountUid(engine, query);
    const ended = new AbortController();
    // It may be gone already, and then nothing tells of it any more.
    if (reply.raw.destroyed) ended.abort();
    reply.raw.once("close", () => ended.abort());
    const told = engine.eventStream.follow(placeOf(request.headers["last-event-id"]) ?? after, filter, ended.signal);
    return (
      reply
        .type("text/event-stream")
        // Proxies are not to keep it back, and the server not to wait for another request when it stops.
        .headers({ "cache-control": "no-store", "x-accel-buffering": "no", connection: "close" })
        .send(Readable.from(bytesOf(told), { objectMode: false }))
    );
  },
});

function placeOf(lastEventId: string | string[] | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === "") return undefined;
  if (typeof lastEventId === "string" && /^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new Refusal(gatewayErrors.parameterInvalid, ["Last-Event-ID"], "it is the id of an event of this server");
}

async function* bytesOf(all: AsyncIterable<Told>): AsyncGenerator<string> {
  // Not on its own: what answers comes after the place is known from which it goes on.
  let start = `retry: ${retryDelay}\n`;
  for await (const told of all) {
    yield start + textOf(told);
    start = "";
  }
}

function textOf({ lost, events, reached }: Told): string {
  const gap = lost === undefined ? "" : message("gap", { event: "gap", after: lost, message: gapMessage(lost) });
  const texts = events.map((event) => `id: ${event.id}\n${message(event.event, event)}`);
  // An id without data is no event to clients, and they go on from there when they come back.
  return [gap, ...texts, events.at(-1)?.id === reached ? "" : `: still here\nid: ${reached}\n\n`].join("");
}
function gapMessage(lost: number): string {
  return `event ${lost} is not in the log any more, as after a reset: what was known is void, and all that the log has follows`;
}
function message(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

export const eventAddresses = [follow];
