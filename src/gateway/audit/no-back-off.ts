import { gatewayErrors } from "../../contract/gateway-errors.ts";
import { isPassedDryRun } from "../request-view.ts";
import { type Audited, beganAt, bySameCall, type Occurrence, times, type Traffic } from "./finding.ts";

/** Milliseconds before a call that was not told how long to wait should be sent again. */
const pauseMin = 1_000;
/** Clocks and timers are not exact: a wait that is this much too short is long enough. */
const tolerance = 0.9;
/** Official SDKs send a call that failed up to three times more without a pause. After that, somebody's own loop goes on. */
const quickRepeatsMax = 3;
/** A throttled call that is sent again at once may come from another thread; what goes on like that does not wait. */
const quickRepeatsWhenThrottledMax = 1;

/** Whether the server said that there were too many requests. Clients look for the word; a page that lies too deep has it too. */
export function isThrottled({ code }: Pick<Audited, "code">): boolean {
  return /Throttling/.test(code) && code !== gatewayErrors.deepPageSkip.code;
}

/**
 * Calls that were refused or failed, and were sent again and again with hardly a pause, while nothing else was changed that could have
 * made a difference.
 */
export function retriedWithoutBackOff({ requests, calls }: Traffic): Occurrence[] {
  const changesBefore = countChanges(requests);
  return calls.flatMap((ofOne) => {
    const runs = bySameCall(ofOne).flatMap((sameCalls) => quickRuns(sameCalls, changesBefore));
    if (runs.length === 0) return [];
    const concerned = new Set(runs.flat());
    const repeats = runs.reduce((sum, run) => sum + run.length - 1, 0);
    const refused = runs.flatMap((run) => run.slice(0, -1));
    const answers = [...new Set(refused.map(({ status, code }) => `${status} ${code}`))].join(", ");
    const told = Math.max(...refused.map(({ noted }) => noted.retryAfter ?? 0));
    const asked = told === 0 ? "" : `, although x-acs-retry-after asked for up to ${told} ms`;
    const seen = `${ofOne[0].action} was answered ${answers} and sent again ${times(repeats)} with hardly a pause${asked}.`;
    return [{ seen, count: repeats, requests: ofOne.filter((call) => concerned.has(call)) }];
  });
}

/** How many calls of the account had changed something before each. */
function countChanges(requests: readonly Audited[]): ReadonlyMap<Audited, number> {
  let count = 0;
  return new Map(requests.map((request) => [request, request.changes.length === 0 ? count : count++]));
}

/** Runs of the same call in which each but the last was refused, and followed too soon. */
function quickRuns(sameCalls: readonly Audited[], changesBefore: ReadonlyMap<Audited, number>): Audited[][] {
  const runs: Audited[][] = [];
  for (const [index, call] of sameCalls.entries()) {
    const before = sameCalls[index - 1];
    if (before !== undefined && isTooSoon(before, call, changesBefore)) runs.at(-1)?.push(call);
    else runs.push([call]);
  }
  return runs.filter((run) => run.length - 1 > (run.slice(0, -1).some(isThrottled) ? quickRepeatsWhenThrottledMax : quickRepeatsMax));
}

function isTooSoon(before: Audited, after: Audited, changesBefore: ReadonlyMap<Audited, number>): boolean {
  if (before.code === "OK" || isPassedDryRun(before) || before.answerLost) return false;
  const pause = beganAt(after) - before.at;
  // What began before that answer was there does not repeat it. Times of answers are cut to milliseconds.
  if (pause < -1) return false;
  // The server itself recovers in wall time.
  if (before.status >= 500 || isThrottled(before)) return pause < tolerance * (before.noted.retryAfter ?? pauseMin);
  if (changesBefore.get(before) !== changesBefore.get(after)) return false;
  // A state ends in virtual time. While that stands still, how long a client waits cannot be told; and it may jump.
  if (before.time?.standsStill === true || after.time?.standsStill === true) return false;
  const virtual = before.time === undefined || after.time === undefined ? pause : after.time.now - before.time.now;
  return Math.max(pause, virtual) < tolerance * pauseMin;
}
