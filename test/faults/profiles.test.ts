import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { clientErrors } from "../../src/contract/client-errors.ts";
import { errorsOf } from "../../src/engine/operation-errors.ts";
import { faultKinds } from "../../src/engine/faults/rule.ts";
import { profiles } from "../../src/engine/faults/profiles.ts";
import { operationKey } from "../../src/contract/operation.ts";
import { globMatcher } from "../../src/policy/glob.ts";
import { operations } from "../../src/services/index.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { clear, createVpc, listVpcs, metBy } from "./support.ts";

/** The ready-made profiles, and the codes in them. */

let server: InProcessServer;
before(async () => {
  server = await startServer();
});
afterEach(() => clear(server));
after(() => server.stop());

const reference = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "docs", "reference", "api.json"), "utf8")) as Record<
  string,
  { errors: { http: number; code: string; message: string }[] }
>;
const codesOf = (key: string): Set<string> => new Set(reference[key]?.errors.map(({ code }) => code));

for (const { name, provokes, tests, rules } of profiles) {
  test(`profile ${name}: every rule has operations to act on, and its code is documented of each, declared by it, or expected by clients`, async () => {
    assert.match(provokes, /^[A-Z].*\.$/);
    assert.match(tests, /^[A-Z].*\.$/);
    const { status, body } = await server.admin("POST", "faults", { profile: name });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.rules.length, rules.length);
    for (const rule of body.rules as { code?: string; operations: string[] }[]) {
      assert.ok(rule.operations.length > 0);
      if (rule.code === undefined) continue;
      for (const told of rule.operations) {
        const operation = operations.find((one) => `${one.product.name} ${one.name}` === told);
        assert.ok(operation !== undefined, told);
        const isDocumented = codesOf(operationKey(operation.product, operation.name)).has(rule.code);
        const isExpected = clientErrors.some(
          ({ error, operations: names }) => error.code === rule.code && names.some((one) => globMatcher(one)(operation.name)),
        );
        const isDeclared = errorsOf(operation).some(({ code }) => code === rule.code);
        assert.ok(isDocumented || isExpected || isDeclared, `${rule.code} of ${told}`);
      }
    }
  });
}

test("the profiles have rules of every kind, and no name twice", () => {
  assert.deepEqual(new Set(profiles.flatMap(({ rules }) => rules.map(({ kind }) => kind))), new Set(Object.keys(faultKinds)));
  assert.equal(new Set(profiles.map(({ name }) => name)).size, profiles.length);
});

test("README names every kind and every profile", () => {
  const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
  const section = readme.slice(readme.indexOf("## Faults on demand"), readme.indexOf("## Linkspan's own addresses"));
  for (const name of [...Object.keys(faultKinds), ...profiles.map((profile) => profile.name)])
    assert.ok(section.includes(`\`${name}\``), name);
});

test("the errors that clients expect beyond the documentation are beyond it, and every operation named with them is here", () => {
  const known = new Map(operations.map((one) => [one.name, operationKey(one.product, one.name)]));
  for (const { error, operations: names } of clientErrors) {
    assert.equal(error.source, "client");
    const keys = names.flatMap((name) => (name === "*" ? [...known.values()] : [known.get(name)]));
    assert.ok(
      keys.some((key) => key !== undefined && !codesOf(key).has(error.code)),
      error.code,
    );
    assert.ok(!keys.includes(undefined), `${error.code}: ${names.join(", ")}`);
  }
});

test("a profile can be narrowed to an account and to resources, and be repeated", async () => {
  const { requester, accepter } = server;
  const use = (narrowed: object) => server.admin("POST", "faults", { profile: "throttled", ...narrowed });
  assert.equal((await use({ account: accepter.key.account, seed: 3 })).status, 201);
  assert.deepEqual(new Set(await metBy(10, () => listVpcs(requester))), new Set(["OK"]));
  const first = await metBy(30, () => listVpcs(accepter));
  assert.deepEqual(new Set(first), new Set(["OK", "Throttling.User", "Throttling"]));
  await clear(server);
  assert.equal((await use({ account: accepter.key.account, seed: 3 })).status, 201);
  assert.deepEqual(await metBy(30, () => listVpcs(accepter)), first);
  await clear(server);
  assert.equal((await use({ resource: "vpc-nowhere" })).status, 201);
  assert.deepEqual(new Set(await metBy(10, () => createVpc(requester))), new Set(["OK"]));
});
