import { type AnyOperation, operationKey } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import type { Random } from "../support/random.ts";
import type { Ground } from "./ground.ts";
import { type Beginning, Leak, Pair, type Step, toldStep } from "./pair.ts";
import { deck, look, type Material } from "./steps.ts";
import type { Call, Came } from "./world.ts";

/** A run of random steps on two servers, and how one that found something is told. */

/** How often time passes, and how often those who are not to be seen do something, between the calls of those who look. */
const advanceShare = 0.05;
const unseenShare = 0.08;
/** How many of the calls of those who look read what is shared. */
const readShare = 0.05;
/** Seconds. */
const advances = [15, 30, 30, 60];

/** How often a call that may not be made is drawn anew. */
const triesMax = 5;

/** What the calls of those who look have come to. */
export class Tally {
  steps = 0;
  unseen = 0;
  /** Answers that told something that is shared. */
  shared = 0;
  readonly codes = new Map<string, number>();
  readonly #met = new Map<string, { sent: number; judged: number; passed: number }>();

  met(operation: AnyOperation, { code, refusedAt }: Came): void {
    const key = operationKey(operation.product, operation.name);
    const { sent, judged, passed } = this.#met.get(key) ?? { sent: 0, judged: 0, passed: 0 };
    const isPassed = refusedAt === undefined || code === "DryRunOperation";
    this.#met.set(key, {
      sent: sent + 1,
      judged: judged + Number(isPassed || refusedAt === "operation"),
      passed: passed + Number(isPassed),
    });
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }
  /** Every operation with how often it was asked, got past parameters and permission, and was carried out; the rarest first. */
  operations(): { readonly operation: string; readonly sent: number; readonly judged: number; readonly passed: number }[] {
    return operations
      .map(({ product, name }) => {
        const { sent, judged, passed } = this.#met.get(operationKey(product, name)) ?? { sent: 0, judged: 0, passed: 0 };
        return { operation: `${product.name} ${name}`, sent, judged, passed };
      })
      .toSorted((a, b) => a.judged - b.judged);
  }
}

/** Walks so many steps. @throws {Error} that tells the seed, the call with both answers, and the fewest steps found that show it too */
export async function walk(
  random: Random,
  { observers, beginning, unseenCall, reads }: Ground,
  steps: number,
  tally: Tally,
): Promise<void> {
  const pair = await Pair.open(beginning);
  const taken: Step[] = [];
  try {
    const cards = deck(random);
    for (let serial = 1; serial <= steps; serial++) {
      const { names, resources } = pair.full;
      const material: Material = { random, resources: [...resources.values()], serial, continuations: names.continuations };
      const named = (call: Call): Call => ({ ...call, pairs: call.pairs.map(([name, value]) => [name, names.named(value)]) });
      const operation = cards.next().value;
      const looks = (): Call | undefined => {
        if (reads.length > 0 && random.chance(readShare)) return random.pick(reads);
        for (let tries = 0; tries < triesMax; tries++) {
          const call = look(material, operation, observers);
          if (call !== undefined) return call;
        }
      };
      const hides = (): Call | undefined => unseenCall({ ...material, resources: pair.unseenResources() });
      const step = nextStep(random, serial, named, looks, hides);
      if (step === undefined) continue;
      taken.push(step);
      const came = await pair.take(step);
      tally.steps++;
      if (step.kind === "unseen") tally.unseen++;
      if (step.kind !== "look" || came === undefined) continue;
      tally.met(step.call.operation, came);
      if ([...beginning.shown].some((id) => came.raw.includes(id))) tally.shared++;
    }
  } catch (error) {
    if (!(error instanceof Leak)) throw error;
    // What else is wrong is told when this no longer is.
    await pair.close().catch(() => undefined);
    throw await told(error, beginning, taken, random.seed);
  }
  await pair.close();
}

function nextStep(
  random: Random,
  serial: number,
  named: (call: Call) => Call,
  looks: () => Call | undefined,
  hides: () => Call | undefined,
): Step | undefined {
  const kind = random.next();
  if (kind < advanceShare) return { kind: "advance", serial, seconds: random.pick(advances) };
  const isUnseen = kind < advanceShare + unseenShare;
  const call = isUnseen ? hides() : looks();
  return call && { kind: isUnseen ? "unseen" : "look", serial, call: named(call) };
}

// Failures

/** Milliseconds for which fewer steps that show the same are looked for. */
const shrinkingTime = 45_000;
/** Steps that a failure shows at most. */
const shownSteps = 40;

async function told(leak: Leak, beginning: Beginning, taken: readonly Step[], seed: number): Promise<Error> {
  const found = await fewest(beginning, taken, leak);
  const last = found.steps.at(-1);
  return new Error(
    [
      `${last === undefined ? "" : toldStep(last)}\n${found.leak.message}`,
      `The whole way was ${taken.length} steps. These are enough:`,
      ...found.steps.slice(-shownSteps).map(toldStep),
      `Again: LINKSPAN_TEST_SEED=${seed} npm test -- test/isolation`,
    ].join("\n"),
    { cause: leak },
  );
}

/** Leaves out as many steps as it can while the last one still fails. */
async function fewest(beginning: Beginning, taken: readonly Step[], first: Leak): Promise<{ steps: readonly Step[]; leak: Leak }> {
  const end = performance.now() + shrinkingTime;
  let best: { steps: readonly Step[]; leak: Leak } = { steps: taken, leak: first };
  // Most leaks need nothing but what there was from the start, and what made the things that the last call names.
  const last = taken.slice(-1);
  for (const steps of [last, needed(taken), withTime(taken)]) {
    const leak = await failure(beginning, steps);
    if (leak === undefined) continue;
    best = { steps, leak };
    break;
  }
  for (let size = Math.ceil((taken.length - 1) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length - 1;) {
      if (performance.now() > end) return best;
      const fewer = [...best.steps.slice(0, from), ...best.steps.slice(Math.min(from + size, best.steps.length - 1))];
      const leak = await failure(beginning, fewer);
      if (leak === undefined) from += size;
      else best = { steps: fewer, leak };
    }
  }
  return best;
}
/** The last step, with those that made what it names. */
function needed(taken: readonly Step[]): Step[] {
  const wanted = new Set<number>();
  return taken
    .toReversed()
    .filter((step) => {
      if (wanted.size > 0 && !wanted.has(step.serial)) return false;
      wanted.add(step.serial);
      const values = step.kind === "advance" ? "" : step.call.pairs.map(([, value]) => value).join("\n");
      for (const [, serial] of values.matchAll(/«u?(\d+)\.\d+»/g)) wanted.add(Number(serial));
      return true;
    })
    .toReversed();
}
/** The same, with all time that passes. */
function withTime(taken: readonly Step[]): Step[] {
  const kept = new Set(needed(taken));
  return taken.filter((step) => step.kind === "advance" || kept.has(step));
}
async function failure(beginning: Beginning, steps: readonly Step[]): Promise<Leak | undefined> {
  const pair = await Pair.open(beginning);
  try {
    for (const [index, step] of steps.entries()) {
      try {
        await pair.take(step);
      } catch (error) {
        if (!(error instanceof Leak)) throw error;
        return index === steps.length - 1 ? error : undefined;
      }
    }
    return undefined;
  } finally {
    await pair.close();
  }
}
