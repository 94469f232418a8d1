import { setTimeout } from "node:timers/promises";
import { Refusal } from "../../contract/errors.ts";
import { adminErrors, gatewayErrors } from "../../contract/gateway-errors.ts";
import type { AnyOperation, Caller } from "../../contract/operation.ts";
import type { AnyKind } from "../../contract/resource-kind.ts";
import type { Story } from "../story.ts";
import { ActiveRule, type FaultRuleView } from "./active-rule.ts";
import { CallFaults, serverErrorOf } from "./call-faults.ts";
import { namedReader } from "./named.ts";
import { nearest } from "./documented.ts";
import { profiles } from "./profiles.ts";
import { type FaultRule, readyRule } from "./rule.ts";

/** Rules that can be on at a time. */
export const rulesMax = 100;
/** Milliseconds after which a throttled client may try again, unless its rule says otherwise. */
const retryAfterDefault = 1_000;

/** What is known of a call when rules are looked at. */
interface MetCall {
  readonly operation: AnyOperation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

/**
 * Rules that make calls fail as they do in the cloud. In memory, of this server alone, all bounded.
 * They are looked at in the order in which they were added, until one answers the call.
 */
export class Faults {
  readonly #rules = new Map<number, ActiveRule>();
  readonly #operations: ReadonlyMap<string, AnyOperation>;
  readonly #kinds: ReadonlyMap<string, AnyKind>;
  readonly #now: () => Promise<number>;
  readonly #release: (rule?: number) => Promise<void>;
  readonly #namedBy: ReturnType<typeof namedReader>;
  #lastId = 0;

  constructor(options: {
    readonly operations: ReadonlyMap<string, AnyOperation>;
    readonly kinds: ReadonlyMap<string, AnyKind>;
    /** Virtual time in milliseconds. */
    readonly now: () => Promise<number>;
    /** Lets the tasks that a rule keeps from running run now; those of all rules, if none is named. */
    readonly release: (rule?: number) => Promise<void>;
  }) {
    this.#operations = options.operations;
    this.#kinds = options.kinds;
    this.#now = options.now;
    this.#release = options.release;
    this.#namedBy = namedReader(options.kinds.values());
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0;
  }
  get size(): number {
    return this.#rules.size;
  }
  view(): FaultRuleView[] {
    return [...this.#rules.values()].map((rule) => rule.view());
  }

  /**
   * Adds rules behind those that are on: all of them, or none. They name accounts by UID.
   * @throws {Refusal} naming the rule and the member at fault
   */
  add(given: readonly FaultRule[]): FaultRuleView[] {
    if (this.#rules.size + given.length > rulesMax) throw new Refusal(adminErrors.tooManyFaults, [String(rulesMax)], "remove some first");
    const path = (index: number): string => (given.length === 1 ? "" : `rules.${index + 1}.`);
    const ready = given.map((rule, index) => readyRule(rule, this.#operations, this.#kinds.values(), path(index)));
    return ready.map((one) => {
      const rule = new ActiveRule(++this.#lastId, one);
      this.#rules.set(rule.id, rule);
      return rule.view();
    });
  }
  /**
   * Adds the rules of a profile.
   * @param narrowed to calls of one account, to some resources, or with a seed
   * @throws {Refusal} for a profile that is not there
   */
  use(name: string, narrowed: Partial<Pick<FaultRule, "account" | "resource" | "seed">> = {}): FaultRuleView[] {
    const profile = profiles.find((one) => one.name === name);
    if (profile === undefined) {
      const names = profiles.map((one) => one.name);
      const near = nearest(name, names);
      throw new Refusal(adminErrors.notFound, [`profile ${name}`], `there are ${(near.length > 0 ? near : names).join(", ")}`);
    }
    const given = Object.fromEntries(Object.entries(narrowed).filter(([, value]) => value !== undefined));
    // Rules with one seed would pick the same calls.
    const seedOf = (index: number): object => (narrowed.seed === undefined ? {} : { seed: narrowed.seed + index });
    return this.add(profile.rules.map((rule, index) => Object.assign({}, rule, given, seedOf(index))));
  }
  /**
   * Resolves when what the rule kept from ending can end.
   * @param id number of the rule; whatever else it is, there is no such rule
   * @throws {Refusal} when there is no such rule
   */
  async remove(id: string): Promise<FaultRuleView> {
    const rule = this.#rules.get(Number(id));
    if (rule === undefined) throw new Refusal(adminErrors.notFound, [`fault rule ${id}`], this.#idAdvice());
    rule.end();
    // It stands until its work is released, so that a removal that could not be stored can be asked for again.
    await this.#release(rule.id);
    this.#rules.delete(rule.id);
    return rule.view();
  }
  #idAdvice(): string {
    return this.isEmpty ? "there are none" : `there are ${[...this.#rules.keys()].join(", ")}`;
  }
  /** Removes all rules. Resolves when what they kept from ending can end. */
  async clear(): Promise<FaultRuleView[]> {
    const ended = [...this.#rules.values()];
    this.end();
    await this.#release();
    for (const { id } of ended) this.#rules.delete(id);
    return ended.map((rule) => rule.view());
  }

  /** Ends all rules where the server does: nobody is held back any more, and what is stuck is released at the next start. */
  end(): void {
    for (const rule of this.#rules.values()) rule.end();
  }

  /** What the rules do to a call. Takes as long as they delay it. */
  async meet(call: MetCall): Promise<CallFaults> {
    const rules = [...this.#rules.values()].filter((rule) => rule.concerns(call.operation, call.caller.account));
    const named = this.#namedBy(call.operation, call.input);
    const faults = new CallFaults(named);
    try {
      for (const rule of rules) if (rule.isOn && (await this.#decide(rule, call.operation, named, faults))) break;
    } catch (error) {
      faults.settle();
      throw error;
    }
    return faults;
  }

  /** Lets one rule decide on a call. @returns whether it answers, so that those behind it are not asked */
  async #decide(rule: ActiveRule, operation: AnyOperation, named: ReadonlySet<string>, faults: CallFaults): Promise<boolean> {
    const { kind, milliseconds } = rule.rule;
    const isMeant = rule.isAboutAnything || rule.meant(named).length > 0;
    const error = rule.errorAt(operation);
    switch (kind) {
      case "late-visibility":
        faults.hides(rule);
        return false;
      case "stuck-state":
        faults.holds(rule);
        return false;
      case "delay":
        if (isMeant && faults.acts(rule, `held the call back for ${milliseconds} ms`)) {
          // Until then, or until the rule is removed.
          await setTimeout(milliseconds, undefined, { signal: rule.over }).catch(() => undefined);
        }
        return false;
      case "throttle": {
        const retryAfter = milliseconds ?? retryAfterDefault;
        const { userThrottled } = gatewayErrors;
        const did = `answered ${userThrottled.code}, to be called again after ${retryAfter} ms`;
        return isMeant && faults.answersBefore(rule, { error: userThrottled, did, retryAfter });
      }
      case "server-error": {
        const serverError = serverErrorOf(rule);
        const did = `answered ${serverError.code} and did not make the call`;
        return isMeant && faults.answersBefore(rule, { error: serverError, did });
      }
      case "answer":
        return isMeant && error !== undefined && faults.answersBefore(rule, { error, did: `answered ${error.code}` });
      case "conflict-window": {
        const written = rule.hasWindows ? rule.writtenLately(rule.meant(named), await this.#now()) : undefined;
        if (written === undefined || error === undefined) return false;
        const did = `answered ${error.code}, because ${written} was named by a write less than ${milliseconds} ms ago`;
        return faults.answersBefore(rule, { error, did });
      }
      case "lose-answer":
      case "commit-then-error":
        if (isMeant) return faults.answersAfter(rule);
        faults.answersIfMade(rule);
        return false;
    }
  }

  /**
   * Ends what the rules do to a call that has succeeded.
   * @throws {Refusal} the server error of a rule that answers with one all the same
   */
  async succeeded(call: MetCall, faults: CallFaults, story: Story): Promise<void> {
    const windows = [...this.#rules.values()].filter((rule) => rule.opensAt(call.operation, call.caller.account));
    if (windows.length > 0) {
      const now = await this.#now();
      const ids = [...this.#namedBy(call.operation, call.input), ...story.changes.map(({ resource }) => resource)];
      for (const rule of windows) rule.openWindows(ids, now);
    }
    faults.succeeded(story);
  }

  /** What the rules do to what happens by itself; `undefined` for nothing. */
  meetTask(): CallFaults | undefined {
    const rules = [...this.#rules.values()].filter((rule) => rule.rule.kind === "stuck-state" && rule.concernsTasks);
    if (rules.length === 0) return undefined;
    const faults = new CallFaults(new Set(), true);
    for (const rule of rules) faults.holds(rule);
    return faults;
  }
}
