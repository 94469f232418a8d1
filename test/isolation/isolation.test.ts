import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Random } from "../support/random.ts";
import { memoryFolder } from "../support/server.ts";
import { apart, type Ground, sharing } from "./ground.ts";
import { Tally, walk } from "./walk.ts";
import { World } from "./world.ts";

/**
 * Isolation of accounts, as a property: whatever others have, and whatever they do with it, the same calls have the same answers. Two servers
 * begin with the same accounts, users, roles and networks of those who look. On one of them, two more accounts have networks, users and roles of
 * their own, and go on to change them; on the other these accounts have nothing, or no more than they share. Those who look call every operation,
 * as accounts, users and roles with all kinds of permissions, and name what is theirs, what is not, and what nowhere is. Codes, texts, fields,
 * totals, denials, what is stored, and what the server explains of a request must be the same, but for what servers draw at random.
 *
 * Out of scope: how long an answer takes. Exempt are two questions that are answered by design, see `asking` in `steps.ts`.
 */

const steps = 4_000;
const firstSeed = Number(process.env["LINKSPAN_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** What both runs must have come to, so that they have shown something. */
const stepsMin = 3_600;
const unseenMin = 200;
const sharedMin = 100;
const passedShareMin = 0.25;

let folder: string;
before(() => {
  folder = memoryFolder();
});
after(() => rmSync(folder, { recursive: true, force: true }));

const tally = new Tally();

async function run(what: string, ground: (random: Random, folder: string) => Promise<Ground>): Promise<Ground> {
  console.log(`${what}: seed ${firstSeed}; LINKSPAN_TEST_SEED=${firstSeed} repeats it`);
  const random = new Random(firstSeed);
  const started = performance.now();
  const made = await ground(random, mkdtempSync(join(folder, `${what}-`)));
  const before = { steps: tally.steps, unseen: tally.unseen };
  await walk(random, made, steps, tally);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${what}: ${tally.steps - before.steps} steps, ${seconds} s`);
  assert.ok(tally.steps - before.steps >= stepsMin && tally.unseen - before.unseen >= unseenMin);
  return made;
}

test("no answer depends on what an account has with which nothing is shared", async () => {
  await run("apart", apart);
});

test("no answer depends on more of another account's things than is shared", async () => {
  const { beginning, reads } = await run("sharing", sharing);
  assert.ok(tally.shared >= sharedMin, `${tally.shared} answers told something that is shared`);

  // What may be read is what can be read: nothing is let through that need not be.
  const world = await World.open(beginning.full);
  let answers = "";
  for (const [index, call] of reads.entries()) answers += (await world.call(call, String(index))).raw;
  await world.server.stop();
  const unread = [...beginning.shown].filter((id) => !answers.includes(id));
  assert.deepEqual(unread, []);
});

test("every operation was asked, and got past parameters and permission", () => {
  const asked = tally.operations();
  const list = asked.slice(0, 5).map(({ operation, sent, judged, passed }) => `${operation} ${judged} of ${sent}, carried out ${passed}`);
  const passed = asked.reduce((sum, one) => sum + one.passed, 0) / asked.reduce((sum, one) => sum + one.sent, 0);
  console.log(
    `${asked.length} operations, ${(100 * passed).toFixed(0)} % of the calls carried out; least often judged: ${list.join("; ")}`,
  );
  console.log(`never carried out: ${asked.flatMap((one) => (one.passed === 0 ? [one.operation] : [])).join(", ") || "none"}`);
  for (const { operation, judged } of asked) assert.ok(judged > 0, `${operation} was never judged by its own rules`);
  assert.ok(passed >= passedShareMin);
});
