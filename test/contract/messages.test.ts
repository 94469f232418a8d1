import assert from "node:assert/strict";
import { test } from "node:test";
import { rulesOf, targetsOf } from "../../src/engine/operation-rules.ts";
import { operations } from "../../src/services/index.ts";

function places(message: string): number {
  return message.split("%s").length - 1;
}

test("every place in the message of a rule or a target is filled in", () => {
  for (const operation of operations) {
    for (const { rule, error, fill } of rulesOf(operation)) {
      assert.ok(places(error.message) === 0 || fill !== undefined, `${operation.name}: ${rule}: ${error.code}`);
    }
    for (const [, { missing, fill, parameter }] of targetsOf(operation)) {
      const what = `${operation.name}: ${parameter}: ${missing.code}`;
      // Without values of its own a target fills in the id.
      if (fill === undefined) assert.ok(places(missing.message) <= 1, what);
      else assert.equal(places(missing.message), fill.length, what);
    }
  }
});
