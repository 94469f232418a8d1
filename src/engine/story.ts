import { type ErrorDefinition, Refusal } from "../contract/errors.ts";
import type { Statement } from "../contract/operation.ts";
import type { PermissionStory } from "./authorise.ts";
import type { StateChange } from "./resources.ts";

/** What happened to one request, from its first byte to its answer. It holds no secret and no answer. */
export interface Story {
  /** The rules that held, in the order in which they were judged. */
  readonly held: Statement[];
  /** The rule that did not, with the error that was answered. */
  refusedBy: Statement | undefined;
  /** The resource whose state that rule judged. */
  subject: { readonly kind: string; readonly id: string; readonly state: string } | undefined;
  /** The resources that the call named, with the state each was found in; `null` for one that was missing or not visible. */
  readonly targets: { readonly parameter: string; readonly kind: string; readonly id: string; readonly state: string | null }[];
  /** How permission was judged, for users and roles. */
  permission: PermissionStory | undefined;
  readonly changes: StateChange[];
  /** Members of a batch that failed, each with the rule that did not hold. */
  readonly failedMembers: { readonly member: string; readonly statement: Statement }[];
  /** The answer of an earlier call with the same ClientToken was repeated. */
  replayed: boolean;
  /** What fault rules did to it, in the order of the rules. */
  readonly faults: FaultMark[];
  /** The client did not get its answer: it hung up, or a fault rule cut the connection. */
  answerLost: boolean;
  /** Virtual time of the call in milliseconds since 1970, and whether it stands still; `undefined` where it did not come to that. */
  time: { readonly now: number; readonly standsStill: boolean } | undefined;
  /** Of the resources that a read saw, how many were in a state that ends by itself. */
  underWay: number;
}

/** What one fault rule did to one request. */
export interface FaultMark {
  readonly rule: number;
  readonly kind: string;
  /** Goes on where "the rule" begins. */
  readonly did: string;
  /** The request's answer, or its loss, is the rule's. */
  readonly answered: boolean;
}

export function newStory(): Story {
  return {
    held: [],
    refusedBy: undefined,
    subject: undefined,
    targets: [],
    permission: undefined,
    changes: [],
    failedMembers: [],
    replayed: false,
    faults: [],
    answerLost: false,
    time: undefined,
    underWay: 0,
  };
}

/** Forgets what a call did in a transaction that is run again. `held` is how many rules held before it. */
export function tellAgain(story: Story, held: number): void {
  story.held.length = held;
  Object.assign(story, { refusedBy: undefined, subject: undefined, permission: undefined, replayed: false });
  story.targets.length = 0;
  story.changes.length = 0;
  story.failedMembers.length = 0;
}

/**
 * Judges a rule and notes what came of it.
 * @param fill values for the `%s` of the error's message
 * @throws {Refusal} the rule's error, when it does not hold
 */
export function demand(
  story: Story,
  rule: Statement,
  holds: boolean,
  fill: readonly string[] = [],
  advice: string | undefined = rule.advice,
): asserts holds {
  if (!holds) {
    story.refusedBy = rule;
    throw new Refusal(rule.error, fill, advice);
  }
  story.held.push(rule);
}

/** Judges a rule by doing what it speaks of: whatever refuses on the way, refuses in its name. */
export function demandOf<T>(story: Story, rule: Statement, work: () => T): T {
  try {
    const result = work();
    story.held.push(rule);
    return result;
  } catch (error) {
    if (error instanceof Refusal) story.refusedBy = withError(rule, error.definition);
    throw error;
  }
}

/** A rule that has several errors, with the one that was answered. */
export function withError(rule: Statement, error: ErrorDefinition): Statement {
  return { ...rule, error };
}
