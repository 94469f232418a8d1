import { randomInt } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { ErrorDefinition } from "../../contract/errors.ts";
import type { AnyOperation } from "../../contract/operation.ts";
import { globMatcher } from "../../policy/glob.ts";
import type { FaultKind, FaultRule, ReadyRule } from "./rule.ts";

/** Resources that one rule remembers the last writes of; beyond, the oldest is forgotten. */
export const windowsMax = 10_000;

/** A rule as it is told. */
export interface FaultRuleView extends Partial<FaultRule> {
  readonly id: number;
  readonly kind: FaultKind;
  /** The operations that it can act on: `Vpc CreateVpc`. */
  readonly operations: readonly string[];
  /** Calls and tasks that it could have acted on. */
  readonly matched: number;
  readonly acted: number;
}

/** A rule that is on, with what it has done so far. */
export class ActiveRule {
  readonly id: number;
  readonly rule: FaultRule;
  readonly #named: ReadyRule["named"];
  readonly #operations: ReadyRule["operations"];
  readonly #isMeant: (id: string) => boolean;
  readonly #random: () => number;
  /** Until when, in virtual milliseconds, a resource counts as written lately. The oldest come first. */
  readonly #windows = new Map<string, number>();
  #matched = 0;
  #acted = 0;
  /** Calls that it has taken on and that are not over yet. */
  #pending = 0;
  readonly #over = new AbortController();

  constructor(id: number, { rule, named, operations }: ReadyRule) {
    const seed = rule.seed ?? (rule.probability === undefined ? 0 : randomInt(2 ** 31));
    this.id = id;
    this.rule = rule.probability === undefined ? rule : { ...rule, seed };
    this.#named = named;
    this.#operations = operations;
    this.#isMeant = globMatcher(rule.resource ?? "*");
    this.#random = randomFrom(seed);
    // Any number of calls may wait for its end.
    setMaxListeners(0, this.over);
  }

  get isOn(): boolean {
    return !this.over.aborted;
  }
  /** Says when the rule is no more. */
  get over(): AbortSignal {
    return this.#over.signal;
  }
  end(): void {
    this.#over.abort();
  }

  /** Whether it concerns calls of an account to an operation, whatever they name. */
  concerns(operation: AnyOperation, account: string): boolean {
    return this.#operations.has(operation) && this.concernsAccount(account);
  }
  /** Whether calls of an account to an operation open its conflict windows. */
  opensAt(operation: AnyOperation, account: string): boolean {
    return this.rule.kind === "conflict-window" && this.#named.has(operation) && this.concernsAccount(account);
  }
  concernsAccount(account: string): boolean {
    return this.rule.account === undefined || this.rule.account === account;
  }
  /** Whether it concerns what happens by itself, which is no operation's. */
  get concernsTasks(): boolean {
    return this.rule.operation === undefined && this.rule.product === undefined;
  }
  /** Those of some ids that it is about. */
  meant(ids: Iterable<string>): string[] {
    return [...ids].filter(this.#isMeant);
  }
  get isAboutAnything(): boolean {
    return this.rule.resource === undefined;
  }
  errorAt(operation: AnyOperation): ErrorDefinition | undefined {
    return this.#operations.get(operation);
  }

  /**
   * Notes a call that matches and decides whether the rule acts on it. Whoever is told `true` says with `settle` what came of it.
   * Order of calls and seed decide, and nothing else.
   */
  take(): boolean {
    const { after = 0, count = Number.POSITIVE_INFINITY, probability = 1 } = this.rule;
    this.#matched += 1;
    if (!this.isOn || this.#matched <= after || this.#acted + this.#pending >= count) return false;
    if (probability < 1 && this.#random() >= probability) return false;
    this.#pending += 1;
    return true;
  }
  settle(hasActed: boolean): void {
    this.#pending -= 1;
    if (hasActed) this.#acted += 1;
  }

  /** From now on, and for as long as the rule says, the resources count as written lately. @param now virtual milliseconds */
  openWindows(ids: Iterable<string>, now: number): void {
    for (const id of this.meant(ids)) {
      this.#windows.delete(id);
      this.#windows.set(id, now + (this.rule.milliseconds ?? 0));
      const oldest = this.#windows.size > windowsMax ? this.#windows.keys().next().value : undefined;
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
  }
  get hasWindows(): boolean {
    return this.#windows.size > 0;
  }
  /** The first of some ids that was written lately. @param now virtual milliseconds */
  writtenLately(ids: Iterable<string>, now: number): string | undefined {
    for (const id of ids) {
      const until = this.#windows.get(id);
      // One that ends later than a window can is from before a snapshot took time back.
      if (until !== undefined && now < until && until <= now + (this.rule.milliseconds ?? 0)) return id;
      if (until !== undefined) this.#windows.delete(id);
    }
    return undefined;
  }

  view(): FaultRuleView {
    const given = Object.fromEntries(Object.entries(this.rule).filter(([, value]) => value !== undefined)) as Partial<FaultRule>;
    return {
      id: this.id,
      kind: this.rule.kind,
      ...given,
      operations: [...this.#operations.keys()].map(({ product, name }) => `${product.name} ${name}`),
      matched: this.#matched,
      acted: this.#acted,
    };
  }
}

/** Numbers from 0 to below 1 that a seed decides. (mulberry32) */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
