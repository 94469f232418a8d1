import type { AnyOperation } from "../../contract/operation.ts";
import { tokenNameOf } from "../../engine/operation-rules.ts";
import type { Kinds } from "../../engine/resources.ts";
import { type Audited, beganAt, bySameCall, type Occurrence, times, type Traffic } from "./finding.ts";
import { isThrottled } from "./no-back-off.ts";

/** Milliseconds after which a call is no repeat any more. Clients try again for as long as five minutes. */
const repeatedWithin = 5 * 60_000;

/**
 * Creations that were tried again without the ClientToken of the first try. What tells a repeat from a second resource that is wanted is
 * the answer before: a client that was told of a success, or that its call is wrong, has nothing to repeat. One whose answer was lost, or
 * said that the server failed or had no time, cannot know better than to repeat, and the same parameters say that it does.
 * Other calls than creations do no second thing when they are made twice.
 */
export function retriedWithNewToken({ calls, kinds }: Traffic): Occurrence[] {
  return calls.flatMap((ofOne) => {
    const pairs = creates(ofOne[0].operation, kinds) ? bySameCall(ofOne).flatMap(repeats) : [];
    if (pairs.length === 0) return [];
    const befores = new Set(pairs.map(([before]) => before));
    const concerned = new Set(pairs.flat());
    const twice = [...befores].filter(({ changes }) => changes.length > 0).length;
    const without = pairs.every(([, after]) => after.noted.clientToken === undefined);
    const made = twice === 0 ? "" : ` The call before had been carried out all the same, ${times(twice)}.`;
    const answers = [...new Set([...befores].map(answerOf))].join(", ");
    const seen =
      `${ofOne[0].action} was sent again ${times(pairs.length)} with the same parameters, and ${without ? "without a" : "with another"} ` +
      `ClientToken. The answer before: ${answers}.${made}`;
    return [{ seen, count: pairs.length, requests: ofOne.filter((call) => concerned.has(call)) }];
  });
}

/** Whether it makes a resource, and takes a ClientToken for it. Modifications can make some besides, which belong to what is modified. */
function creates(operation: AnyOperation, kinds: Kinds): boolean {
  if (tokenNameOf(operation) === undefined || operation.name.startsWith("Modify")) return false;
  return [...kinds.values()].some(({ states }) => operation.name in states.initial);
}

/** Each repeat, with the call before it. */
function repeats(sameCalls: readonly Audited[]): [before: Audited, after: Audited][] {
  return sameCalls.flatMap((after, index) => {
    const before = sameCalls[index - 1];
    if (before === undefined || !(before.answerLost || before.status >= 500 || isThrottled(before))) return [];
    if (beganAt(after) - before.at > repeatedWithin) return [];
    const { clientToken } = after.noted;
    return clientToken !== undefined && clientToken === before.noted.clientToken ? [] : [[before, after]];
  });
}

function answerOf({ answerLost, status, code }: Audited): string {
  return answerLost ? "lost" : `${status} ${code}`;
}
