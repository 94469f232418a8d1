/** A move that ends in one of several states, decided by the resource itself. */
export interface Choice<R> {
  readonly oneOf: readonly string[];
  readonly choose: (resource: R) => string;
}

/** Where a resource goes after its last state: out of the store. */
export const gone = "(gone)";
/** Where a resource comes from before its first state. */
export const nothing = "(nothing)";

export interface State<R> {
  /** What clients read as the status; the state's own name unless said. */
  readonly shownAs?: string;
  readonly meaning: string;
  /** Work that ends this state by itself: after `after`, `event` happens to the resource. */
  readonly task?: { readonly event: string; readonly after: Delay<R> };
  /** What can happen to a resource in this state, and where each event leads. All else is refused. */
  readonly moves: Readonly<Record<string, string | Choice<R>>>;
}

/**
 * How long a state lasts in virtual time: `work`, `review` and `deletedPhase` depend on the pace,
 * a function gives the absolute virtual time in milliseconds since 1970. What is at work cannot be changed meanwhile,
 * what is under review can.
 */
export type Delay<R> = "work" | "review" | "deletedPhase" | ((resource: R) => number);

/** All states of a resource kind and all moves between them: the one source for code, documentation and tests. */
export interface StateTable<R> {
  /** The first state, by the operation that creates the resource. */
  readonly initial: Readonly<Record<string, string>>;
  readonly states: Readonly<Record<string, State<R>>>;
}

/** The states in which a task is at work on the resource and every write is refused. */
export function isTransitional(table: StateTable<never>, state: string): boolean {
  return table.states[state]?.task?.after === "work";
}

/** Whether a state ends without a call, whatever it is that ends it: work, a review, the time itself. */
export function isPassing(table: StateTable<never>, state: string): boolean {
  return table.states[state]?.task !== undefined;
}

/** The status that clients read for a state. */
export function shownStatus(table: StateTable<never>, state: string): string {
  return table.states[state]?.shownAs ?? state;
}

/** Whether the table lets `event` happen to a resource in `state`. */
export function allows(table: StateTable<never>, state: string, event: string): boolean {
  return table.states[state]?.moves[event] !== undefined;
}

/** Every move of a table as (from, event, to), in the order of declaration. */
export function movesOf(table: StateTable<never>): { from: string; event: string; to: string }[] {
  const moves = Object.entries(table.initial).map(([event, to]) => ({ from: nothing, event, to }));
  for (const [from, state] of Object.entries(table.states)) {
    for (const [event, target] of Object.entries(state.moves)) {
      for (const to of typeof target === "string" ? [target] : target.oneOf) moves.push({ from, event, to });
    }
  }
  return moves;
}
