import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/fast-check.ts";
import { globMatcher } from "../../src/policy/glob.ts";

/** https://www.alibabacloud.com/help/en/ram/conditional-operator: `*` any number of characters, also none; `?` exactly one. */

test("wildcards of the documentation", () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["*", ["", "a", "a:b/c"], []],
    ["ecs:describe*", ["ecs:describe", "ecs:describeinstances"], ["ecs:describ", "xecs:describe", "ECS:describe"]],
    ["hangzhou/2015/*", ["hangzhou/2015/", "hangzhou/2015/a/b"], ["hangzhou/2015"]],
    ["a?c", ["abc", "a?c", "a*c"], ["ac", "abbc"]],
    ["*-?", ["-x", "a-b-c"], ["-", "ab"]],
    ["", [""], ["a"]],
    ["a**b", ["ab", "axb"], ["a", "abx"]],
    ["a.c", ["a.c"], ["abc"]],
  ];
  for (const [pattern, matching, others] of rows) {
    for (const text of matching) assert.ok(globMatcher(pattern)(text), `${pattern} matches ${text}`);
    for (const text of others) assert.ok(!globMatcher(pattern)(text), `${pattern} does not match ${text}`);
  }
});

/** What the definition says, word for word; its time grows beyond all bounds. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern.startsWith("*")) return naive(rest, text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && naive(rest, text.slice(1));
}

test("matches what the definition matches", () => {
  const few = (...units: string[]): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...units), maxLength: 9 });
  let matched = 0;
  fc.assert(
    fc.property(few("a", "b", "*", "?"), few("a", "b", "*", "?", ":"), (pattern, text) => {
      const expected = naive(pattern, text);
      matched += expected ? 1 : 0;
      assert.equal(globMatcher(pattern)(text), expected, `${pattern} on ${text}`);
    }),
    { numRuns: 5000 },
  );
  assert.ok(matched > 200);
});

test("a text matches what is made from it by leaving out and blurring", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.constantFrom("same", "*", "?"))), (parts) => {
      const text = parts.map(([part]) => part).join("");
      const pattern = parts.map(([part, how]) => (how === "same" ? part : how === "*" ? "*" : "?".repeat(part.length))).join("");
      assert.ok(globMatcher(pattern)(text));
    }),
  );
});

test("patterns as long as a policy and made to be slow are no burden", () => {
  const length = 6144;
  const hostile = [
    `${"a*".repeat(length / 2)}b`,
    `*${"a".repeat(length)}b`,
    `*${"a".repeat(120)}b`,
    `${"*a".repeat(60)}*b`,
    "?*".repeat(length / 2),
    `${"*".repeat(length)}b`,
    `${"*?".repeat(120)}b`,
  ];
  const text = "a".repeat(256);
  const start = process.hrtime.bigint();
  for (const pattern of hostile) {
    const matches = globMatcher(pattern);
    for (let round = 0; round < 100; round += 1) assert.ok(!matches(text));
  }
  // A regular expression, or a backtrack to every star, would not end this year. Measured: some 20 ms.
  assert.ok(process.hrtime.bigint() - start < 5_000_000_000n);
});
