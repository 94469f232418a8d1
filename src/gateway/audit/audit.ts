import type { Kinds } from "../../engine/resources.ts";
import type { RequestLog, RequestRecord } from "../request-log.ts";
import { deprecatedCalls } from "./deprecated.ts";
import { polledTooFast } from "./fast-polling.ts";
import {
  type Audited,
  beganAt,
  type Finding,
  finding,
  type FindingKind,
  findingKinds,
  type Occurrence,
  type Traffic,
  trafficOf,
} from "./finding.ts";
import { retriedWithNewToken } from "./new-token.ts";
import { retriedWithoutBackOff } from "./no-back-off.ts";
import { notWaitedFor } from "./not-waited.ts";
import { pagingIgnored } from "./paging-ignored.ts";

/** What clients do that works here and hurts in production, as far as the request log shows it. */

const detectors: Readonly<Record<FindingKind, (traffic: Traffic) => Occurrence[]>> = {
  "new-token": retriedWithNewToken,
  "paging-ignored": pagingIgnored,
  "not-waited": notWaitedFor,
  "no-back-off": retriedWithoutBackOff,
  "fast-polling": polledTooFast,
  deprecated: deprecatedCalls,
};

/**
 * Looks through requests. The heaviest kind of finding comes first, within a kind the most frequent. A client is a key with a User-Agent:
 * each finding is about one of them. Requests that no key has signed, or that are for nothing that is here, are passed over.
 */
export function audit(records: readonly RequestRecord[], kinds: Kinds): Finding[] {
  const audited = records.filter((record): record is Audited => record.accessKeyId !== "" && record.operation !== undefined);
  const accounts = Map.groupBy(
    audited.toSorted((a, b) => beganAt(a) - beganAt(b)),
    ({ account }) => account,
  );
  const traffic = [...accounts.values()].map((requests) => trafficOf(requests, kinds));
  return (Object.keys(findingKinds) as FindingKind[]).flatMap((kind) =>
    traffic.flatMap((one) => detectors[kind](one).map((occurrence) => finding(kind, occurrence, kinds))).sort((a, b) => b.count - a.count),
  );
}

export interface AuditView {
  /** What was looked through. Of what the log had dropped before, nothing can be said. */
  readonly requests: {
    readonly seen: number;
    /** ISO 8601, wall time. */
    readonly since: string | null;
    readonly dropped: number;
  };
  readonly findings: readonly Finding[];
}

/** Looks through the log: all of it, or the requests of one account, or those that were answered since a wall time in milliseconds. */
export function auditView(
  log: RequestLog,
  kinds: Kinds,
  { account, since = 0 }: { readonly account: string | undefined; readonly since: number | undefined },
): AuditView {
  const all = log.all();
  const reachesBack = (all[0]?.at ?? 0) >= since;
  const records = all.filter((record) => record.at >= since && (account === undefined || record.account === account));
  const first = records[0];
  return {
    requests: {
      seen: records.length,
      since: first === undefined ? null : new Date(first.at).toISOString(),
      dropped: reachesBack ? log.dropped : 0,
    },
    findings: audit(records, kinds),
  };
}
