import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/fast-check.ts";
import { Refusal } from "../../src/contract/errors.ts";
import { flatten } from "../../src/contract/json-input.ts";
import {
  boolean,
  decode,
  integer,
  list,
  long,
  object,
  type Parameter,
  type Parameters,
  type RawParameter,
  string,
} from "../../src/contract/parameters.ts";
import { operations } from "../../src/services/index.ts";

/** The decoder alone, on any input. */

function codeOf(declared: Parameters, raw: readonly RawParameter[]): string {
  try {
    decode(declared, raw);
    return "OK";
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.definition.code;
  }
}
const given = (...pairs: [string, string][]): RawParameter[] => pairs.map(([name, value]) => ({ name, value }));

const spelling = (name: string): fc.Arbitrary<string> => fc.constantFrom(name, name.toLowerCase(), name.toUpperCase());
const segment = fc.oneof(
  fc.constantFrom("0", "1", "2", "01", "21", "999999999", "-1", "__proto__", "constructor", "Key", "Value", ""),
  fc.string({ maxLength: 4 }),
);
const anyValue = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    "true",
    "FALSE",
    "0",
    "-1",
    "10",
    "2147483648",
    "9".repeat(18),
    "1e3",
    "[]",
    '["a","b"]',
    "[1]",
    "[",
    "a,b",
    ",,",
    "cn-hangzhou",
    "10.0.0.0/8",
    "\0",
    "\n",
    "\ud800",
    "x".repeat(300),
  ),
);

/** Names of the operation's own parameters, with and without something behind them, and names of anything. */
function anyParameters(declared: Parameters): fc.Arbitrary<RawParameter[]> {
  const names = Object.keys(declared);
  const own = names.length === 0 ? segment : fc.constantFrom(...names).chain(spelling);
  const name = fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: segment });
  const path = fc.tuple(name, fc.array(segment, { maxLength: 3 })).map(([head, rest]) => [head, ...rest].join("."));
  return fc.array(fc.record({ name: path, value: anyValue }, { noNullPrototype: true }), { maxLength: 12 });
}

/** Asserts that a decoded value is what its declaration promises to the operation's rules. */
function assertPromised(parameter: Parameter, value: unknown): void {
  const { options } = parameter;
  switch (parameter.type) {
    case "list":
      assert.ok(Array.isArray(value));
      assert.ok(value.length <= (options.itemsMax ?? 1));
      assert.ok(options.required !== true || value.length > 0 || parameter.item?.type === "string");
      for (const member of value)
        assertPromised({ ...(parameter.item as Parameter), options: { ...parameter.item?.options, required: true } }, member);
      return;
    case "json":
      if (value === undefined) assert.notEqual(options.required, true);
      else assertPromised({ ...parameter, type: "object" }, value);
      return;
    case "object":
      assert.ok(typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null);
      assert.deepEqual(Object.keys(value), Object.keys(parameter.fields ?? {}));
      for (const [name, field] of Object.entries(parameter.fields ?? {})) assertPromised(field, (value as Record<string, unknown>)[name]);
      return;
    default: {
      if (value === undefined) {
        assert.ok(options.required !== true && options.default === undefined);
        return;
      }
      assert.equal(
        typeof value,
        { string: "string", long: "string", integer: "number", number: "number", boolean: "boolean" }[parameter.type],
      );
      if (typeof value === "number") assert.ok(value >= (options.min ?? -(2 ** 31)) && value <= (options.max ?? 2 ** 31 - 1));
      if (parameter.type === "integer") assert.ok(Number.isInteger(value));
      if (parameter.type === "long") assert.match(value as string, /^(0|[1-9]\d{0,17})$/);
      if (value === "" && options.clears === true) return;
      if (parameter.type === "string" && value !== options.default) {
        assert.ok(value !== "" && Array.from(value as string).length <= (options.lengthMax ?? 256));
        assert.doesNotMatch(value as string, options.multiline === true ? /\0/ : /[\0\n\r]/);
      }
    }
  }
}

for (const { product, name, parameters } of operations) {
  test(`whatever comes in, ${product.name} ${name} gets the input that it declares or the call is refused`, () => {
    fc.assert(
      fc.property(anyParameters(parameters), (raw) => {
        let input: Record<string, unknown>;
        try {
          input = decode(parameters, raw);
        } catch (error) {
          assert.ok(error instanceof Refusal, String(error));
          assert.ok(error.definition.http >= 400 && error.definition.http < 500);
          return;
        }
        assert.deepEqual(Object.keys(input), Object.keys(parameters));
        for (const [key, parameter] of Object.entries(parameters)) assertPromised(parameter, input[key]);
      }),
      { numRuns: 200 },
    );
  });
}

test("an error of the decoder names the parameter at fault, the first in the order of declaration", () => {
  const declared = {
    First: integer({ required: true }),
    Second: boolean(),
    Third: list(object({ Key: string({ required: true }) }), { itemsMax: 2 }),
  };
  assert.equal(codeOf(declared, given(["Second", "x"])), "MissingFirst");
  assert.equal(codeOf(declared, given(["Second", "x"], ["First", "1"])), "InvalidSecond");
  assert.equal(codeOf(declared, given(["First", "1"], ["Third.1.Key", "a"], ["Third.2.Other", "a"])), "MissingThird");
  assert.equal(codeOf(declared, given(["First", "1"], ["Third.3.Key", "a"])), "InvalidThird");
  assert.equal(codeOf(declared, given(["First", "1"], ["Third.1", "a"])), "InvalidThird");
  assert.equal(codeOf(declared, given(["first", "1"], ["THIRD.1.key", "a"])), "OK");
});

test("members of a list come in the order of their numbers, gaps and empty ones left out", () => {
  const declared = { Item: list(string(), { itemsMax: 12 }) };
  assert.deepEqual(decode(declared, given(["Item.10", "j"], ["Item.9", "i"], ["Item.2", "b"], ["Item.5", ""])).Item, ["b", "i", "j"]);
  assert.deepEqual(decode(declared, []).Item, []);
});

test("a declaration of a list says which other spellings it takes", () => {
  const plain = { Item: list(string(), { itemsMax: 2 }) };
  const comma = { Item: list(string(), { itemsMax: 2, also: ["comma"] }) };
  const json = { Item: list(string(), { itemsMax: 2, also: ["json"] }) };
  assert.equal(codeOf(plain, given(["Item", "a"])), "InvalidItem");
  assert.deepEqual(decode(comma, given(["Item", "a, b"])).Item, ["a", "b"]);
  assert.deepEqual(decode(json, given(["Item", '["a","b"]'])).Item, ["a", "b"]);
  assert.equal(codeOf(comma, given(["Item", "a,b,c"])), "InvalidItem");
  for (const text of ["a", '["a"', "[1]", "{}", "[null]"]) assert.equal(codeOf(json, given(["Item", text])), "InvalidItem");
});

test("integers stay within 32 bits unless said, and longs keep 18 digits as text", () => {
  const declared = { Number: integer(), Long: long() };
  for (const text of ["2147483647", "-2147483648", "0", "-0", "007"])
    assert.equal(decode(declared, given(["Number", text])).Number, Number(text));
  for (const text of ["2147483648", "-2147483649", "1".repeat(16), "∞"])
    assert.equal(codeOf(declared, given(["Number", text])), "InvalidNumber");
  assert.equal(decode(declared, given(["Long", "151192824296372701"])).Long, "151192824296372701");
  assert.equal(decode(declared, given(["Long", "0001"])).Long, "1");
  for (const text of ["-1", "1".repeat(19), "1.0"]) assert.equal(codeOf(declared, given(["Long", text])), "InvalidLong");
});

test("nested JSON flattened as clients do decodes to the same values", () => {
  const text = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 10 });
  const declared = { Tag: list(object({ Key: string(), Value: string() }), { itemsMax: 20 }), Flag: boolean(), Count: integer() };
  const input = fc.record({
    Tag: fc.array(fc.record({ Key: text, Value: text }, { noNullPrototype: true }), { maxLength: 20 }),
    Flag: fc.boolean(),
    Count: fc.integer(),
  });
  fc.assert(
    fc.property(input, (value) => {
      const { Tag, Flag, Count } = decode(declared, flatten(value));
      assert.deepEqual([Flag, Count], [value.Flag, value.Count]);
      assert.deepEqual(
        Tag.map(({ Key, Value }) => [Key, Value]),
        value.Tag.map(({ Key, Value }) => [Key, Value]),
      );
    }),
  );
});
