import { type ErrorDefinition, Refusal } from "../../contract/errors.ts";
import { gatewayErrors } from "../../contract/gateway-errors.ts";
import type { Statement } from "../../contract/operation.ts";
import type { AnyKind, ResourceBase, ResourceReader } from "../../contract/resource-kind.ts";
import { isTransitional } from "../../contract/state-table.ts";
import type { HoldTask } from "../resources.ts";
import type { Rows } from "../store.ts";
import type { Story } from "../story.ts";
import { account } from "../../services/accounts/account.ts";
import { resourceGroup } from "../../services/resource-groups/resource-group.ts";
import type { ActiveRule } from "./active-rule.ts";
import { HidingReader } from "./hiding-reader.ts";

/** When a task is due that a rule without `milliseconds` keeps from running: virtual time ends earlier. */
const never = Date.UTC(9999, 11, 31);
/** Resources that a story tells of one rule at most. */
const toldMax = 5;
/** What no call makes is always there. */
const alwaysThere: readonly string[] = [account.name, resourceGroup.name];

/** One rule and one call: whether it has taken the call on, and what came of it. */
class Effect {
  readonly rule: ActiveRule;
  /** It gave the answer of the call. */
  hasAnswered = false;
  readonly #did = new Set<string>();
  #hasDoneMore = false;
  #taken: boolean | undefined;

  constructor(rule: ActiveRule) {
    this.rule = rule;
  }

  /** Decides once, when the rule first could act, and from then on the same: a transaction may be run again. */
  take(): boolean {
    this.#taken ??= this.rule.take();
    return this.#taken;
  }
  /** As if it had done nothing. */
  undo(): void {
    this.#did.clear();
  }
  note(did: string): void {
    if (this.#did.size < toldMax) this.#did.add(did);
    else this.#hasDoneMore ||= !this.#did.has(did);
  }
  answer(did: string): void {
    this.hasAnswered = true;
    this.note(did);
  }
  settle(story: Story | undefined): void {
    if (this.#taken !== true) return;
    this.rule.settle(this.#did.size > 0);
    if (this.#did.size === 0) return;
    const did = [...this.#did, ...(this.#hasDoneMore ? ["and so on"] : [])].join("; ");
    story?.faults.push({ rule: this.rule.id, kind: this.rule.rule.kind, did, answered: this.hasAnswered });
  }
}

/** An answer in the place of the call's own. */
interface Instead {
  readonly effect: Effect;
  readonly error: ErrorDefinition;
  readonly did: string;
  readonly retryAfter?: number;
}

/** What fault rules do to one call, or to one task. Decided before its transaction, done at the places that ask for it. */
export class CallFaults {
  readonly #named: ReadonlySet<string>;
  readonly #isTask: boolean;
  /** In the order of the rules. */
  readonly #effects: Effect[] = [];
  #hiding: readonly Effect[] = [];
  readonly #holding: Effect[] = [];
  /** Rules that are about a resource which the call may make: they answer if it does. */
  readonly #ifMade: Effect[] = [];
  #before: Instead | undefined;
  #after: Effect | undefined;

  constructor(named: ReadonlySet<string>, isTask: boolean = false) {
    this.#named = named;
    this.#isTask = isTask;
  }

  // What the rules decide, in their order.

  hides(rule: ActiveRule): void {
    this.#hiding = [...this.#hiding, this.#effect(rule)];
  }
  holds(rule: ActiveRule): void {
    this.#holding.push(this.#effect(rule));
  }
  /** @returns whether the rule acts; then `did` says what it is about to do */
  acts(rule: ActiveRule, did: string): boolean {
    const effect = this.#effect(rule);
    if (!effect.take()) return false;
    effect.note(did);
    return true;
  }
  /** @returns whether the rule answers in the place of the call */
  answersBefore(rule: ActiveRule, instead: Omit<Instead, "effect">): boolean {
    const effect = this.#effect(rule);
    if (!effect.take()) return false;
    this.#before = { effect, ...instead };
    return true;
  }
  /** @returns whether the rule answers once the call has succeeded */
  answersAfter(rule: ActiveRule): boolean {
    const effect = this.#effect(rule);
    if (!effect.take()) return false;
    this.#after = effect;
    return true;
  }
  answersIfMade(rule: ActiveRule): void {
    this.#ifMade.push(this.#effect(rule));
  }
  #effect(rule: ActiveRule): Effect {
    const effect = new Effect(rule);
    this.#effects.push(effect);
    return effect;
  }

  // What the call asks.

  /**
   * Asked when the nonce is spent, and before anything else of the call.
   * @throws {Refusal} the error of the rule that answers in its place, if one does
   */
  refuse(story: Story): void {
    if (this.#before === undefined) return;
    const { effect, error, did, retryAfter } = this.#before;
    this.#refuse(story, effect, error, did, retryAfter);
  }

  /** The store as the call sees it. */
  seen(reader: ResourceReader, now: number): ResourceReader {
    if (this.#hiding.length === 0) return reader;
    const hides = (kind: AnyKind, resource: ResourceBase): boolean =>
      !alwaysThere.includes(kind.name) && this.#hiding.some((effect) => this.#hidesFrom(effect, resource, now));
    const longest = Math.max(...this.#hiding.map(({ rule }) => rule.rule.milliseconds ?? 0));
    return new HidingReader(reader, hides, now - longest);
  }
  #hidesFrom(effect: Effect, { id, createdAt }: ResourceBase, now: number): boolean {
    const { rule } = effect;
    const { milliseconds = 0 } = rule.rule;
    if (now - createdAt >= milliseconds || rule.meant([id]).length === 0 || !effect.take()) return false;
    effect.note(`hid ${id}, which is not ${milliseconds} ms old`);
    return true;
  }

  /**
   * From now on nothing is hidden: some answers cannot be told without a resource that they only mention.
   * @returns whether anything could have been hidden before
   */
  showAll(): boolean {
    const couldHide = this.#hiding.length > 0;
    for (const effect of this.#hiding) effect.undo();
    this.#hiding = [];
    return couldHide;
  }

  /** Whether a task is kept from being run in time. */
  readonly hold: HoldTask = (kind, resource, due) => {
    for (const effect of this.#holding) {
      const { rule } = effect;
      const { state, milliseconds } = rule.rule;
      const isMeant = state === undefined ? isTransitional(kind.states, resource.state) : state === resource.state;
      if (!isMeant || !rule.isOn || rule.meant([resource.id]).length === 0) continue;
      if (this.#isTask && !rule.concernsAccount(resource.account)) continue;
      if (!effect.take()) continue;
      effect.note(`keeps ${resource.id} in ${resource.state}${milliseconds === undefined ? "" : ` for ${milliseconds} ms longer`}`);
      return { rule: rule.id, due: milliseconds === undefined ? never : due + milliseconds };
    }
    return undefined;
  };

  /** Tells of a refusal whether the state that refused is one that a rule does not let end. */
  async explain(rows: Rows, story: Story): Promise<void> {
    const task = story.subject && (await rows.task(story.subject.id));
    if (story.subject === undefined || task === undefined || (task.stuck ?? null) === null) return;
    const did = `has kept ${story.subject.id} in ${story.subject.state} since an earlier call`;
    story.faults.push({ rule: Number(task.stuck), kind: "stuck-state", did, answered: false });
  }

  /**
   * What happens when the call has succeeded and is on disk.
   * @throws {Refusal} the server error of a rule that answers with one all the same
   */
  succeeded(story: Story): void {
    const made = story.changes.map(({ resource }) => resource);
    const effect = this.#ifMade.find((one) => one.rule.meant(made).length > 0 && one.take()) ?? this.#after;
    if (effect === undefined) return;
    if (effect.rule.rule.kind === "lose-answer") {
      effect.answer("cut the connection when the call had been made: its answer was lost");
      story.answerLost = true;
      return;
    }
    const error = serverErrorOf(effect.rule);
    this.#refuse(story, effect, error, `answered ${error.code} although the call had been made`);
  }

  /** Whatever came of the call: what the rules did is counted, and noted in its story. */
  settle(story?: Story): void {
    for (const effect of this.#effects) effect.settle(story);
  }

  #refuse(story: Story, effect: Effect, error: ErrorDefinition, did: string, retryAfter?: number): never {
    effect.answer(did);
    const { id, rule } = effect.rule;
    const advice = `fault rule ${id} simulates this answer: take it as the cloud's own, or remove the rule with linkspan faults remove ${id}`;
    const statement: Statement = { rule: `fault rule ${id} (${rule.kind}) leaves the call alone`, error, advice };
    story.refusedBy = statement;
    throw new Refusal(error, filling(error, this.#named), advice, retryAfter);
  }
}

/** The server error of a rule that answers with one. */
export function serverErrorOf({ rule }: ActiveRule): ErrorDefinition {
  return rule.status === 503 ? gatewayErrors.serviceUnavailable : gatewayErrors.internalError;
}

/** Values for the `%s` of a message whose own rule was not asked: what the call names, or else the last part of the code. */
function filling({ code, message }: ErrorDefinition, named: ReadonlySet<string>): string[] {
  const [id] = named;
  const subject = code.split(".").at(-1) ?? code;
  if (message === "%s") return ["The operation is refused."];
  return message
    .split("%s")
    .slice(0, -1)
    .map((before) => (/[[("]$/.test(before) ? (id ?? subject) : /usage $|routes: $|^\/$/.test(before) ? "1" : subject));
}
