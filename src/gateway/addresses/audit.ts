import { Refusal } from "../../contract/errors.ts";
import { adminErrors } from "../../contract/gateway-errors.ts";
import { type InputOf, string } from "../../contract/parameters.ts";
import { type AuditView, auditView } from "../audit/audit.ts";
import { auditPage } from "../audit/audit-page.ts";
import { findingKinds } from "../audit/finding.ts";
import { address, type Behind } from "./address.ts";
import { described, integerNumber, listOf, nullable, objectOf, oneOf, text, time } from "./schemas.ts";

/** What clients do that works here and hurts in production. */

const inQuery = {
  account: string({ description: "name or UID of an account: only its requests" }),
  since: string({
    description: "only requests that were answered at this time or later, as 2026-01-31T12:00:00Z",
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/,
    valid: (value) => !Number.isNaN(Date.parse(value)),
  }),
};
const finding = objectOf({
  kind: oneOf(...Object.keys(findingKinds)),
  seen: described("what was seen, as a sentence", text),
  matters: described("why it matters in production", text),
  instead: described("what to do instead", text),
  client: objectOf({ account: text, accessKeyId: text, userAgent: text }),
  product: text,
  operation: text,
  resources: described("ids of what the calls were about, the first few of them", listOf(text)),
  count: described("how often", integerNumber),
  from: time,
  to: time,
  requests: described("RequestIds in order, the first and the last of them; each is explained under requests/{RequestId}", listOf(text)),
  requestsLeftOut: described("how many between these", integerNumber),
});

const audit = address({
  method: "GET",
  path: "/audit",
  summary: "What clients do that works here and hurts in production, as far as the request log shows it. A browser gets a page.",
  inQuery,
  answers: {
    description: "Findings, one for each client, operation and kind of finding. The heaviest come first.",
    schema: objectOf({
      requests: objectOf({
        seen: described("how many requests were looked through", integerNumber),
        since: described("when the first of them was answered", nullable(time)),
        dropped: described("how many earlier ones had had to make room in the log", integerNumber),
      }),
      findings: listOf(finding),
    }),
  },
  refusals: [adminErrors.notFound],
  handle: ({ behind, query }) => audited(behind, query),
  page: async ({ behind, query }) => auditPage(await audited(behind, query)),
});

async function audited({ engine, log }: Behind, { account: name, since }: InputOf<typeof inQuery>): Promise<AuditView> {
  const accounts = name === undefined ? [] : await engine.accounts();
  const account = accounts.find((one) => one.name === name || one.uid === name);
  if (name !== undefined && account === undefined) throw new Refusal(adminErrors.notFound, [`account ${name}`]);
  return auditView(log, engine.kinds, { account: account?.uid, since: since === undefined ? undefined : Date.parse(since) });
}

export const auditAddresses = [audit];
