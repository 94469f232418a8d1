import { Refusal } from "../../contract/errors.ts";
import { adminErrors } from "../../contract/gateway-errors.ts";
import { integer } from "../../contract/parameters.ts";
import { stages } from "../protocol-rules.ts";
import { type RequestLog, type RequestRecord, requestsInMemoryMax } from "../request-log.ts";
import { requestListPage, requestPage } from "../request-page.ts";
import { requestSummary, requestView } from "../request-view.ts";
import { address } from "./address.ts";
import { anyNumber, integerNumber, listOf, mapOf, nullable, objectOf, oneOf, text, time, truth } from "./schemas.ts";

/** What was asked of this server lately, and how it was judged. */

const recentDefault = 50;
const summary = {
  requestId: text,
  at: time,
  product: text,
  action: text,
  account: text,
  status: integerNumber,
  code: text,
  milliseconds: anyNumber,
};
const rule = { rule: text, code: text, source: text };
const whole = objectOf({
  ...summary,
  method: text,
  signatureVersion: text,
  accessKeyId: text,
  userAgent: text,
  parameters: mapOf(text),
  stringToSign: text,
  canonicalRequest: text,
  masked: truth,
  message: text,
  advice: text,
  replayed: truth,
  answerLost: truth,
  targets: listOf(objectOf({ parameter: text, kind: text, id: text, state: nullable(text) })),
  changes: listOf(objectOf({ eventId: integerNumber, kind: text, resource: text, event: text, from: text, to: text })),
  rules: listOf(
    objectOf({
      ...rule,
      stage: oneOf(...stages, "fault"),
      held: nullable(truth),
    }),
  ),
  subject: nullable({ type: "object" }),
  permission: nullable({ type: "object" }),
  failedMembers: listOf(objectOf({ ...rule, member: text })),
  faults: listOf(objectOf({ rule: integerNumber, kind: text, did: text, answered: truth })),
});

const list = address({
  method: "GET",
  path: "/requests",
  summary: "Recent requests, newest first. A browser gets a page.",
  inQuery: { limit: integer({ default: recentDefault, min: 1, max: requestsInMemoryMax }) },
  answers: {
    description: "One entry a request. `faults` are the kinds of the fault rules that acted.",
    schema: objectOf({ requests: listOf(objectOf({ ...summary, answerLost: truth, faults: listOf(text) })) }),
  },
  handle: ({ behind: { log }, query }) => ({ requests: log.recent(query.limit).map(requestSummary) }),
  page: ({ behind: { log }, query }) => requestListPage(log.recent(query.limit).map(requestSummary)),
});

const one = address({
  method: "GET",
  path: "/requests/{id}",
  summary: "One request whole: what was signed, who called, which rules held, which refused, what changed. A browser gets a page.",
  inPath: { id: "its RequestId" },
  answers: { description: "Secrets are masked.", schema: whole },
  refusals: [adminErrors.notFound],
  handle: ({ behind: { engine, log }, path }) => requestView(recorded(log, path.id), engine.kinds),
  page: ({ behind: { engine, log }, path }) => requestPage(recorded(log, path.id), engine.kinds),
});

function recorded(log: RequestLog, id: string): RequestRecord {
  const record = log.get(id);
  if (record === undefined)
    throw new Refusal(adminErrors.notFound, [`recent request ${id}`], `the log keeps the last ${requestsInMemoryMax}`);
  return record;
}

export const requestAddresses = [list, one];
