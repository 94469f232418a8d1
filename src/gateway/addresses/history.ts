import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import { integer, integerMost, string } from "../../contract/parameters.ts";
import type { Engine } from "../../engine/engine.ts";
import type { HistoryFilter } from "../../engine/history/history.ts";
import { accountFilter, withAccountUid } from "./account-filter.ts";
import { address } from "./address.ts";
import { anyValue, integerNumber, listOf, mapOf, nullable, objectOf, oneOf, text, time, truth } from "./schemas.ts";
import { restored } from "./snapshots.ts";

/** What was, what changed it, and the way back. */

const limit = integer({ default: 50, min: 1, max: 1000 });
const eventId = integer({ min: 0, max: integerMost });
const requiredEvent = integer({ required: true, min: 0, max: integerMost });
const filter = {
  account: accountFilter("only what it owns"),
  kind: string({ description: "kind of the resource, as `operations` lists them" }),
  resource: string({ description: "id of the resource" }),
};

const event = objectOf({
  id: integerNumber,
  at: time,
  kind: text,
  resource: text,
  account: text,
  region: text,
  version: integerNumber,
  event: text,
  from: text,
  to: text,
  cause: text,
  principal: text,
});
const pastResource = objectOf({ id: text, kind: text, account: text, event: integerNumber, fields: mapOf(anyValue) });
const change = objectOf({
  id: text,
  kind: text,
  account: text,
  change: oneOf("created", "changed", "gone"),
  fields: listOf(objectOf({ name: text, before: anyValue, after: anyValue }, ["before", "after"])),
  by: listOf(event),
  byMore: truth,
});

const events = address({
  method: "GET",
  path: "/history",
  summary: "All changes of resources, newest first: what happened, when, by whom, and because of which request.",
  inQuery: {
    ...filter,
    cause: string({ description: "RequestId of the call that caused it, or `task`" }),
    before: eventId,
    limit,
  },
  answers: {
    description:
      "States are empty where the resource is not there. `next` is the `before` of the next page. A reset forgets what was before `oldest`.",
    schema: objectOf({
      oldest: integerNumber,
      newest: integerNumber,
      events: listOf(event),
      next: nullable(integerNumber),
    }),
  },
  refusals: [adminErrors.notFound],
  handle: async ({ behind: { engine }, query: { before, limit: most, cause, ...asked } }) => {
    const { range, ...page } = await engine.history.events({ ...(await checked(engine, asked)), cause }, before, most);
    return { ...range, ...page };
  },
});

const at = address({
  method: "GET",
  path: "/history/{event}",
  summary: "Resources as they were when an event had happened, in the order of their ids.",
  description: "An event in the midst of a call stands for the end of the call, because a state in between has never been.",
  inPath: { event: "id of an event" },
  inQuery: { ...filter, after: string({ default: "", description: "id of the last resource of the page before" }), limit },
  answers: {
    description: "Secrets are masked. `event` is the last one that counts, `next` the `after` of the next page.",
    schema: objectOf({ event: integerNumber, resources: listOf(pastResource), next: nullable(text) }),
  },
  refusals: [adminErrors.notFound, adminErrors.outsideHistory],
  handle: async ({ behind: { engine }, path, query: { after, limit: most, ...asked } }) => {
    if (!/^\d{1,15}$/.test(path.event)) throw new Refusal(adminErrors.notFound, [`event ${path.event}`], "events are numbers");
    return engine.history.at(Number(path.event), await checked(engine, asked), after, most);
  },
});

const diff = address({
  method: "GET",
  path: "/history/diff",
  summary: "How resources differ between two events, and by which requests; what changed last comes first.",
  inQuery: { from: requiredEvent, to: requiredEvent, ...filter, before: eventId, limit },
  answers: {
    description: "Secrets are masked: that one is listed says that it is another. `next` is the `before` of the next page.",
    schema: objectOf({ from: integerNumber, to: integerNumber, resources: listOf(change), next: nullable(integerNumber) }),
  },
  refusals: [adminErrors.notFound, adminErrors.outsideHistory],
  handle: async ({ behind: { engine }, query: { from, to, before, limit: most, ...asked } }) =>
    engine.history.diff(from, to, await checked(engine, asked), before, most),
});

const rewind = address({
  method: "POST",
  path: "/history/rewind",
  summary: "Brings all resources back to what they were when an event had happened, in one transaction.",
  description:
    "It adds events and removes none, so it can be taken back in the same way. Work on resources that come back begins anew. Clock, settings, " +
    "nonces and the admin token stay; ClientTokens that were stored since are forgotten.",
  body: { fields: { to: requiredEvent } },
  answers: {
    description: "What it changed. `newest` is the newest event now, `from` the one before: whereto another rewind takes it back.",
    schema: objectOf({ to: integerNumber, from: integerNumber, newest: integerNumber, changed: restored }),
  },
  refusals: [adminErrors.outsideHistory, adminErrors.exposed],
  handle: ({ behind: { engine }, body }) => engine.history.rewind(body.to),
});

/** @throws {Refusal} for a kind that is none and a name that no account has, whose lists would look as if nothing had happened */
async function checked(engine: Engine, asked: HistoryFilter): Promise<HistoryFilter> {
  if (asked.kind === undefined || engine.kinds.has(asked.kind)) return withAccountUid(engine, asked);
  throw new Refusal(gatewayErrors.parameterInvalid, ["kind"], [...engine.kinds.keys()].join(", "));
}

export const historyAddresses = [events, at, diff, rewind];
