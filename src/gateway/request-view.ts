import type { Source } from "../contract/errors.ts";
import { gatewayErrors } from "../contract/gateway-errors.ts";
import type { Statement } from "../contract/operation.ts";
import { isTransitional, movesOf, shownStatus } from "../contract/state-table.ts";
import type { PermissionStory } from "../engine/authorise.ts";
import type { Kinds } from "../engine/resources.ts";
import { planOf, type Stage } from "./protocol-rules.ts";
import type { RequestRecord } from "./request-log.ts";

/** A recorded request as it is told: the record, the rules that it did not come to, and what follows from the declarations. */

/** One rule of a request, in its place in the order of judging. */
export interface RuleRow {
  /** `fault` for a fault rule, which is no rule of the protocol: it acted in the place of whatever would have been judged next. */
  readonly stage: Stage | "fault";
  readonly rule: string;
  /** What is answered when it does not hold; for the one that refused, what was answered. */
  readonly code: string;
  readonly source: Source;
  /** `null` when the request did not come to it. */
  readonly held: boolean | null;
}

/** The resource whose state refused, with what its state allows. */
export interface SubjectView {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
  /** What clients read as the status. */
  readonly shownAs: string;
  readonly meaning: string;
  /** The state ends without a call: work is being done on the resource, and every write is refused. */
  readonly endsByItself: boolean;
  readonly moves: readonly { readonly event: string; readonly to: string }[];
  /** States in which the operation that was refused is allowed. */
  readonly allowedIn: readonly string[];
}

export interface RequestView extends Omit<
  RequestRecord,
  "held" | "refusedBy" | "operation" | "at" | "subject" | "failedMembers" | "permission" | "time" | "underWay" | "noted"
> {
  /** ISO 8601, wall time. */
  readonly at: string;
  /** A refusal has exactly one rule that did not hold; those before it held, those behind it were not judged. */
  readonly rules: readonly RuleRow[];
  readonly subject: SubjectView | null;
  /** How the policies of a user or a role were judged; `null` for root keys, and where it did not come to that. */
  readonly permission: PermissionStory | null;
  /** Members of a batch that failed although the call succeeded. */
  readonly failedMembers: readonly (Pick<RuleRow, "rule" | "code" | "source"> & { readonly member: string })[];
}

export function requestView(record: RequestRecord, kinds: Kinds): RequestView {
  const { held: _held, refusedBy: _refusedBy, operation: _operation, time: _time, underWay: _underWay, noted: _noted, ...told } = record;
  const subject = subjectView(record, kinds);
  return {
    ...told,
    at: new Date(record.at).toISOString(),
    rules: ruleRows(record),
    subject,
    permission: record.permission ?? null,
    advice: withFaults(adviceOf(record, subject), record),
    failedMembers: record.failedMembers.map(({ member, statement: { rule, error, source } }) => ({
      member,
      rule,
      code: error.code,
      source: source ?? error.source,
    })),
  };
}

/** What a list of requests tells of each. */
export interface RequestSummary extends Pick<
  RequestView,
  "requestId" | "at" | "product" | "action" | "account" | "status" | "code" | "milliseconds" | "answerLost"
> {
  /** Kinds of the fault rules that acted. */
  readonly faults: readonly string[];
}
export function requestSummary({ at, faults, ...record }: RequestRecord): RequestSummary {
  const { requestId, product, action, account, status, code, milliseconds, answerLost } = record;
  const told = { requestId, at: new Date(at).toISOString(), product, action, account, status, code, milliseconds, answerLost };
  return { ...told, faults: faults.map(({ kind }) => kind) };
}

function ruleRows(record: RequestRecord): RuleRow[] {
  const { held, refusedBy, signatureVersion, operation } = record;
  const plan = planOf(signatureVersion, operation);
  const row = ({ rule, error, source }: Statement, index: number, holds: boolean | null): RuleRow => ({
    stage: holds === false && isSimulated(record) ? "fault" : (plan[index]?.stage ?? "operation"),
    rule,
    code: error.code,
    source: source ?? error.source,
    held: holds,
  });
  const rows = held.map((statement, index) => row(statement, index, true));
  if (refusedBy !== undefined) rows.push(row(refusedBy, held.length, false));
  // A fault of the server and a simulated one stand in no plan: they took the place of whatever was judged next.
  const next = refusedBy === undefined || isFault(refusedBy) || isSimulated(record) ? held.length : held.length + 1;
  return [...rows, ...plan.slice(next).map(({ statement }, index) => row(statement, next + index, null))];
}

/** Whether the server failed rather than refused. */
export function isFault({ error }: Statement): boolean {
  return error.http >= 500;
}
/** Whether a fault rule refused, and nothing of the call. */
export function isSimulated({ faults, refusedBy }: Pick<RequestRecord, "faults" | "refusedBy">): boolean {
  return refusedBy !== undefined && faults.some(({ answered }) => answered);
}
/** Whether the answer says that a dry run passed, in the form of an error. */
export function isPassedDryRun({ refusedBy }: Pick<RequestRecord, "refusedBy">): boolean {
  return refusedBy?.error === gatewayErrors.dryRunPassed;
}

function subjectView({ subject, operation }: RequestRecord, kinds: Kinds): SubjectView | null {
  const states = subject && kinds.get(subject.kind)?.states;
  if (subject === undefined || states === undefined) return null;
  const moves = movesOf(states);
  return {
    ...subject,
    shownAs: shownStatus(states, subject.state),
    meaning: states.states[subject.state]?.meaning ?? "",
    endsByItself: isTransitional(states, subject.state),
    moves: moves.filter(({ from }) => from === subject.state).map(({ event, to }) => ({ event, to })),
    allowedIn: [...new Set(moves.filter(({ from, event }) => event === operation?.name && from in states.states).map(({ from }) => from))],
  };
}

/** The advice to a refused caller, and which fault rules may be why it was refused. */
function withFaults(advice: string, record: RequestRecord): string {
  const { refusedBy, faults } = record;
  if (refusedBy === undefined || faults.length === 0 || isSimulated(record)) return advice;
  const told = faults.map(({ rule, did }) => `fault rule ${rule} ${did} (to remove it: linkspan faults remove ${rule})`);
  return `${advice}. This may be simulated: ${told.join("; ")}`;
}

/** What the caller can do next; the empty string for a request that succeeded. */
function adviceOf({ advice, refusedBy, operation }: RequestRecord, subject: SubjectView | null): string {
  if (refusedBy === undefined) return "";
  const remedy = advice === "" ? `make this true, then send the call again: ${refusedBy.rule}` : advice;
  if (subject === null) return remedy;
  // A resource that rests where the call is never allowed is in its way: waiting does not help.
  const { id, state, meaning, endsByItself, allowedIn } = subject;
  if (!endsByItself && allowedIn.length === 0) return `${remedy}. ${id} is ${state}: ${meaning}`;
  return stateAdvice(subject, operation?.name ?? "");
}

function stateAdvice({ id, state, meaning, endsByItself, moves, allowedIn }: SubjectView, operation: string): string {
  const next = [...new Set(moves.map(({ to }) => to))];
  const awaited = next.filter((one) => allowedIn.includes(one));
  const where = allowedIn.length === 0 ? "" : `${operation} is allowed in ${allowedIn.join(", ")}. `;
  if (!endsByItself) return `${where}${id} is ${state}: ${meaning}`;
  if (awaited.length > 0) return `${where}Wait until ${id} is ${awaited.join(" or ")}, which comes by itself, then send the call again`;
  if (allowedIn.length === 0) return `wait until ${id} is no longer ${state}, which comes by itself, then send the call again`;
  return `${where}${id} goes on to ${next.join(" or ")} by itself, where it is not allowed either`;
}
