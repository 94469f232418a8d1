import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { type AnyOperation, operationKey } from "../../src/contract/operation.ts";
import type { FaultRuleView } from "../../src/engine/faults/active-rule.ts";
import { documentedErrors } from "../../src/engine/faults/documented.ts";
import { type FaultKind, faultKinds } from "../../src/engine/faults/rule.ts";
import type { RequestRecord } from "../../src/gateway/request-log.ts";
import { globMatcher } from "../../src/policy/glob.ts";
import { operations } from "../../src/services/index.ts";
import { likelyCall } from "../generated/calls.ts";
import { type Stored, StoreWatch } from "../generated/store-watch.ts";
import { assertWellFormed } from "../generated/well-formed.ts";
import { assertReplayGivesRows } from "../store/replay.ts";
import { type Answer, Caller } from "../support/caller.ts";
import { Random } from "../support/random.ts";
import { accepterKey, type InProcessServer, memoryFolder, requesterKey, startServer } from "../support/server.ts";
import { add, clear, type Rule } from "./support.ts";

/**
 * Whatever rules are on, a call gets the answer that it would have had, or what one of the rules says: the documented error, or none.
 * Nothing else goes wrong, least of all in the server.
 */

const seed = Number(process.env["LINKSPAN_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const rounds = 5;
/** Calls that each round begins with, so that there is something to call about, and calls that meet its rules. */
const groundwork = 200;
const perRound = 320;

test(`${rounds} sets of rules, and ${rounds * perRound} calls that meet them`, async (t) => {
  const acted = new Map<FaultKind, number>();
  for (let round = 0; round < rounds; round++) {
    await t.test(`LINKSPAN_TEST_SEED=${seed + round}`, async (ofRound) => {
      for (const { kind, acted: times } of await playRound(ofRound, new Random(seed + round))) {
        acted.set(kind, (acted.get(kind) ?? 0) + times);
      }
    });
  }
  console.log(`generated faults: ${[...acted].map(([kind, times]) => `${kind} ${times}`).join(", ")}`);
  for (const kind of Object.keys(faultKinds) as FaultKind[]) assert.ok((acted.get(kind) ?? 0) > 0, `no ${kind} acted`);
});

/** A server with what some calls have made, in stepped time, and a caller that makes likely calls on it. */
async function ground(t: TestContext, random: Random, calls: number) {
  const folder = memoryFolder();
  const records: RequestRecord[] = [];
  const server = await startServer({ folder, pace: "instant", record: false, onRequest: (record) => records.push(record) });
  const watch = new StoreWatch(folder);
  t.after(async () => {
    watch.close();
    await server.stop();
    assertReplayGivesRows(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  let serial = 0;
  /** Makes a likely call; answers how it was recorded, and the answer if there was one. */
  const call = async (operation: AnyOperation): Promise<{ answer: Answer | undefined; record: RequestRecord }> => {
    const { account, parameters } = likelyCall(random, operation, watch.resources, serial++);
    const caller = new Caller(server.url, account === requesterKey.account ? requesterKey : accepterKey);
    const options = { signature: random.pick(["V1", "V3"] as const), format: random.pick(["JSON", "XML"]) };
    const answer = await caller.call(operation.product.version, operation.name, parameters, options).catch(() => undefined);
    watch.look();
    const [record, ...more] = records.splice(0);
    assert.ok(record !== undefined && more.length === 0);
    return { answer, record };
  };
  const creating = operations.filter(({ name }) => name.startsWith("Create"));
  for (let left = calls; left > 0; left--) await call(random.pick(random.chance(0.7) ? creating : operations));
  await server.admin("POST", "clock/pace", { pace: "stepped" });
  return { server, watch, call };
}

async function playRound(t: TestContext, random: Random): Promise<readonly FaultRuleView[]> {
  const { server, watch, call } = await ground(t, random, groundwork);
  const rules = await addRules(server, random, watch.resources);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (let left = perRound; left > 0; left--) {
    if (random.chance(0.05)) await server.admin("POST", "clock/advance", { seconds: random.pick([1, 15, 45]) });
    const operation = random.pick(operations);
    const { answer, record } = await call(operation);
    const told = `${operation.name}, ${answer?.text}, ${JSON.stringify(record.faults)}`;
    for (const mark of record.faults) assertConcerned(byId.get(mark.rule) as FaultRuleView, mark.kind, operation, record.account, told);
    const answering = record.faults.find(({ answered }) => answered);
    assert.equal(answer === undefined, answering?.kind === "lose-answer", told);
    if (answer === undefined) continue;
    if (answering === undefined) assertWellFormed(answer, operation);
    else assertAsRuleSays(byId.get(answering.rule) as FaultRuleView, operation, answer, told);
  }
  const after = (await server.admin("GET", "faults")).body.rules as FaultRuleView[];
  for (const { acted, matched, count = Number.POSITIVE_INFINITY } of after) assert.ok(acted <= matched && acted <= count);
  assert.equal((await server.admin("DELETE", "faults")).status, 200);
  await server.advance(3_600);
  assert.deepEqual((await server.admin("GET", "ready")).body.tasks.failed, 0);
  const tasks = await server.store.read((rows) => rows.tasks(1_000));
  assert.deepEqual(
    tasks.filter(({ stuck }) => stuck !== null),
    [],
  );
  return after;
}

test("whatever kind of resource is hidden, reads of everything else go on", async (t) => {
  const random = new Random(seed);
  const { server, watch, call } = await ground(t, random, 3 * groundwork);
  const reads = operations.filter((operation) => "read" in operation);
  let hidden = 0;
  for (const kind of new Set(watch.resources.map((one) => one.kind))) {
    const ids = watch.resources.filter((one) => one.kind === kind).map(({ id }) => id);
    const prefix = /^[^-]*-/.exec(ids[0] ?? "")?.[0] ?? String(ids[0]).slice(0, 4);
    await add(server, { kind: "late-visibility", milliseconds: 2 ** 31 - 1, resource: `${prefix}*` });
    for (const operation of [...reads, ...reads]) {
      const { answer, record } = await call(operation);
      assert.ok(answer !== undefined);
      assertWellFormed(answer, operation);
      hidden += record.faults.length;
    }
    await clear(server);
  }
  console.log(`generated faults: ${hidden} reads missed something`);
  assert.ok(hidden >= 20);
});

/** Adds rules of all kinds, some of which there cannot be. */
async function addRules(server: InProcessServer, random: Random, resources: readonly Stored[]): Promise<FaultRuleView[]> {
  const added: FaultRuleView[] = [];
  const kinds = Object.keys(faultKinds) as FaultKind[];
  for (const kind of random.shuffled([...kinds, ...kinds, ...kinds])) {
    for (let isAdded = false; !isAdded;) {
      const { status, body } = await server.admin("POST", "faults", ruleOf(random, kind, resources));
      assert.ok(status === 201 || (status === 400 && typeof body.advice === "string"), JSON.stringify(body));
      isAdded = status === 201;
      if (isAdded) added.push(...body.rules);
    }
  }
  return added;
}

function ruleOf(random: Random, kind: FaultKind, resources: readonly Stored[]): Rule {
  const operation = random.pick(operations);
  const prefix = /^[A-Z][a-z]+/.exec(operation.name)?.[0];
  const id = random.pick(resources).id;
  const sometimes = (share: number, member: string, value: unknown): Rule => (random.chance(share) ? { [member]: value } : {});
  const { needs, takes }: { needs: readonly string[]; takes: readonly string[] } = faultKinds[kind];
  const values: Rule = {
    code: random.pick(documentedErrors(operation)).code,
    status: random.pick(["server-error", "commit-then-error"].includes(kind) ? [500, 503] : [400, 409, 503]),
    message: "Simulated %s & <so>.",
    milliseconds: kind === "delay" ? random.between(1, 5) : random.between(1, 120_000),
    state: random.pick(["Pending", "Deleting", "Deleted", "updating", "Lit"]),
  };
  return {
    kind,
    ...sometimes(0.8, "operation", random.pick([operation.name, `${prefix}*`, `${prefix}*`, "*", "*"])),
    ...sometimes(0.3, "account", random.pick([requesterKey, accepterKey]).account),
    ...sometimes(0.3, "resource", random.pick([id, `${id.slice(0, 4)}*`, "*"])),
    // What answers everything leaves nothing to the rules behind it.
    probability: random.pick(kind === "late-visibility" || kind === "stuck-state" || kind === "conflict-window" ? [0.8, 1] : [0.05, 0.1]),
    ...sometimes(0.5, "seed", random.below(1_000)),
    ...sometimes(0.2, "after", random.below(10)),
    ...sometimes(0.2, "count", random.between(1, 10)),
    ...Object.fromEntries(needs.map((member) => [member, values[member]])),
    ...Object.assign({}, ...takes.map((member) => sometimes(0.4, member, values[member]))),
  };
}

function assertConcerned(rule: FaultRuleView, kind: string, operation: AnyOperation, account: string, told: string): void {
  // What a rule has kept from ending refuses other calls too, and they are told so.
  if (kind === "stuck-state") return;
  assert.equal(rule.kind, kind, told);
  assert.ok(globMatcher(rule.operation ?? "*")(operation.name), told);
  assert.ok(rule.account === undefined || rule.account === account, told);
}

/** Asserts that an answer is what the rule says that there is to answer. */
function assertAsRuleSays(rule: FaultRuleView, operation: AnyOperation, answer: Answer, told: string): void {
  const isXml = answer.headers.get("content-type") !== "application/json";
  const code = isXml ? /<Code>([^<]*)<\/Code>/.exec(answer.text)?.[1] : answer.body.Code;
  const serverErrors: Readonly<Record<number, string>> = { 500: "InternalError", 503: "ServiceUnavailable" };
  switch (rule.kind) {
    case "throttle":
      assert.deepEqual([code, answer.status], ["Throttling.User", 400], told);
      assert.equal(answer.headers.get("x-acs-retry-after"), String(rule.milliseconds ?? 1_000), told);
      return;
    case "server-error":
    case "commit-then-error":
      assert.deepEqual([code, answer.status], [serverErrors[rule.status ?? 500], rule.status ?? 500], told);
      return;
    default: {
      assert.equal(code, rule.code, told);
      const documented = documentedErrors(operation).filter((one) => one.code === code);
      if (rule.status === undefined)
        assert.ok(
          documented.some(({ http }) => http === answer.status),
          told,
        );
      else assert.equal(answer.status, rule.status, told);
      if (rule.status === undefined || rule.message === undefined) {
        assert.ok(documented.length > 0, `${operationKey(operation.product, operation.name)}: ${told}`);
      }
    }
  }
}
