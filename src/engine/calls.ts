import { Refusal } from "../contract/errors.ts";
import { type AnyOperation, type Call, type Caller, operationKey, type Rule, type Target, type WriteCall } from "../contract/operation.ts";
import type { ResourceBase, ResourceReader } from "../contract/resource-kind.ts";
import { authorise, conditionValuesOf, type Origin } from "./authorise.ts";
import { type Clock, readClock, virtualTime } from "./clock.ts";
import type { CallFaults } from "./faults/call-faults.ts";
import {
  existenceRule,
  isNoDryRun,
  nonceIsNew,
  rulesOf,
  takesDryRun,
  takesToken,
  targetsOf,
  tokenAgrees,
  tokenNameOf,
} from "./operation-rules.ts";
import type { PermissionCache } from "./permissions.ts";
import type { Recording } from "./recording.ts";
import { type Kinds, StoredResources, WritableResources } from "./resources.ts";
import type { SecretBox } from "./secrets.ts";
import { issueSession } from "./session-tokens.ts";
import type { Rows, Store, WritableRows } from "./store.ts";
import { readSettings } from "./stored-settings.ts";
import { demand, type Story, tellAgain, withError } from "./story.ts";
import { finishAtOnce } from "./tasks.ts";

/** A verified call with its decoded input. */
export interface Invocation {
  readonly requestId: string;
  readonly operation: AnyOperation;
  /** What `decode` made of the request for this operation. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly host: string;
  readonly origin: Origin;
  /** The signature nonce of a call from the wire; wall time in milliseconds until when it must be remembered. */
  readonly nonce?: { readonly value: string; readonly expiresAt: number };
  /** What fault rules do to it, while there are any. */
  readonly faults?: CallFaults | undefined;
}
export type Answer = Readonly<Record<string, unknown>>;

/** What a running call works with, besides its own input. */
export interface Surroundings {
  readonly kinds: Kinds;
  readonly secrets: SecretBox;
  readonly permissions: PermissionCache;
  readonly recording: Recording;
}

/**
 * Runs one call in one transaction; resolves when its write is on disk.
 * @throws {Refusal} the documented error of the first thing that does not hold
 */
export async function execute(store: Store, around: Surroundings, invocation: Invocation, story: Story): Promise<Answer> {
  const heldBefore = story.held.length;
  if ("read" in invocation.operation) {
    return store.read(async (rows) => {
      tellAgain(story, heldBefore);
      invocation.faults?.refuse(story);
      const clock = await readClock(rows);
      return seeingEnough(invocation, story, () => runRead(rows, clock, around, invocation, story));
    });
  }
  const work = async (rows: WritableRows): Promise<Answer | Refusal> => {
    const { nonce, caller, faults } = invocation;
    tellAgain(story, heldBefore);
    try {
      const isNew = nonce === undefined || (await rows.claimNonce(caller.accessKeyId, nonce.value, nonce.expiresAt));
      demand(story, nonceIsNew, isNew);
      faults?.refuse(story);
      return await seeingEnough(invocation, story, () =>
        rows.attempt(async () => runWrite(rows, await readClock(rows), around, invocation, story)),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await faults?.explain(rows, story);
      // The refused call leaves nothing behind but its nonce, which must not be good for a second try.
      return error;
    }
  };
  const outcome = await store.write(work).catch((error: unknown) => {
    // What could not be committed did not happen, and is not told.
    story.changes.length = 0;
    story.failedMembers.length = 0;
    throw error;
  });
  if (outcome instanceof Refusal) throw outcome;
  return outcome;
}

/** Runs a call; where it fails because of what fault rules hide from it, once more with everything in sight. */
async function seeingEnough<T>({ faults }: Invocation, story: Story, run: () => Promise<T>): Promise<T> {
  const held = story.held.length;
  try {
    return await run();
  } catch (error) {
    if (error instanceof Refusal || faults?.showAll() !== true) throw error;
    tellAgain(story, held);
    return run();
  }
}

async function runRead(rows: Rows, clock: Clock, around: Surroundings, invocation: Invocation, story: Story): Promise<Answer> {
  const state = new StoredResources(rows, around.kinds, around.secrets);
  const operation = invocation.operation;
  if (!("read" in operation)) throw new Error(`${operation.name} is not a read`);
  const seen = invocation.faults?.seen(state, virtualTime(clock, Date.now())) ?? state;
  const call: Call = { ...(await prepared(rows, state, seen, clock, around, invocation, story)), state: seen };
  await judge(call, invocation, story);
  const answer = (await operation.read(call)) as Answer;
  story.underWay = state.underWay.size;
  return answer;
}

/** Runs a write inside a transaction that the caller has opened. Seed files use it to run many calls as one. */
export async function runWrite(
  rows: WritableRows,
  clock: Clock,
  around: Surroundings,
  invocation: Invocation,
  story: Story,
): Promise<Answer> {
  const { operation, caller, requestId, input } = invocation;
  if (!("apply" in operation)) throw new Error(`${operation.name} is not a write`);
  const state = new WritableResources(rows, around.kinds, around.secrets, {
    now: virtualTime(clock, Date.now()),
    pace: clock.pace,
    cause: requestId,
    principal: caller.arn,
    hold: invocation.faults?.hold,
  });
  const judgeMember: WriteCall["judgeMember"] = async (member, subject, rules) => {
    for (const rule of rules) {
      if (await rule.holds(subject)) continue;
      story.failedMembers.push({ member, statement: rule });
      return new Refusal(rule.error, (await rule.fill?.(subject)) ?? []);
    }
    return undefined;
  };
  const call: WriteCall = {
    ...(await prepared(rows, state, invocation.faults?.seen(state, state.now) ?? state, clock, around, invocation, story)),
    state,
    judgeMember,
    issueSession: (account, roleId, session) => issueSession(around.secrets, account, roleId, session),
  };
  const token = input["DryRun"] === true ? undefined : tokenOf(invocation, around.secrets);
  const first = token && (await rows.token(token.scope, token.value));
  if (takesToken(operation)) demand(story, tokenAgrees, first === undefined || first.input === token?.input);
  if (first !== undefined) {
    story.replayed = true;
    // Stores of earlier versions hold answers in clear.
    return JSON.parse(first.answer.startsWith("{") ? first.answer : around.secrets.open(first.answer)) as Answer;
  }
  await judge(call, invocation, story);
  const applied = (await operation.apply(call)) as Answer;
  // What an operation hands over besides what it declares is not answered, and not kept for repeats either.
  const answer = Object.fromEntries(Object.entries(applied).filter(([name]) => Object.hasOwn(operation.response, name)));
  await finishAtOnce(rows, state, around.kinds, clock.pace);
  if (token !== undefined) {
    // Sealed, because answers can hold keys that were made in the call.
    const sealed = around.secrets.seal(JSON.stringify(answer));
    await rows.putToken(token.scope, token.value, { input: token.input, answer: sealed }, state.now);
  }
  story.changes.push(...state.changes);
  return answer;
}

/**
 * Loads the targets that the call names and asks for permission. A target that is missing is judged later, so that a token can be replayed.
 * @param seen where the targets are looked for: `state`, or what fault rules let the call see of it
 */
async function prepared(
  rows: Rows,
  state: ResourceReader,
  seen: ResourceReader,
  clock: Clock,
  around: Surroundings,
  invocation: Invocation,
  story: Story,
): Promise<Call> {
  const { operation, caller, input, origin } = invocation;
  const now = virtualTime(clock, Date.now());
  story.time = { now, standsStill: clock.stoppedAt !== null };
  const conditionValues = conditionValuesOf({ caller, input, now }, origin);
  const targets: Record<string, ResourceBase | undefined> = {};
  for (const [name, target] of targetsOf(operation)) {
    const id = input[target.parameter];
    if (typeof id !== "string") continue;
    const resource = await targetOf(target, id, { state: seen, caller, input, conditionValues });
    targets[name] = resource;
    story.targets.push({ parameter: target.parameter, kind: target.kind.name, id, state: resource?.state ?? null });
  }
  const call: Omit<Call, "settings"> = {
    input,
    targets: targets as Call["targets"],
    caller,
    host: invocation.host,
    now,
    state,
    conditionValues,
  };
  await authorise(rows, call, operation, around, story);
  return { ...call, settings: await readSettings(rows) };
}

/** The resource that a target names, if the caller can see it. */
async function targetOf(
  { kind, find, visible = ownedHere }: Target,
  value: string,
  { state, ...call }: Pick<Call, "state" | "caller" | "conditionValues"> & { readonly input: Readonly<Record<string, unknown>> },
): Promise<ResourceBase | undefined> {
  if (find !== undefined) return find(state, value, call);
  const resource = await state.get<object>(kind, value);
  return resource !== undefined && visible(resource, call) ? resource : undefined;
}

/** Unless a target says otherwise: its owner sees it, in the region that the call names, if it names one. */
function ownedHere(resource: ResourceBase, call: { caller: Caller; input: Readonly<Record<string, unknown>> }): boolean {
  const region = call.input["RegionId"];
  return resource.account === call.caller.account && (typeof region !== "string" || resource.region === region);
}

/** Existence of the targets first, then the rules in their order; a dry run ends behind them. The first that does not hold refuses. */
async function judge(call: Call, { operation, input }: Invocation, story: Story): Promise<void> {
  for (const [name, target] of targetsOf(operation)) {
    const id = input[target.parameter];
    const holds = id === undefined || call.targets[name] !== undefined;
    const rule = existenceRule(operation, target);
    demand(story, withError(rule, target.missingFor?.(call) ?? target.missing), holds, target.fill ?? [String(id)]);
  }
  for (const rule of rulesOf(operation)) await judgeRule(rule, call, story);
  if (takesDryRun(operation)) demand(story, isNoDryRun, input["DryRun"] !== true);
}

async function judgeRule(rule: Rule<Call>, call: Call, story: Story): Promise<void> {
  const holds = await rule.holds(call);
  const subject = holds ? undefined : await rule.subject?.(call);
  if (subject !== undefined) story.subject = { kind: subject.kind.name, id: subject.resource.id, state: subject.resource.state };
  const verdict = holds ? undefined : await rule.verdict?.(call);
  if (verdict !== undefined && story.permission !== undefined) {
    const verdicts = [...story.permission.verdicts, { by: "trust" as const, ...verdict }];
    story.permission = { ...story.permission, decision: verdict.decision, verdicts };
  }
  demand(story, rule, holds, holds ? [] : await rule.fill?.(call));
}

/** Where a ClientToken counts, and what a repeat must have in common with the first call. Without a token a repeat is a new call. */
function tokenOf(
  { operation, caller, input }: Invocation,
  secrets: SecretBox,
): { scope: string; value: string; input: string } | undefined {
  const value = input[tokenNameOf(operation) ?? ""];
  if (typeof value !== "string") return undefined;
  const { ClientToken: _clientToken, Token: _token, DryRun: _dryRun, ...rest } = input;
  const region = typeof input["RegionId"] === "string" ? input["RegionId"] : "";
  return {
    scope: [caller.account, operationKey(operation.product, operation.name), region].join(" "),
    value,
    input: secrets.fingerprint(JSON.stringify(rest)),
  };
}
