import type { Parameter } from "../../src/contract/parameters.ts";
import type { Random } from "../support/random.ts";

/** Values of parameters, made from their declarations alone: such as they allow, such as lie at their limits, and such as nobody means well with. */

/** Where a declaration says no limit, the decoder's own. */
const integerLimits = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const lengthMaxDefault = 256;
/** Likely values of wide ranges stay close to the lower end, as clients' do. */
const spanMax = 40;

/** Words that closed sets of values are made of. The description of a parameter often lists its own. */
const words = ["BGP", "VRouter", "System", "Custom", "VSwitch", "IPv4", "IPv6", "Gold", "Zone", "PostPaid", "zh-CN", "openAPI", "Vpc"];

/** A value that the decoder lets through. */
export function allowedValue(random: Random, name: string, parameter: Parameter): unknown {
  const { options } = parameter;
  switch (parameter.type) {
    case "boolean":
      return random.chance(0.5);
    case "integer": {
      const { min = 0, max = integerLimits.max } = options;
      return random.between(min, Math.min(max, min + spanMax));
    }
    case "number":
      return random.next();
    case "long":
      return String(random.between(0, 1_000_000));
    case "list": {
      const count = random.between(1, Math.min(3, options.itemsMax ?? 1));
      return Array.from({ length: count }, () => allowedValue(random, name, parameter.item as Parameter));
    }
    case "object":
      return Object.fromEntries(
        Object.entries(parameter.fields ?? {}).map(([field, inner]) => [field, allowedValue(random, field, inner)]),
      );
    case "json":
      return JSON.stringify(allowedValue(random, name, { ...parameter, type: "object" }));
    case "string":
      return allowedText(random, name, parameter);
  }
}

function allowedText(random: Random, name: string, { options }: Parameter): string {
  const fits = (text: string): boolean =>
    text.length <= (options.lengthMax ?? lengthMaxDefault) && options.pattern?.test(text) !== false && options.valid?.(text) !== false;
  const own = `${name.slice(0, 20)}-${random.below(1000)}`;
  const listed = (options.description ?? "").split(/,\s*|\s+or\s+/);
  // What takes any text is given text, what takes a few words one of these.
  return fits(own) ? own : (random.shuffled([...listed, ...words]).find((text) => text !== "" && fits(text)) ?? own);
}

/** Values at the limits of a declaration and one beyond, as text. */
export function limitValues({ type, options }: Parameter): readonly string[] {
  if (type === "integer") {
    const { min, max } = { ...integerLimits, ...options };
    return [min - 1, min, max, max + 1].map(String);
  }
  if (type === "long") return ["0", "9".repeat(18), "1".padEnd(19, "0"), "-1"];
  if (type === "boolean") return ["TRUE", "fAlSe", "1", "true "];
  const lengthMax = options.lengthMax ?? lengthMaxDefault;
  return ["", "x", "x".repeat(lengthMax), "x".repeat(lengthMax + 1), "𝌆".repeat(lengthMax), "𝌆".repeat(lengthMax + 1)];
}

/** Texts that programs have stumbled over. */
export const hostileTexts: readonly string[] = [
  "\0",
  "a\0b",
  "\u0001\u001b[31m\u007f",
  "\u0085\u00a0\u00ad",
  "a\r\nSet-Cookie: a=b",
  "a\tb\nc",
  "\u2028\u2029",
  "\ufeffa",
  "\ufffe\uffff",
  "\u202eevil\u2066\u2069",
  "e\u0301\u0323".repeat(40),
  "İıſK",
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "<script>alert(1)</script>",
  "]]><!--&amp;&#0;<?xml?>",
  `" onerror="x`,
  "' OR '1'='1'; DROP TABLE resource; --",
  "%s%n%x%%",
  "%00%ff%2e%2e",
  "${jndi:ldap://x/a}{{7*7}}",
  "../../../../etc/passwd",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "null",
  "undefined",
  "NaN",
  "-0",
  "-1",
  "1.0",
  "1e400",
  "0x10",
  "１２",
  "+1",
  " 1",
  "9007199254740993",
  "9".repeat(400),
  "true",
  "[]",
  "{}",
  '["a",null,1]',
  '{"a":{"b":[1]}}',
  "[".repeat(500),
  ",,,",
  "a,b",
  " ",
  "*",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.1/8",
  "256.1.1.1/24",
  "0.0.0.0/0",
  "::/0",
  "::ffff:10.0.0.0/104",
  "fe80::1%eth0/64",
  "1/1/1",
  "http://a",
  "acs:a",
  "aliyun",
  "x".repeat(3_000),
  "ü".repeat(129),
];

/** Percent-encoded bytes that are no text: not UTF-8, halves of surrogate pairs, broken encoding. */
export const brokenTexts: readonly string[] = [
  "%ff",
  "%c0%80",
  "%ed%a0%80",
  "%ed%b0%80",
  "%e4%b8",
  "%f8%88%80%80%80",
  "%",
  "%2",
  "%zz",
  "%u0041",
];

/** Names that no parameter has. */
export const hostileNames: readonly string[] = [
  "",
  " ",
  "__proto__",
  "constructor",
  "__proto__.1",
  "a.__proto__.b",
  "toString.1",
  "Tag.1.constructor",
  ".",
  "..",
  "a..b",
  "1",
  "Name ",
  "Na\0me",
  "<b>",
  "x".repeat(129),
  "x.".repeat(200),
  "ſignature",
];
