import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionValuesOf } from "../../src/engine/authorise.ts";
import { rootCaller } from "../../src/engine/principals.ts";
import { conditionOperators, contextKey, globalConditionKeys } from "../../src/policy/conditions.ts";
import { startServer } from "../support/server.ts";

test("a call has a value under each condition key that is said to be here, and under no other", () => {
  const call = { caller: rootCaller("1", "LTAI"), input: { Tag: [{ Key: "env", Value: "lab" }] }, now: 0 };
  const valuesOf = conditionValuesOf(call, { address: "192.0.2.1", isEncrypted: true });
  for (const { key, isHere } of globalConditionKeys) {
    // The tags of resources are added for each resource that is judged.
    if (key.startsWith("acs:ResourceTag/")) continue;
    const values = valuesOf(contextKey(key.replace("<tag-key>", "env")));
    assert.equal((values ?? []).length > 0, isHere, key);
  }
});

test("the contract as data says which operators and keys policies may use", async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const { body } = await server.admin("GET", "operations");
  assert.deepEqual(body.conditionOperators, [...conditionOperators.keys()]);
  assert.deepEqual(body.conditionKeys, globalConditionKeys);
});
