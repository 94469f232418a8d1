import { operationKey } from "../../contract/operation.ts";
import { isTransitional } from "../../contract/state-table.ts";
import type { Kinds } from "../../engine/resources.ts";
import { type Audited, beganAt, clientOf, type Occurrence, times, type Traffic } from "./finding.ts";
import { isPaged } from "./noted.ts";

/** Virtual milliseconds in which nothing is done in production. Who lets more go by may have waited without a look. */
const soonMax = 1_000;

/** A resource at which work was begun, and nobody has looked since. */
interface Work {
  readonly resource: string;
  /** The state that the call put it in, in which work is done on it. */
  readonly state: string;
  /** The call made it. */
  readonly isNew: boolean;
  readonly by: Audited;
}
interface Haste {
  readonly call: Audited;
  readonly work: Work;
}

/**
 * Writes that came while work went on that the same client had begun, without any look of its account at it since. Two cases count:
 *
 * - The write was refused by the state that the work had put a resource in. A client that sends the same call again until it goes through
 *   has waited in its own way.
 * - The write named what had just been made, and went through because work takes next to no time here. Where something is changed or
 *   deleted instead, clients may well be ready to be refused, and to try again: as long as nothing is refused, that cannot be told.
 */
export function notWaitedFor({ requests, kinds }: Traffic): Occurrence[] {
  const hasty = Map.groupBy(
    hasteIn(requests, kinds),
    ({ call }) => `${operationKey(call.operation.product, call.action)} ${clientOf(call)}`,
  );
  return [...hasty.values()].map((cases) => {
    const [first] = cases as [Haste, ...Haste[]];
    const { operation } = first.call;
    const concerned = new Set(cases.flatMap(({ call, work }) => [work.by, call]));
    const often = cases.length === 1 ? "" : ` The like happened ${times(cases.length)}.`;
    const poll = first.work.by.operation.pollWith;
    const look = poll === undefined ? `Look at ${first.work.resource}` : `Call ${poll}`;
    return {
      seen: `${storyOf(first)}${often}`,
      count: cases.length,
      requests: requests.filter((one) => concerned.has(one)),
      instead: `${look} every few seconds until the work of ${first.work.by.action} is done, then call ${operation.name}.`,
    };
  });
}

function storyOf({ call, work }: Haste): string {
  const since = Math.max(0, Math.round(beganAt(call) - work.by.at));
  const began = `${work.by.action} had put ${work.resource} into the state ${work.state}, ${since} ms before, and nobody had looked at it since`;
  return call.code === "OK"
    ? `${call.action} did not wait: ${began}. It went through because work takes next to no time here.`
    : `${call.action} was refused with ${call.code}: ${began}.`;
}

function hasteIn(requests: readonly Audited[], kinds: Kinds): Haste[] {
  const wentThrough = lastSuccesses(requests);
  const work = new WorkUnderWay();
  const found: Haste[] = [];
  for (const call of requests) {
    if ("read" in call.operation) {
      if (call.code === "OK") work.lookedAtBy(call);
      continue;
    }
    const inTheWay = call.code === "OK" ? hastySuccess(call, work) : hastyRefusal(call, work, wentThrough, kinds);
    if (inTheWay !== undefined) found.push({ call, work: inTheWay });
    for (const { resource, kind, from, to } of call.changes) {
      const states = kinds.get(kind)?.states;
      if (states !== undefined && isTransitional(states, to)) work.begin({ resource, state: to, isNew: from === "", by: call });
    }
  }
  return found;
}

/** The work because of which a call was refused. */
function hastyRefusal(call: Audited, work: WorkUnderWay, wentThrough: ReadonlyMap<string, Audited>, kinds: Kinds): Work | undefined {
  const states = call.subject && kinds.get(call.subject.kind)?.states;
  if (call.subject === undefined || states === undefined || !isTransitional(states, call.subject.state)) return undefined;
  const again = wentThrough.get(keyOf(call));
  if (again !== undefined && beganAt(again) > beganAt(call)) return undefined;
  const found = work.on(call.subject.id);
  return found !== undefined && isKnown(found, call) ? found : undefined;
}

/** The work because of which a call would have been refused, had it not been done at once. */
function hastySuccess(call: Audited, work: WorkUnderWay): Work | undefined {
  // Only what judges a state is refused by one.
  if (call.operation.check?.some(({ subject }) => subject !== undefined) !== true) return undefined;
  for (const { id, state } of call.targets) {
    const found = work.on(id);
    // What it found at work, and was not refused for, it may do at any time.
    if (found?.isNew === true && state !== found.state && isSoon(found, call)) return found;
  }
  return undefined;
}

function isSoon(work: Work, call: Audited): boolean {
  return isKnown(work, call) && call.time !== undefined && work.by.time !== undefined && call.time.now - work.by.time.now < soonMax;
}
/**
 * Whether the client knew of the work when it called: it began it itself, and had the answer. What was sent before came from another
 * thread. Times of answers are cut to milliseconds.
 */
function isKnown({ by }: Work, call: Audited): boolean {
  return clientOf(by) === clientOf(call) && beganAt(call) >= by.at - 1;
}

function keyOf(call: Audited): string {
  return `${operationKey(call.operation.product, call.operation.name)} ${call.noted.sameCall} ${clientOf(call)}`;
}
function lastSuccesses(requests: readonly Audited[]): ReadonlyMap<string, Audited> {
  return new Map(requests.filter(({ code }) => code === "OK").map((request) => [keyOf(request), request]));
}

/** Work that was begun and not looked at, by the resource that it is done on. */
class WorkUnderWay {
  readonly #work = new Map<string, Work>();
  /** Calls that began work, by the ids that they named or changed: a look at one of these shows how the whole of it goes. */
  readonly #calls = new Map<string, Set<Audited>>();

  on(resource: string): Work | undefined {
    return this.#work.get(resource);
  }
  begin(work: Work): void {
    this.#work.set(work.resource, work);
    for (const id of [...work.by.targets.map((target) => target.id), ...work.by.changes.map(({ resource }) => resource)])
      this.#calls.set(id, (this.#calls.get(id) ?? new Set()).add(work.by));
  }
  /** A list may show anything; another read shows what it names. */
  lookedAtBy(read: Audited): void {
    if (isPaged(read.operation)) {
      this.#work.clear();
      this.#calls.clear();
      return;
    }
    const named = Object.values(read.parameters).flatMap((value) => value.split(/[^\w-]+/));
    for (const id of named) {
      for (const { changes } of this.#calls.get(id) ?? []) for (const { resource } of changes) this.#work.delete(resource);
      this.#calls.delete(id);
    }
  }
}
