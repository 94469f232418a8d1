import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersInPatterns } from "../../src/engine/requested-access.ts";
import { operations } from "../../src/services/index.ts";

test("the resource of every permission is filled from parameters that its operation has", () => {
  for (const operation of operations) {
    for (const name of parametersInPatterns(operation)) assert.ok(name in operation.parameters, `${operation.name}: {${name}}`);
  }
});

test("every operation says which permission it asks for, and on what", () => {
  for (const { name, authorisation } of operations) {
    if (authorisation.action === null) continue;
    assert.match(authorisation.action, /^(vpc|ram|sts|ecs|bss):[A-Z]\w+$/, name);
    assert.ok(authorisation.resources.length > 0, name);
  }
});
